/** What the libraries of a board's Lua see of the world: its files, its clock, and no processes. */
import { fromBytes, type LuaString, toBytes } from "../base/lua-string.ts";
import {
  type FileSystem,
  type OpenFile,
  type Surroundings,
  SystemRefusal,
} from "../vm/library/surroundings.ts";
import type { BoardFiles } from "./files.ts";

const NO_ENTRY = 2;
const INVALID = 22;
const MICROSECONDS = 1_000_000;

/** What differs from board to board. */
export type BoardParts = Pick<Surroundings, "encode" | "postTask" | "memoryUse" | "chunkOf"> & {
  readonly files: BoardFiles;
  /** Microseconds since the board started. */
  readonly now: () => number;
};

export function boardSurroundings(parts: BoardParts): Surroundings {
  const { files, now, encode, postTask, memoryUse, chunkOf } = parts;
  const seconds = () => now() / MICROSECONDS;
  return {
    files: readOnlyFiles(files),
    processes: { hasShell: false, run: () => refuse(INVALID, "Invalid argument") },
    clock: {
      now: () => Math.floor(seconds()),
      used: seconds,
      zoneAt: () => ({ ahead: 0, name: "UTC", isSummer: false }),
    },
    stdin: new ReadFile(new Uint8Array(0)),
    stderr: new ReadFile(new Uint8Array(0)),
    chunkOf,
    encode,
    environment: () => undefined,
    postTask,
    memoryUse,
    atExit: () => undefined,
  };
}

function refuse(code: number, reason: LuaString): never {
  throw new SystemRefusal(reason, code);
}

/** Lua's own functions only load chunks; writing is for the module `file`. */
function readOnlyFiles(files: BoardFiles): FileSystem {
  const notHere = () => refuse(INVALID, "Invalid argument");
  return {
    open(path) {
      const content = files.read(path);
      return content === undefined
        ? refuse(NO_ENTRY, "No such file or directory")
        : new ReadFile(content);
    },
    remove: notHere,
    rename: notHere,
    temporaryName: notHere,
    temporaryFile: notHere,
  };
}

/** A file that can only be read. */
class ReadFile implements OpenFile {
  private readonly content: Uint8Array;
  private position = 0;

  constructor(content: Uint8Array) {
    this.content = content;
  }

  read(count: number): LuaString {
    const piece = this.content.subarray(this.position, this.position + count);
    this.position += piece.length;
    return fromBytes(piece);
  }

  write(text: LuaString): void {
    if (toBytes(text).length > 0) refuse(INVALID, "Invalid argument");
  }

  seek(): number {
    return refuse(INVALID, "Invalid argument");
  }

  close(): void {
    // There is nothing to give back.
  }
}
