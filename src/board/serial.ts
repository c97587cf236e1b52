/**
 * The serial port of the console: bytes out and bytes in. The interpreter reads what comes in, unless
 * a program has taken it over with `uart.on`. Source: the NodeMCU manual, "uart".
 */
import type { LuaString } from "../base/lua-string.ts";

/** Takes what comes in, one unit per byte. */
export type SerialReader = (text: LuaString) => void;

/** Stands before the reader: it gets what comes in, and passes on what is not for it. */
export type SerialFilter = (text: LuaString, pass: SerialReader) => void;

/** One for a board; what comes in before anybody reads waits. */
export class SerialPort {
  private readonly output: (text: LuaString) => void;
  private reader: SerialReader | undefined;
  private readonly deliver: SerialReader = (text) => {
    if (this.reader) this.reader(text);
    else this.waiting += text;
  };
  private filter: SerialFilter | undefined;
  private waiting: LuaString = "";

  /** @param output takes what the board sends, one unit per byte */
  constructor(output: (text: LuaString) => void) {
    this.output = output;
  }

  /** Whether someone gets what comes in now. */
  get isRead(): boolean {
    return this.reader !== undefined;
  }

  /** The board sends. */
  send(text: LuaString): void {
    if (text !== "") this.output(text);
  }

  /** The other side sends; without a reader it waits for one. */
  receive(text: LuaString): void {
    if (this.filter) this.filter(text, this.deliver);
    else this.deliver(text);
  }

  /** Who stands before the reader; undefined for nobody. */
  listen(filter: SerialFilter | undefined): void {
    this.filter = filter;
  }

  /** Who gets what comes in; undefined for nobody. */
  read(reader: SerialReader | undefined): void {
    this.reader = reader;
    if (reader === undefined || this.waiting === "") return;
    const { waiting } = this;
    this.waiting = "";
    reader(waiting);
  }
}
