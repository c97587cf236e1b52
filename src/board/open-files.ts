/**
 * Open files as SPIFFS has them: at most a few at a time, and small writes wait in a page of memory
 * until it is full or somebody reads, seeks, flushes or closes. What waits there is lost in a
 * restart, and others see the file without it. Several openings of one file share its content.
 * Source: SPIFFS, `spiffs_hydrogen.c` for behaviour; the NodeMCU manual, "file".
 */
import { fromBytes, type LuaString, toBytes } from "../base/lua-string.ts";
import type { SeekOrigin } from "../vm/library/surroundings.ts";
import { LONGEST_NAME } from "./file-names.ts";
import type { BoardFiles } from "./files.ts";
import type { Storage } from "./storage.ts";

/** How a file is opened. */
export interface FileMode {
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** Makes the file when there is none. */
  readonly creates: boolean;
  /** Forgets what was in it. */
  readonly empties: boolean;
  /** Writes at the end, wherever it was. */
  readonly appends: boolean;
}

const READ: FileMode = {
  canRead: true,
  canWrite: false,
  creates: false,
  empties: false,
  appends: false,
};
const WRITE: FileMode = { ...READ, canRead: false, canWrite: true, creates: true, empties: true };
const APPEND: FileMode = { ...WRITE, empties: false, appends: true };

const MODES: ReadonlyMap<LuaString, FileMode> = new Map([
  ["r", READ],
  ["w", WRITE],
  ["a", APPEND],
  ["r+", { ...READ, canWrite: true }],
  ["w+", { ...WRITE, canRead: true }],
  ["a+", { ...APPEND, canRead: true }],
]);

/** What a mode's letters mean; all others mean reading. */
export function fileMode(letters: LuaString): FileMode {
  return MODES.get(letters) ?? READ;
}

/** What waits in memory, and what is written at once because it is longer. */
const CACHE_SIZE = 256;

/** The content of a file that is open. */
class Content {
  private readonly files: BoardFiles;
  private readonly storage: Storage;
  name: LuaString;
  private bytes: Uint8Array;
  size: number;
  private waiting: { readonly offset: number; text: LuaString } | undefined;

  constructor(files: BoardFiles, storage: Storage, name: LuaString, bytes: Uint8Array) {
    this.files = files;
    this.storage = storage;
    this.name = name;
    this.bytes = bytes;
    this.size = bytes.length;
  }

  /** The size with what waits behind the end. */
  get sizeWithWaiting(): number {
    const { waiting, size } = this;
    return waiting === undefined ? size : Math.max(size, waiting.offset + waiting.text.length);
  }

  read(offset: number, count: number): LuaString {
    return fromBytes(this.bytes.subarray(offset, Math.min(offset + count, this.size)));
  }

  /** Writes, now or later. Returns false when there is no room for what was to be written now. */
  write(offset: number, text: LuaString): boolean {
    if (text.length >= CACHE_SIZE) return this.flush() && this.writeNow(offset, text);
    const { waiting } = this;
    if (waiting !== undefined && this.goesOn(offset, text.length)) {
      const at = offset - waiting.offset;
      const behind = waiting.text.slice(at + text.length);
      waiting.text = waiting.text.slice(0, at) + text + behind;
      return true;
    }
    if (!this.flush()) return false;
    this.waiting = { offset, text };
    return true;
  }

  /** Does a write fit into what waits already. */
  private goesOn(offset: number, length: number): boolean {
    if (this.waiting === undefined) return false;
    const { offset: start, text } = this.waiting;
    return (
      offset >= start && offset <= start + text.length && offset + length <= start + CACHE_SIZE
    );
  }

  /** Writes what waits. When there is no room, it is lost, and the result is false. */
  flush(): boolean {
    const { waiting } = this;
    this.waiting = undefined;
    return waiting === undefined || this.writeNow(waiting.offset, waiting.text);
  }

  private writeNow(offset: number, text: LuaString): boolean {
    if (!this.storage.takeRoom(text.length)) return false;
    const start = Math.min(offset, this.size);
    const end = start + text.length;
    this.makeRoom(end);
    this.bytes.set(toBytes(text), start);
    this.size = Math.max(this.size, end);
    return this.files.write(this.name, this.bytes.subarray(0, this.size));
  }

  private makeRoom(end: number): void {
    // What was read from the files is theirs.
    const isOurs = this.bytes.length > this.size;
    if (isOurs && end <= this.bytes.length) return;
    const bytes = new Uint8Array(2 * Math.max(end, CACHE_SIZE));
    bytes.set(this.bytes.subarray(0, this.size));
    this.bytes = bytes;
  }

  empty(): boolean {
    this.waiting = undefined;
    this.size = 0;
    this.bytes = new Uint8Array(0);
    return this.files.write(this.name, this.bytes);
  }
}

/** A file that was opened. After its file was removed, or all are closed, nothing works any more. */
export class OpenFile {
  private readonly owner: OpenFiles;
  readonly content: Content;
  private readonly mode: FileMode;
  private position = 0;

  constructor(owner: OpenFiles, content: Content, mode: FileMode) {
    this.owner = owner;
    this.content = content;
    this.mode = mode;
  }

  /** The next bytes, at most so many; none at the end. Undefined when it cannot be read. */
  read(count: number): LuaString | undefined {
    if (!this.isOpen || !this.mode.canRead) return undefined;
    this.content.flush();
    const text = this.content.read(this.position, count);
    this.position += text.length;
    return text;
  }

  /** Returns false when it cannot be written, or there is no room. */
  write(text: LuaString): boolean {
    if (!this.canWrite) return false;
    const { content } = this;
    // Its own position is at the end without what waits.
    if (this.mode.appends) this.position = content.size;
    const offset = this.mode.appends ? content.sizeWithWaiting : this.position;
    if (!content.write(offset, text)) return false;
    this.position += text.length;
    return true;
  }

  /**
   * Returns the new position, or undefined: before the beginning, where nothing changes, or behind
   * the end, where it is at the end then.
   */
  seek(offset: number, from: SeekOrigin): number | undefined {
    if (!this.isOpen) return undefined;
    this.content.flush();
    const { size } = this.content;
    const base = from === "set" ? 0 : from === "cur" ? this.position : size;
    const wanted = base + offset;
    if (wanted < 0) return undefined;
    this.position = Math.min(wanted, size);
    return wanted > size ? undefined : wanted;
  }

  /** Returns false when there was no room for what waited. */
  flush(): boolean {
    return this.isOpen && this.content.flush();
  }

  close(): void {
    this.flush();
    this.owner.forget(this);
  }

  /** False when it was opened for reading, or does not work any more. */
  get canWrite(): boolean {
    return this.isOpen && this.mode.canWrite;
  }

  private get isOpen(): boolean {
    return this.owner.has(this);
  }
}

/** Closes files that the program cannot reach any more. */
export interface Reclaimer {
  /** Because too many are open. */
  now(): void;
  /** When the program does nothing, because one was opened, which it may forget to close. */
  soon(): void;
}

/** All files that a program has open; how many there may be is a fact of the firmware. */
export class OpenFiles {
  readonly storage: Storage;
  private readonly files: BoardFiles;
  private readonly most: number;
  private readonly reclaimer: Reclaimer;
  private readonly open = new Set<OpenFile>();

  /** @param most that may be open at a time */
  constructor(files: BoardFiles, storage: Storage, most: number, reclaimer: Reclaimer) {
    this.files = files;
    this.storage = storage;
    this.most = most;
    this.reclaimer = reclaimer;
  }

  /** Undefined when there is no such file, no room for one more, or too many are open. */
  openFile(name: LuaString, mode: FileMode): OpenFile | undefined {
    if (name === "" || name.length > LONGEST_NAME || !this.hasFree()) return undefined;
    const content = this.contentOf(name, mode);
    if (content === undefined || (mode.empties && !content.empty())) return undefined;
    const file = new OpenFile(this, content, mode);
    this.open.add(file);
    this.reclaimer.soon();
    return file;
  }

  /** Returns false when there is no such file, or too many are open, for it takes one to do it. */
  remove(name: LuaString): boolean {
    if (this.files.sizeOf(name) === undefined || !this.hasFree()) return false;
    if (!this.files.remove(name)) return false;
    for (const file of this.openOf(name)) this.open.delete(file);
    return true;
  }

  /** The same; neither may there be a file of the new name. Who has it open keeps it. */
  rename(from: LuaString, to: LuaString): boolean {
    const isNew = to !== "" && to.length <= LONGEST_NAME && this.files.sizeOf(to) === undefined;
    const content = this.files.read(from);
    if (!isNew || content === undefined || !this.hasFree()) return false;
    if (!this.files.write(to, content) || !this.files.remove(from)) return false;
    for (const { content } of this.openOf(from)) content.name = to;
    return true;
  }

  /** Removes everything, and closes what is open. Returns false when that cannot be done. */
  format(): boolean {
    this.open.clear();
    return this.files.names().every((name) => this.files.remove(name));
  }

  /** Whether any file is open. */
  get isInUse(): boolean {
    return this.open.size > 0;
  }

  /** Whether as many are open as can be. */
  get isFull(): boolean {
    return this.open.size >= this.most;
  }

  /** @internal */
  has(file: OpenFile): boolean {
    return this.open.has(file);
  }

  /** @internal */
  forget(file: OpenFile): void {
    this.open.delete(file);
  }

  private contentOf(name: LuaString, mode: FileMode): Content | undefined {
    const [other] = this.openOf(name);
    if (other !== undefined) return other.content;
    const bytes = this.files.read(name);
    if (bytes !== undefined) return new Content(this.files, this.storage, name, bytes);
    if (!mode.creates || !this.storage.takeRoom(0)) return undefined;
    const nothing = new Uint8Array(0);
    if (!this.files.write(name, nothing)) return undefined;
    return new Content(this.files, this.storage, name, nothing);
  }

  private openOf(name: LuaString): OpenFile[] {
    return [...this.open].filter(({ content }) => content.name === name);
  }

  private hasFree(): boolean {
    if (this.isFull) this.reclaimer.now();
    return !this.isFull;
  }
}
