/** What the libraries of a board's Lua see of the world: its files, its clock, and no processes. */
import type { LuaString } from "../base/lua-string.ts";
import { type OpenFile, type Surroundings, SystemRefusal } from "../vm/library/surroundings.ts";

const BAD_FILE = 9;
const INVALID = 22;
const MICROSECONDS = 1_000_000;

/** What differs from board to board. */
export type SurroundingsParts = Pick<
  Surroundings,
  "files" | "encode" | "postTask" | "memoryUse" | "chunkOf" | "chunkRefusal"
> & {
  /** Microseconds since the board started. */
  readonly now: () => number;
  /** Takes what a program writes to the stream of errors. */
  readonly writeError: (text: LuaString) => void;
};

/** Streams and processes are refused with the numbers of the chip's C library. */
export function boardSurroundings({ now, writeError, ...parts }: SurroundingsParts): Surroundings {
  const seconds = () => now() / MICROSECONDS;
  return {
    ...parts,
    processes: { hasShell: false, run: () => refuse(INVALID, "Invalid argument") },
    clock: {
      now: () => Math.floor(seconds()),
      used: seconds,
      zoneAt: () => ({ ahead: 0, name: "UTC", isSummer: false }),
    },
    stdin: { ...NO_FILE, read: () => "" },
    stderr: { ...NO_FILE, write: writeError },
    environment: () => undefined,
    atExit: () => undefined,
  };
}

/** A stream that nothing can be done with. What comes in on the serial port is the console's. */
const NO_FILE: OpenFile = {
  read: () => refuse(BAD_FILE, "Bad file number"),
  write: () => refuse(BAD_FILE, "Bad file number"),
  seek: () => refuse(INVALID, "Invalid argument"),
  close: () => undefined,
};

function refuse(code: number, reason: LuaString): never {
  throw new SystemRefusal(reason, code);
}
