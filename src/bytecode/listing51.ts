/**
 * The listing of Lua 5.1 bytecode, as `luac -l` prints it. Source: lua51.md §7.
 *
 *     listing  = function*                     outer functions before those within them
 *     function = LF header instruction* [ constants locals upvalues ]
 *     header   = two lines: source, lines and sizes; counts
 *
 * The bracketed blocks belong to the full listing (`-l -l`). The reference names functions by
 * their address in its memory; here each gets a made-up address of the same form.
 */
import { type LuaString, untilNul } from "../base/lua-string.ts";
import type { Constant, NumberModel } from "../base/number-model.ts";
import { listingName } from "./chunk-name.ts";
import {
  opcodeOf,
  operandA,
  operandB,
  operandBx,
  operandC,
  operandSBx,
  RK_CONSTANT,
} from "./instruction.ts";
import { decodeLines } from "./line-info51.ts";
import { Operand } from "./opcode-row.ts";
import { OPCODES_51, Op51 } from "./opcodes51.ts";
import type { Proto } from "./proto.ts";

export interface ListingOptions51 {
  /** List constants, locals and upvalues too. */
  readonly full: boolean;
  /** How number constants are printed. */
  readonly numbers: NumberModel;
}

interface Listing extends ListingOptions51 {
  readonly addresses: Map<Proto, LuaString>;
}

/** Made-up addresses begin here and grow by {@link ADDRESS_STEP}. */
const FIRST_ADDRESS = 0x10000;
const ADDRESS_STEP = 0x80;

/** Opcode names, filled up to the width of their column. */
const NAMES = OPCODES_51.map(({ name }) => name.padEnd(9));

/** Shown where a chunk carries no name. */
const NO_NAME = "-";

const ESCAPES = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
]);

/**
 * The listing of a function and those within it.
 *
 * @param proto one that {@link verifyProto51} accepts, names and line info aside
 */
export function list51(proto: Proto, options: ListingOptions51): LuaString {
  return listFunction({ ...options, addresses: new Map() }, proto);
}

function listFunction(listing: Listing, proto: Proto): LuaString {
  const address = addressOf(listing, proto);
  let text = listHeader(proto, address) + listCode(listing, proto);
  if (listing.full) text += listDetails(listing, proto, address);
  for (const nested of proto.protos) text += listFunction(listing, nested);
  return text;
}

/** Given out in the order in which the listing first names the functions. */
function addressOf({ addresses }: Listing, proto: Proto): LuaString {
  const known = addresses.get(proto);
  if (known !== undefined) return known;
  const address = `0x${(FIRST_ADDRESS + addresses.size * ADDRESS_STEP).toString(16)}`;
  addresses.set(proto, address);
  return address;
}

function listHeader(proto: Proto, address: LuaString): LuaString {
  const { lineDefined, code, parameterCount } = proto;
  const kind = lineDefined === 0 ? "main" : "function";
  const lines = `${lineDefined},${proto.lastLineDefined}`;
  const sizes = `${counted(code.length, "instruction")}, ${code.length * 4} bytes`;
  const vararg = proto.varargFlags === 0 ? "" : "+";
  const counts = [
    `${parameterCount}${vararg} param${parameterCount === 1 ? "" : "s"}`,
    counted(proto.maxStackSize, "slot"),
    counted(proto.upvalueCount, "upvalue"),
    counted(proto.locals.length, "local"),
    counted(proto.constants.length, "constant"),
    counted(proto.protos.length, "function"),
  ];
  const first = `${kind} <${listingName(proto.source)}:${lines}> (${sizes} at ${address})`;
  return `\n${first}\n${counts.join(", ")}\n`;
}

/** `1 slot`, `2 slots`. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function listCode(listing: Listing, proto: Proto): LuaString {
  const { code } = proto;
  const lines = decodeLines(proto.lineInfo, code.length);
  let text = "";
  for (let pc = 0; pc < code.length; pc++) {
    const word = code[pc];
    const line = lines[pc] > 0 ? lines[pc] : "-";
    const comment = describe(listing, proto, pc);
    text += `\t${pc + 1}\t[${line}]\t${NAMES[opcodeOf(word)]}\t${operands(word)}`;
    text += comment === undefined ? "\n" : `\t; ${comment}\n`;
    // A batch number in a word of its own is not an instruction.
    if (opcodeOf(word) === Op51.SETLIST && operandC(word) === 0) pc++;
  }
  return text;
}

/** The operands that the opcode uses; constants count down from −1. */
function operands(word: number): LuaString {
  const op = opcodeOf(word);
  const row = OPCODES_51[op];
  let shown = `${operandA(word)}`;
  switch (row.layout) {
    case "ABC":
      if (row.b !== Operand.None) shown += ` ${registerOrConstant(operandB(word))}`;
      if (row.c !== Operand.None) shown += ` ${registerOrConstant(operandC(word))}`;
      return shown;
    case "ABx":
      return `${shown} ${row.b === Operand.Constant ? -1 - operandBx(word) : operandBx(word)}`;
    case "AsBx":
      return op === Op51.JMP ? `${operandSBx(word)}` : `${shown} ${operandSBx(word)}`;
  }
}

/** The bit that marks constants is heeded even in operands that are never constants. */
function registerOrConstant(operand: number): number {
  return isConstant(operand) ? -1 - constantIndex(operand) : operand;
}

function isConstant(operand: number): boolean {
  return (operand & RK_CONSTANT) !== 0;
}

function constantIndex(operand: number): number {
  return operand & ~RK_CONSTANT;
}

/** The comment after an instruction. */
function describe(listing: Listing, proto: Proto, pc: number): LuaString | undefined {
  const word = proto.code[pc];
  const c = operandC(word);
  switch (opcodeOf(word)) {
    case Op51.LOADK:
      return constant(listing, proto.constants[operandBx(word)]);
    case Op51.GETUPVAL:
    case Op51.SETUPVAL:
      return nameOrNone(proto.upvalueNames[operandB(word)]);
    case Op51.GETGLOBAL:
    case Op51.SETGLOBAL:
      return untilNul(String(proto.constants[operandBx(word)]));
    case Op51.GETTABLE:
    case Op51.SELF:
      return isConstant(c) ? operandConstant(listing, proto, c) : undefined;
    case Op51.SETTABLE:
    case Op51.ADD:
    case Op51.SUB:
    case Op51.MUL:
    case Op51.DIV:
    case Op51.POW:
    case Op51.EQ:
    case Op51.LT:
    case Op51.LE:
      return constantPair(listing, proto, operandB(word), c);
    case Op51.JMP:
    case Op51.FORLOOP:
    case Op51.FORPREP:
      return `to ${operandSBx(word) + pc + 2}`;
    case Op51.CLOSURE:
      return addressOf(listing, proto.protos[operandBx(word)]);
    case Op51.SETLIST:
      return String(c === 0 ? proto.code[pc + 1] : c);
    default:
      return undefined;
  }
}

/** Both operands, if at least one is a constant. */
function constantPair(listing: Listing, proto: Proto, b: number, c: number): LuaString | undefined {
  if (!isConstant(b) && !isConstant(c)) return undefined;
  return `${operandConstant(listing, proto, b)} ${operandConstant(listing, proto, c)}`;
}

function operandConstant(listing: Listing, proto: Proto, operand: number): LuaString {
  return isConstant(operand) ? constant(listing, proto.constants[constantIndex(operand)]) : "-";
}

function constant({ numbers }: Listing, value: Constant): LuaString {
  if (typeof value === "string") return quote(value);
  if (value === null) return "nil";
  return typeof value === "boolean" ? String(value) : numbers.format(value);
}

/** In double quotes; what is not printable ASCII as an escape. */
function quote(text: LuaString): LuaString {
  return `"${text.replace(/[^ !#-[\]-~]/g, escapeUnit)}"`;
}

function escapeUnit(unit: LuaString): LuaString {
  return ESCAPES.get(unit) ?? `\\${String(unit.charCodeAt(0)).padStart(3, "0")}`;
}

function nameOrNone(name: LuaString | null | undefined): LuaString {
  return name === null || name === undefined ? NO_NAME : untilNul(name);
}

/** What the full listing adds. */
function listDetails(listing: Listing, proto: Proto, address: LuaString): LuaString {
  const { constants, locals, upvalueNames } = proto;
  let text = `constants (${constants.length}) for ${address}:\n`;
  constants.forEach((value, i) => {
    text += `\t${i + 1}\t${constant(listing, value)}\n`;
  });
  text += `locals (${locals.length}) for ${address}:\n`;
  locals.forEach(({ name, startPc, endPc }, i) => {
    // Written so that the largest pc wraps around as a C int does.
    text += `\t${i}\t${nameOrNone(name)}\t${(startPc + 1) | 0}\t${(endPc + 1) | 0}\n`;
  });
  text += `upvalues (${upvalueNames.length}) for ${address}:\n`;
  upvalueNames.forEach((name, i) => {
    text += `\t${i}\t${nameOrNone(name)}\n`;
  });
  return text;
}
