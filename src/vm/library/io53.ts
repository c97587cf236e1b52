/**
 * The library `io` of Lua 5.3, as the reference's host build has it: all of it in memory, the default
 * files in the registry. Source: the manual, §6.8; observed.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import { type Functions, light } from "../library.ts";
import { isNumber } from "../numbers.ts";
import type { MachineState } from "../state.ts";
import { Table } from "../table.ts";
import { isTruthy, TString, type Userdata, UserdataKind, type Value } from "../values.ts";
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
import { readNumeral53 } from "./read-number.ts";
import { giveOrRefuse, giveRefusal } from "./refusals.ts";
import type { Stream } from "./stream.ts";
import { type Surroundings, SystemRefusal } from "./surroundings.ts";

type DefaultFile = "input" | "output";

/** What modes of files look like. */
const MODE = /^[rwa]\+?b*$/;
/** What modes of pipes look like. */
const PIPE_MODE = /^[rw]$/;
/** Formats that an iterator over lines can keep. */
const MAX_FORMATS = 250;

/** Makes the library, with the metatable of its files. */
export function openIo53(state: MachineState, surroundings: Surroundings): Table {
  const files = new Files(new UserdataKind<LuaFile>("FILE*"), surroundings);
  state.registry.setString(state.intern(files.kind.name), metatableOf(state, files));
  const library = tableOf(state, new Io(files).functions());
  const standard: readonly (readonly [LuaString, Userdata])[] = [
    ["stdin", files.standard(state, surroundings.stdin)],
    ["stdout", files.standard(state, outputOf(state))],
    ["stderr", files.standard(state, surroundings.stderr)],
  ];
  for (const [name, file] of standard) library.setString(state.intern(name), file);
  const [[, stdin], [, stdout]] = standard;
  state.registry.setString(registryKey(state, "input"), stdin);
  state.registry.setString(registryKey(state, "output"), stdout);
  return library;
}

/** Native functions in memory, by name. */
export function tableOf(state: MachineState, functions: Functions): Table {
  const names = Object.keys(functions);
  const table = new Table(state.heap, 0, names.length);
  for (const name of names) table.setString(state.intern(name), light(functions[name], name));
  return table;
}

function metatableOf(state: MachineState, files: Files): Table {
  const metatable = new Table(state.heap);
  metatable.setString(state.events.name, state.intern(files.kind.name));
  metatable.setString(state.events.index, metatable);
  const methods = methodsOf(files);
  for (const name of Object.keys(methods)) {
    metatable.setString(state.intern(name), light(methods[name], name));
  }
  return metatable;
}

function registryKey(state: MachineState, which: DefaultFile): TString {
  return state.intern(`_IO_${which}`);
}

class Io {
  private readonly files: Files;

  constructor(files: Files) {
    this.files = files;
  }

  functions(): Functions {
    const { files } = this;
    return {
      close: (call) => this.close(call),
      flush: (call) => flushStream(call, this.defaultStream(call, "output")),
      input: (call) => this.setDefault(call, "input", "r"),
      lines: (call) => this.lines(call),
      open: (call) => this.open(call),
      output: (call) => this.setDefault(call, "output", "w"),
      popen,
      read: (call) => read(call, this.defaultStream(call, "input"), call.values(1)),
      tmpfile: (call) => giveOrRefuse(call, () => files.temporary(call)),
      type: typeFunction(files),
      write: (call) => write(call, this.defaultFile(call, "output"), files, 1),
    };
  }

  private defaultFile({ state }: Call, which: DefaultFile): Value {
    return state.registry.getString(registryKey(state, which));
  }

  private defaultStream(call: Call, which: DefaultFile): Stream {
    const file = this.files.fileOf(this.defaultFile(call, which));
    if (file?.stream.isOpen) return file.stream;
    throw call.error(`standard ${which} file is closed`);
  }

  private close(call: Call): number {
    if (call.count === 0) this.setArgument(call, this.defaultFile(call, "output"));
    return closeArgument(this.files, call);
  }

  /** Puts a value in the place of the first argument. */
  private setArgument(call: Call, value: Value): void {
    call.thread.stack[call.base] = value;
    call.count = Math.max(call.count, 1);
    call.top = call.base + call.count;
  }

  private open(call: Call): number {
    const path = cText(call, 1);
    const mode = cText(call, 2, "r");
    if (!MODE.test(mode)) throw call.argumentError(2, "invalid mode");
    return giveOrRefuse(call, () => this.files.open(call, path, mode), path);
  }

  /** @throws LuaError */
  private openOrFail(call: Call, path: LuaString, mode: LuaString): Userdata {
    try {
      return this.files.open(call, path, mode);
    } catch (error) {
      if (!(error instanceof SystemRefusal)) throw error;
      throw call.error(`cannot open file '${path}' (${error.reason})`);
    }
  }

  private setDefault(call: Call, which: DefaultFile, mode: LuaString): number {
    const given = call.get(1);
    if (given !== undefined) {
      const isPath = given instanceof TString || isNumber(given);
      if (!isPath) this.files.openArgument(call, 1);
      const file = isPath ? this.openOrFail(call, cText(call, 1), mode) : given;
      call.state.registry.setString(registryKey(call.state, which), file);
    }
    return call.give(this.defaultFile(call, which));
  }

  private lines(call: Call): number {
    const isDefault = call.isNoneOrNil(1);
    const file = isDefault
      ? this.defaultFile(call, "input")
      : this.openOrFail(call, cText(call, 1), "r");
    this.setArgument(call, file);
    if (isDefault) this.files.openArgument(call, 1);
    return giveIterator(this.files, call, !isDefault);
  }
}

function popen(call: Call): number {
  call.text(1);
  const mode = cText(call, 2, "r");
  const { checksPipeModes } = call.state.target.libraries;
  if (checksPipeModes && !PIPE_MODE.test(mode)) throw call.argumentError(2, "invalid mode");
  throw call.error("'popen' not supported");
}

function methodsOf(files: Files): Functions {
  return {
    close: (call) => closeArgument(files, call),
    flush: (call) => flushStream(call, files.openArgument(call, 1)),
    lines: (call) => {
      files.openArgument(call, 1);
      return giveIterator(files, call, false);
    },
    read: (call) => read(call, files.openArgument(call, 1), call.values(2), 2),
    seek: seekFunction(files),
    setvbuf: setvbufFunction(files),
    write: (call) => {
      files.openArgument(call, 1);
      return write(call, call.get(1), files, 2);
    },
    __gc: gcFunction(files),
    __tostring: tostringFunction(files),
  };
}

/** @param closes whether the file, which is the first argument, is closed at its end */
function giveIterator(files: Files, call: Call, closes: boolean): number {
  const userdata = call.get(1);
  const formats = call.values(2);
  if (formats.length > MAX_FORMATS) throw call.argumentError(MAX_FORMATS + 2, "too many arguments");
  const file = files.fileOf(userdata) as LuaFile;
  const next: Native = (inner) => {
    if (!file.stream.isOpen) throw inner.error("file is already closed");
    const count = read(inner, file.stream, formats, 2);
    const first = inner.thread.valueAt(inner.top - count);
    if (isTruthy(first)) return count;
    if (count > 1) {
      const reason = inner.thread.valueAt(inner.top - count + 1);
      throw inner.error(inner.toText(reason));
    }
    if (closes) files.close(file);
    return inner.giveNothing();
  };
  return call.give(call.newFunction(next, "for iterator", [userdata, closes, ...formats]));
}

// Reading

/**
 * Gives what the formats ask for, up to the first that fails; a line when there are none.
 *
 * @param first argument that a wrong format is blamed on
 */
function read(call: Call, stream: Stream, formats: readonly Value[], first = 1): number {
  const results: Value[] = [];
  try {
    if (formats.length === 0) results.push(readLine(call, stream, true));
    for (const [i, format] of formats.entries()) {
      results.push(readItem(call, stream, format, first + i));
      if (results[i] === undefined) break;
    }
  } catch (error) {
    return giveRefusal(call, error);
  }
  return call.giveAll(results);
}

function readItem(call: Call, stream: Stream, format: Value, n: number): Value {
  if (isNumber(format)) {
    const count = call.numbers.toInteger(format);
    if (count === undefined) throw call.argumentError(n, "number has no integer representation");
    if (count < 0) throw call.error("not enough memory for buffer allocation");
    return readCount(call, stream, Number(count));
  }
  if (!(format instanceof TString)) {
    const got = call.state.engine.argumentType(call.state, format);
    throw call.argumentError(n, `string expected, got ${got}`);
  }
  switch (format.text.replace(/^\*/, "")[0]) {
    case "n":
      return call.numbers.parse(readNumeral53(stream));
    case "l":
      return readLine(call, stream, true);
    case "L":
      return readLine(call, stream, false);
    case "a":
      return call.make(stream.takeAll());
    default:
      throw call.argumentError(n, "invalid format");
  }
}

/** A line; nil at the end. */
function readLine(call: Call, stream: Stream, chops: boolean): Value {
  const line = stream.takeLine();
  if (line === "") return undefined;
  return call.make(chops && line.endsWith("\n") ? line.slice(0, -1) : line);
}

// Writing

/** Gives the file, so that calls can be chained; @param first argument to write */
function write(call: Call, userdata: Value, files: Files, first: number): number {
  const stream = files.fileOf(userdata)?.stream;
  if (!stream?.isOpen) throw call.error("standard output file is closed");
  return giveOrRefuse(call, () => {
    for (let n = first; n <= call.count; n++) stream.write(textToWrite(call, n));
    return userdata;
  });
}

/** Floats without a fraction are written like integers. */
function textToWrite(call: Call, n: number): LuaString {
  const value = call.get(n);
  const text = call.text(n);
  return isNumber(value) && !call.numbers.isInteger(value) ? text.replace(/\.0$/, "") : text;
}
