/**
 * What Lua's objects weigh in the memory of the device, in bytes as its allocator is asked for them:
 * what `collectgarbage("count")` counts, without the allocator's own overhead. Data only, one record
 * per kind of interpreter and value. Every number is the one the device's own C compiler gives for
 * the firmware's records.
 *
 * A host of 32 bits agrees once it packs values to 4 bytes and aligns doubles to 8, as the device
 * does; left to itself an x86 host has smaller table nodes and userdata.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";

/** Bytes of an address, and so of an element of a vector of strings, prototypes or upvalues. */
export const ADDRESS_SIZE = 4;
/** Bytes of an instruction in a prototype. */
export const INSTRUCTION_SIZE = 4;

/** Bytes of each kind of object; vectors and text are extra where it says so. */
export interface ObjectSizes {
  /** A value with its type: an element of a stack, an array part, or a vector of constants. */
  readonly value: 8 | 12 | 16;
  /** A string without its text; the text has a NUL behind it. */
  readonly string: number;
  /** A userdata without its data. */
  readonly userdata: number;
  /** A table without its array part and nodes. */
  readonly table: number;
  /** A node of a table's hash part: key, value and link. */
  readonly tableNode: number;
  /** A prototype without its vectors. */
  readonly proto: number;
  /** A local variable's record in a prototype; its name is a string. */
  readonly localVariable: number;
  /** What a prototype holds per upvalue: its name only, or also where it comes from. */
  readonly upvalueRecord: number;
  /** A closure of a Lua function without its upvalues, which are addresses. */
  readonly luaClosure: number;
  /** A closure of a C function without its upvalues, which are values. */
  readonly cClosure: number;
  /** An upvalue, which closures share. */
  readonly upvalue: number;
  /** A coroutine without its stack and calls. */
  readonly thread: number;
  /** Values on the stack of a coroutine that begins. */
  readonly firstStack: number;
  /** A call in progress. */
  readonly call: number;
  /** Calls for which a coroutine that begins has room outside its own record. */
  readonly firstCalls: number;
  /**
   * What all threads share, with the main thread but without its stack and calls. That of the
   * reference's host build: a board's has a few words more.
   */
  readonly interpreter: number;
  /** What the first long text that a library function makes leaves behind for good. */
  readonly textBox: number;
}

/** Lua 5.1, by the bytes of a value. */
export const OBJECTS_51 = {
  8: objects51(8, { tableNode: 20, cClosure: 20, upvalue: 20, thread: 104, interpreter: 348 }),
  12: objects51(12, { tableNode: 32, cClosure: 20, upvalue: 24, thread: 112, interpreter: 364 }),
  16: objects51(16, { tableNode: 32, cClosure: 24, upvalue: 32, thread: 120, interpreter: 392 }),
} as const;

/** Lua 5.3, by the bytes of a value. */
export const OBJECTS_53 = {
  8: objects53(8, { tableNode: 20, upvalue: 16, interpreter: 416, textBox: 291 }),
  12: objects53(12, { tableNode: 32, upvalue: 20, interpreter: 424, textBox: 411 }),
} as const;

type Varying51 = Pick<ObjectSizes, "tableNode" | "cClosure" | "upvalue" | "thread" | "interpreter">;
type Varying53 = Pick<ObjectSizes, "tableNode" | "upvalue" | "interpreter" | "textBox">;

function objects51(value: 8 | 12 | 16, varying: Varying51): ObjectSizes {
  return {
    value,
    string: 16,
    userdata: 24,
    table: 32,
    proto: 72,
    localVariable: 12,
    upvalueRecord: ADDRESS_SIZE,
    luaClosure: 20,
    firstStack: 45,
    call: 24,
    firstCalls: 8,
    textBox: 0,
    ...varying,
  };
}

function objects53(value: 8 | 12, varying: Varying53): ObjectSizes {
  return {
    value,
    string: 16,
    userdata: 24,
    table: 32,
    proto: 76,
    localVariable: 12,
    upvalueRecord: 8,
    luaClosure: 16,
    cClosure: 16,
    thread: 124,
    firstStack: 40,
    call: 36,
    firstCalls: 0,
    ...varying,
  };
}

/** Bytes of a string. */
export function stringSize(sizes: ObjectSizes, text: LuaString): number {
  return sizes.string + text.length + 1;
}

/**
 * Bytes of a table.
 *
 * @param arraySize elements of the array part, used or not
 * @param nodes of the hash part, used or not: 0 or a power of two
 */
export function tableSize(sizes: ObjectSizes, arraySize: number, nodes: number): number {
  return sizes.table + arraySize * sizes.value + nodes * sizes.tableNode;
}

/** Bytes of a prototype with its vectors; its strings and what is nested in it not counted. */
export function protoSize(sizes: ObjectSizes, proto: Proto): number {
  const { code, constants, protos, lineInfo, locals, upvalueNames, upvalueSources } = proto;
  const upvalueRecords = Math.max(upvalueNames.length, upvalueSources.length);
  return (
    sizes.proto +
    code.length * INSTRUCTION_SIZE +
    constants.length * sizes.value +
    protos.length * ADDRESS_SIZE +
    lineInfo.length +
    locals.length * sizes.localVariable +
    upvalueRecords * sizes.upvalueRecord
  );
}

/** The same with all that is nested in it. */
export function codeSize(sizes: ObjectSizes, proto: Proto): number {
  return proto.protos.reduce(
    (sum, nested) => sum + codeSize(sizes, nested),
    protoSize(sizes, proto),
  );
}

/** Bytes of the closure of a Lua function with that many upvalues, the upvalues not counted. */
export function closureSize(sizes: ObjectSizes, upvalues: number): number {
  return sizes.luaClosure + upvalues * ADDRESS_SIZE;
}

/** Bytes of the closure of a C function, its upvalues included. */
export function cClosureSize(sizes: ObjectSizes, upvalues: number): number {
  return sizes.cClosure + upvalues * sizes.value;
}

/** Bytes of a coroutine that begins. */
export function threadSize(sizes: ObjectSizes): number {
  return sizes.thread + sizes.firstStack * sizes.value + sizes.firstCalls * sizes.call;
}
