/**
 * File objects of the module `file`, and its older functions that do the same to the file that was
 * opened last. Source: the NodeMCU manual, "File access functions"; the firmwares' module.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { FileFacts } from "../../target/module-facts.ts";
import type { Call } from "../../vm/call.ts";
import type { SeekOrigin } from "../../vm/library/surroundings.ts";
import { intArgument } from "../../vm/library/words.ts";
import { isNumber } from "../../vm/numbers.ts";
import type { MachineState } from "../../vm/state.ts";
import { TString, Userdata, UserdataKind, type Value } from "../../vm/values.ts";
import { KeptValue } from "../kept-value.ts";
import type { OpenFile } from "../open-files.ts";
import type { NativesByName } from "./pick.ts";

/** What a file object holds; undefined after it was closed. */
interface Handle {
  file: OpenFile | undefined;
}

/** The kind of file objects; its name is that in messages. */
export const FILE_OBJECT = new UserdataKind<Handle>("file.obj");
/** Bytes of a file object. */
const OBJECT_SIZE = 4;
/** Bytes that are read when a program does not say how many. */
const READ_CHUNK = 1024;
const ORIGINS: readonly SeekOrigin[] = ["set", "cur", "end"];

/** What a call is about: a file, and the number of the first argument behind it. */
interface Subject {
  readonly file: OpenFile | undefined;
  readonly first: number;
}

/** The objects of one start of the board, and the file that was opened last. */
export class FileObjects {
  private readonly facts: FileFacts;
  /** The file that was opened last. */
  private last: Handle | undefined;
  /** Its object, which this keeps, until some file is closed or opened. */
  private readonly lastObject: KeptValue;

  constructor(state: MachineState, facts: FileFacts) {
    this.facts = facts;
    this.lastObject = new KeptValue(state);
  }

  /** Makes a file that was opened the last one, and returns its object; nil when none was. */
  remember(call: Call, file: OpenFile | undefined): Value {
    this.last = file === undefined ? undefined : { file };
    if (this.last === undefined) return undefined;
    const object = call.newUserdata(FILE_OBJECT, this.last, OBJECT_SIZE);
    this.lastObject.set(object);
    return object;
  }

  /** The last file's object is not kept any more; the file stays open. */
  letGo(): void {
    this.lastObject.set(undefined);
  }

  /** Closes the object that is the argument, or the last file unless its object was let go. */
  close(call: Call): number {
    if (call.get(1) instanceof Userdata) closeHandle(call.userdata(1, FILE_OBJECT));
    else if (this.lastObject.get() !== undefined) this.closeLast();
    this.letGo();
    return call.giveNothing();
  }

  closeLast(): void {
    if (this.last) closeHandle(this.last);
    this.letGo();
  }

  /** The functions that file objects and the module share, and what is called when one is collected. */
  functions(): NativesByName {
    return {
      close: (call) => this.close(call),
      read: (call) => this.read(call),
      readline: (call) => giveRead(call, this.subject(call).file, READ_CHUNK, "\n"),
      write: (call) => this.write(call, ""),
      writeline: (call) => this.write(call, "\n"),
      seek: (call) => this.seek(call),
      flush: (call) => call.give(opened(call, this.subject(call)).flush() || undefined),
      __gc(call) {
        closeHandle(call.userdata(1, FILE_OBJECT));
        return call.giveNothing();
      },
    };
  }

  private subject(call: Call): Subject {
    return call.get(1) instanceof Userdata
      ? { file: call.userdata(1, FILE_OBJECT).file, first: 2 }
      : { file: this.last?.file, first: 1 };
  }

  private read(call: Call): number {
    const { file, first } = this.subject(call);
    const value = call.get(first);
    if (isNumber(value)) return giveRead(call, file, this.readCount(call, first), undefined);
    if (!(value instanceof TString)) return giveRead(call, file, READ_CHUNK, undefined);
    if (value.text.length !== 1) throw call.error("wrong arg range");
    return giveRead(call, file, READ_CHUNK, value.text);
  }

  private readCount(call: Call, n: number): number {
    const count = intArgument(call, n);
    return count <= 0 && this.facts.readsChunkForNothing ? READ_CHUNK : count;
  }

  private write(call: Call, end: LuaString): number {
    const subject = this.subject(call);
    const file = opened(call, subject);
    const isWritten = file.write(call.text(subject.first)) && (end === "" || file.write(end));
    return call.give(isWritten || undefined);
  }

  private seek(call: Call): number {
    const subject = this.subject(call);
    const file = opened(call, subject);
    const from = ORIGINS[call.option(subject.first, ORIGINS, "cur")];
    const position = file.seek(intArgument(call, subject.first + 1, 0), from);
    return position === undefined ? call.give(undefined) : call.giveInteger(position);
  }
}

function closeHandle(handle: Handle): void {
  handle.file?.close();
  handle.file = undefined;
}

function opened(call: Call, { file }: Subject): OpenFile {
  if (file === undefined) throw call.error("open a file first");
  return file;
}

/**
 * Gives the next bytes of a file, up to and with a character where one is wanted; nil at the end, and
 * from a file that is only for writing.
 */
export function giveRead(
  call: Call,
  file: OpenFile | undefined,
  count: number,
  end: LuaString | undefined,
): number {
  if (file === undefined) throw call.error("open a file first");
  if (count <= 0) return call.giveText("");
  const text = file.read(count);
  if (text === undefined || text === "") return call.give(undefined);
  const at = end === undefined ? -1 : text.indexOf(end);
  if (at < 0) return call.giveText(text);
  file.seek(at + 1 - text.length, "cur");
  return call.giveText(text.slice(0, at + 1));
}
