/**
 * `luacross verify`: what the device would do with an image, check by check, before it meets the
 * device; and what a power cut at any moment of the load would leave.
 */
import { LuacrossError } from "../../base/errors.ts";
import { fromText } from "../../base/lua-string.ts";
import type { FlashOperation } from "../../device/flash.ts";
import type { Check, CutOutcome, PowerCutReport, Verification } from "../../device/verification.ts";
import { isKnownImage } from "../../image-formats.ts";
import { type RegionChoice, readImage, tryPowerCuts, verifyImage } from "../../image-tools.ts";
import { withModuleLookups } from "../../module-lookups.ts";
import type { Target } from "../../target/target.ts";
import { Failure } from "../failure.ts";
import type { Host } from "../host.ts";
import { readInput } from "../inputs.ts";
import { print } from "../report.ts";
import type { Finding } from "./findings.ts";
import { type Style, shown, styleFor, table } from "./page.ts";
import { bytes, grouped, hex, parseAddress, parseSize } from "./quantities.ts";
import {
  checkRequirementOptions,
  findRequirements,
  type InputFile,
  missingCount,
  REQUIRE_OPTION,
  REQUIREMENT_OPTIONS,
  requirementsJson,
} from "./requirements.ts";
import { requirementsPage } from "./requirements-page.ts";
import { chosenTarget, namingFile, targetToBuild } from "./subjects.ts";
import {
  FINE,
  failure,
  JSON_OPTION,
  printJson,
  REFUSED,
  TARGET_OPTION,
  type Tool,
  type ToolRequest,
  WrongUse,
} from "./tool.ts";

const SIZE_OPTION = {
  name: "--lfs-size",
  value: "SIZE",
  help: "bytes of the LFS region, like 64K; or the most possible",
};
const ADDRESS_OPTION = {
  name: "--lfs-addr",
  value: "ADDR",
  help: "where it is mapped, like 0x40210000; or as in the image",
};
const CUTS_OPTION = { name: "--power-cuts", help: "try a power cut at every moment of the load" };

const RUN_OPTION = {
  name: "--run",
  help: "let a program on a simulated board look up every module",
};

export const VERIFY: Tool = {
  name: "verify",
  brief: "IMAGE",
  argumentsInWords: "[options] (IMAGE | --require FILE ...)",
  summary: "try an image on a simulated device, check by check",
  description: `Loads an image on a simulated device of the target, as the firmware does, and shows
each of its checks; an absolute image is flashed, and the device started. Then checks
what the device does not look at and would trip over later. With --require, follows
the code of all modules, and of sources and .lc files given beside the image, which
count as files on the device; without an image, what counts are the files alone.`,
  options: [
    { ...TARGET_OPTION, help: "firmware; recognised from the image without it" },
    SIZE_OPTION,
    ADDRESS_OPTION,
    CUTS_OPTION,
    RUN_OPTION,
    ...REQUIREMENT_OPTIONS,
    JSON_OPTION,
  ],
  refusal: "the image is refused, would not run well, or something is missing",
  examples: [
    "--target esp8266-lua51-float --lfs-size 64K app.img",
    "--power-cuts app.img",
    "--lfs-size 0x10000 --lfs-addr 0x40296000 absolute.img",
    "--require --provides config app.img init.lua",
  ],
  operands: { least: 1, most: Number.POSITIVE_INFINITY, what: "the image" },
  run(host, request) {
    checkRequirementOptions(request);
    const inputs = request.operands.map((name) => ({ name, bytes: readInput(host, name) }));
    if (!request.has(REQUIRE_OPTION.name)) {
      const tried = tryImage(request, inputs[0]);
      if (request.has(JSON_OPTION.name)) printJson(host, tried.json);
      else print(host, fromText(tried.page(styleFor(host))));
      return tried.verification.sound ? FINE : REFUSED;
    }
    const images = inputs.filter(({ bytes }) => isKnownImage(bytes));
    if (images.length > 1) throw new WrongUse(`'${images[1].name}' is a second image`);
    return verifyAll(
      host,
      request,
      images.at(0),
      inputs.filter((input) => !images.includes(input)),
    );
  },
};

/** What trying an image has shown. */
interface TriedImage extends Finding {
  readonly json: object;
  readonly verification: Verification;
}

function tryImage(request: ToolRequest, { name, bytes: file }: InputFile): TriedImage {
  const chosen = chosenTarget(request);
  const region = regionOf(request);
  const candidates = chosen ? [] : recognised(name, file);
  const verification = namingFile(name, () => {
    const tried = verifyImage(file, chosen ?? candidates[0], region);
    return request.has(RUN_OPTION.name) ? withModuleLookups(tried, file) : tried;
  });
  const cuts = request.has(CUTS_OPTION.name)
    ? powerCuts(name, file, verification, region)
    : undefined;
  return {
    verification,
    json: jsonOf(name, verification, cuts, !chosen),
    page: (style) =>
      pageOf(name, verification, candidates, request.has(SIZE_OPTION.name), cuts, style),
  };
}

/** With `--require`: the image, if there is one, and what all of the code asks for. */
function verifyAll(
  host: Host,
  request: ToolRequest,
  image: InputFile | undefined,
  files: readonly InputFile[],
): number {
  if (!image) checkImageOptions(request);
  const tried = image && tryImage(request, image);
  const target = tried ? tried.verification.target : targetToBuild(host, request);
  const read =
    image && namingFile(image.name, () => readImage(image.bytes, { allowBadCode: true }));
  if (image && read?.badCode) throw badCode(image.name, read.badCode.reason);
  const requirements = findRequirements(host, request, read, files, target);
  if (request.has(JSON_OPTION.name)) {
    const facts = tried?.json ?? { file: null, target: target.name };
    printJson(host, { ...facts, requirements: requirementsJson(requirements) });
  } else {
    const style = styleFor(host);
    const heading = tried ? `${tried.page(style)}\n` : `For ${target.name}:\n\n`;
    print(host, fromText(heading + requirementsPage(requirements, target, style)));
  }
  const isSound = tried === undefined || tried.verification.sound;
  return isSound && missingCount(requirements) === 0 ? FINE : REFUSED;
}

function badCode(name: string, reason: string): Failure {
  return failure(`${name}: its code cannot be followed: ${reason}; see 'luacross verify ${name}'`);
}

/** @throws WrongUse for an option about an image where there is none */
function checkImageOptions(request: ToolRequest): void {
  const idle = [SIZE_OPTION, ADDRESS_OPTION, CUTS_OPTION, RUN_OPTION].find(({ name }) =>
    request.has(name),
  );
  if (idle) throw new WrongUse(`'${idle.name}' is about an image, and no file is one`);
}

function regionOf(request: ToolRequest): RegionChoice {
  const size = request.valueOf(SIZE_OPTION.name);
  const address = request.valueOf(ADDRESS_OPTION.name);
  const choice = {
    size: size === undefined ? undefined : parseSize(SIZE_OPTION.name, size),
    address: address === undefined ? undefined : parseAddress(ADDRESS_OPTION.name, address),
  };
  if (choice.size !== undefined && !(choice.size > 0 && choice.size % SECTOR === 0)) {
    throw new WrongUse(`'${SIZE_OPTION.name} ${size}' is no multiple of ${grouped(SECTOR)}`);
  }
  if (choice.size !== undefined && choice.size > LARGEST_FLASH) {
    throw new WrongUse(`'${SIZE_OPTION.name} ${size}' is more than any device has`);
  }
  if ((choice.address ?? 0) % WORD !== 0) {
    throw new WrongUse(`'${ADDRESS_OPTION.name} ${address}' is no multiple of ${WORD}`);
  }
  return choice;
}

/** Regions consist of whole sectors of flash. */
const SECTOR = 4096;
const WORD = 4;
const LARGEST_FLASH = 16 * 1024 * 1024;

/** @throws Failure with a way to see the checks all the same: a loader takes any file */
function recognised(name: string, file: Uint8Array): readonly Target[] {
  try {
    return readImage(file, { allowBadCode: true }).targets;
  } catch (error) {
    if (!(error instanceof LuacrossError)) throw error;
    const advice = `'${TARGET_OPTION.name} NAME' shows what that firmware's loader says`;
    throw new Failure(`${fromText(name)}: ${error.message}; ${advice}`);
  }
}

function powerCuts(
  name: string,
  file: Uint8Array,
  { way, target }: Verification,
  region: RegionChoice,
): PowerCutReport {
  if (way === "flash") {
    throw new WrongUse(
      `'${CUTS_OPTION.name}' is about loads, and a tool flashes ${name}, an absolute image`,
    );
  }
  return tryPowerCuts(file, target, region);
}

function jsonOf(
  file: string,
  verification: Verification,
  cuts: PowerCutReport | undefined,
  isRecognised: boolean,
): object {
  const { target, region, message, checks, beyond, ...rest } = verification;
  return {
    file,
    target: target.name,
    targetRecognised: isRecognised,
    region: { address: region.mapped, bytes: region.size },
    ...rest,
    message: message === undefined ? null : shown(message),
    checks,
    beyond,
    ...(cuts && { powerCuts: cuts }),
  };
}

function pageOf(
  name: string,
  verification: Verification,
  candidates: readonly Target[],
  isSizeGiven: boolean,
  cuts: PowerCutReport | undefined,
  style: Style,
): string {
  const { target, region, way, checks, beyond } = verification;
  const others = candidates.slice(1).map((candidate) => candidate.name);
  const size = bytes(region.size) + (isSizeGiven ? "" : " (the most there can be)");
  const recognition = candidates.length === 0 ? "" : ", recognised from the image";
  const alternative = others.length > 0 ? `; it may as well be for ${others.join(" or ")}` : "";
  const lines = [
    `${style.strong(name)} on ${target.name}${recognition}${alternative}\n`,
    `LFS region: ${size} at ${hex(region.mapped)}\n`,
    way === "load" ? "\nThe device loads the file:\n" : "\nA tool flashes the file, and then:\n",
    ...checks.map((check) => checkLines(check, style)),
    "\nWhat the device does not look at:\n",
    ...beyond.map((check) => checkLines(check, style)),
    ...verification.hazards.map((hazard) => `  ${style.bad("risk")}  ${hazard}\n`),
    ...verification.warnings.map((warning) => `  ${style.bad("warn")}  ${warning}\n`),
    `\n${verdict(verification, style)}\n`,
    ...(cuts ? [`\n${cutPage(cuts, style)}`] : []),
  ];
  return lines.join("");
}

const MARKS = { passed: "ok  ", failed: "FAIL", "not reached": "-   " } as const;
const TITLE_WIDTH = 56;

function checkLines({ title, outcome, message, detail }: Check, style: Style): string {
  const { good, bad, faint } = style;
  const paint = outcome === "passed" ? good : outcome === "failed" ? bad : faint;
  const found = detail === undefined ? "" : faint(shown(detail));
  const line = `  ${paint(MARKS[outcome])}  ${found ? title.padEnd(TITLE_WIDTH) : title}  ${found}`;
  const words = message === undefined ? "" : `        the device says: ${bad(shown(message))}\n`;
  return `${line.trimEnd()}\n${words}`;
}

function verdict(verification: Verification, { good, bad, strong }: Style): string {
  const { accepted, sound, message, stuck, way, peakMemory } = verification;
  if (sound) {
    const memory = way === "load" ? ` Loading takes ${bytes(peakMemory)} of RAM.` : "";
    return strong(good(`The device runs this image.${memory}`));
  }
  if (accepted) return strong(bad("The device takes this image, and should not: see above."));
  if (stuck) return strong(bad("The device would hang or crash on this file."));
  return strong(bad(`Refused: ${message === undefined ? "no word why" : shown(message)}`));
}

/** What a cut of power leaves, moment by moment. */
function cutPage({ operations, ranges }: PowerCutReport, style: Style): string {
  if (operations === 0) {
    return "Power cuts: nothing is erased or written, so each leaves what was there before.\n";
  }
  const head = `Power cuts: ${grouped(operations)} erases and writes, a cut before or after each.\n`;
  const rows = ranges.map((range) => ({
    cells: [
      range.first === range.last
        ? grouped(range.first)
        : `${grouped(range.first)}–${grouped(range.last)}`,
      momentOf(range),
      foundAfter(range),
    ],
  }));
  const columns = [
    { title: "done", align: "right" },
    { title: "last operation", align: "left" },
    { title: "the next start finds", align: "left" },
  ] as const;
  return head + table(columns, rows, style);
}

function momentOf({ from, to }: CutOutcome): string {
  if (!from || !to) return "none";
  const [first, last] = [operationInWords(from), operationInWords(to)];
  return first === last ? first : `${first} … ${last}`;
}

function operationInWords(operation: FlashOperation): string {
  return operation.kind === "erase"
    ? `erase sector ${operation.sector}`
    : `write 0x${operation.offset.toString(16)}`;
}

function foundAfter({ holds, boot }: CutOutcome): string {
  const said = boot.message === undefined ? "" : `: ${shown(boot.message)}`;
  switch (boot.state) {
    case "loaded":
      return holds === "neither" ? "an image that is not whole" : `the ${holds} image`;
    case "empty":
      return `nothing${said}`;
    case "broken":
      return `a part of a header, and crashes${said}`;
    case "refused":
      return `no image it takes${said}`;
    case "no region":
      return "no region";
  }
}
