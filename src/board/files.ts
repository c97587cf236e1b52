/**
 * The file system of a board: names without directories, and whole files. What an open file, a full
 * flash or a name too long mean to a program is in the modules; this is where the bytes are.
 * Source: the NodeMCU manual, "file".
 */
import type { LuaString } from "../base/lua-string.ts";

/** Where the files of a board are kept. A name is any text of 1 to 31 bytes. */
export interface BoardFiles {
  /** The names, in the order in which programs see them. */
  names(): readonly LuaString[];
  /** Undefined when there is no such file. */
  read(name: LuaString): Uint8Array | undefined;
  /** Bytes of a file; undefined when there is no such file. */
  sizeOf(name: LuaString): number | undefined;
  /** Makes a file, or puts another content into one. Returns false when that cannot be done. */
  write(name: LuaString, content: Uint8Array): boolean;
  /** Returns false when that cannot be done; removing what is not there can. */
  remove(name: LuaString): boolean;
}

/** Files in memory, gone with the board. */
export class MemoryFiles implements BoardFiles {
  private readonly contents: Map<LuaString, Uint8Array>;

  /** @param contents what is there at the beginning, by name */
  constructor(contents: Iterable<readonly [LuaString, Uint8Array]> = []) {
    this.contents = new Map(contents);
  }

  names(): readonly LuaString[] {
    return [...this.contents.keys()];
  }

  read(name: LuaString): Uint8Array | undefined {
    return this.contents.get(name);
  }

  sizeOf(name: LuaString): number | undefined {
    return this.contents.get(name)?.length;
  }

  write(name: LuaString, content: Uint8Array): boolean {
    this.contents.set(name, content.slice());
    return true;
  }

  remove(name: LuaString): boolean {
    this.contents.delete(name);
    return true;
  }
}

/**
 * Files that are read from one place and written to another: what is written, changed or removed
 * stays in memory, and the place below is never touched.
 */
export class OverlayFiles implements BoardFiles {
  private readonly below: BoardFiles;
  private readonly above = new MemoryFiles();
  private readonly removed = new Set<LuaString>();

  constructor(below: BoardFiles) {
    this.below = below;
  }

  names(): readonly LuaString[] {
    const below = this.below.names().filter((name) => !this.removed.has(name));
    return [...new Set([...below, ...this.above.names()])];
  }

  read(name: LuaString): Uint8Array | undefined {
    return this.above.read(name) ?? (this.removed.has(name) ? undefined : this.below.read(name));
  }

  sizeOf(name: LuaString): number | undefined {
    const below = () => (this.removed.has(name) ? undefined : this.below.sizeOf(name));
    return this.above.sizeOf(name) ?? below();
  }

  write(name: LuaString, content: Uint8Array): boolean {
    return this.above.write(name, content);
  }

  remove(name: LuaString): boolean {
    this.removed.add(name);
    return this.above.remove(name);
  }
}
