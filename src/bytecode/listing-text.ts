/**
 * The words that the listings of both Lua versions are made of: how functions, names, constants and
 * operands are shown. Source: lua51.md §7, lua53.md §7.
 */
import { type LuaString, untilNul } from "../base/lua-string.ts";
import type { Constant, NumberModel } from "../base/number-model.ts";
import { listingName } from "./chunk-name.ts";
import { RK_CONSTANT } from "./instruction.ts";
import type { LocalVariable, Proto } from "./proto.ts";

export interface ListingOptions {
  /** List constants, locals and upvalues too. */
  readonly full: boolean;
  /** How number constants are printed. */
  readonly numbers: NumberModel;
}

/** A listing in the making. */
export interface Listing extends ListingOptions {
  /** The reference names functions by their address in its memory; here they get made-up ones. */
  readonly addresses: Map<Proto, LuaString>;
}

/** Made-up addresses begin here and grow by {@link ADDRESS_STEP}. */
const FIRST_ADDRESS = 0x10000;
const ADDRESS_STEP = 0x80;

/** Shown where a chunk carries no name. */
const NO_NAME = "-";

/** The width of the column of opcode names. */
const NAME_WIDTH = 9;

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

/** A function's address, given out in the order in which the listing first names the functions. */
export function addressOf({ addresses }: Listing, proto: Proto): LuaString {
  const known = addresses.get(proto);
  if (known !== undefined) return known;
  const address = `0x${(FIRST_ADDRESS + addresses.size * ADDRESS_STEP).toString(16)}`;
  addresses.set(proto, address);
  return address;
}

/**
 * The two lines before a function's instructions.
 *
 * @param size the number of instructions, and what else is said of it, in words
 */
export function listHeader(proto: Proto, address: LuaString, size: string): LuaString {
  const { lineDefined, parameterCount } = proto;
  const kind = lineDefined === 0 ? "main" : "function";
  const lines = `${lineDefined},${proto.lastLineDefined}`;
  const vararg = proto.varargFlags === 0 ? "" : "+";
  const counts = [
    `${parameterCount}${vararg} param${parameterCount === 1 ? "" : "s"}`,
    counted(proto.maxStackSize, "slot"),
    counted(proto.upvalueCount, "upvalue"),
    counted(proto.locals.length, "local"),
    counted(proto.constants.length, "constant"),
    counted(proto.protos.length, "function"),
  ];
  const first = `${kind} <${listingName(proto.source)}:${lines}> (${size} at ${address})`;
  return `\n${first}\n${counts.join(", ")}\n`;
}

/** `1 slot`, `2 slots`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * The line of one instruction.
 *
 * @param line its source line; shown as a dash when it is below 1
 */
export function listInstruction(
  pc: number,
  line: number,
  name: string,
  operands: string,
  comment: LuaString | undefined,
): LuaString {
  const shownLine = line > 0 ? line : NO_NAME;
  const text = `\t${pc + 1}\t[${shownLine}]\t${name.padEnd(NAME_WIDTH)}\t${operands}`;
  return comment === undefined ? `${text}\n` : `${text}\t; ${comment}\n`;
}

/** A B or C operand. The bit that marks constants is heeded even where there are never any. */
export function registerOrConstant(operand: number): number {
  return isConstant(operand) ? constantNumber(constantIndex(operand)) : operand;
}

/** How constants are numbered among operands: they count down from −1. */
export function constantNumber(index: number): number {
  return -1 - index;
}

export function isConstant(operand: number): boolean {
  return (operand & RK_CONSTANT) !== 0;
}

function constantIndex(operand: number): number {
  return operand & ~RK_CONSTANT;
}

/** Both operands, if at least one is a constant; a register is shown as a dash. */
export function constantPair(
  listing: Listing,
  proto: Proto,
  b: number,
  c: number,
): LuaString | undefined {
  if (!isConstant(b) && !isConstant(c)) return undefined;
  return `${operandConstant(listing, proto, b)} ${operandConstant(listing, proto, c)}`;
}

/** The constant that an operand names, or a dash. */
export function operandConstant(listing: Listing, proto: Proto, operand: number): LuaString {
  return isConstant(operand)
    ? constantText(listing, proto.constants[constantIndex(operand)])
    : NO_NAME;
}

export function constantText({ numbers }: ListingOptions, value: Constant): LuaString {
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

/** As C's `%s` prints it, or a dash. */
export function nameOrNone(name: LuaString | null | undefined): LuaString {
  return name === null || name === undefined ? NO_NAME : untilNul(name);
}

/** Constants, as the full listing has them; they count from 1. */
export function listConstants(listing: Listing, { constants }: Proto, address: string): LuaString {
  const rows = constants.map((value, i) => `\t${i + 1}\t${constantText(listing, value)}\n`);
  return `constants (${constants.length}) for ${address}:\n${rows.join("")}`;
}

/** Local variables, as the full listing has them. */
export function listLocals(locals: readonly LocalVariable[], address: string): LuaString {
  // Written so that the largest pc wraps around as a C int does.
  const rows = locals.map(({ name, startPc, endPc }, i) => {
    return `\t${i}\t${nameOrNone(name)}\t${(startPc + 1) | 0}\t${(endPc + 1) | 0}\n`;
  });
  return `locals (${locals.length}) for ${address}:\n${rows.join("")}`;
}
