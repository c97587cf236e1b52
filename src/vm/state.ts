/**
 * The objects that make up a running machine and know each other: functions, upvalues, frames,
 * threads, and what all threads share. Data only; how a program runs is in the engine of its
 * version, and what a library may do is in `call.ts`. Source: the manuals' §2; lua51.md §3.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Target } from "../target/target.ts";
import type { LuaError } from "./errors.ts";
import type { NumberValue, RuntimeNumbers } from "./numbers.ts";
import type { Heap, Table } from "./table.ts";
import { LuaObject, type TString, type Value } from "./values.ts";

/** A local variable of a function around a closure: in a stack while it lives, then on its own. */
export class Upvalue {
  /** The stack of its thread, or an array of its own. */
  array: Value[];
  index: number;
  /** The next open one further down in the same stack. */
  below: Upvalue | undefined;

  constructor(array: Value[], index: number, below: Upvalue | undefined) {
    this.array = array;
    this.index = index;
    this.below = below;
  }

  /** Takes the value out of the stack. */
  close(): void {
    // The literal keeps arrays of upvalues of one kind, whatever they will hold.
    const own: Value[] = [undefined];
    own[0] = this.array[this.index];
    this.array = own;
    this.index = 0;
    this.below = undefined;
  }
}

/** A prototype made ready to run; one per machine and prototype. */
export interface Code {
  readonly proto: Proto;
  /** The instructions; an engine may have put others in the place of the compiler's. */
  readonly words: Int32Array;
  /** Constants as values; strings are interned. */
  readonly constants: readonly Value[];
  readonly nested: Code[];
}

/** A Lua function or a native one. */
export abstract class LuaFunction extends LuaObject {
  readonly typeName = "function";
}

export class Closure extends LuaFunction {
  readonly code: Code;
  readonly upvalues: Upvalue[];
  /** Lua 5.1's environment, where global variables are looked up. */
  environment: Table;

  constructor(code: Code, upvalues: Upvalue[], environment: Table) {
    super();
    this.code = code;
    this.upvalues = upvalues;
    this.environment = environment;
  }
}

/**
 * What a native function does; the head of `call.ts` tells how to write one. Taken from a method, so
 * that a body may ask for a Call, which every frame of a machine is.
 */
export type NativeBody = { run(frame: Frame): number }["run"];

export class NativeFunction extends LuaFunction {
  readonly body: NativeBody;
  /** For people who debug; messages find names in the calling code. */
  readonly name: LuaString;
  /** Lua values it keeps. */
  readonly upvalues: Value[];
  /** Lies in flash and takes no memory. */
  readonly light: boolean;

  constructor(body: NativeBody, name: LuaString, upvalues: Value[] = [], light = false) {
    super();
    this.body = body;
    this.name = name;
    this.upvalues = upvalues;
    this.light = light;
  }
}

/** Results that a native function may return instead of their number. */
export enum Outcome {
  /** The thread is suspended; what was pushed goes to `resume`. */
  Yields = -1,
  /** A function was called, and the frame's continuation is run when it returns. */
  Continues = -2,
}

/** One activation of a function. Threads keep and reuse their frames. */
export class Frame {
  readonly thread: Thread;
  fn: LuaFunction | undefined = undefined;
  /** Stack index of the function; results go here and above. */
  functionIndex = 0;
  /** Stack index of register 0, or of a native function's first argument. */
  base = 0;
  /** Stack index behind the frame's values. */
  top = 0;
  /** Arguments of a native function, or extra arguments of a vararg function. */
  count = 0;
  /** Index of the next instruction. */
  pc = 0;
  /** Results that the caller wants, or −1 for all. */
  wanted = 0;
  /** Tail calls that this activation took the place of. */
  tailCalls = 0;

  constructor(thread: Thread) {
    this.thread = thread;
  }
}

export type ThreadStatus = "suspended" | "running" | "normal" | "dead";

/** A coroutine, or the main program: a stack of values and a stack of frames. */
export class Thread extends LuaObject {
  readonly typeName = "thread";
  readonly state: MachineState;
  readonly stack: Value[] = [undefined];
  readonly frames: Frame[] = [];
  /** Index of the current frame in {@link frames}. */
  depth = 0;
  /** Upvalues that lie in {@link stack}, the uppermost first. */
  openUpvalues: Upvalue | undefined = undefined;
  status: ThreadStatus = "suspended";
  /** Lua 5.1's global table of this thread. */
  globals: Table;

  constructor(state: MachineState, globals: Table) {
    super();
    this.state = state;
    this.globals = globals;
  }
}

/** What all threads of a machine share. */
export interface MachineState {
  readonly target: Target;
  readonly heap: Heap;
  readonly numbers: RuntimeNumbers;
  readonly engine: Engine;
  /** The globals of the main program. */
  readonly globals: Table;
  /** Where native modules keep Lua values under names of their own. */
  readonly registry: Table;
  /** Metatables of the values that have none of their own. */
  readonly typeMetatables: Map<string, Table>;
  readonly mainThread: Thread;
  /** The thread that is running. */
  current: Thread;

  /** The one string object that stands for a constant or a name. */
  intern(text: LuaString): TString;
  /** Writes to the program's standard output, as it is, one unit per byte. */
  write(text: LuaString): void;
}

/** Binary operators in the order of their events. */
export type BinaryEvent =
  | "__add"
  | "__sub"
  | "__mul"
  | "__div"
  | "__mod"
  | "__pow"
  | "__idiv"
  | "__band"
  | "__bor"
  | "__bxor"
  | "__shl"
  | "__shr";

/** What a machine of one Lua version does with values, metamethods included. */
export interface Engine {
  /**
   * Calls the value at a stack index with the values that follow it up to the current frame's top,
   * and leaves the results from that index on.
   *
   * @param wanted results to leave, or −1 for all; the frame's top is behind them then
   */
  call(thread: Thread, functionIndex: number, wanted: number): void;
  protectedCall(thread: Thread, fn: Value, args: readonly Value[]): ProtectedResult;
  index(thread: Thread, object: Value, key: Value): Value;
  setIndex(thread: Thread, object: Value, key: Value, value: Value): void;
  setRaw(thread: Thread, table: Table, key: Value, value: Value): void;
  arithmetic(thread: Thread, event: BinaryEvent, left: Value, right: Value): Value;
  concat(thread: Thread, left: Value, right: Value): Value;
  length(thread: Thread, value: Value): Value;
  equals(thread: Thread, left: Value, right: Value): boolean;
  less(thread: Thread, left: Value, right: Value): boolean;
  lessOrEqual(thread: Thread, left: Value, right: Value): boolean;
  metamethod(thread: Thread, value: Value, event: LuaString): Value;
  toText(thread: Thread, value: Value): LuaString;
  /** What `type` returns: firmware 2.2 has names of its own for what lies in flash. */
  typeName(value: Value): LuaString;
  /** The number that arithmetic takes a value for; strings are converted. */
  toNumber(value: Value): NumberValue | undefined;
  /** `file:line: ` where the function at a level is; nothing for native ones. Level 0 runs now. */
  where(thread: Thread, level: number): LuaString;
  /** The message for a bad argument, which names the function as its caller's code does. */
  argumentMessage(frame: Frame, argument: number, detail: LuaString): LuaString;
}

/** What became of a protected call. */
export type ProtectedResult =
  | { readonly ok: true; readonly values: Value[] }
  | { readonly ok: false; readonly error: LuaError };
