/**
 * The part of `luacross verify` that is about other modules: what the code of an image, and of files
 * beside it, asks for, and whether somebody provides it.
 */
import { fromText, type LuaString } from "../../base/lua-string.ts";
import type { Proto } from "../../bytecode/proto.ts";
import { isBinaryChunk, skipFirstLine } from "../../formats/chunk.ts";
import type { FlashImage } from "../../image/flash-image.ts";
import {
  type Program,
  type Provided,
  type Requirements,
  requirementsOf,
} from "../../requirements.ts";
import type { Target } from "../../target/target.ts";
import { giveUp, orCannot } from "../failure.ts";
import type { Host } from "../host.ts";
import { loadContent } from "../inputs.ts";
import { shown } from "./page.ts";
import { failure, type ToolRequest, WrongUse } from "./tool.ts";

export const REQUIRE_OPTION = {
  name: "--require",
  help: "list what the code asks for, and who provides it",
};
const PROVIDES_OPTION = {
  name: "--provides",
  value: "NAMES",
  help: "modules or files that are there besides, with commas",
};
const FILES_OPTION = {
  name: "--fs",
  value: "DIR",
  help: "a folder with what lies in the device's file system",
};
/** They say what there is for {@link REQUIRE_OPTION}. */
const PROVIDING = [PROVIDES_OPTION, FILES_OPTION];

export const REQUIREMENT_OPTIONS = [REQUIRE_OPTION, ...PROVIDING];

export interface InputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** @throws WrongUse for an option that would have no effect */
export function checkRequirementOptions(request: ToolRequest): void {
  if (request.has(REQUIRE_OPTION.name)) return;
  const idle = PROVIDING.find(({ name }) => request.has(name));
  if (idle) throw new WrongUse(`'${idle.name}' goes with '${REQUIRE_OPTION.name}'`);
  if (request.operands.length > 1) {
    const more = `'${request.operands[1]}' is one argument too many`;
    throw new WrongUse(
      `${more}; with '${REQUIRE_OPTION.name}' there may be files beside the image`,
    );
  }
}

/**
 * @param image with the modules in LFS; without one, all inputs count as modules and as files
 * @param inputs sources and `.lc` files
 * @throws Failure when one cannot be compiled or loaded
 */
export function findRequirements(
  host: Host,
  request: ToolRequest,
  image: FlashImage | undefined,
  inputs: readonly InputFile[],
  target: Target,
): Requirements {
  const files = inputs.map(({ name, bytes }) => ({
    name: fileName(name),
    proto: loadFile(name, bytes, target),
  }));
  const names = files.map(({ name }) => name);
  const modules = image ? modulesOf(image).map(({ name }) => name) : names.map(stem);
  const provided: Provided = {
    modules,
    files: [...names, ...filesIn(host, request)],
    declared: declaredBy(request),
  };
  return requirementsOf([...(image ? modulesOf(image) : []), ...files], provided, target);
}

/** @throws Failure; source holds no zeros, but an image does whose beginning is damaged */
function loadFile(name: string, bytes: Uint8Array, target: Target): Proto {
  if (bytes.includes(0) && !isBinaryChunk(skipFirstLine(bytes))) {
    throw failure(`${name}: this is no Lua source, no .lc file and no LFS image`);
  }
  return loadContent(name, bytes, target);
}

/** The main function alone, when it is not one around modules. */
function modulesOf({ modules, main }: FlashImage): readonly Program[] {
  return modules.length > 0 ? modules : [{ name: "(main)", proto: main }];
}

/** Where files lie on a computer means nothing to the device. */
function fileName(path: string): LuaString {
  return fromText(path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1));
}

function stem(name: LuaString): LuaString {
  return name.replace(/\.l[uc]a?$/, "");
}

function filesIn(host: Host, request: ToolRequest): readonly LuaString[] {
  const folder = request.valueOf(FILES_OPTION.name);
  if (folder === undefined) return [];
  return orCannot(folder, () => host.openFolder(folder, giveUp)).names();
}

function declaredBy(request: ToolRequest): readonly LuaString[] {
  const names = request.valueOf(PROVIDES_OPTION.name)?.split(",") ?? [];
  return names.map((name) => fromText(name.trim())).filter((name) => name !== "");
}

/** How many questions nobody answers. */
export function missingCount({ asks }: Requirements): number {
  return asks.filter(({ found }) => found === undefined).length;
}

export function requirementsJson(requirements: Requirements): unknown {
  const { asks, firmwareModules, notInFirmware, notes } = requirements;
  const used = ({ name, programs }: Requirements["firmwareModules"][number]) => ({
    name: shown(name),
    modules: programs.map(shown),
  });
  return {
    missing: missingCount(requirements),
    asks: asks.map(({ program, lines, kind, name, words, found = null }) => ({
      module: shown(program),
      lines,
      kind,
      name: shown(name),
      words: shown(words),
      found: found === null ? null : shown(found),
    })),
    firmwareModules: firmwareModules.map(used),
    notInFirmware: notInFirmware.map(used),
    notes,
  };
}
