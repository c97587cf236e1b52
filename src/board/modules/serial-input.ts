/**
 * What comes in on the console's serial port when a program listens with `uart.on`: by itself, or
 * while the interpreter reads along. All of it is dealt with in tasks, in the order in which it came.
 * Source: the NodeMCU manual, "uart.on"; the firmwares' line readers.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { InputFacts } from "../../target/module-facts.ts";
import type { Value } from "../../vm/values.ts";
import { Priority } from "../event-loop.ts";
import { KeptValue } from "../kept-value.ts";
import type { ModuleContext } from "../module.ts";
import type { SerialReader } from "../serial.ts";

/** Bytes that the firmware collects at most. */
export const LONGEST_INPUT = 256;
/** A line with its end; either order of the two characters is one end. */
const LINE = /^([^\r\n]*)(\r\n|\n\r|\r|\n)/;

/** When a callback gets what was collected. */
export interface Limit {
  /** After so many bytes, from 1 to {@link LONGEST_INPUT}. */
  readonly bytes: number;
  /** After this character. */
  readonly end: LuaString | undefined;
  /** When nothing more has come in. */
  readonly isWhole: boolean;
}

/** What a program asked for. */
export interface Listening {
  readonly limit: Limit;
  /** The interpreter reads along. */
  readonly isShared: boolean;
}

/** What `uart.on` has set for the console's port; nothing at first. */
export class SerialInput {
  private readonly context: ModuleContext;
  private readonly facts: InputFacts;
  private readonly callback: KeptValue;
  private listening: Listening | undefined;
  private pass: SerialReader = () => undefined;
  /** What came in and was not dealt with. */
  private waiting: LuaString = "";
  private isPosted = false;
  /** What the callback has yet to be given. */
  private collected: LuaString = "";

  constructor(context: ModuleContext, facts: InputFacts) {
    this.context = context;
    this.facts = facts;
    this.callback = new KeptValue(context.state);
    context.serial.listen((text, pass) => this.receive(text, pass));
  }

  /** @param listening undefined: the interpreter gets everything, and nobody else does */
  listen(callback: Value, listening: Listening | undefined): void {
    this.callback.set(callback);
    this.listening = listening;
    this.collected = "";
  }

  private receive(text: LuaString, pass: SerialReader): void {
    this.pass = pass;
    this.waiting += text;
    if (this.isPosted) return;
    this.isPosted = true;
    this.context.loop.post(() => this.work(), Priority.High);
  }

  /** Each callback may change who gets what comes next. */
  private work(): void {
    this.isPosted = false;
    while (this.waiting !== "") {
      if (this.listening === undefined) this.pass(this.take(this.waiting.length));
      else if (this.listening.isShared) this.share(this.listening.limit);
      else this.collect(this.take(1), this.listening.limit);
    }
    if (this.listening?.limit.isWhole && !this.listening.isShared) this.handOver();
  }

  private take(count: number): LuaString {
    const text = this.waiting.slice(0, count);
    this.waiting = this.waiting.slice(count);
    return text;
  }

  /** The interpreter gets a line, or what there is of it, and the callback its part. */
  private share(limit: Limit): void {
    const line = LINE.exec(this.waiting);
    const piece = this.take(line?.[0].length ?? this.waiting.length);
    this.pass(piece);
    if (this.facts.whenShared === "bytes") {
      for (const byte of piece) this.collect(byte, limit);
      return;
    }
    for (const byte of line?.[1] ?? piece) this.edit(byte);
    if (line && (this.collected !== "" || this.facts.givesEmptyLines)) this.call();
  }

  /** A line as the interpreter's reader edits it. */
  private edit(byte: LuaString): void {
    if (byte === "\x7f" || byte === "\b") this.collected = this.collected.slice(0, -1);
    else {
      if (this.collected.length + 1 >= LONGEST_INPUT) this.collected = "";
      this.collected += byte;
    }
  }

  private collect(byte: LuaString, limit: Limit): void {
    this.collected += byte;
    if (this.collected.length >= limit.bytes || byte === limit.end) this.call();
  }

  private handOver(): void {
    if (this.collected !== "") this.call();
  }

  private call(): void {
    const { collected } = this;
    this.collected = "";
    const callback = this.callback.get();
    if (callback === undefined) return;
    this.context.run(callback, [this.context.state.intern(collected)]);
  }
}
