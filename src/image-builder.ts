/**
 * From modules to the file of a flash image, for the library and the command line: what may be wrong
 * with the modules, and the way to the image.
 */
import { LuacrossError } from "./base/errors.ts";
import { fromText, type LuaString, toText } from "./base/lua-string.ts";
import type { Proto } from "./bytecode/proto.ts";
import { SECTOR_SIZE } from "./device/flash.ts";
import type { BuiltImage, ImageOptions } from "./device/image-file.ts";
import type { Target } from "./target/target.ts";
import { loadChunk, type Toolchain, toolchainFor } from "./toolchain.ts";

/** Lua source or a `.lc` file, by the name it has or would have as a file. */
export interface NamedSource {
  /** Such as `init.lua`; text beyond ASCII becomes UTF-8. */
  readonly name: string;
  /** Bytes as they are in the file, or text, which is taken as UTF-8. */
  readonly source: Uint8Array | string;
}

export interface BuildOptions extends ImageOptions {
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** Allow more modules than the reference does. */
  readonly manyModules: boolean;
}

export interface ImageWithWarnings extends BuiltImage {
  /** Plain text. */
  readonly warnings: readonly string[];
}

/**
 * @param modules one at least
 * @throws LuacrossError of all kinds
 */
export function buildImageOf(
  modules: readonly (Proto | NamedSource)[],
  options: BuildOptions,
): ImageWithWarnings {
  const { target, timestamp, address, manyModules } = options;
  const toolchain = toolchainFor(target);
  const most = manyModules ? Number.POSITIVE_INFINITY : toolchain.maxModules;
  if (modules.length < 1 || modules.length > most) {
    const words = manyModules ? "one at least" : `1 to ${most}, or more with manyModules`;
    throw new LuacrossError(
      "limit",
      `an image of ${modules.length} modules; there can be ${words}`,
    );
  }
  checkAddress(address, target);
  const protos = modules.map((module) => protoOf(module, toolchain, target));
  const names = modules.map((module) => ("name" in module ? module.name : shownSource(module)));
  const warnings = lookupWarnings(toolchain, protos, names, address);
  const main = toolchain.combineLookup(protos, timestamp, target);
  warnings.push(...toolchain.runTimeWarnings(main));
  return { ...toolchain.buildImage(main, options), warnings };
}

/**
 * What may be wrong with a lookup of these chunks.
 *
 * @param names what people call them
 * @param address where an absolute image will be; 0 when there is none
 * @returns plain text
 */
export function lookupWarnings(
  toolchain: Toolchain,
  protos: readonly Proto[],
  names: readonly string[],
  address: number,
): string[] {
  const warnings = toolchain.hiddenModules(protos).map(({ name, hidden, found }) => {
    const first = names[found];
    return `${first} and ${names[hidden]} are both module '${toText(name)}'; only ${first} will be found`;
  });
  return [...warnings, ...addressWarnings(address)];
}

/**
 * What may be wrong with the address of an absolute image.
 *
 * @param address 0 when there is none
 * @returns plain text
 */
export function addressWarnings(address: number): string[] {
  if (address % SECTOR_SIZE === 0) return [];
  const step = hex(SECTOR_SIZE);
  return [`${hex(address)} is not where an LFS begins: these addresses are multiples of ${step}`];
}

/** @throws LuacrossError `limit` when no image of the target can be there */
function checkAddress(address: number, { commandLine, name }: Target): void {
  const { first, last } = commandLine.absoluteAddresses ?? { first: 0, last: 0xffffffff };
  const inRange = address === 0 || (address >= first && address <= last);
  if (Number.isInteger(address) && inRange) return;
  const words = `from ${hex(first)} to ${hex(last)}`;
  throw new LuacrossError(
    "limit",
    `address ${hex(address)} is none of ${name}, which are ${words}`,
  );
}

function protoOf(module: Proto | NamedSource, toolchain: Toolchain, target: Target): Proto {
  if (!("name" in module)) return module;
  const { name, source } = module;
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  const content = toolchain.skipFirstLine(bytes);
  return loadChunk(toolchain, content, { chunkName: fromText(`@${name}`), target });
}

function shownSource({ source }: { readonly source: LuaString }): string {
  return toText(source).slice(1);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
