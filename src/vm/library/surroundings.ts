/**
 * What the libraries of a program need of the world around its machine. Whoever opens the libraries
 * hands it in; nothing here knows of Node, and a machine without files or processes is fine.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Proto } from "../../bytecode/proto.ts";
import type { Value } from "../values.ts";

/** The system refused something; thrown by what is below. */
export class SystemRefusal {
  /** As C's `strerror` words it: `No such file or directory`. */
  readonly reason: LuaString;
  /** C's `errno`. */
  readonly code: number;

  constructor(reason: LuaString, code: number) {
    this.reason = reason;
    this.code = code;
  }
}

/** Where a seek counts from. */
export type SeekOrigin = "set" | "cur" | "end";

/** A file that is open, without any buffer of its own. Methods throw {@link SystemRefusal}. */
export interface OpenFile {
  /** The next bytes, at most so many; empty at the end. */
  read(count: number): LuaString;
  write(text: LuaString): void;
  /** @returns the new position from the start */
  seek(offset: number, origin: SeekOrigin): number;
  close(): void;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly kind: "exit" | "signal";
  /** Exit status or number of the signal. */
  readonly status: number;
}

/** Methods throw {@link SystemRefusal}. */
export interface FileSystem {
  /** @param mode C's: `r`, `w` or `a`, then perhaps `+` */
  open(path: LuaString, mode: LuaString): OpenFile;
  remove(path: LuaString): void;
  rename(from: LuaString, to: LuaString): void;
  /** Makes an empty file that did not exist before, and returns its name. */
  temporaryName(): LuaString;
  /** A file that nobody else sees, for writing and reading. */
  temporaryFile(): OpenFile;
}

/** Methods throw {@link SystemRefusal}. */
export interface Processes {
  /** Is there a shell to run commands. */
  readonly hasShell: boolean;
  run(command: LuaString): ProcessEnd;
}

export interface Clock {
  /** Seconds since 1970, whole ones. */
  now(): number;
  /** Seconds of processor time that the program has used. */
  used(): number;
  zoneAt(seconds: number): Zone;
}

/** The local time at a moment. */
export interface Zone {
  /** Seconds that it is ahead of UTC. */
  readonly ahead: number;
  readonly name: LuaString;
  readonly isSummer: boolean;
}

export interface Surroundings {
  readonly files: FileSystem;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly stdin: OpenFile;
  readonly stderr: OpenFile;
  /**
   * What stands behind the name of a file whose chunk cannot be had; a colon and the reason when left
   * out.
   */
  readonly chunkRefusal?: (reason: LuaString) => LuaString;
  /** What of a file is a chunk: an interpreter line at its beginning is not. */
  chunkOf(file: Uint8Array, origin: "file" | "stdin"): Uint8Array;
  /** Makes a binary chunk of a prototype, for `string.dump`. @throws LuacrossError */
  encode(proto: Proto, stripLevel: number): Uint8Array;
  environment(name: LuaString): LuaString | undefined;
  /** Runs a function later, when nothing else runs. */
  postTask(task: Value, priority: number): void;
  /** Bytes that are in use. */
  memoryUse(): number;
  /** Takes files that may hold back what was written, to be called at the end of the program. */
  atExit(flush: () => void): void;
}
