/** Builds images from input files in memory, as the command line does from files on disk. */
import { toBytes } from "../../src/base/lua-string.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import { skipFirstLine } from "../../src/formats/chunk.ts";
import type { Image51 } from "../../src/image/body51.ts";
import { type BuildOptions51, buildImage51 } from "../../src/image/build51.ts";
import type { Target } from "../../src/target/target.ts";
import { TARGETS } from "../../src/target/targets.ts";
import { loadChunk, toolchainFor } from "../../src/toolchain.ts";

/** Contents by path, in the order in which the command line names them. */
export type Inputs = Readonly<Record<string, Uint8Array | string>>;

/** The targets whose images are Lua 5.1's. */
export const IMAGE_TARGETS = TARGETS.filter(
  (row): row is Target => row.supported && row.image.facts51 !== undefined,
);

/** The lookup combination of all inputs. */
export function combine(inputs: Inputs, target: Target, time: number): Proto {
  const toolchain = toolchainFor(target);
  const protos = Object.entries(inputs).map(([path, contents]) => {
    const bytes = skipFirstLine(typeof contents === "string" ? toBytes(contents) : contents);
    const options = { chunkName: `@${path}`, target };
    return loadChunk(toolchain, bytes, options);
  });
  return toolchain.combineLookup(protos, time, target);
}

export function imageOf(
  inputs: Inputs,
  target: Target,
  time: number,
  options: Omit<BuildOptions51, "target"> = {},
): Image51 {
  return buildImage51(combine(inputs, target, time), { target, ...options });
}
