/**
 * The code checker of Lua 5.3. The reference has none and runs what it is given; this one lets a
 * virtual machine run a chunk without looking after itself. It accepts all that compilers emit. It
 * looks at each instruction once, with its neighbours and the places it may go to, and promises:
 *
 * - *Frame.* Registers, constants, upvalues and nested functions that an instruction names exist,
 *   ranges of registers included. So do the registers that it uses without naming them: the second
 *   one of SELF, the four of a numeric loop, the six and more of a generic one.
 * - *Flow.* Execution never leaves the code: jumps stay inside, the last instruction is RETURN. A
 *   test is followed by a JMP. FORPREP and FORLOOP lead to each other; TFORCALL is followed by its
 *   TFORLOOP. EXTRAARG stands behind LOADKX or a SETLIST with C = 0, nowhere else, and no jump hits
 *   it.
 * - *Open results.* CALL with C = 0, TAILCALL, and VARARG with B = 0 leave any number of values from
 *   their register A on. The next instruction takes them up, with B = 0, and begins no later than
 *   they do; nothing else has B = 0 in that sense, and no jump goes there. A machine may therefore
 *   keep the end of the values in one variable that is set just before it is used.
 * - *Closures.* Each upvalue of a function that CLOSURE makes is a register or an upvalue of the
 *   function around it. Upvalues of a main function, and of functions that are in the list but in
 *   no CLOSURE, as in a combination of chunks, are the business of who loads them.
 * - *Varargs.* VARARG stands only in vararg functions; parameters fit the frame.
 *
 * Not promised: types of values. Hostile code can put a string where FORLOOP or TFORCALL expects
 * what FORPREP made. The sizes in NEWTABLE and the batch numbers of SETLIST are claims, too: nothing
 * of that size should be reserved.
 *
 * Operands that an opcode does not use are not looked at.
 */
import {
  type Complaint,
  checkConstant,
  checkRegister,
  checkUpvalue,
  depthError,
  explainedCodeError,
  type Verdict,
} from "./complaint.ts";
import {
  opcodeOf,
  operandA,
  operandAx,
  operandB,
  operandBx,
  operandC,
  operandSBx,
  RK_CONSTANT,
} from "./instruction.ts";
import { Operand } from "./opcode-row.ts";
import { OPCODES_53, Op53 } from "./opcodes53.ts";
import type { Proto } from "./proto.ts";

/** The highest `maxStackSize`, and the most upvalues of a function. */
const MAX_COUNT = 255;

/** Functions within one another, main function included: far more than a compiler allows. */
const MAX_DEPTH = 500;

/** Registers from A on that TFORCALL uses besides its results: the loop's three and their copy. */
const GENERIC_LOOP_REGISTERS = 6;

/** One function being checked. */
interface Checked {
  readonly proto: Proto;
  /** Marks the nested functions whose upvalues were found good. */
  readonly closures: Uint8Array;
}

/** The first fault of one function, not looking into the functions nested in it. */
export function verifyProto53(proto: Proto): Complaint | undefined {
  const { code } = proto;
  const fault = checkFrame(proto);
  if (fault !== undefined) return { pc: -1, reason: fault };
  const checked = { proto, closures: new Uint8Array(proto.protos.length) };
  for (let pc = 0; pc < code.length; pc++) {
    const word = code[pc];
    const reason =
      checkOperands(proto, word) ?? checkFlow(code, pc, word) ?? checkMeaning(checked, pc, word);
    if (reason !== undefined) return { pc, reason };
    if (hasExtraWord(word)) pc++;
  }
  return undefined;
}

/**
 * Checks a function and those nested in it.
 *
 * @throws {ChunkError} `chunk-code`; its field names the instruction and the reason, its offset is
 *   that of the instruction in the function's code. `chunk-depth` for more than 500 functions
 *   within one another
 */
export function verifyChunk53(proto: Proto): void {
  verifyNested(proto, 1);
}

function verifyNested(proto: Proto, depth: number): void {
  const complaint = verifyProto53(proto);
  if (complaint !== undefined) throw explainedCodeError(proto, complaint);
  if (depth === MAX_DEPTH && proto.protos.length > 0) throw depthError(proto, MAX_DEPTH);
  for (const nested of proto.protos) verifyNested(nested, depth + 1);
}

/** What concerns the function as a whole. */
function checkFrame(proto: Proto): Verdict {
  const { maxStackSize, parameterCount, upvalueCount, upvalueSources, upvalueNames, code } = proto;
  if (maxStackSize > MAX_COUNT) {
    return `a frame of ${maxStackSize} registers is over the limit of ${MAX_COUNT}`;
  }
  if (parameterCount > maxStackSize) {
    return `${parameterCount} parameters do not fit a frame of ${maxStackSize}`;
  }
  if (upvalueCount > MAX_COUNT) {
    return `${upvalueCount} upvalues are over the limit of ${MAX_COUNT}`;
  }
  if (upvalueSources.length !== upvalueCount) {
    return `${upvalueSources.length} upvalue sources do not match ${upvalueCount} upvalues`;
  }
  if (upvalueNames.length > upvalueCount) {
    return `${upvalueNames.length} upvalue names are too many for ${upvalueCount} upvalues`;
  }
  if (code.length === 0) return "there is no code";
  if (opcodeOf(code[code.length - 1]) !== Op53.RETURN) return "the last instruction is not RETURN";
  return undefined;
}

/** What the opcode's row alone says about the operands. */
function checkOperands(proto: Proto, word: number): Verdict {
  const op = opcodeOf(word);
  const row = OPCODES_53[op];
  if (row === undefined) return `opcode ${op} does not exist`;
  const a = namesRegisterA(op) ? checkRegister(proto, operandA(word)) : undefined;
  if (a !== undefined) return a;
  if (row.layout === "ABC") {
    return checkOperand(proto, operandB(word), row.b) ?? checkOperand(proto, operandC(word), row.c);
  }
  return row.layout === "ABx" && row.b === Operand.Constant
    ? checkConstant(proto, operandBx(word))
    : undefined;
}

/** False where A is an upvalue, a flag, one more than a register, or nothing. */
function namesRegisterA(op: Op53): boolean {
  switch (op) {
    case Op53.SETTABUP:
    case Op53.JMP:
    case Op53.EQ:
    case Op53.LT:
    case Op53.LE:
    case Op53.EXTRAARG:
      return false;
    default:
      return true;
  }
}

function checkOperand(proto: Proto, value: number, use: Operand): Verdict {
  switch (use) {
    case Operand.None:
    case Operand.Value:
      return undefined;
    case Operand.Register:
      return checkRegister(proto, value);
    case Operand.Constant:
      return (value & RK_CONSTANT) === 0
        ? checkRegister(proto, value)
        : checkConstant(proto, value & ~RK_CONSTANT);
  }
}

/** Where the instruction may continue, and what must stand there. */
function checkFlow(code: Int32Array, pc: number, word: number): Verdict {
  const { layout, test } = OPCODES_53[opcodeOf(word)];
  if (layout === "AsBx") {
    const fault = checkTarget(code, jumpTarget(pc, word));
    if (fault !== undefined) return fault;
  }
  // A JMP is not the last instruction, so the one that the test skips to is there as well.
  if (test && opcodeOf(code[pc + 1]) !== Op53.JMP) return "no JMP follows the test";
  if (hasExtraWord(word) && opcodeOf(code[pc + 1]) !== Op53.EXTRAARG) {
    return "no EXTRAARG follows";
  }
  return checkOpenResults(code, pc, word);
}

function jumpTarget(pc: number, word: number): number {
  return pc + 1 + operandSBx(word);
}

function checkTarget(code: Int32Array, target: number): Verdict {
  const place = `the jump to ${target + 1}`;
  if (target < 0 || target >= code.length) return `${place} leaves the code`;
  if (opcodeOf(code[target]) === Op53.EXTRAARG) return `${place} hits an EXTRAARG`;
  return takesOpenResults(code[target]) ? `${place} misses the open results it needs` : undefined;
}

/** That who leaves open results is followed by who takes them, and the other way round. */
function checkOpenResults(code: Int32Array, pc: number, word: number): Verdict {
  if (leavesOpenResults(word) && !takesUpResultsOf(code[pc + 1], word)) {
    return "the next instruction does not take up its open results";
  }
  if (takesOpenResults(word) && (pc === 0 || !leavesOpenResults(code[pc - 1]))) {
    return "the instruction before leaves no open results to take up";
  }
  return undefined;
}

function leavesOpenResults(word: number): boolean {
  switch (opcodeOf(word)) {
    case Op53.CALL:
      return operandC(word) === 0;
    case Op53.TAILCALL:
      return true;
    case Op53.VARARG:
      return operandB(word) === 0;
    default:
      return false;
  }
}

function takesOpenResults(word: number): boolean {
  switch (opcodeOf(word)) {
    case Op53.CALL:
    case Op53.TAILCALL:
    case Op53.RETURN:
    case Op53.SETLIST:
      return operandB(word) === 0;
    default:
      return false;
  }
}

/** True when the values that `word` takes up begin no later than those that `before` leaves. */
function takesUpResultsOf(word: number, before: number): boolean {
  if (!takesOpenResults(word)) return false;
  const first = operandA(before);
  if (opcodeOf(word) === Op53.RETURN) return operandA(word) <= first;
  // The others have a function or a table at A, and their values behind it.
  return opcodeOf(before) !== Op53.TAILCALL && operandA(word) < first;
}

/** What each opcode asks for beyond its row. */
function checkMeaning(checked: Checked, pc: number, word: number): Verdict {
  const { proto } = checked;
  const { code } = proto;
  const a = operandA(word);
  const b = operandB(word);
  const c = operandC(word);
  switch (opcodeOf(word)) {
    case Op53.LOADKX:
      return checkConstant(proto, operandAx(code[pc + 1]));
    case Op53.LOADBOOL:
      return c === 0 ? undefined : checkTarget(code, pc + 2);
    case Op53.LOADNIL:
      return checkRegister(proto, a + b);
    case Op53.GETUPVAL:
    case Op53.SETUPVAL:
    case Op53.GETTABUP:
      return checkUpvalue(proto, b);
    case Op53.SETTABUP:
      return checkUpvalue(proto, a);
    case Op53.SELF:
      return checkRegister(proto, a + 1);
    case Op53.CONCAT:
      return b < c ? undefined : `the range from ${b} to ${c} is not two registers or more`;
    case Op53.JMP:
      // A is one more than the register from which on upvalues are closed.
      return checkRegister(proto, a - 1);
    case Op53.CALL:
      return checkRegister(proto, a + b - 1) ?? checkRegister(proto, a + c - 2);
    case Op53.TAILCALL:
      return c === 0 ? checkRegister(proto, a + b - 1) : "a tail call has no number of results";
    case Op53.RETURN:
      return checkRegister(proto, a + b - 2);
    case Op53.FORPREP:
      return checkRegister(proto, a + 3) ?? checkPreparation(code, pc, word);
    case Op53.FORLOOP:
      return checkRegister(proto, a + 3) ?? checkLoop(code, pc, word);
    case Op53.TFORCALL:
      return checkGenericLoop(proto, pc, word);
    case Op53.TFORLOOP:
      return checkGenericLoopEnd(code, pc, word);
    case Op53.SETLIST:
      return checkRegister(proto, a + b) ?? checkBatch(code, pc, c);
    case Op53.CLOSURE:
      return checkClosure(checked, operandBx(word));
    case Op53.VARARG:
      return proto.varargFlags === 0
        ? "the function takes no extra arguments"
        : checkRegister(proto, a + b - 2);
    case Op53.EXTRAARG:
      return "no LOADKX or SETLIST stands before it";
    default:
      return undefined;
  }
}

/** LOADKX, and a SETLIST whose batch number does not fit C: the word behind belongs to them. */
function hasExtraWord(word: number): boolean {
  const op = opcodeOf(word);
  return op === Op53.LOADKX || (op === Op53.SETLIST && operandC(word) === 0);
}

function checkBatch(code: Int32Array, pc: number, c: number): Verdict {
  return c === 0 && operandAx(code[pc + 1]) === 0 ? "batch numbers begin with 1" : undefined;
}

/** FORPREP, whose jump has been found to stay inside. */
function checkPreparation(code: Int32Array, pc: number, word: number): Verdict {
  const end = jumpTarget(pc, word);
  const isLoop = opcodeOf(code[end]) === Op53.FORLOOP && operandA(code[end]) === operandA(word);
  return isLoop && jumpTarget(end, code[end]) === pc + 1
    ? undefined
    : `it does not lead to a FORLOOP that leads back`;
}

/** FORLOOP. Its FORPREP is checked in its own place; here only that there is one. */
function checkLoop(code: Int32Array, pc: number, word: number): Verdict {
  const start = jumpTarget(pc, word) - 1;
  return start >= 0 &&
    opcodeOf(code[start]) === Op53.FORPREP &&
    jumpTarget(start, code[start]) === pc
    ? undefined
    : "no FORPREP leads to it";
}

function checkGenericLoop(proto: Proto, pc: number, word: number): Verdict {
  const a = operandA(word);
  const results = operandC(word);
  if (results === 0) return "the loop has no variable";
  const last = Math.max(a + 2 + results, a + GENERIC_LOOP_REGISTERS - 1);
  const fault = checkRegister(proto, last);
  if (fault !== undefined) return fault;
  const next = proto.code[pc + 1];
  return opcodeOf(next) === Op53.TFORLOOP && operandA(next) === a + 2
    ? undefined
    : "no TFORLOOP of the same loop follows";
}

function checkGenericLoopEnd(code: Int32Array, pc: number, word: number): Verdict {
  const before = code[pc - 1];
  return pc > 0 && opcodeOf(before) === Op53.TFORCALL && operandA(before) === operandA(word) - 2
    ? undefined
    : "no TFORCALL of the same loop stands before it";
}

function checkClosure({ proto, closures }: Checked, index: number): Verdict {
  const { protos } = proto;
  if (index >= protos.length) return `function ${index} is outside the list of ${protos.length}`;
  if (closures[index] === 1) return undefined;
  closures[index] = 1;
  for (const source of protos[index].upvalueSources) {
    const fault = source.inStack
      ? checkRegister(proto, source.index)
      : checkUpvalue(proto, source.index);
    if (fault !== undefined) return `an upvalue of the closure is not there: ${fault}`;
  }
  return undefined;
}
