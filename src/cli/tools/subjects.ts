/**
 * What the tools look at: an image as it is, or the image that sources and `.lc` files would make.
 */
import { LuacrossError } from "../../base/errors.ts";
import { fromText, type LuaString } from "../../base/lua-string.ts";
import type { OpenImage } from "../../device/image-format.ts";
import { isKnownImage, openImage } from "../../image-formats.ts";
import type { Target } from "../../target/target.ts";
import { DEFAULT_TARGET_NAME, findTarget } from "../../target/targets.ts";
import { toolchainFor } from "../../toolchain.ts";
import { Failure } from "../failure.ts";
import type { Host } from "../host.ts";
import { loadContent, readInput } from "../inputs.ts";
import { TARGET_VARIABLE } from "../options.ts";
import { MANY_MODULES, timeOfEnvironment } from "../own-options.ts";
import { TARGET_OPTION, type ToolRequest, WrongUse } from "./tool.ts";

/** The file that is measured where there are only its modules. */
const USUAL_IMAGE = {
  address: 0,
  compression: "reference",
  exact: false,
} as const;

export const STRIP_OPTION = {
  name: "--strip",
  help: "measure what is compiled without line info and names",
};

export const MANY_MODULES_OPTION = {
  name: MANY_MODULES,
  help: "allow more modules than the original does",
};

/** An image in hand, and where it came from. */
export interface Subject extends OpenImage {
  /** As typed; of several inputs, the first and how many more. */
  readonly name: string;
  /** For which it is measured. */
  readonly target: Target;
  /** Bytes of its file, or of the compact file it would make. */
  readonly fileSize: number;
  /** Made here of other inputs. */
  readonly isBuilt: boolean;
}

/** The target of `--target`, if there is one. @throws WrongUse for one that is not there */
export function chosenTarget(request: ToolRequest): Target | undefined {
  const name = request.valueOf(TARGET_OPTION.name);
  return name === undefined ? undefined : knownTarget(name);
}

/** @param origin stands before the message */
function knownTarget(name: string, origin = ""): Target {
  try {
    return findTarget(name);
  } catch (error) {
    if (error instanceof LuacrossError) throw new WrongUse(`${origin}${error.message}`);
    throw error;
  }
}

/** The target for what is compiled: `--target`, else the environment's, else the usual one. */
export function targetToBuild(host: Host, request: ToolRequest): Target {
  const chosen = chosenTarget(request);
  if (chosen) return chosen;
  const given = host.env[TARGET_VARIABLE];
  return given ? knownTarget(given, `${TARGET_VARIABLE}: `) : knownTarget(DEFAULT_TARGET_NAME);
}

/**
 * The one image, or the image that all inputs would make.
 *
 * @throws Failure when it cannot be read or made, WrongUse when an image stands beside other inputs
 */
export function openSubject(host: Host, names: readonly string[], request: ToolRequest): Subject {
  const inputs = names.map((name) => ({ name, bytes: readInput(host, name) }));
  const image = inputs.find(({ bytes }) => isKnownImage(bytes));
  if (image && inputs.length > 1) {
    throw new WrongUse(`'${image.name}' is an image already; give it alone`);
  }
  if (image) return openFile(image.name, image.bytes, chosenTarget(request));
  const target = targetToBuild(host, request);
  const toolchain = toolchainFor(target);
  const protos = inputs.map(({ name, bytes }) => loadContent(name, bytes, target));
  if (protos.length > toolchain.maxModules && !request.has(MANY_MODULES)) {
    const more = `with '${MANY_MODULES}' it may hold more`;
    throw new Failure(`an image holds at most ${toolchain.maxModules} modules; ${more}`);
  }
  const main = toolchain.combineLookup(protos, timeOfEnvironment(host) ?? host.now(), target);
  const strip = request.has(STRIP_OPTION.name) ? "all" : "nothing";
  const limit = target.commandLine.defaultLimit;
  const { file } = toolchain.buildImage(main, { ...USUAL_IMAGE, limit, target, strip });
  const opened = openImage(file, { allowBadCode: true });
  const name = names.length === 1 ? names[0] : `${names[0]} and ${names.length - 1} more`;
  return { ...opened, name, target, fileSize: file.length, isBuilt: true };
}

/** @throws Failure that names the file */
export function openFile(name: string, file: Uint8Array, target?: Target): Subject {
  const opened = namingFile(name, () => openImage(file, { allowBadCode: true }));
  const { targets } = opened.image;
  if (target && !targets.includes(target)) {
    const made = targets.map((candidate) => candidate.name).join(" or ");
    throw new Failure(fromText(`${name}: this image is for ${made}`));
  }
  const subject = { name, target: target ?? targets[0], fileSize: file.length, isBuilt: false };
  return { ...opened, ...subject };
}

/**
 * What `operation` returns; what it refuses is told with the file's name in front.
 *
 * @param more what stands behind a refusal
 */
export function namingFile<Result>(
  name: string,
  operation: () => Result,
  more: () => LuaString = () => "",
): Result {
  try {
    return operation();
  } catch (error) {
    if (!(error instanceof LuacrossError)) throw error;
    throw new Failure(`${fromText(name)}: ${error.message}${more()}`);
  }
}
