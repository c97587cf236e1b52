/**
 * The library `io` of Lua 5.1, as the reference's host build has it: a table in memory with the three
 * standard files, and the functions in flash. Where the default files are kept is a mistake there:
 * they are the items 1 and 2 of the globals, and until a program has set them, functions that use
 * them crash; here they use the standard ones. Source: the manual, §5.7; observed.
 */
import { DOUBLE } from "../../base/double.ts";
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { type Entries, flashTable, ITSELF } from "../library.ts";
import { isNumber } from "../numbers.ts";
import type { MachineState } from "../state.ts";
import { Table } from "../table.ts";
import { TString, type Userdata, UserdataKind, type Value } from "../values.ts";
import { cText } from "./c-texts.ts";
import {
  closeArgument,
  Files,
  flushStream,
  gcFunction,
  type LuaFile,
  outputOf,
  readCount,
  seekFunction,
  setvbufFunction,
  tostringFunction,
  typeFunction,
} from "./io-common.ts";
import { scanDouble, scanInteger } from "./read-number.ts";
import { giveOrRefuse, giveRefusal } from "./refusals.ts";
import type { Stream } from "./stream.ts";
import { type Surroundings, SystemRefusal } from "./surroundings.ts";

const INPUT = 1;
const OUTPUT = 2;
const NAMES: readonly string[] = ["", "input", "output"];
/** C's buffer, which lines are read through: what follows a zero byte in it is lost. */
const LINE_BUFFER = 255;

/** What both tables are made of. */
export interface Io51 {
  /** The functions, in flash. */
  readonly functions: Table;
  /** The global `io`. */
  readonly table: Table;
}

export function openIo51(state: MachineState, surroundings: Surroundings): Io51 {
  const files = new Files(new UserdataKind<LuaFile>("INT"), surroundings);
  const metatable = flashTable(state, methodsOf(files));
  state.registry.setString(state.intern(files.kind.name), metatable);
  const io = new Io(files, state, surroundings);
  const functions = flashTable(state, io.functions());
  const table = new Table(state.heap);
  table.metatable = table;
  table.setString(state.events.index, functions);
  for (const [name, file] of io.standardFiles()) table.setString(state.intern(name), file);
  return { functions, table };
}

class Io {
  private readonly files: Files;
  private readonly stdin: Userdata;
  private readonly stdout: Userdata;
  private readonly stderr: Userdata;

  constructor(files: Files, state: MachineState, surroundings: Surroundings) {
    this.files = files;
    this.stdin = files.standard(state, surroundings.stdin);
    this.stdout = files.standard(state, outputOf(state));
    this.stderr = files.standard(state, surroundings.stderr);
  }

  standardFiles(): readonly (readonly [LuaString, Userdata])[] {
    return [
      ["stdin", this.stdin],
      ["stdout", this.stdout],
      ["stderr", this.stderr],
    ];
  }

  functions(): Entries {
    return {
      __index: ITSELF,
      close: (call) => this.close(call),
      flush: (call) => flushStream(call, this.defaultStream(call, OUTPUT)),
      input: (call) => this.setDefault(call, INPUT, "r"),
      lines: (call) => this.lines(call),
      open: (call) => this.open(call),
      output: (call) => this.setDefault(call, OUTPUT, "w"),
      read: (call) => read(call, this.defaultStream(call, INPUT), 1),
      type: typeFunction(this.files),
      write: (call) => write(call, this.defaultStream(call, OUTPUT), 1),
    };
  }

  private defaultFile(call: Call, which: number): Value {
    return call.thread.globals.getNumber(which);
  }

  private defaultStream(call: Call, which: number): Stream {
    const standard = which === INPUT ? this.stdin : this.stdout;
    const file = this.files.fileOf(this.defaultFile(call, which)) ?? this.files.fileOf(standard);
    if (file?.stream.isOpen) return file.stream;
    throw call.error(`standard ${NAMES[which]} file is closed`);
  }

  /** Without an argument the default output is one. */
  private useDefault(call: Call, which: number): void {
    if (call.count > 0) return;
    call.give(this.defaultFile(call, which));
    call.count = 1;
  }

  private close(call: Call): number {
    this.useDefault(call, OUTPUT);
    return closeArgument(this.files, call);
  }

  private open(call: Call): number {
    const path = cText(call, 1);
    const mode = cText(call, 2, "r");
    return giveOrRefuse(call, () => this.files.open(call, path, mode), path);
  }

  /** @throws LuaError that blames the argument */
  private openOrBlame(call: Call, path: LuaString, mode: LuaString): Userdata {
    try {
      return this.files.open(call, path, mode);
    } catch (error) {
      if (!(error instanceof SystemRefusal)) throw error;
      throw call.argumentError(1, `${path}: ${error.reason}`);
    }
  }

  private setDefault(call: Call, which: number, mode: LuaString): number {
    const given = call.get(1);
    if (given !== undefined) {
      const isPath = given instanceof TString || isNumber(given);
      if (!isPath) this.files.openArgument(call, 1);
      const file = isPath ? this.openOrBlame(call, cText(call, 1), mode) : given;
      call.thread.globals.setNumber(which, file);
    }
    return call.give(this.defaultFile(call, which));
  }

  private lines(call: Call): number {
    if (call.isNoneOrNil(1)) {
      this.useDefault(call, INPUT);
      return linesOf(this.files, call);
    }
    const file = this.openOrBlame(call, cText(call, 1), "r");
    return giveIterator(this.files, call, file, true);
  }
}

function methodsOf(files: Files): Entries {
  return {
    __gc: gcFunction(files),
    __index: ITSELF,
    __tostring: tostringFunction(files),
    close: (call) => closeArgument(files, call),
    flush: (call) => flushStream(call, files.openArgument(call, 1)),
    lines: (call) => linesOf(files, call),
    read: (call) => read(call, files.openArgument(call, 1), 2),
    seek: seekFunction(files),
    setvbuf: setvbufFunction(files),
    write: (call) => write(call, files.openArgument(call, 1), 2),
  };
}

function linesOf(files: Files, call: Call): number {
  files.openArgument(call, 1);
  return giveIterator(files, call, call.get(1), false);
}

/** @param closes whether the file is closed at its end */
function giveIterator(files: Files, call: Call, userdata: Value, closes: boolean): number {
  const file = files.fileOf(userdata) as LuaFile;
  const next = (inner: Call): number => {
    if (!file.stream.isOpen) throw inner.error("file is already closed");
    const line = lineOrError(inner, file.stream);
    if (line !== undefined) return inner.giveText(line);
    if (closes) files.close(file);
    return inner.giveNothing();
  };
  return call.give(call.newFunction(next, "for iterator", [userdata, closes]));
}

// Reading

/** A line without its line feed; undefined at the end. */
function readLine(stream: Stream): LuaString | undefined {
  let line = "";
  for (;;) {
    const part = stream.takeLine(LINE_BUFFER);
    if (part === "") return line === "" ? undefined : line;
    const zero = part.indexOf("\0");
    line += zero < 0 ? part : part.slice(0, zero);
    if (zero < 0 && part.endsWith("\n")) return line.slice(0, -1);
  }
}

function lineOrError(call: Call, stream: Stream): LuaString | undefined {
  try {
    return readLine(stream);
  } catch (error) {
    if (error instanceof SystemRefusal) throw call.error(error.reason);
    throw error;
  }
}

/** @param first argument that says what to read */
function read(call: Call, stream: Stream, first: number): number {
  const results: Value[] = [];
  try {
    if (call.count < first) results.push(textOrNil(call, readLine(stream)));
    for (let n = first; n <= call.count; n++) {
      results.push(readItem(call, stream, n));
      if (results[results.length - 1] === undefined) break;
    }
  } catch (error) {
    return giveRefusal(call, error);
  }
  return call.giveAll(results);
}

function textOrNil(call: Call, text: LuaString | undefined): Value {
  return text === undefined ? undefined : call.make(text);
}

function readItem(call: Call, stream: Stream, n: number): Value {
  const wanted = call.get(n);
  if (isNumber(wanted)) return readCount(call, stream, call.integer(n));
  const letters = wanted instanceof TString ? wanted.text : "";
  if (letters[0] !== "*") throw call.argumentError(n, "invalid option");
  switch (letters[1]) {
    case "n":
      return readNumber(call, stream);
    case "l":
      return textOrNil(call, readLine(stream));
    case "a":
      return call.make(stream.takeAll());
    default:
      throw call.argumentError(n, "invalid format");
  }
}

function readNumber(call: Call, stream: Stream): Value {
  const { numbers } = call;
  if (numbers.integral) {
    const digits = scanInteger(stream);
    return digits === undefined ? undefined : numbers.fromInteger(saturated(BigInt(digits)));
  }
  const text = scanDouble(stream);
  return text === undefined ? undefined : numbers.fromDouble(toDouble(text));
}

/** As C's `strtol` does with 64 bits. */
function saturated(value: bigint): bigint {
  const least = -(2n ** 63n);
  if (value < least) return least;
  return value >= -least ? -least - 1n : value;
}

/** By C, and not as the firmware reads its numerals. */
function toDouble(text: LuaString): number {
  const sign = text.startsWith("-") ? -1 : 1;
  if (/^[-+]?inf/i.test(text)) return sign * Number.POSITIVE_INFINITY;
  const magnitude = DOUBLE.parse(text.replace(/^[-+]/, ""));
  return typeof magnitude === "number" ? sign * magnitude : Number.NaN;
}

// Writing

/** @param first argument to write */
function write(call: Call, stream: Stream, first: number): number {
  return giveOrRefuse(call, () => {
    for (let n = first; n <= call.count; n++) stream.write(call.text(n));
    return true;
  });
}
