/**
 * A machine: everything that a running Lua program is made of, for one target. Compiler and decoder
 * are handed in, for the machine knows only prototypes.
 */

import { ChunkError, CompileError, LuacrossError } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import { BINARY_MARK } from "../bytecode/binary-mark.ts";
import type { Proto } from "../bytecode/proto.ts";
import { codeSize } from "../target/object-sizes.ts";
import type { Target } from "../target/target.ts";
import { Call, type Native } from "./call.ts";
import { CollectorSwitch } from "./collector-switch.ts";
import { LuaError, Stop } from "./errors.ts";
import { EventNames } from "./event-names.ts";
import { Finalizers } from "./finalizers.ts";
import { FlashContents } from "./flash-contents.ts";
import { enterNative } from "./frames.ts";
import { limitMemory } from "./memory-limit.ts";
import type { RuntimeNumbers } from "./numbers.ts";
import { PatternTables } from "./pattern-tables.ts";
import { textsOf } from "./proto-texts.ts";
import { stringsInSource } from "./source-strings.ts";
import {
  Closure,
  type Code,
  type Engine,
  type Frame,
  type Limits,
  type MachineState,
  NativeFunction,
  type ProtectedResult,
  Thread,
  type Tier,
  Upvalue,
} from "./state.ts";
import { StringTable } from "./string-table.ts";
import { Heap, Table } from "./table.ts";
import { TString, type TypeName, type Value } from "./values.ts";
import { type Version, versionOf } from "./version.ts";

/** What a machine needs of the world around it. */
export interface MachineOptions {
  readonly target: Target;
  /** Turns source or a binary chunk into a prototype. @throws LuacrossError */
  readonly load: (chunk: Uint8Array, chunkName: LuaString) => Proto;
  /** Takes what the program writes to its standard output, one unit per byte. */
  readonly write: (text: LuaString) => void;
  /** Calls and jumps backward that the program may make; all it wants when left out. */
  readonly steps?: number | undefined;
  /** Of the hashes of strings in Lua 5.3, which decide on the order of `pairs`; 0 when left out. */
  readonly seed?: number | undefined;
  /**
   * Bytes that the program may have in use, as on the device; then there is "not enough memory", an
   * error that it can catch. All that JavaScript gives when left out.
   */
  readonly memoryLimit?: number | undefined;
  /**
   * Entries or jumps backward after which functions are compiled to JavaScript; `false` for never,
   * some hundreds when left out.
   */
  readonly compileAfter?: number | false | undefined;
  /** See {@link MachineState.longBits}; 64 when left out. */
  readonly longBits?: 32 | 64 | undefined;
}

/** Steps are given out in portions: a counter that stays small is fast. */
const PORTION = 2 ** 30 - 1;

export class Machine implements MachineState {
  readonly target: Target;
  readonly heap: Heap;
  readonly numbers: RuntimeNumbers;
  readonly engine: Engine;
  readonly events: EventNames;
  readonly limits: Limits;
  readonly longBits: 32 | 64;
  readonly globals: Table;
  readonly registry: Table;
  readonly typeMetatables = new Map<TypeName, Table>();
  readonly mainThread: Thread;
  current: Thread;
  handler: Value = undefined;
  readonly finalizers: Finalizers;
  readonly flash = new FlashContents();
  readonly stringTable: StringTable;
  readonly collectorSwitch = new CollectorSwitch();
  steps = 0;
  readonly patterns = new PatternTables();
  readonly tier: Tier | undefined;
  readonly load: MachineOptions["load"];
  readonly write: MachineOptions["write"];
  private readonly version: Version;
  private readonly strings = new Map<LuaString, TString>();
  private readonly codes = new WeakMap<Proto, Code>();
  private stepsLeft: number;
  private stepsGiven = 0;
  /** Stands in tracebacks for what called from outside. */
  private readonly host = new NativeFunction(() => 0, "?");

  constructor(options: MachineOptions) {
    const { target, load, write, steps, memoryLimit, compileAfter } = options;
    const { seed = 0, longBits = 64 } = options;
    const version = versionOf(target);
    this.target = target;
    this.load = load;
    this.write = write;
    this.heap = new Heap(version.tables(target.numbers), seed, target.memory.objects);
    this.stringTable = new StringTable(target.memory.strings, target.memory.objects);
    this.longBits = longBits;
    this.numbers = version.numbers(target.numbers, longBits);
    this.engine = version.engine;
    this.limits = version.limits;
    this.version = version;
    this.tier = compileAfter === false ? undefined : version.tier?.(target.numbers, compileAfter);
    this.events = new EventNames((text) => this.intern(text));
    this.finalizers = new Finalizers(target.memory.collector, this.events);
    this.globals = new Table(this.heap);
    this.registry = new Table(this.heap);
    this.mainThread = new Thread(this, this.globals);
    this.mainThread.status = "running";
    this.current = this.mainThread;
    this.stepsLeft = steps ?? Number.POSITIVE_INFINITY;
    this.outOfSteps();
    if (memoryLimit !== undefined) limitMemory(this, memoryLimit);
  }

  intern(text: LuaString): TString {
    let string = this.strings.get(text);
    if (string === undefined) {
      string = new TString(text);
      this.strings.set(text, string);
    }
    return string;
  }

  newFrame(thread: Thread): Frame {
    return new Call(thread);
  }

  /** @throws Stop when there are none left */
  outOfSteps(): void {
    if (this.stepsLeft <= 0) throw new Stop("steps", "the program ran for too many steps");
    this.steps = Math.min(PORTION, this.stepsLeft);
    this.stepsLeft -= this.steps;
    this.stepsGiven += this.steps;
  }

  loadChunk(chunk: Uint8Array, chunkName: LuaString): Closure | LuaString {
    try {
      const proto = this.load(chunk, chunkName);
      this.stringTable.noteLoaded(stringsInSource(chunk) || textsOf(proto).size);
      return this.newClosure(proto);
    } catch (error) {
      if (error instanceof LuacrossError) return error.message;
      if (error instanceof LuaError) return error.message ?? "";
      throw error;
    }
  }

  needsNoMore(start: Uint8Array): boolean {
    try {
      this.load(start, "=");
      return start[0] === BINARY_MARK;
    } catch (error) {
      // The compiler looks one byte ahead.
      if (error instanceof CompileError)
        return (error.place?.offset ?? start.length) < start.length;
      return error instanceof ChunkError && error.code !== "chunk-truncated";
    }
  }

  /**
   * A function of a prototype, with the globals of the main program.
   *
   * @throws LuaError when no compiler could have made its code
   */
  newClosure(proto: Proto): Closure {
    let code = this.codes.get(proto);
    if (code === undefined) {
      code = this.version.prepare(this, proto);
      if (code === undefined) throw LuaError.of("bad code in precompiled chunk");
      this.codes.set(proto, code);
      if (!this.flash.holdsProto(proto)) this.heap.charge(codeSize(this.heap.sizes, proto));
    }
    const upvalues: Upvalue[] = [];
    for (let i = 0; i < proto.upvalueCount; i++) {
      const upvalue = new Upvalue(this.mainThread, 0, undefined);
      upvalue.close();
      upvalues.push(upvalue);
    }
    if (this.version.chunksGetEnvironment && upvalues.length > 0) {
      upvalues[0].array[0] = this.globals;
    }
    return new Closure(code, upvalues, this.globals);
  }

  /** Makes a native function a global. */
  setGlobal(name: LuaString, body: Native): void {
    this.globals.setString(this.intern(name), new NativeFunction(body, name));
  }

  /**
   * Calls a function from outside, as the main program; no Lua code must be running. Tracebacks end
   * with the native function that it was called from.
   *
   * @param handler see {@link Engine.protectedCall}
   * @throws Stop
   */
  call(fn: Value, args: readonly Value[] = [], handler?: Value): ProtectedResult {
    const { mainThread } = this;
    enterNative(mainThread, this.host, mainThread.frames[0].top, 0, 0);
    mainThread.levels++;
    const result = this.callback(fn, args, handler);
    mainThread.levels--;
    mainThread.depth--;
    return result;
  }

  /** The same, but nothing stands below the function in a traceback. @throws Stop */
  callback(fn: Value, args: readonly Value[] = [], handler?: Value): ProtectedResult {
    this.handler = handler;
    const result = this.engine.protectedCall(this.mainThread, fn, args, handler);
    this.handler = undefined;
    return result;
  }

  /** Lets so many steps be made from now on, whatever was left. @param steps at least 1 */
  allowSteps(steps: number): void {
    this.stepsGiven -= Math.max(this.steps, 0);
    this.stepsLeft = steps;
    this.outOfSteps();
  }

  /** Calls and jumps backward that the program has made. */
  get stepsTaken(): number {
    return this.stepsGiven - Math.max(this.steps, 0);
  }
}
