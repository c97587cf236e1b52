/**
 * Files as C's `FILE` has them: with a buffer in front and behind. Errors of the system come through as
 * {@link SystemRefusal}. Source: ISO C99 §7.19.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { OpenFile, SeekOrigin } from "./surroundings.ts";

/** Bytes that are read at a time, and that may wait to be written. */
const BUFFER_SIZE = 4096;

/** What may wait to be written: nothing, what fits the buffer, or that up to the end of a line. */
export type Buffering = "no" | "full" | "line";

export class Stream {
  private readonly file: OpenFile;
  buffering: Buffering;
  /** Read already, but not taken. */
  private ahead: LuaString = "";
  /** Written by the program, but not yet by the system. */
  private waiting: LuaString = "";
  isOpen = true;

  constructor(file: OpenFile, buffering: Buffering = "full") {
    this.file = file;
    this.buffering = buffering;
  }

  // Reading

  /** The next unit, which stays where it is; empty at the end. */
  peek(): string {
    if (this.ahead === "") this.fill(BUFFER_SIZE);
    return this.ahead.slice(0, 1);
  }

  /** Takes the next unit; empty at the end. */
  take(): string {
    const unit = this.peek();
    this.ahead = this.ahead.slice(1);
    return unit;
  }

  /** Takes at most so many units: fewer at the end, and none when it was there before. */
  takeUpTo(count: number): LuaString {
    const parts: LuaString[] = [];
    for (let left = count; left > 0; ) {
      if (this.ahead === "" && !this.fill(Math.max(BUFFER_SIZE, left))) break;
      const part = this.ahead.slice(0, left);
      this.ahead = this.ahead.slice(part.length);
      parts.push(part);
      left -= part.length;
    }
    return parts.join("");
  }

  takeAll(): LuaString {
    return this.takeUpTo(Number.POSITIVE_INFINITY);
  }

  /** Takes units up to a line feed, which is the last one of them, or up to a limit. */
  takeLine(limit = Number.POSITIVE_INFINITY): LuaString {
    const parts: LuaString[] = [];
    for (let left = limit; left > 0; ) {
      if (this.ahead === "" && !this.fill(BUFFER_SIZE)) break;
      const end = this.ahead.indexOf("\n") + 1;
      const part = this.ahead.slice(0, Math.min(end || this.ahead.length, left));
      this.ahead = this.ahead.slice(part.length);
      parts.push(part);
      left -= part.length;
      if (end > 0 && part.endsWith("\n")) break;
    }
    return parts.join("");
  }

  private fill(count: number): boolean {
    this.flush();
    this.ahead = this.file.read(Math.min(count, 1 << 20));
    return this.ahead !== "";
  }

  // Writing

  write(text: LuaString): void {
    if (this.ahead !== "") this.seek(0, "cur");
    // What cannot be written at all is refused at once.
    if (this.waiting === "") this.file.write("");
    this.waiting += text;
    if (this.buffering === "no" || this.waiting.length >= BUFFER_SIZE) this.flush();
    else if (this.buffering === "line") this.flushLines();
  }

  private flushLines(): void {
    const end = this.waiting.lastIndexOf("\n") + 1;
    if (end === 0) return;
    const rest = this.waiting.slice(end);
    this.waiting = this.waiting.slice(0, end);
    this.flush();
    this.waiting = rest;
  }

  flush(): void {
    if (this.waiting === "") return;
    const { waiting } = this;
    this.waiting = "";
    this.file.write(waiting);
  }

  /** @returns the new position */
  seek(offset: number, origin: SeekOrigin): number {
    this.flush();
    const unread = origin === "cur" ? this.ahead.length : 0;
    const position = this.file.seek(offset - unread, origin);
    this.ahead = "";
    return position;
  }

  close(): void {
    this.isOpen = false;
    try {
      this.flush();
    } finally {
      this.file.close();
    }
  }
}
