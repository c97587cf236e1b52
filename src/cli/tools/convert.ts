/**
 * `luacross convert`: an image in its other format, or for another address. The result is loaded or
 * started on a simulated device before it is put in place.
 */
import { fromText } from "../../base/lua-string.ts";
import { verifyImage } from "../../image-tools.ts";
import type { Target } from "../../target/target.ts";
import { Failure, orCannot } from "../failure.ts";
import type { Host } from "../host.ts";
import { readInput } from "../inputs.ts";
import { print } from "../report.ts";
import { shown } from "./page.ts";
import { bytes, hex, parseAddress } from "./quantities.ts";
import { chosenTarget, namingFile, openFile, type Subject } from "./subjects.ts";
import {
  FINE,
  JSON_OPTION,
  printJson,
  TARGET_OPTION,
  type Tool,
  type ToolRequest,
  WrongUse,
} from "./tool.ts";

const ABSOLUTE_OPTION = {
  name: "--absolute",
  value: "ADDR",
  help: "make an absolute image for that address, like 0x40210000",
};
const COMPACT_OPTION = { name: "--compact", help: "make a compact image, for any address" };
const OUTPUT_OPTION = { name: "-o", value: "OUT", help: "the file to write; - is standard output" };
const EXACT_OPTION = {
  name: "--exact",
  help: "the original's bytes, even where devices refuse them",
};

/** Regions begin at sectors. */
const SECTOR = 4096;

export const CONVERT: Tool = {
  name: "convert",
  brief: "IMAGE",
  argumentsInWords: "IMAGE (--absolute ADDR | --compact) -o OUT [options]",
  summary: "turn an image into the other format, or move it",
  description: `Writes an image in its other format, or for another address, with the bytes that
luac.cross -f or -a would have written. A simulated device must take the result
before the file is put in place.`,
  options: [
    ABSOLUTE_OPTION,
    COMPACT_OPTION,
    OUTPUT_OPTION,
    EXACT_OPTION,
    { ...TARGET_OPTION, help: "firmware; recognised from the image without it" },
    JSON_OPTION,
  ],
  refusal: "the image is damaged, or a device would refuse the result",
  examples: [
    "app.img --absolute 0x40296000 -o app-absolute.img",
    "app-absolute.img --compact -o app.img",
  ],
  operands: { least: 1, most: 1, what: "the image" },
  run(host, request) {
    const [name] = request.operands;
    const output = request.valueOf(OUTPUT_OPTION.name);
    if (output === undefined) throw new WrongUse("'-o OUT', the file to write, is missing");
    if (output === "-" && request.has(JSON_OPTION.name)) {
      throw new WrongUse("with '--json' the image cannot go to standard output, too");
    }
    const address = addressOf(request);
    const subject = openFile(name, readInput(host, name), chosenTarget(request));
    if (address !== undefined) checkPlace(subject.target, address);
    const file =
      address === undefined
        ? compact(host, subject, request)
        : absolute(subject, address, subject.target);
    if (address !== undefined && !request.has(TARGET_OPTION.name)) {
      tellOthers(host, subject, address, file);
    }
    if (output === "-") orCannot("stdout", () => host.writeStdout(file));
    else orCannot(output, () => host.writeFile(output, file));
    report(host, request, subject, output, file, address);
    return FINE;
  },
};

/** @returns undefined for a compact image */
function addressOf(request: ToolRequest): number | undefined {
  const text = request.valueOf(ABSOLUTE_OPTION.name);
  const isCompact = request.has(COMPACT_OPTION.name);
  if ((text !== undefined) === isCompact) {
    throw new WrongUse("choose one: '--absolute ADDR' or '--compact'");
  }
  if (text === undefined) return undefined;
  if (request.has(EXACT_OPTION.name)) {
    throw new WrongUse("'--exact' is for '--compact'; absolute images always are");
  }
  const address = parseAddress(ABSOLUTE_OPTION.name, text);
  if (address % SECTOR === 0) return address;
  throw new WrongUse(`'${ABSOLUTE_OPTION.name} ${text}' is not where a sector of flash begins`);
}

function checkPlace({ name, commandLine }: Target, address: number): void {
  const range = commandLine.absoluteAddresses;
  if (!range || (address >= range.first && address <= range.last)) return;
  const between = `from ${hex(range.first)} to ${hex(range.last)}`;
  throw new WrongUse(`${hex(address)} is not in flash: images for ${name} lie ${between}`);
}

function compact(host: Host, subject: Subject, request: ToolRequest): Uint8Array {
  if (request.has(EXACT_OPTION.name)) return subject.compact();
  const { file, instead } = subject.loadable(subject.target);
  if (instead !== undefined) {
    const note = `the device ${instead}; other bytes of the same image are written`;
    host.writeStderr(fromText(`${host.programName} convert: note: ${note}\n`));
  }
  return file;
}

/** @throws Failure when the device does not start with it */
function absolute(subject: Subject, address: number, target: Target): Uint8Array {
  const file = namingFile(subject.name, () => subject.absolute(address, target));
  const size = Math.ceil(file.length / SECTOR) * SECTOR;
  const { accepted, message } = verifyImage(file, target, { size, address });
  if (accepted) return file;
  throw new Failure(`${fromText(subject.name)}: the device refuses the result: ${message ?? ""}`);
}

/** A compact image may be for several firmwares that want different absolute ones. */
function tellOthers(host: Host, subject: Subject, address: number, file: Uint8Array): void {
  const { image, target } = subject;
  const others = image.targets.filter((other) => {
    return other !== target && !isSame(subject.absolute(address, other), file);
  });
  if (others.length === 0) return;
  const names = others.map(({ name }) => name).join(" or ");
  const note = `this is for ${target.name}; for ${names} other bytes are needed: name it with '${TARGET_OPTION.name}'`;
  host.writeStderr(fromText(`${host.programName} convert: note: ${note}\n`));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function report(
  host: Host,
  request: ToolRequest,
  { name, image, target }: Subject,
  output: string,
  file: Uint8Array,
  address: number | undefined,
): void {
  const kind = address === undefined ? "compact" : "absolute";
  if (request.has(JSON_OPTION.name)) {
    printJson(host, {
      file: name,
      output,
      kind: `${kind} image`,
      target: target.name,
      fileBytes: file.length,
      flashBytes: image.header.size,
      base: address ?? null,
    });
  } else if (output !== "-") {
    const place = address === undefined ? "" : ` for ${hex(address)}`;
    print(
      host,
      fromText(`${shown(fromText(output))}: ${kind} image${place}, ${bytes(file.length)}\n`),
    );
  }
}
