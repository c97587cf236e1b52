/**
 * The code checker of Lua 5.1: refuses a prototype whose code could leave its frame, its tables
 * or itself. It looks at one instruction at a time and follows no control flow. It accepts and
 * refuses exactly what the reference does; what it says about it is for people.
 * Source: lua51.md §6.5.
 */
import {
  type Complaint,
  checkConstant,
  checkRegister,
  checkUpvalue,
  codeError,
  type Verdict,
} from "./complaint.ts";
import {
  opcodeOf,
  operandA,
  operandB,
  operandBx,
  operandC,
  operandSBx,
  RK_CONSTANT,
} from "./instruction.ts";
import { Operand } from "./opcode-row.ts";
import { OPCODES_51, Op51 } from "./opcodes51.ts";
import { type Proto, VarargFlag } from "./proto.ts";

/** The highest `maxStackSize`. */
const MAX_STACK_SIZE = 250;

/** The first fault of one function, not looking into the functions nested in it. */
export function verifyProto51(proto: Proto): Complaint | undefined {
  const { code } = proto;
  const fault = checkFrame(proto);
  if (fault !== undefined) return { pc: -1, reason: fault };
  const batchWords = findBatchWords(code);
  for (let pc = 0; pc < code.length; pc++) {
    const word = code[pc];
    const reason =
      checkOperands(proto, word) ??
      checkJumps(code, pc, batchWords) ??
      checkMeaning(proto, pc, word);
    if (reason !== undefined) return { pc, reason };
    if (hasBatchWord(word)) pc++;
  }
  return undefined;
}

/**
 * Checks a function and, before it, those nested in it.
 *
 * @throws {ChunkError} `chunk-code`; its field names the instruction and the reason, its offset is
 *   that of the instruction in the function's code
 */
export function verifyChunk51(proto: Proto): void {
  for (const nested of proto.protos) verifyChunk51(nested);
  const complaint = verifyProto51(proto);
  if (complaint !== undefined) throw codeError(proto, complaint);
}

/** What concerns the function as a whole. */
function checkFrame(proto: Proto): Verdict {
  const { maxStackSize, parameterCount, varargFlags, upvalueNames, upvalueCount, code } = proto;
  const hidden = varargFlags & VarargFlag.HasArg;
  if (maxStackSize > MAX_STACK_SIZE) {
    return `a frame of ${maxStackSize} registers is over the limit of ${MAX_STACK_SIZE}`;
  }
  if (parameterCount + hidden > maxStackSize) {
    return `${parameterCount + hidden} parameters do not fit a frame of ${maxStackSize}`;
  }
  if ((varargFlags & VarargFlag.NeedsArg) !== 0 && hidden === 0) {
    return `vararg flags ${varargFlags} fill a hidden arg that is not declared`;
  }
  if (upvalueNames.length > upvalueCount) {
    return `${upvalueNames.length} upvalue names are too many for ${upvalueCount} upvalues`;
  }
  if (code.length === 0) return "there is no code";
  if (opcodeOf(code[code.length - 1]) !== Op51.RETURN) return "the last instruction is not RETURN";
  return undefined;
}

/** What the opcode's row alone says about the operands. */
function checkOperands(proto: Proto, word: number): Verdict {
  const op = opcodeOf(word);
  const row = OPCODES_51[op];
  if (row === undefined) return `opcode ${op} does not exist`;
  const a = checkRegister(proto, operandA(word));
  if (a !== undefined) return a;
  if (row.layout === "ABC") {
    return (
      checkOperand(proto, "B", operandB(word), row.b) ??
      checkOperand(proto, "C", operandC(word), row.c)
    );
  }
  return row.layout === "ABx" && row.b === Operand.Constant
    ? checkConstant(proto, operandBx(word))
    : undefined;
}

function checkOperand(proto: Proto, name: string, value: number, use: Operand): Verdict {
  switch (use) {
    case Operand.None:
      return value === 0 ? undefined : `operand ${name} is not used but is ${value}`;
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

/** Where the instruction may continue other than at the next one. */
function checkJumps(code: Int32Array, pc: number, batchWords: Uint8Array | undefined): Verdict {
  const word = code[pc];
  const row = OPCODES_51[opcodeOf(word)];
  if (row.layout === "AsBx") {
    const target = pc + 1 + operandSBx(word);
    if (target < 0 || target >= code.length) return `the jump to ${target + 1} leaves the code`;
    if (batchWords?.[target] === 1) return `the jump to ${target + 1} hits a SETLIST batch number`;
  }
  if (row.test) {
    if (pc + 2 >= code.length) return "the instruction it may skip to is outside the code";
    if (opcodeOf(code[pc + 1]) !== Op51.JMP) return "no JMP follows the test";
  }
  return undefined;
}

/** What each opcode asks for beyond its row. */
function checkMeaning(proto: Proto, pc: number, word: number): Verdict {
  const a = operandA(word);
  const b = operandB(word);
  const c = operandC(word);
  switch (opcodeOf(word)) {
    case Op51.LOADBOOL:
      return c === 1 ? checkSkip(proto.code, pc) : undefined;
    case Op51.GETUPVAL:
    case Op51.SETUPVAL:
      return checkUpvalue(proto, b);
    case Op51.GETGLOBAL:
    case Op51.SETGLOBAL:
      return typeof proto.constants[operandBx(word)] === "string"
        ? undefined
        : "the name of the global is not a string";
    case Op51.SELF:
      return checkRegister(proto, a + 1);
    case Op51.CONCAT:
      return b < c ? undefined : `the range from ${b} to ${c} is not two registers or more`;
    case Op51.TFORLOOP:
      return c >= 1 ? checkRegister(proto, a + 2 + c) : "the loop has no variable";
    case Op51.FORLOOP:
    case Op51.FORPREP:
      return checkRegister(proto, a + 3);
    case Op51.CALL:
    case Op51.TAILCALL:
      return checkRegister(proto, a + b - 1) ?? checkResults(proto, pc, a, c);
    case Op51.RETURN:
      return checkRegister(proto, a + b - 2);
    case Op51.SETLIST:
      return checkRegister(proto, a + b) ?? checkBatchWord(proto.code, pc, word);
    case Op51.CLOSURE:
      return checkClosure(proto, pc, operandBx(word));
    case Op51.VARARG:
      return checkVararg(proto) ?? checkResults(proto, pc, a, b);
    default:
      return undefined;
  }
}

/** LOADBOOL that skips the next instruction. */
function checkSkip(code: Int32Array, pc: number): Verdict {
  if (pc + 2 >= code.length) return "the instruction it skips to is outside the code";
  return hasBatchWord(code[pc + 1]) ? "it skips to a SETLIST batch number" : undefined;
}

/**
 * The registers from `a` that take the results of a CALL or VARARG.
 *
 * @param operand results + 1; 0 when there may be any number, which the next instruction takes up
 */
function checkResults(proto: Proto, pc: number, a: number, operand: number): Verdict {
  if (operand !== 0) return checkRegister(proto, a + operand - 2);
  const next = proto.code[pc + 1];
  switch (opcodeOf(next)) {
    case Op51.CALL:
    case Op51.TAILCALL:
    case Op51.RETURN:
    case Op51.SETLIST:
      if (operandB(next) === 0) return undefined;
  }
  return "the next instruction does not take up its open results";
}

function checkBatchWord(code: Int32Array, pc: number, word: number): Verdict {
  return hasBatchWord(word) && pc + 2 >= code.length ? "its batch number is missing" : undefined;
}

/** CLOSURE, and the MOVE or GETUPVAL for each upvalue after it. */
function checkClosure(proto: Proto, pc: number, index: number): Verdict {
  const { code, protos } = proto;
  if (index >= protos.length) return `function ${index} is outside the list of ${protos.length}`;
  const end = pc + protos[index].upvalueCount;
  if (end >= code.length) return "the upvalues of the closure are outside the code";
  for (let at = pc + 1; at <= end; at++) {
    const op = opcodeOf(code[at]);
    if (op !== Op51.MOVE && op !== Op51.GETUPVAL) {
      return `instruction ${at + 1} does not name an upvalue for the closure`;
    }
  }
  return undefined;
}

function checkVararg({ varargFlags }: Proto): Verdict {
  const wanted = VarargFlag.IsVararg;
  return (varargFlags & (VarargFlag.IsVararg | VarargFlag.NeedsArg)) === wanted
    ? undefined
    : `vararg flags ${varargFlags} do not allow it`;
}

/** A SETLIST whose batch number stands in the word after it. */
function hasBatchWord(word: number): boolean {
  return opcodeOf(word) === Op51.SETLIST && operandC(word) === 0;
}

/**
 * Marks the words that are batch numbers, or is undefined when there are none. A batch number can
 * itself look like such a SETLIST; in a run of words that look like one, every second word is a
 * number. Runs are measured without regard to where instructions begin, as the reference does.
 */
function findBatchWords(code: Int32Array): Uint8Array | undefined {
  let marks: Uint8Array | undefined;
  for (let pc = 0; pc + 1 < code.length; pc++) {
    if (!hasBatchWord(code[pc]) || marks?.[pc] === 1) continue;
    marks ??= new Uint8Array(code.length);
    marks[pc + 1] = 1;
  }
  return marks;
}
