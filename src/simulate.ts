/**
 * Boards to run programs on: the one place where a Lua version picks what a simulated board is made
 * of. What a board can do is in `board/board.ts`.
 */
import { Board, type BoardParts } from "./board/board.ts";
import type { Firmware } from "./board/firmware.ts";
import { LFS_51 } from "./board/lfs51.ts";
import { LFS_53 } from "./board/lfs53.ts";
import { SECTOR_SIZE } from "./device/flash.ts";
import { openImage } from "./image-formats.ts";
import { ramUseOfSource } from "./ram/ram-use.ts";
import type { Dialect } from "./target/dialect.ts";
import type { Target } from "./target/target.ts";
import { loadChunk, toolchainFor } from "./toolchain.ts";
import { openBoardGlobals51 } from "./vm/library/globals51.ts";
import { openBoardGlobals53 } from "./vm/library/globals53.ts";

type VersionParts = Pick<Firmware, "lfs" | "openGlobals">;

const VERSIONS: Readonly<Record<Dialect["name"], VersionParts>> = {
  lua51: { lfs: LFS_51, openGlobals: openBoardGlobals51 },
  lua53: { lfs: LFS_53, openGlobals: openBoardGlobals53 },
};

/** What a board is made of, but for its firmware, which the target tells. */
export type SimulationOptions = Omit<BoardParts, "firmware"> & { readonly target: Target };

/**
 * A board with an image in its flash store, switched off: a compact image is loaded as the firmware
 * does it, an absolute one lies where it is made for.
 *
 * @throws LuacrossError when it is no image, or the board refuses it
 */
export function newBoardWithImage(file: Uint8Array, options: SimulationOptions): Board {
  const { image } = openImage(file, { allowBadCode: true });
  const { lfsSize = options.target.board.lfsSize } = options;
  const needed = Math.ceil(image.header.size / SECTOR_SIZE) * SECTOR_SIZE;
  const board = newBoard({
    ...options,
    lfsSize: options.lfsSize ?? Math.max(lfsSize, needed),
    lfsAddress: image.kind === "absolute" ? image.base : options.lfsAddress,
  });
  if (image.kind === "absolute") board.flashImage(file);
  else board.loadImage(file);
  return board;
}

/** A new board, switched off. @throws LuacrossError `limit` when its flash has no such room */
export function newBoard({ target, ...parts }: SimulationOptions): Board {
  return new Board({ ...parts, firmware: firmwareOf(target) });
}

function firmwareOf(target: Target): Firmware {
  const toolchain = toolchainFor(target);
  return {
    ...VERSIONS[target.dialect.name],
    target,
    load: (chunk, chunkName) => loadChunk(toolchain, chunk, { chunkName, target }),
    compilePeak: (chunk, chunkName) =>
      ramUseOfSource(chunk, { chunkName, target }).compilePeak ?? 0,
    encode: (proto, stripLevel) => toolchain.encode(proto, { target, strip: stripLevel > 0 }),
    chunkOf: (file) => toolchain.skipFirstLine(file),
  };
}
