/**
 * Lua 5.1's functions as JavaScript source. Each instruction's common case is written out, as in the
 * dispatch loop; all else is left to `slow51.ts` and `runtime51.ts`. One function is long because it
 * has a case for every opcode. Source: lua51.md §3.
 *
 * What is made is the body of a factory, which gets the runtime as R and the constants as K and
 * returns a CompiledRun. In it `s`, `f` and `b` are as `registers.ts` tells, `up` are the upvalues,
 * `st` is the machine's state, `c0`, … remember where fields were found, `t`, `q`, `n` and `i` are
 * for values in between.
 */
import {
  fromFloatingByte,
  operandA,
  operandB,
  operandBx,
  operandC,
  RK_CONSTANT,
} from "../../bytecode/instruction.ts";
import { Run51 } from "../run-ops51.ts";
import type { Code } from "../state.ts";
import { TString } from "../values.ts";
import { type Analysis, analyse } from "./facts.ts";
import { type Instruction, isJump, type Region, regionsOf } from "./flow.ts";
import {
  bit,
  instructionsOf,
  isQuickCall,
  keepsLoops,
  range,
  sharedRegisters,
} from "./instructions51.ts";
import { AT_START, goOnAt, type Instructions, layOut, leaveLoop } from "./layout.ts";
import { putAt, Registers } from "./registers.ts";
import { RUNTIME_NAMES } from "./runtime51.ts";

/**
 * @param integral whether numbers are integers of 32 bits
 * @param entry the label of the loop that it is entered at, or {@link AT_START}
 * @returns undefined when the code cannot be written without jumps
 */
export function emit51(code: Code, integral: boolean, entry: number): string | undefined {
  const instructions = instructionsOf(code);
  const regions = regionsOf(instructions);
  if (regions === undefined || !keepsLoops(code, instructions)) return undefined;
  const emitter = new Emitter(code, integral, instructions, regions);
  const lines = layOut(instructions, regions, entry, emitter);
  return emitter.around(lines, entry);
}

/** Parts of new tables that there is always memory for. */
const MAX_SMALL = 1024;

class Emitter implements Instructions {
  private readonly code: Code;
  private readonly integral: boolean;
  private readonly instructions: ReadonlyMap<number, Instruction>;
  private readonly loops: readonly Region[];
  private readonly analysis: Analysis;
  private readonly registers: Registers;
  private readonly sharesRegisters: boolean;
  private readonly usedConstants = new Set<number>();
  private caches = 0;
  // Of the instruction in hand: what is known before it, its place and that behind it.
  private late = 0n;
  private numbers = 0n;
  private pc = 0;
  private next = 0;

  constructor(
    code: Code,
    integral: boolean,
    instructions: ReadonlyMap<number, Instruction>,
    regions: readonly Region[],
  ) {
    const shared = sharedRegisters(code);
    this.code = code;
    this.integral = integral;
    this.instructions = instructions;
    this.loops = regions.filter(({ kind }) => kind !== "block");
    this.registers = new Registers(shared);
    this.sharesRegisters = shared !== 0n;
    this.analysis = analyse(instructions, regions, shared);
  }

  /** The factory around a function's lines, once they are all there. */
  around(lines: readonly string[], entry: number): string {
    const { code, registers } = this;
    const given = code.parameterCount + (code.needsArg ? 1 : 0);
    const loaded = entry === AT_START ? given : code.maxStackSize;
    const variables = Array.from({ length: code.maxStackSize }, (_, i) => `r${i}`);
    const caches = Array.from({ length: this.caches }, (_, i) => `c${i} = 0`);
    const constants = [...this.usedConstants].map((index) => `k${index} = K[${index}]`);
    return [
      `"use strict";`,
      `const { ${RUNTIME_NAMES.join(", ")} } = R;`,
      constants.length > 0 ? `const ${constants.join(", ")};` : "",
      caches.length > 0 ? `let ${caches.join(", ")};` : "",
      "return function lua(thread, frame, closure) {",
      "const s = thread.stack, b = frame.base, st = thread.state, up = closure.upvalues;",
      "let f = thread.floats, t, q, n, i;",
      `let ${variables.join(", ")};`,
      registers.loadAll(range(0, loaded - 1)),
      ...lines,
      "};",
    ].join("\n");
  }

  emit(instruction: Instruction): string {
    this.begin(instruction);
    return this.textOf(this.code.words[instruction.pc]);
  }

  emitStep(instruction: Instruction): string {
    const { pc, flow } = instruction;
    const word = this.code.words[pc];
    this.begin(instruction);
    if (flow.kind !== "step") return "";
    return (word & 0x3f) === Run51.FORLOOP
      ? this.numericStep(operandA(word), flow.start)
      : this.genericStep(operandA(word), operandC(word), flow.start);
  }

  beforeLoop(label: number): string {
    return this.registers.store(this.analysis.beforeLoops.get(label) ?? 0n);
  }

  private begin({ pc, size }: Instruction): void {
    const { numbers, late } = this.analysis.at.get(pc)!;
    this.numbers = numbers;
    this.late = late;
    this.pc = pc;
    this.next = pc + size;
  }

  // Parts of statements

  /** Goes where the instruction's jump leads. */
  private jump(): string {
    const { flow } = this.instructions.get(this.pc)!;
    if (!isJump(flow)) return "";
    const goOn = goOnAt(flow.target, this.pc, this.loops);
    return flow.target > this.pc ? goOn : `${countStep(flow.target)} ${goOn}`;
  }

  private storeLate(): string {
    return this.registers.store(this.late, this.numbers);
  }

  /** The statement that is run unless the common case was at hand. */
  private slowly(statement: string): string {
    // The place is that behind the instruction's own word, as in the dispatch loop.
    return `frame.pc = ${this.pc + 1}; ${this.registers.keep(this.late)} ${statement} f = thread.floats;`;
  }

  private constant(index: number): string {
    const value = this.code.constants[index];
    if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
    if (value === undefined || typeof value === "boolean") return String(value);
    this.usedConstants.add(index);
    return `k${index}`;
  }

  private constantOf(operand: number): unknown {
    return operand < RK_CONSTANT ? undefined : this.code.constants[operand - RK_CONSTANT];
  }

  private isNumber(operand: number): boolean {
    return operand < RK_CONSTANT
      ? (this.numbers & bit(operand)) !== 0n
      : typeof this.constantOf(operand) === "number";
  }

  /** An operand that may be written several times, and the statement that must come before. */
  private operand(operand: number, name: string): [text: string, before: string] {
    if (operand >= RK_CONSTANT) return [this.constant(operand - RK_CONSTANT), ""];
    if (!this.registers.isShared(operand)) return [`r${operand}`, ""];
    return [name, `const ${name} = ${this.registers.read(operand)};`];
  }

  private read(operand: number): string {
    return operand < RK_CONSTANT
      ? this.registers.read(operand)
      : this.constant(operand - RK_CONSTANT);
  }

  private cache(): string {
    return `c${this.caches++}`;
  }

  // Instructions

  private textOf(word: number): string {
    const { registers } = this;
    const a = operandA(word);
    const b = operandB(word);
    const c = operandC(word);
    switch (word & 0x3f) {
      case Run51.MOVE:
        return registers.write(a, registers.read(b));
      case Run51.LOADK:
        return registers.write(a, this.constant(operandBx(word)));
      case Run51.LOADBOOL:
        return `${registers.write(a, String(b !== 0))} ${this.jump()}`;
      case Run51.LOADNIL: {
        const texts: string[] = [];
        for (let i = a; i <= b; i++) texts.push(registers.write(i, "undefined"));
        return texts.join(" ");
      }
      case Run51.GETUPVAL:
        return `{ const u = up[${b}]; t = u.array[u.index]; if (t === null) t = u.thread.floats[u.index]; ${registers.write(a, "t")} }`;
      case Run51.SETUPVAL:
        return `{ const u = up[${b}]; u.array[u.index] = ${registers.read(a)}; }`;
      case Run51.GETGLOBAL:
        return this.getField("closure.environment", this.constant(operandBx(word)), a, 256);
      case Run51.SETGLOBAL:
        return this.setField(
          "closure.environment",
          this.constant(operandBx(word)),
          registers.read(a),
          256,
        );
      case Run51.GETFIELD:
        return this.getField(registers.read(b), this.constant(c - RK_CONSTANT), a, b);
      case Run51.SETFIELD: {
        const [value, before] = this.operand(c, "v");
        return `{ ${before} ${this.setField(registers.read(a), this.constant(b - RK_CONSTANT), value, a)} }`;
      }
      case Run51.GETTABLE:
        return this.getTable(a, b, c);
      case Run51.SETTABLE:
        return this.setTable(a, b, c);
      case Run51.NEWTABLE: {
        const [items, nodes] = [fromFloatingByte(b), fromFloatingByte(c)];
        const isLarge = Math.max(items, nodes) > MAX_SMALL;
        const slow = this.slowly(registers.write(a, `newTable(thread, ${b}, ${c})`));
        return isLarge ? slow : registers.write(a, `new Table(st.heap, ${items}, ${nodes})`);
      }
      case Run51.SELF:
        return this.self(a, b, c);
      case Run51.ADD:
      case Run51.SUB:
      case Run51.MUL:
      case Run51.DIV:
      case Run51.MOD:
      case Run51.POW:
        return this.arithmetic(word & 0x3f, a, b, c);
      case Run51.UNM: {
        const fast = this.integral ? "-x | 0" : "-x";
        const slow = this.slowly(registers.write(a, `negate(thread, x, ${b})`));
        return `{ const x = ${registers.read(b)}; if (typeof x === "number") { ${registers.write(a, fast)} } else { ${slow} } }`;
      }
      case Run51.NOT:
        return `{ const x = ${registers.read(b)}; ${registers.write(a, "x === undefined || x === false")} }`;
      case Run51.LEN: {
        const slow = this.slowly(registers.write(a, `length(thread, x, ${b})`));
        return `{ const x = ${registers.read(b)}; if (x instanceof Table) { ${registers.write(a, "x.length()")} } else if (x instanceof TString) { ${registers.write(a, "x.text.length")} } else { ${slow} } }`;
      }
      case Run51.CONCAT:
        return this.concat(a, b, c);
      case Run51.JMP: {
        const { flow } = this.instructions.get(this.pc)!;
        return flow.kind === "prepare" ? this.beforeLoop(flow.target) : this.jump();
      }
      case Run51.EQ:
        return this.branch(this.equality(b, c), a !== 0);
      case Run51.LT:
        return this.branch(this.comparison("<", "less", b, c), a !== 0);
      case Run51.LE:
        return this.branch(this.comparison("<=", "lessOrEqual", b, c), a !== 0);
      case Run51.TEST: {
        return `{ const x = ${registers.read(a)}; ${this.branch(["", truth(c !== 0)], true)} }`;
      }
      case Run51.TESTSET: {
        const set = registers.write(a, "x");
        return `{ const x = ${registers.read(b)}; if (${truth(c !== 0)}) { ${set} ${this.jump()} } }`;
      }
      case Run51.CALL:
        return isQuickCall(this.code, this.pc) ? this.quickCall(a, b) : this.call(a, b, c);
      case Run51.TAILCALL: {
        const count = b !== 0 ? String(b - 1) : `thread.top - b - ${a + 1}`;
        return [
          this.storeLate(),
          `frame.pc = ${this.next};`,
          `if ((q = tailCall(thread, frame, b + ${a}, ${count})) !== 0) return q;`,
          "f = thread.floats;",
        ].join(" ");
      }
      case Run51.RETURN:
        return this.giveBack(a, b);
      case Run51.FORPREP:
        return this.prepareLoop(a);
      case Run51.SETLIST: {
        const batch = c !== 0 ? c : this.code.words[this.pc + 1] >>> 0;
        const { takes, isSeen } = this.instructions.get(this.pc)!;
        const count = b !== 0 ? String(b) : `thread.top - b - ${a + 1}`;
        return `${registers.store(isSeen ? this.late : this.late & takes)} frame.pc = ${this.next}; setList(thread, b + ${a}, ${count}, ${batch});`;
      }
      case Run51.CLOSE:
        return `closeUpvalues(thread, b + ${a});`;
      case Run51.CLOSURE:
        return this.closure(a, operandBx(word));
      case Run51.VARARG:
        return `copyVarargs(thread, frame, b + ${a}, ${b - 1}); f = thread.floats; ${b > 1 ? registers.loadAll(range(a, a + b - 2)) : ""}`;
      default:
        throw new Error(`no JavaScript for instruction ${word & 0x3f}`);
    }
  }

  // Tables

  private getField(object: string, key: string, a: number, operand: number): string {
    const { registers } = this;
    const cache = this.cache();
    const slow = this.slowly(registers.write(a, `getField(thread, o, ${key}, ${operand})`));
    return [
      `{ const o = ${object}, n = o?.nodes;`,
      `if (n !== undefined && n[${cache}] === ${key} && (t = n[${cache} + 1]) !== undefined) { ${registers.write(a, "t")} }`,
      `else if (n !== undefined && (i = find(o, ${key})) >= 0) { ${cache} = i; ${registers.write(a, "n[i + 1]")} }`,
      `else if ((t = inherited(st, o, ${key})) !== undefined) { ${registers.write(a, "t")} }`,
      `else { ${slow} } }`,
    ].join(" ");
  }

  /** A method is hardly ever in the object itself. */
  private self(a: number, b: number, c: number): string {
    const { registers } = this;
    const isName = this.constantOf(c) instanceof TString;
    const [key, before] = isName ? this.operand(c, "x") : ["x", `const x = ${this.read(c)};`];
    const get = isName ? "getField" : "getTable";
    const slow = this.slowly(registers.write(a, `${get}(thread, o, ${key}, ${b})`));
    const set = registers.write(a, "t");
    const fast = isName
      ? `if ((t = inherited(st, o, ${key})) !== undefined) { ${set} } else { ${slow} }`
      : slow;
    return `{ const o = ${registers.read(b)}; ${before} ${registers.write(a + 1, "o")} ${fast} }`;
  }

  private setField(object: string, key: string, value: string, operand: number): string {
    const cache = this.cache();
    const slow = this.slowly(`setTable(thread, o, ${key}, v2, ${operand});`);
    return [
      `{ const o = ${object}, v2 = ${value}, n = o?.nodes;`,
      `if (n !== undefined && n[${cache}] === ${key} && n[${cache} + 1] !== undefined && !o.readOnly)`,
      `{ n[${cache} + 1] = v2; o.knownEvents = 0; }`,
      `else if (n !== undefined && o.metatable === undefined && !o.readOnly)`,
      `{ frame.pc = ${this.next}; ${cache} = setField(o, ${key}, v2); }`,
      `else { if (n !== undefined && (i = find(o, ${key})) >= 0) ${cache} = i; ${slow} } }`,
    ].join(" ");
  }

  private getTable(a: number, b: number, c: number): string {
    const { registers } = this;
    const [key, before] = this.operand(c, "x");
    const slow = this.slowly(registers.write(a, `getTable(thread, o, ${key}, ${b})`));
    const isNumber = this.isNumber(c);
    const head = `const o = ${registers.read(b)}; ${before}`;
    if (c >= RK_CONSTANT && !isNumber) return `{ ${head} ${slow} }`;
    const test = isNumber ? "" : `typeof ${key} === "number" && `;
    const byNumber = `(n = o?.array) !== undefined && ${test}${key} > 0 && ${key} < n.length && (t = n[${key}]) !== undefined`;
    const byString = isNumber
      ? ""
      : ` else if (n !== undefined && ${key} instanceof TString && (t = o.getString(${key})) !== undefined) { ${registers.write(a, "t")} }`;
    return `{ ${head} if (${byNumber}) { ${registers.write(a, "t")} }${byString} else { ${slow} } }`;
  }

  private setTable(a: number, b: number, c: number): string {
    const { registers } = this;
    const [key, beforeKey] = this.operand(b, "x");
    const [value, beforeValue] = this.operand(c, "y");
    const slow = this.slowly(`setTable(thread, o, ${key}, ${value}, ${a});`);
    const isNumber = this.isNumber(b);
    const head = `const o = ${registers.read(a)}; ${beforeKey} ${beforeValue}`;
    if (b >= RK_CONSTANT && !isNumber) return `{ ${head} ${slow} }`;
    const isIndex = isNumber ? "" : `typeof ${key} === "number" && `;
    return [
      `{ ${head} if ((n = o?.array) !== undefined && ${isIndex}${key} > 0 && ${key} < n.length && (${key} | 0) === ${key}`,
      `&& (o.metatable === undefined || n[${key}] !== undefined)) n[${key}] = ${value};`,
      `else if (n !== undefined && ${isIndex}${key} === ${key} && o.metatable === undefined && !o.readOnly)`,
      `{ frame.pc = ${this.next}; o.setNumber(${key}, ${value}); }`,
      `else { ${slow} } }`,
    ].join(" ");
  }

  // Numbers

  private arithmetic(op: Run51, a: number, b: number, c: number): string {
    const { registers } = this;
    const [x, beforeX] = this.operand(b, "x");
    const [y, beforeY] = this.operand(c, "y");
    const slow = this.slowly(
      registers.write(a, `arithmetic(thread, ${op}, ${x}, ${y}, ${b}, ${c})`),
    );
    const value = this.integral ? integralValue(op, x, y) : this.doubleValue(op, x, y);
    if (value === undefined) return `{ ${beforeX} ${beforeY} ${slow} }`;
    const tests: string[] = [];
    if (!this.isNumber(b)) tests.push(`typeof ${x} === "number"`);
    if (!this.isNumber(c) && x !== y) tests.push(`typeof ${y} === "number"`);
    const fast = registers.write(a, value);
    if (tests.length === 0) return `{ ${beforeX} ${beforeY} ${fast} }`;
    return `{ ${beforeX} ${beforeY} if (${tests.join(" && ")}) { ${fast} } else { ${slow} } }`;
  }

  private doubleValue(op: Run51, x: string, y: string): string | undefined {
    switch (op) {
      case Run51.ADD:
        return `${x} + ${y}`;
      case Run51.SUB:
        return `${x} - ${wrapped(y)}`;
      case Run51.MUL:
        return `${x} * ${y}`;
      case Run51.DIV:
        return `${x} / ${y}`;
      case Run51.MOD:
        return `(${x} | 0) === ${x} && (${y} | 0) === ${y} && ${x} >= 0 && ${y} > 0 ? (${x} | 0) % (${y} | 0) : ${x} - Math.floor(${x} / ${y}) * ${y}`;
      case Run51.POW:
        return `power(${x}, ${y})`;
      default:
        return undefined;
    }
  }

  private comparison(sign: string, slowName: string, b: number, c: number): [string, string] {
    const [x, beforeX] = this.operand(b, "x");
    const [y, beforeY] = this.operand(c, "y");
    const tests: string[] = [];
    if (!this.isNumber(b)) tests.push(`typeof ${x} === "number"`);
    if (!this.isNumber(c)) tests.push(`typeof ${y} === "number"`);
    if (tests.length === 0) return [`${beforeX} ${beforeY}`, `${x} ${sign} ${y}`];
    const slow = this.slowly(`q = ${slowName}(thread, ${x}, ${y});`);
    const before = `${beforeX} ${beforeY} if (${tests.join(" && ")}) q = ${x} ${sign} ${y}; else { ${slow} }`;
    return [before, "q"];
  }

  private equality(b: number, c: number): [string, string] {
    const [x, beforeX] = this.operand(b, "x");
    const [y, beforeY] = this.operand(c, "y");
    const before = `${beforeX} ${beforeY}`;
    const same = `${x} === ${y}`;
    if (b >= RK_CONSTANT && c >= RK_CONSTANT) return [before, same];
    if (b >= RK_CONSTANT || c >= RK_CONSTANT) {
      const [variable, constant, index] = b >= RK_CONSTANT ? [y, x, b] : [x, y, c];
      if (!(this.constantOf(index) instanceof TString)) return [before, same];
      const equal = `${variable} instanceof TString && ${variable}.text === ${constant}.text`;
      return [before, `(${same} || (${equal}))`];
    }
    if (this.isNumber(b) || this.isNumber(c)) return [before, same];
    const slow = this.slowly(`q = equals(thread, ${x}, ${y});`);
    return [
      `${before} q = ${x} === ${y}; if (!q && typeof ${x} === "object" && typeof ${y} === "object") { ${slow} }`,
      "q",
    ];
  }

  private branch([before, condition]: [string, string], wanted: boolean): string {
    const test = wanted ? condition : `!(${condition})`;
    return `{ ${before} if (${test}) { ${this.jump()} } }`;
  }

  // Loops

  private prepareLoop(a: number): string {
    const { registers } = this;
    const hidden = range(a, a + 2);
    const numbers = [a, a + 1, a + 2].map((register) => `typeof r${register} === "number"`);
    const first = `r${a} - r${a + 2}`;
    const fast = `r${a} = ${this.integral ? `(${first}) | 0` : first};`;
    const slow = [
      `frame.pc = ${this.next};`,
      registers.store(this.late & hidden),
      `prepareLoop(thread, b + ${a});`,
      registers.loadAll(hidden),
    ].join(" ");
    const { flow } = this.instructions.get(this.pc)!;
    const before = flow.kind === "prepare" ? this.beforeLoop(flow.target) : "";
    return `if (${numbers.join(" && ")}) { ${fast} } else { ${slow} } ${before}`;
  }

  private numericStep(a: number, start: number): string {
    const step = this.stepOf(start);
    const by = step === undefined ? `r${a + 2}` : `(${step})`;
    const next = `r${a} + ${by}`;
    const up = `r${a} <= r${a + 1}`;
    const down = `r${a + 1} <= r${a}`;
    const goesOn = step === undefined ? `${by} > 0 ? ${up} : ${down}` : step > 0 ? up : down;
    return [
      `r${a} = ${this.integral ? `(${next}) | 0` : next};`,
      `if (!(${goesOn})) ${leaveLoop(this.pc)}`,
      countStep(start),
      this.registers.write(a + 3, `r${a}`),
    ].join(" ");
  }

  private genericStep(a: number, c: number, start: number): string {
    const { registers } = this;
    return [
      this.storeLate(),
      `frame.pc = ${this.pc + 1};`,
      `if ((q = callIterator(thread, b + ${a}, ${c})) !== 0) return q;`,
      "f = thread.floats;",
      registers.loadAll(range(a + 3, a + 2 + c)),
      `t = ${registers.read(a + 3)};`,
      `if (t === undefined) ${leaveLoop(this.pc)}`,
      registers.write(a + 2, "t"),
      countStep(start),
    ].join(" ");
  }

  /** The step of a loop where it is a constant. */
  private stepOf(start: number): number | undefined {
    const { words, constants } = this.code;
    if (start < 2) return undefined;
    const prepare = words[start - 1];
    const before = words[start - 2];
    if ((before & 0x3f) !== Run51.LOADK || operandA(before) !== operandA(prepare) + 2)
      return undefined;
    if (this.isTarget(start - 1)) return undefined;
    const step = constants[operandBx(before)];
    return typeof step === "number" && !Number.isNaN(step) ? step : undefined;
  }

  private isTarget(pc: number): boolean {
    for (const { flow } of this.instructions.values()) {
      if (isJump(flow) && flow.target === pc) return true;
    }
    return false;
  }

  // Text

  private concat(a: number, b: number, c: number): string {
    const { registers } = this;
    if (c === b + 1) {
      const [x, beforeX] = this.operand(b, "x");
      const [y, beforeY] = this.operand(c, "y");
      const slow = this.slowly(registers.write(a, `concat(thread, b, ${b}, ${c})`));
      return `{ ${beforeX} ${beforeY} if (${x} instanceof TString && ${y} instanceof TString) { ${registers.write(a, `joinTexts(st, ${x}.text, ${y}.text)`)} } else { ${slow} } }`;
    }
    return `${this.storeLate()} frame.pc = ${this.next}; ${registers.write(a, `concat(thread, b, ${b}, ${c})`)} f = thread.floats;`;
  }

  // Functions

  private closure(a: number, index: number): string {
    const { nested, words } = this.code;
    const count = nested[index].proto.upvalueCount;
    const upvalues: string[] = [];
    for (let at = this.pc + 1; at <= this.pc + count; at++) {
      const b = operandB(words[at]);
      upvalues.push(
        (words[at] & 0x3f) === Run51.GETUPVAL ? `up[${b}]` : `findUpvalue(thread, b + ${b})`,
      );
    }
    const made = `new Closure(closure.code.nested[${index}], [${upvalues.join(", ")}], closure.environment)`;
    return `st.heap.chargeClosure(${count}); ${this.registers.write(a, made)}`;
  }

  private call(a: number, b: number, c: number): string {
    const count = b !== 0 ? String(b - 1) : `thread.top - b - ${a + 1}`;
    return [
      this.storeLate(),
      `frame.pc = ${this.next};`,
      `if ((q = call(thread, b + ${a}, ${count}, ${c - 1})) !== 0) return q;`,
      "f = thread.floats;",
      c > 1 ? this.registers.loadAll(range(a, a + c - 2)) : "",
    ].join(" ");
  }

  /** The quick way of a native function, if it is one that has it. */
  private quickCall(a: number, b: number): string {
    const values = [1, 2, 3].map((n) => (n < b ? this.registers.read(a + n) : "undefined"));
    const quick = `x.quick(st, ${b - 1}, ${values.join(", ")})`;
    return [
      `{ const x = ${this.registers.read(a)};`,
      `if (x instanceof NativeFunction && x.quick !== undefined && (t = ${quick}) !== null) {`,
      `${this.registers.write(a, "t")} ${countStep(this.next)} } else { ${this.call(a, b, 2)} } }`,
    ].join(" ");
  }

  private giveBack(a: number, b: number): string {
    const { registers } = this;
    const closes = this.sharesRegisters
      ? "if (thread.openUpvalues !== undefined) closeUpvalues(thread, b);"
      : "";
    if (b === 1) {
      return `{ ${closes} if (frame.wanted === 0) { thread.depth--; return 0; } leave(thread, frame, b, 0); return 0; }`;
    }
    if (b === 2) {
      return `{ const x = ${registers.read(a)}; ${closes} if (frame.wanted === 1) { i = frame.functionIndex; ${putAt("i", "x")} thread.depth--; return 0; } ${putAt(`b + ${a}`, "x")} leave(thread, frame, b + ${a}, 1); return 0; }`;
    }
    const stored = b === 0 ? this.late : this.late & range(a, a + b - 2);
    const count = b === 0 ? `thread.top - b - ${a}` : String(b - 1);
    return `{ ${registers.store(stored)} i = ${count}; ${closes} leave(thread, frame, b + ${a}, i); return 0; }`;
  }
}

/** A statement that counts a jump backward. */
function countStep(target: number): string {
  return `if (--st.steps < 0) { frame.pc = ${target}; st.outOfSteps(); }`;
}

/** Is x true, or is it not, as conditions take values. */
function truth(wanted: boolean): string {
  return wanted ? "x !== undefined && x !== false" : "x === undefined || x === false";
}

function wrapped(text: string): string {
  return text.startsWith("-") ? `(${text})` : text;
}

function integralValue(op: Run51, x: string, y: string): string | undefined {
  switch (op) {
    case Run51.ADD:
      return `(${x} + ${y}) | 0`;
    case Run51.SUB:
      return `(${x} - ${wrapped(y)}) | 0`;
    case Run51.MUL:
      return `Math.imul(${x}, ${y})`;
    default:
      return undefined;
  }
}
