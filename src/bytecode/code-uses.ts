/**
 * What a function's code reads by name, and what it calls with which strings: `require "x"` however
 * it is written, `local get = node.LFS.get; get("x")`, `pcall(require, "x")`. The code is not run but
 * followed: a register may hold some of a few known values, on whichever way it got there.
 *
 * A value that is known is a string, or was reached from the globals by names. All that is found may
 * happen; what names nobody can tell without running the code is not found.
 */
import type { LuaString } from "../base/lua-string.ts";
import {
  type Instruction,
  LAST_REGISTER,
  type ReadInstruction,
  type Source,
  type Step,
} from "./code-steps.ts";
import type { Proto } from "./proto.ts";

/** Names that lead from the globals to a value: `["node", "LFS"]`; none for the globals. */
export type Path = readonly LuaString[];

/** One of the things that a register may hold. */
export type Known =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "text"; readonly text: LuaString };

/** What the code does with names. */
export type Use = Place & UseKind;

export interface Place {
  readonly proto: Proto;
  readonly pc: number;
}

export type UseKind =
  /** Reads what is there. */
  | { readonly kind: "read"; readonly path: Path }
  /** Stores something there, or nil. */
  | { readonly kind: "store"; readonly path: Path; readonly isNil: boolean }
  /** Calls it; of each argument, the strings that it may be. */
  | {
      readonly kind: "call";
      readonly path: Path;
      readonly texts: readonly (readonly LuaString[])[];
    };

type Value = readonly Known[];
/** By register; what is not there is unknown. */
type Registers = Map<number, Value>;

const NOTHING: Value = [];
const GLOBALS: Known = { kind: "path", path: [] };
/** No more alternatives are kept, and no longer paths. */
const MOST_ALTERNATIVES = 8;
const LONGEST_PATH = 4;
/** How often code is gone through: once for what jumps forward, again for each loop around it. */
const PASSES = 3;
/** Names of the globals among themselves. */
const OTHER_NAMES = new Set<LuaString>(["_G", "_ENV"]);
/** Called without arguments, it returns the globals. */
const GETS_GLOBALS: LuaString = "getfenv";
/** Calls its first argument with the others. */
const CALLER: LuaString = "pcall";
/** Arguments of a call that are looked at. */
const MOST_ARGUMENTS = 3;

/** Of a main function and all within, in the order of the code. */
export function usesOf(main: Proto, read: ReadInstruction): Use[] {
  const uses: Use[] = [];
  // The first upvalue of a main function of Lua 5.3 is its environment.
  const open = [{ proto: main, upvalues: [[GLOBALS]] as Value[] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const walk = new Walk(next.proto, next.upvalues, read);
    for (const use of walk.uses()) uses.push(use);
    const nested = [...walk.closures].map(([index, upvalues]) => ({
      proto: next.proto.protos[index],
      upvalues,
    }));
    open.push(...nested.reverse());
  }
  return uses;
}

class Walk {
  /** The upvalues of the nested functions, by index. */
  readonly closures = new Map<number, Value[]>();
  private readonly proto: Proto;
  private readonly upvalues: readonly Value[];
  private readonly instructions: readonly (Instruction | undefined)[];
  /** What registers may hold where jumps lead, and behind what does not just go on. */
  private readonly arrivals = new Map<number, Registers>();
  private found: Use[] = [];
  private pc = 0;

  constructor(proto: Proto, upvalues: readonly Value[], read: ReadInstruction) {
    this.proto = proto;
    this.upvalues = upvalues;
    this.instructions = Array.from(proto.code, (_, pc) => read(proto, pc));
  }

  uses(): Use[] {
    this.arrivals.set(0, new Map());
    for (let pass = 0; pass < PASSES; pass++) {
      this.found = [];
      this.pass();
    }
    return this.found;
  }

  /** Instructions that are not reached say nothing. */
  private pass(): void {
    let registers: Registers | undefined;
    for (this.pc = 0; this.pc < this.instructions.length; this.pc++) {
      const arrived = this.arrivals.get(this.pc);
      if (arrived) registers = registers ? merged(arrived, registers) : new Map(arrived);
      const instruction = this.instructions[this.pc];
      registers = registers && instruction ? this.follow(registers, instruction) : undefined;
    }
  }

  /** @returns the registers for the instruction behind this one, if it is next */
  private follow(
    registers: Registers,
    { step, next, idleFrom }: Instruction,
  ): Registers | undefined {
    const before = idleFrom === undefined ? registers : new Map(registers);
    if (step) this.take(registers, step);
    let behind: Registers | undefined;
    next.forEach((pc, i) => {
      const after = idleFrom !== undefined && i >= idleFrom ? before : registers;
      if (pc === this.pc + 1) behind = after;
      else this.arrivals.set(pc, merged(this.arrivals.get(pc), after));
    });
    return behind;
  }

  private take(registers: Registers, step: Step): void {
    switch (step.kind) {
      case "load":
        put(registers, step.to, this.valueOf(registers, step.source));
        break;
      case "read": {
        const table = this.valueOf(registers, step.table);
        const fields = fieldsOf(table, this.valueOf(registers, step.key));
        for (const { path } of fields) this.find({ kind: "read", path });
        put(registers, step.to, fields);
        if (step.keepsTable) put(registers, step.to + 1, table);
        break;
      }
      case "store": {
        const key = this.valueOf(registers, step.key);
        const isNil = this.isNil(step.value);
        for (const { path } of fieldsOf(this.valueOf(registers, step.table), key)) {
          this.find({ kind: "store", path, isNil });
        }
        break;
      }
      case "call":
        this.call(registers, step.at, step.argumentCount);
        break;
      case "closure":
        this.enclose(registers, step.index, step.upvalues);
        registers.delete(step.to);
        break;
      case "spoil":
        clear(registers, step.first, step.last);
        break;
    }
  }

  private call(registers: Registers, at: number, argumentCount: number | undefined): void {
    const count = Math.min(argumentCount ?? MOST_ARGUMENTS, MOST_ARGUMENTS);
    const args = Array.from({ length: count }, (_, i) => registers.get(at + 1 + i) ?? NOTHING);
    // Of all that there are, the last may be none.
    while (argumentCount === undefined && args.at(-1)?.length === 0) args.pop();
    const called = pathsOf(registers.get(at));
    for (const path of called) this.findCall(path, args);
    clear(registers, at, LAST_REGISTER);
    if (called.some(([name, ...rest]) => name === GETS_GLOBALS && rest.length === 0)) {
      registers.set(at, [GLOBALS]);
    }
  }

  private findCall(path: Path, [first, ...others]: readonly Value[]): void {
    const isCaller = path.length === 1 && path[0] === CALLER;
    if (isCaller) for (const inner of pathsOf(first)) this.findCall(inner, others);
    const args = first ? [first, ...others] : [];
    this.find({ kind: "call", path, texts: args.map(textsOf) });
  }

  private enclose(registers: Registers, index: number, sources: readonly Source[]): void {
    if (index >= this.proto.protos.length) return;
    const before = this.closures.get(index) ?? [];
    const values = sources.map((source, i) =>
      union(before[i] ?? NOTHING, this.valueOf(registers, source)),
    );
    this.closures.set(index, values);
  }

  private valueOf(registers: Registers, source: Source): Value {
    switch (source.from) {
      case "globals":
        return [GLOBALS];
      case "register":
        return registers.get(source.index) ?? NOTHING;
      case "upvalue":
        return this.upvalues[source.index] ?? NOTHING;
      case "constant": {
        const constant = this.proto.constants[source.index];
        return typeof constant === "string" ? [{ kind: "text", text: constant }] : NOTHING;
      }
    }
  }

  private isNil(source: Source): boolean {
    return source.from === "constant" && this.proto.constants[source.index] === null;
  }

  private find(use: UseKind): void {
    this.found.push({ proto: this.proto, pc: this.pc, ...use });
  }
}

function put(registers: Registers, to: number, value: Value): void {
  if (value.length > 0) registers.set(to, value);
  else registers.delete(to);
}

function clear(registers: Registers, first: number, last: number): void {
  for (const index of [...registers.keys()]) {
    if (first <= index && index <= last) registers.delete(index);
  }
}

/** A new one, of what either of two ways brings. */
function merged(one: Registers | undefined, other: Registers): Registers {
  const both: Registers = new Map(one);
  for (const [index, value] of other) both.set(index, union(both.get(index) ?? NOTHING, value));
  return both;
}

function union(one: Value, other: Value): Value {
  if (one === other || other.length === 0) return one;
  const more = other.filter((known) => !one.some((there) => isSame(there, known)));
  return more.length === 0 ? one : [...one, ...more].slice(0, MOST_ALTERNATIVES);
}

function isSame(one: Known, other: Known): boolean {
  if (one.kind === "text" || other.kind === "text") {
    return one.kind === "text" && other.kind === "text" && one.text === other.text;
  }
  return (
    one.path.length === other.path.length && one.path.every((name, i) => name === other.path[i])
  );
}

function pathsOf(value: Value = NOTHING): Path[] {
  return value.flatMap((known) => (known.kind === "path" ? [known.path] : []));
}

function textsOf(value: Value): LuaString[] {
  return value.flatMap((known) => (known.kind === "text" ? [known.text] : []));
}

function fieldsOf(table: Value, key: Value): { readonly kind: "path"; readonly path: Path }[] {
  const paths = pathsOf(table).filter(({ length }) => length < LONGEST_PATH);
  return paths.flatMap((path) =>
    textsOf(key).map((name) => {
      const isGlobals = path.length === 0 && OTHER_NAMES.has(name);
      return { kind: "path" as const, path: isGlobals ? path : [...path, name] };
    }),
  );
}
