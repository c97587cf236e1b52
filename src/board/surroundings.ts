/** What the libraries of a board's Lua see of the world: its files, its clock, and no processes. */
import { fromBytes, type LuaString, toBytes } from "../base/lua-string.ts";
import {
  type FileSystem,
  type OpenFile,
  type SeekOrigin,
  type Surroundings,
  SystemRefusal,
} from "../vm/library/surroundings.ts";
import type { BoardFiles } from "./files.ts";

const NO_ENTRY = 2;
const BAD_FILE = 9;
const INVALID = 22;
const NO_SPACE = 28;
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
    files: filesOf(files),
    processes: { hasShell: false, run: () => refuse(INVALID, "Invalid argument") },
    clock: {
      now: () => Math.floor(seconds()),
      used: seconds,
      zoneAt: () => ({ ahead: 0, name: "UTC", isSummer: false }),
    },
    stdin: NOWHERE,
    stderr: NOWHERE,
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

function filesOf(files: BoardFiles): FileSystem {
  const notHere = () => refuse(INVALID, "Invalid argument");
  return {
    open: (path, mode) => new StoredFile(files, path, mode),
    remove: notHere,
    rename: notHere,
    temporaryName: notHere,
    temporaryFile: notHere,
  };
}

/** A file as Lua's own libraries open it; what is written is stored at once. */
class StoredFile implements OpenFile {
  private readonly files: BoardFiles;
  private readonly name: LuaString;
  private readonly canRead: boolean;
  private readonly canWrite: boolean;
  private readonly appends: boolean;
  private content: LuaString;
  private position = 0;

  constructor(files: BoardFiles, name: LuaString, mode: LuaString) {
    this.files = files;
    this.name = name;
    this.canRead = mode.startsWith("r") || mode.includes("+");
    this.canWrite = !mode.startsWith("r") || mode.includes("+");
    this.appends = mode.startsWith("a");
    const found = files.read(name);
    if (found === undefined && mode.startsWith("r")) {
      refuse(NO_ENTRY, "No such file or directory");
    }
    this.content = found === undefined || mode.startsWith("w") ? "" : fromBytes(found);
    if (!mode.startsWith("r")) this.store();
  }

  read(count: number): LuaString {
    if (!this.canRead) refuse(BAD_FILE, "Bad file descriptor");
    const piece = this.content.slice(this.position, this.position + count);
    this.position += piece.length;
    return piece;
  }

  write(text: LuaString): void {
    if (!this.canWrite) refuse(BAD_FILE, "Bad file descriptor");
    if (this.appends) this.position = this.content.length;
    const { content, position } = this;
    const before = content.slice(0, position).padEnd(position, "\0");
    this.content = before + text + content.slice(position + text.length);
    this.position += text.length;
    this.store();
  }

  seek(offset: number, origin: SeekOrigin): number {
    const { content, position } = this;
    const base = { set: 0, cur: position, end: content.length }[origin];
    if (base + offset < 0) refuse(INVALID, "Invalid argument");
    this.position = base + offset;
    return this.position;
  }

  close(): void {
    // All is stored.
  }

  private store(): void {
    if (!this.files.write(this.name, toBytes(this.content))) {
      refuse(NO_SPACE, "No space left on device");
    }
  }
}

/** What has no other end. */
const NOWHERE: OpenFile = {
  read: () => "",
  write: () => undefined,
  seek: () => refuse(INVALID, "Invalid argument"),
  close: () => undefined,
};
