/**
 * The firmware's module `pipe`: strings that are written at one end and read in pieces at the other.
 * A pipe is a table: its first item is the function that writes and that is posted as a task, the
 * others are chunks of up to 256 bytes. Source: the NodeMCU manual, "pipe"; observed.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import { flashTable, type Library } from "../library.ts";
import { isNumber } from "../numbers.ts";
import { LuaFunction, type MachineState } from "../state.ts";
import { Table } from "../table.ts";
import { TString, Userdata, UserdataKind, type Value } from "../values.ts";
import { intArgument, toInt } from "./words.ts";

/** Runs a function later, when nothing else runs. */
export type PostTask = (task: Value, priority: number) => void;

interface Chunk {
  text: LuaString;
}

const CHUNK_SIZE = 256;
/** Bytes of a chunk on the board: two numbers and the content. */
const CHUNK_BYTES = CHUNK_SIZE + 8;
const CHUNK = new UserdataKind<Chunk>("pipe chunk");

const LOWEST_PRIORITY = 0;
const USUAL_PRIORITY = 1;
const HIGHEST_PRIORITY = 2;

/** How a pipe is read: so many bytes, or up to a character. */
type ReadMode =
  | { readonly size: number }
  | { readonly delimiter: LuaString; readonly keepsDelimiter: boolean };

/** Makes the module for one machine. */
export function pipeLibrary(state: MachineState, postTask: PostTask): Library {
  const methods = flashTable(state, {
    __len: length,
    __tostring: toText,
    read: (call) => read(call, metatable),
    reader: (call) => reader(call, metatable),
    unread: (call) => unread(call, metatable),
    nrec: (call) => call.giveInteger(rawLength(call.get(1)) - 1),
  });
  const metatable = flashTable(state, {
    __index: (call: Call) => call.give(indexed(call, methods)),
    __len: length,
    __tostring: toText,
  });
  return {
    name: "pipe",
    functions: { create: (call) => create(call, metatable, postTask) },
  };
}

// Access

function indexed(call: Call, methods: Table): Value {
  const key = call.get(2);
  if (!(key instanceof TString)) return undefined;
  const self = call.get(1);
  if (key.text === "write") return self instanceof Table ? self.getNumber(1) : undefined;
  return methods.getString(key);
}

function rawLength(value: Value): number {
  if (value instanceof Table) return value.length();
  return value instanceof TString ? value.text.length : 0;
}

function chunkOf(value: Value): Chunk | undefined {
  return value instanceof Userdata && value.kind === CHUNK ? (value.content as Chunk) : undefined;
}

/** The pipe that an argument must be. */
function pipeArgument(call: Call, metatable: Table): Table {
  const value = call.get(1);
  if (value instanceof Table && value.metatable === metatable) return value;
  throw call.argumentError(1, "pipe table");
}

function length(call: Call): number {
  const value = call.get(1);
  return call.giveInteger(chunkOf(value)?.text.length ?? rawLength(value));
}

function toText(call: Call): number {
  const value = call.get(1);
  const chunk = chunkOf(value);
  if (chunk) return call.giveText(chunk.text);
  const table = call.table(1);
  const address = call.state.heap.addressOf(table).toString(16);
  return call.giveText(`Pipe: 0x${address}`);
}

/** The chunk at an index of the pipe; a new one when there is none. */
function chunkAt(call: Call, pipe: Table, metatable: Table, index: number): Chunk {
  const chunk = chunkOf(pipe.getNumber(index));
  return chunk ?? addChunk(call, pipe, metatable, index);
}

function addChunk(call: Call, pipe: Table, metatable: Table, index: number): Chunk {
  const chunk: Chunk = { text: "" };
  const userdata = call.newUserdata(CHUNK, chunk, CHUNK_BYTES);
  userdata.metatable = metatable;
  pipe.setNumber(index, userdata);
  return chunk;
}

// Writing

function write(call: Call, metatable: Table): boolean {
  const value = call.get(2);
  if (!(value instanceof TString || isNumber(value))) return false;
  const text = call.text(2);
  if (text === "") return false;
  const pipe = pipeArgument(call, metatable);
  let last = Math.max(pipe.length(), 2);
  let chunk = chunkAt(call, pipe, metatable, last);
  for (let at = 0; at < text.length; ) {
    if (chunk.text.length === CHUNK_SIZE) chunk = addChunk(call, pipe, metatable, ++last);
    const part = text.slice(at, at + CHUNK_SIZE - chunk.text.length);
    chunk.text += part;
    at += part.length;
  }
  return true;
}

/** Puts a text in front of what is there. */
function unread(call: Call, metatable: Table): number {
  const value = call.get(2);
  if (!(value instanceof TString || isNumber(value))) return call.giveNothing();
  const text = call.text(2);
  if (text === "") return call.giveNothing();
  const pipe = pipeArgument(call, metatable);
  let chunk = chunkAt(call, pipe, metatable, 2);
  for (let left = text.length; left > 0; ) {
    if (chunk.text.length === CHUNK_SIZE) {
      for (let i = pipe.length(); i > 1; i--) pipe.setNumber(i + 1, pipe.getNumber(i));
      chunk = addChunk(call, pipe, metatable, 2);
    }
    const start = Math.max(0, left - (CHUNK_SIZE - chunk.text.length));
    chunk.text = text.slice(start, left) + chunk.text;
    left = start;
  }
  return call.giveNothing();
}

// Reading

/** Argument 2: a number of bytes, or a character, perhaps with a `+` behind it to keep it. */
function readMode(call: Call): ReadMode {
  const value = call.get(2);
  if (value === undefined) return { delimiter: "\n", keepsDelimiter: false };
  if (isNumber(value)) {
    const size = intArgument(call, 2);
    if (size <= 0) throw call.argumentError(2, "invalid chunk size");
    return { size };
  }
  const text = value instanceof TString ? value.text : "";
  const keepsDelimiter = text.length === 2 && text[1] === "+";
  if (text.length !== 1 && !keepsDelimiter) throw call.argumentError(2, "invalid delimiter");
  return { delimiter: text[0], keepsDelimiter };
}

/** Takes a piece off the front, or nil from an empty pipe. */
function take(call: Call, pipe: Table, mode: ReadMode): Value {
  let result: LuaString | undefined;
  for (let isDone = false; !isDone; ) {
    const chunk = chunkOf(pipe.getNumber(2));
    if (chunk === undefined) break;
    const read = result?.length ?? 0;
    const { used, kept, isLast } = pieceOf(chunk.text, mode, read);
    result = (result ?? "") + chunk.text.slice(0, kept);
    chunk.text = chunk.text.slice(used);
    if (chunk.text === "") dropChunk(pipe);
    isDone = isLast;
  }
  return result === undefined ? undefined : call.make(result);
}

interface Piece {
  /** Bytes that are taken. */
  readonly used: number;
  /** Bytes of them that are given. */
  readonly kept: number;
  readonly isLast: boolean;
}

function pieceOf(text: LuaString, mode: ReadMode, read: number): Piece {
  if ("size" in mode) {
    const used = Math.min(mode.size - read, text.length);
    return { used, kept: used, isLast: read + used === mode.size };
  }
  const at = text.indexOf(mode.delimiter);
  if (at < 0) return { used: text.length, kept: text.length, isLast: false };
  return { used: at + 1, kept: mode.keepsDelimiter ? at + 1 : at, isLast: true };
}

function dropChunk(pipe: Table): void {
  const last = pipe.length();
  for (let i = 2; i < last; i++) pipe.setNumber(i, pipe.getNumber(i + 1));
  pipe.setNumber(last, undefined);
}

function read(call: Call, metatable: Table): number {
  const pipe = pipeArgument(call, metatable);
  return call.give(take(call, pipe, readMode(call)));
}

/** An iterator, which takes the same kind of piece again and again. */
function reader(call: Call, metatable: Table): number {
  const pipe = pipeArgument(call, metatable);
  const mode = readMode(call);
  const next: Native = (inner) => inner.give(take(inner, pipe, mode));
  return call.give(call.newFunction(next, "for iterator", [pipe, 0]));
}

// Tasks

/** What the function of a pipe with a reader knows. */
interface TaskState {
  /** Set while a task is posted, or the reader has yet to be told of a write. */
  isUpdated: boolean;
}

function create(call: Call, metatable: Table, postTask: PostTask): number {
  const callback = call.get(1);
  let priority = -1;
  if (callback !== undefined) {
    if (!(callback instanceof LuaFunction)) throw call.typeError(1, "function");
    priority = call.isNoneOrNil(2) ? USUAL_PRIORITY : priorityArgument(call);
  }
  const pipe = call.newTable(1, 0);
  pipe.metatable = metatable;
  const state: TaskState = { isUpdated: false };
  const post = () => postTask(pipe.getNumber(1), priority);
  const body: Native = (inner) => {
    if (inner.get(1) === pipe) {
      if (write(inner, metatable) && callback !== undefined && !state.isUpdated) {
        state.isUpdated = true;
        post();
      }
    } else if (callback !== undefined) runReader(inner, pipe, callback, state, post);
    return inner.giveNothing();
  };
  pipe.setNumber(1, call.newFunction(body, "pipe", [pipe, callback, priority, 0]));
  return call.give(pipe);
}

/** What is no number counts as 0. */
function priorityArgument(call: Call): number {
  const number = call.state.engine.toNumber(call.state, call.get(2));
  const priority = number === undefined ? 0 : toInt(call.numbers.toInteger(number) ?? 0);
  if (priority >= LOWEST_PRIORITY && priority <= HIGHEST_PRIORITY) return priority;
  throw call.argumentError(2, "invalid priority");
}

/**
 * Calls the reader. It says whether it wants to be called again; if it does not say, it is when
 * something had been written.
 */
function runReader(
  call: Call,
  pipe: Table,
  callback: Value,
  state: TaskState,
  post: () => void,
): void {
  const wasUpdated = state.isUpdated;
  state.isUpdated = false;
  const answer = call.call(callback, pipe);
  const again = typeof answer === "boolean" ? answer && pipe.length() > 1 : wasUpdated;
  state.isUpdated = again;
  if (again) post();
}
