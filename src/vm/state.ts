/**
 * The objects that make up a running machine and know each other: functions, upvalues, frames,
 * threads, and what all threads share. Data only; how a program runs is in the engine of its
 * version, and what a library may do is in `call.ts`. Source: the manuals' §2; lua51.md §3.
 */
import type { LuaString } from "../base/lua-string.ts";
import { LuaFloat } from "../base/number-model.ts";
import type { Proto } from "../bytecode/proto.ts";
import { threadSize } from "../target/object-sizes.ts";
import type { Target } from "../target/target.ts";
import type { CollectorSwitch } from "./collector-switch.ts";
import type { LuaError } from "./errors.ts";
import type { EventNames } from "./event-names.ts";
import type { Finalizers } from "./finalizers.ts";
import type { FlashContents } from "./flash-contents.ts";
import type { NumberValue, RuntimeNumbers } from "./numbers.ts";
import type { PatternTables } from "./pattern-tables.ts";
import { grownSlots, lastEnd, type StackSize } from "./stack-growth.ts";
import type { StringTable } from "./string-table.ts";
import type { Heap, Table } from "./table.ts";
import { LuaObject, type TString, type TypeName, type Value } from "./values.ts";

/**
 * What a register holds. `null` stands for a number that lies at the same index in the thread's
 * `floats`: results of arithmetic are put there when they are no small integers, because to store
 * a fresh number object in an old array costs more than the whole instruction. In Lua 5.3 it is
 * always a float, which no table and no closed upvalue holds but as a LuaFloat.
 */
export type Slot = Value | null;

/** A local variable of a function around a closure: in a stack while it lives, then on its own. */
export class Upvalue {
  /** The stack of its thread, or an array of its own. */
  array: Slot[];
  index: number;
  /** The thread in whose stack it lies. */
  readonly thread: Thread;
  /** The next open one further down in the same stack. */
  below: Upvalue | undefined;

  constructor(thread: Thread, index: number, below: Upvalue | undefined) {
    this.array = thread.stack;
    this.index = index;
    this.thread = thread;
    this.below = below;
  }

  /** Takes the value out of the stack. */
  close(): void {
    // The literal keeps arrays of upvalues of one kind, whatever they will hold.
    const own: Slot[] = [undefined];
    own[0] = this.thread.valueAt(this.index);
    this.array = own;
    this.index = 0;
    this.below = undefined;
  }
}

/** A prototype made ready to run; one per machine and prototype. */
export class Code {
  readonly proto: Proto;
  /** The instructions; engines put their own in the place of some of the compiler's. */
  readonly words: Int32Array;
  /** Constants as values; strings are interned. */
  readonly constants: Value[];
  readonly nested: Code[];
  readonly parameterCount: number;
  readonly maxStackSize: number;
  readonly isVararg: boolean;
  /** Lua 5.1: the extra arguments go to a table in a hidden parameter. */
  readonly needsArg: boolean;
  /** What runs it in the place of the dispatch loop, from its first instruction. */
  run: CompiledRun | undefined = undefined;
  /** Entries and jumps backward, for the {@link Tier}. */
  heat = 0;
  loopHeat = 0;
  /** By their places: 1 for calls that have called a native function with a {@link Quick} way. */
  quickCalls: Uint8Array | undefined = undefined;

  constructor(
    proto: Proto,
    words: Int32Array,
    constants: Value[],
    nested: Code[],
    isVararg: boolean,
    needsArg: boolean,
  ) {
    this.proto = proto;
    this.words = words;
    this.constants = constants;
    this.nested = nested;
    this.parameterCount = proto.parameterCount;
    this.maxStackSize = proto.maxStackSize;
    this.isVararg = isVararg;
    this.needsArg = needsArg;
  }
}

/**
 * A function compiled to JavaScript, or the rest of one from a loop on. It works on stack and frames
 * as the dispatch loop does: before others may look at them they are as if that had run, and the
 * frame's `pc` is where it is to go on.
 *
 * @param frame the current one, which `closure` has entered
 * @returns Done when it has returned to its caller, else as a dispatch loop that is to be left
 */
export type CompiledRun = (thread: Thread, frame: Frame, closure: Closure) => Called;

/** Decides which functions are compiled to JavaScript. */
export interface Tier {
  /** Counts an entry of code that has no {@link Code.run} yet, and may give it one. */
  count(code: Code): void;
  /** Counts a jump back to a loop; what goes on with the function there, if there is something. */
  loop(code: Code, label: number): CompiledRun | undefined;
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

/**
 * What a native function gives for one to three arguments, when it needs no frame for that: it looks
 * at nothing else of the thread, calls nobody, and does not fail. Missing arguments are nil.
 *
 * @returns its one result, or null when it has to be called as ever
 */
export type Quick = (state: MachineState, count: number, a: Value, b: Value, c: Value) => Slot;

export class NativeFunction extends LuaFunction {
  readonly body: NativeBody;
  /** A faster way in common cases; compiled code goes it. */
  readonly quick: Quick | undefined;
  /** For people who debug; messages find names in the calling code. */
  readonly name: LuaString;
  /** Lua values it keeps. */
  readonly upvalues: Value[];
  /** Lies in flash and takes no memory. */
  readonly light: boolean;

  constructor(
    body: NativeBody & { readonly quick?: Quick },
    name: LuaString,
    upvalues: Value[] = [],
    light = false,
  ) {
    super();
    this.body = body;
    this.quick = body.quick;
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

/** How an error is caught where a frame is. */
export type Guard = "none" | "pcall" | "xpcall";

/** One activation of a function. Threads keep and reuse their frames. */
export class Frame {
  readonly thread: Thread;
  fn: LuaFunction | undefined = undefined;
  /** Stack index of the function; results go here and above. */
  functionIndex = 0;
  /** Stack index of register 0, or of a native function's first argument. */
  base = 0;
  /** Stack index behind the frame's registers, or behind a native function's values. */
  top = 0;
  /** Arguments of a native function, or extra arguments of a vararg function. */
  count = 0;
  /** Index of the next instruction. */
  pc = 0;
  /** Results that the caller wants, or one of the negative numbers in `frames.ts`. */
  wanted = 0;
  /** Tail calls that this activation took the place of. */
  tailCalls = 0;
  /** Runs when the function that a native one called has returned. */
  continuation: NativeBody | undefined = undefined;
  guard: Guard = "none";
  /** C levels of the thread when the guard was set. */
  guardedLevels = 0;
  /**
   * Lua 5.3: not 0 while a metamethod runs for the instruction before {@link pc}, whose result is
   * then to be dealt with; see `slow53.ts`.
   */
  pending = 0;
  /** {@link Thread.epoch} when the frame was entered. */
  epoch = 0;

  constructor(thread: Thread) {
    this.thread = thread;
  }
}

/** Slots that native functions may use without asking. */
const HEADROOM = 40;
const MIN_STACK = 80;
/** So near to the most slots, every call is looked at: more than a frame with arguments takes. */
const NEAR_END = 300;
const NO_FLOATS = new Float64Array(0);

export type ThreadStatus = "suspended" | "running" | "normal" | "dead";

/** A coroutine, or the main program: a stack of values and a stack of frames. */
export class Thread extends LuaObject {
  readonly typeName = "thread";
  readonly state: MachineState;
  readonly stack: Slot[] = [undefined];
  /** Numbers of the registers that hold null; replaced when the stack grows. */
  floats: Float64Array = NO_FLOATS;
  /**
   * Frames may end here without a look at {@link maxSlots} and at the size of the device's stack;
   * both arrays go on for {@link HEADROOM} more at least.
   */
  limit = -HEADROOM;
  /** Element 0 is not a function's, but what the outermost one returns to. */
  readonly frames: Frame[] = [];
  /** Index of the current frame in {@link frames}. */
  depth = 0;
  /** Behind the values of an open list of arguments or results, while there is one. */
  top = 0;
  /** Upvalues that lie in {@link stack}, the uppermost first. */
  openUpvalues: Upvalue | undefined = undefined;
  /** Calls through native code that are under way; what the device calls C levels. */
  levels = 0;
  /** {@link levels} when the thread was resumed: more than those must not be under way to yield. */
  resumedLevels = 0;
  /**
   * Lua 5.3: goes up when the levels of all frames are forgotten, as a yield does that goes through
   * native code. Frames of an older epoch have no level to give back.
   */
  epoch = 0;
  /** Depth of the frame that called from native code last; 0 when none did since the thread was resumed. */
  floor = 0;
  status: ThreadStatus = "suspended";
  /** Depth from which on compiled functions do not call each other, to spare JavaScript's stack. */
  deepest = 0;
  /** How long {@link frames} may become. */
  maxFrames: number;
  /** How many slots {@link stack} may have. */
  maxSlots: number;
  /** Lua 5.1's global table of this thread. */
  globals: Table;
  /** How large the device's stacks have become since the last collection, calls not counted. */
  sizeOnDevice: StackSize;
  /** How large the last collection left them. */
  sizeWhenCollected: StackSize;

  constructor(state: MachineState, globals: Table) {
    super();
    this.state = state;
    this.globals = globals;
    const { sizes } = state.heap;
    this.sizeOnDevice = { slots: sizes.firstStack, calls: sizes.firstCalls };
    this.sizeWhenCollected = this.sizeOnDevice;
    state.heap.charge(threadSize(sizes));
    this.maxFrames = state.limits.frames;
    this.maxSlots = state.limits.slots;
    this.grow(0);
    const bottom = state.newFrame(this);
    bottom.top = 1;
    this.frames.push(bottom);
  }

  /** The value at a stack index. */
  valueAt(index: number): Value {
    const slot = this.stack[index];
    if (slot !== null) return slot;
    const number = this.floats[index];
    return this.state.numbers.subtypes === undefined ? number : new LuaFloat(number);
  }

  /**
   * Makes room for frames that end at a stack index, and for what native functions add.
   *
   * @param wanted slots that the uppermost of them wants
   */
  grow(end: number, wanted = 0): void {
    if (end <= this.limit) return;
    const { heap, target } = this.state;
    const { slots, calls } = this.sizeOnDevice;
    const grown = grownSlots(target.memory.stacks, slots, end + this.slotsOfHost, wanted);
    if (grown > slots) heap.charge((grown - slots) * heap.sizes.value);
    if (end + HEADROOM > this.floats.length) this.lengthen(end + HEADROOM);
    this.resize({ slots: grown, calls });
  }

  /** Slots that the device's main thread has in use below those of ours. */
  get slotsOfHost(): number {
    return this === this.state.mainThread ? this.state.limits.slotsOfHost : 0;
  }

  private lengthen(needed: number): void {
    const size = Math.max(MIN_STACK, needed, this.floats.length * 2);
    while (this.stack.length < size) this.stack.push(undefined);
    const floats = new Float64Array(size);
    floats.set(this.floats);
    this.floats = floats;
  }

  /** Notes how large the device's stacks are. */
  private resize(size: StackSize): void {
    const { limits, target } = this.state;
    this.sizeOnDevice = size;
    const end = lastEnd(target.memory.stacks, size.slots) - this.slotsOfHost;
    this.limit = Math.min(this.floats.length - HEADROOM, limits.slots - NEAR_END, end);
  }

  /** The same after a collection. */
  shrink(size: StackSize): void {
    this.sizeWhenCollected = size;
    this.resize(size);
  }
}

/** What a device's stacks hold. */
export interface Limits {
  /** Frames of one thread, after which there is a stack overflow. */
  readonly frames: number;
  /** Frames while an error handler deals with an overflow. */
  readonly framesInOverflow: number;
  /** Frames of a thread that had an overflow and got over it. */
  readonly framesAfterOverflow: number;
  /** Calls through native code that may be under way at a time. */
  readonly levels: number;
  /** Of those, how many may be under way for a coroutine to be resumed. */
  readonly levelsToResume: number;
  /** Such calls beyond those, for error handlers that deal with an overflow. */
  readonly spareLevels: number;
  /** Stack slots of one thread, after which there is a stack overflow. */
  readonly slots: number;
  /** The same while an error handler deals with an overflow. */
  readonly slotsInOverflow: number;
  /** True when a yield, or an error in a coroutine, forgets the levels of the frames that stay. */
  readonly forgetsLevels: boolean;
  /** Slots that the device's main thread has in use below those of ours. */
  readonly slotsOfHost: number;
}

/** What all threads of a machine share. */
export interface MachineState {
  readonly target: Target;
  readonly heap: Heap;
  readonly numbers: RuntimeNumbers;
  readonly engine: Engine;
  readonly events: EventNames;
  readonly limits: Limits;
  /**
   * Bits of C's `long` and `size_t`, and of Lua 5.1's `lua_Integer`: 64 on the reference's host, 32 on
   * a board. Functions that shift and mask, and numbers that do not fit, show the difference.
   */
  readonly longBits: 32 | 64;
  /** The globals of the main program. */
  readonly globals: Table;
  /** Where native modules keep Lua values under names of their own. */
  readonly registry: Table;
  /** Metatables of the values that have none of their own, by the name of their type. */
  readonly typeMetatables: Map<TypeName, Table>;
  readonly mainThread: Thread;
  /** The thread that is running. */
  current: Thread;
  /** The error handler of the call from outside that is under way; nil for none. */
  readonly handler: Value;
  readonly finalizers: Finalizers;
  /** What of the program lies in flash. */
  readonly flash: FlashContents;
  readonly stringTable: StringTable;
  readonly collectorSwitch: CollectorSwitch;
  /** Calls and jumps backward that may be made before {@link outOfSteps} is asked. */
  steps: number;
  /** What is known of the patterns of the string library. */
  readonly patterns: PatternTables;
  /** Compiles functions; undefined where all are to be run by the dispatch loop. */
  readonly tier: Tier | undefined;

  /** Gives more steps, or ends the run. */
  outOfSteps(): void;
  /** The one string object that stands for a constant or a name. */
  intern(text: LuaString): TString;
  newFrame(thread: Thread): Frame;
  /** A function of a prototype, with the globals of the main program. @throws LuaError for bad code */
  newClosure(proto: Proto): Closure;
  /** A function of source or of a binary chunk, or why there is none. */
  loadChunk(chunk: Uint8Array, chunkName: LuaString): Closure | LuaString;
  /**
   * Whether the loader would decide about a chunk by its first bytes: it finds a mistake in them, or, in
   * a binary chunk, its end.
   */
  needsNoMore(start: Uint8Array): boolean;
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

/** What a call led to. */
export enum Called {
  /** A native function ran, and its results are where the function was. */
  Done,
  /** A Lua function was entered: its frame is the current one. */
  Entered,
  /** A native function suspended the thread. */
  Yielded,
  /** From compiled functions only: another has taken over the frame by a tail call. */
  Replaced,
}

/** What a machine of one Lua version does with values, metamethods included. */
export interface Engine {
  /** The dispatch loop. */
  execute(thread: Thread, stop: number): Called;
  /** The same for compiled functions, which are on JavaScript's stack already. */
  executeInside(thread: Thread, stop: number): Called;
  /**
   * Calls the value at a stack index with the values that follow it, and leaves the results from
   * that index on.
   *
   * @param wanted results to leave, or −1 for all; `thread.top` is behind them then
   */
  call(thread: Thread, functionIndex: number, argumentCount: number, wanted: number): void;
  /** Puts the `__call` metamethod of a value at its index, and the value behind it. */
  makeCallable(thread: Thread, functionIndex: number, argumentCount: number): LuaFunction;
  /** @param handler gets the value of an error where it happened, and gives another one */
  protectedCall(
    thread: Thread,
    fn: Value,
    args: readonly Value[],
    handler?: Value,
  ): ProtectedResult;
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
  /** What messages call the type of an argument. */
  argumentType(state: MachineState, value: Value): LuaString;
  /** The functions that run in a thread from a level on, as tracebacks show them. */
  traceback(thread: Thread, level: number): LuaString;
  /** What `type` returns: firmware 2.2 has names of its own for what lies in flash. */
  typeName(state: MachineState, value: Value): LuaString;
  /** The number that arithmetic takes a value for; strings are converted. */
  toNumber(state: MachineState, value: Value): NumberValue | undefined;
  /** `file:line: ` where the function at a level is; nothing for native ones. Level 0 runs now. */
  where(thread: Thread, level: number): LuaString;
  /** The function at a level; a tail call has no function of its own. */
  functionAt(thread: Thread, level: number): LuaFunction | "tail call" | "none";
  /** The message for a bad argument, which names the function as its caller's code does. */
  argumentMessage(frame: Frame, argument: number, detail: LuaString): LuaString;
}

/** What became of a protected call. */
export type ProtectedResult =
  | { readonly ok: true; readonly values: Value[] }
  | { readonly ok: false; readonly error: LuaError };
