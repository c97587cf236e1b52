/**
 * Builds Lua 5.1 binary chunks by hand, right or wrong in any field, for tests of what reads them.
 * It shares no code with the product. Source: lua51.md §5, and §3 for instructions.
 *
 *     chunk    = header function
 *     header   = ESC "Lua" 51 00 endian(1) 04 04 04 numbersize(1) integral(1)
 *     function = source line line upvalues(1) params(1) vararg(1) stack(1)
 *                count align4 code{4}  count constant*  count function*
 *                count align4 lineinfo{1}  count (name start end)*  count name*
 *     name     = size(4) [bytes 00]                        size 0 when absent
 *     constant = 00 | 01 flag | tag number | tag string
 */
import type { LuaString } from "../../src/base/lua-string.ts";

/** What varies between writers of chunks. */
export interface ChunkForm {
  readonly integral: boolean;
  /** Bytes of one number; a float is always a double. */
  readonly numberSize: number;
  readonly numberTag: number;
  readonly stringTag: number;
  readonly bigEndian: boolean;
}

export const FLOAT_30: ChunkForm = {
  integral: false,
  numberSize: 8,
  numberTag: 3,
  stringTag: 4,
  bigEndian: false,
};
export const INT_30: ChunkForm = { ...FLOAT_30, integral: true, numberSize: 4 };
export const FLOAT_22: ChunkForm = { ...FLOAT_30, numberTag: 5, stringTag: 6 };
export const INT_22: ChunkForm = { ...INT_30, numberTag: 5, stringTag: 6 };

/** A constant written byte by byte. */
export interface RawConstant {
  readonly raw: LuaString;
}

export type ConstantShape = null | boolean | number | bigint | LuaString | RawConstant;

/** A function; what is left out is as in an empty main chunk `=x`, except that lines are absent. */
export interface FunctionShape {
  /** null: absent. */
  readonly source?: LuaString | null;
  readonly lineDefined?: number;
  readonly lastLineDefined?: number;
  readonly upvalues?: number;
  readonly parameters?: number;
  readonly vararg?: number;
  readonly stack?: number;
  /** Instructions as text (see {@link assemble}) or as raw words. */
  readonly code?: readonly (string | number)[];
  readonly constants?: readonly ConstantShape[];
  readonly functions?: readonly FunctionShape[];
  readonly lineInfo?: readonly number[];
  readonly locals?: readonly (readonly [LuaString | null, number, number])[];
  readonly upvalueNames?: readonly (LuaString | null)[];
  /** Counts to write instead of the true ones. */
  readonly counts?: Partial<Record<CountName, number>>;
}

export type CountName = "code" | "constants" | "functions" | "lineInfo" | "locals" | "upvalueNames";

const HEADER_SIZE = 12;

/** A whole chunk. */
export function chunk(main: FunctionShape, form: ChunkForm = FLOAT_30): LuaString {
  return header(form) + new ChunkText(form).function(main).text;
}

/** The header of a form, with some of its bytes replaced. */
export function header(form: ChunkForm, changes: Readonly<Record<number, number>> = {}): LuaString {
  const endian = form.bigEndian ? 0 : 1;
  const bytes = [0x1b, 0x4c, 0x75, 0x61, 0x51, 0, endian, 4, 4, 4];
  bytes.push(form.numberSize, form.integral ? 1 : 0);
  for (const [at, byte] of Object.entries(changes)) bytes[Number(at)] = byte;
  return String.fromCharCode(...bytes);
}

/** The chunk without its header. */
export function body(main: FunctionShape, form: ChunkForm = FLOAT_30): LuaString {
  return chunk(main, form).slice(HEADER_SIZE);
}

class ChunkText {
  text: LuaString = "";
  private readonly form: ChunkForm;

  constructor(form: ChunkForm) {
    this.form = form;
  }

  function(shape: FunctionShape): this {
    const { counts = {}, code = ["RETURN 0 1"], lineInfo = [] } = shape;
    this.string(shape.source === undefined ? "=x" : shape.source);
    this.int(shape.lineDefined ?? 0).int(shape.lastLineDefined ?? 0);
    this.bytes(shape.upvalues ?? 0, shape.parameters ?? 0, shape.vararg ?? 2, shape.stack ?? 2);
    this.int(counts.code ?? code.length).align();
    for (const word of code) this.int(typeof word === "number" ? word : assemble(word));
    this.list(shape.constants ?? [], counts.constants, (constant) => this.constant(constant));
    this.list(shape.functions ?? [], counts.functions, (nested) => this.function(nested));
    this.int(counts.lineInfo ?? lineInfo.length).align();
    this.bytes(...lineInfo);
    this.list(shape.locals ?? [], counts.locals, ([name, start, end]) =>
      this.string(name).int(start).int(end),
    );
    this.list(shape.upvalueNames ?? [], counts.upvalueNames, (name) => this.string(name));
    return this;
  }

  private list<T>(items: readonly T[], count: number | undefined, write: (item: T) => void): void {
    this.int(count ?? items.length);
    for (const item of items) write(item);
  }

  private constant(value: ConstantShape): void {
    if (value === null) this.bytes(0);
    else if (typeof value === "boolean") this.bytes(1, value ? 1 : 0);
    else if (typeof value === "string") this.bytes(this.form.stringTag).string(value);
    else if (typeof value === "object") this.text += value.raw;
    else this.bytes(this.form.numberTag).number(value);
  }

  private number(value: number | bigint): void {
    const view = new DataView(new ArrayBuffer(8));
    const { integral, numberSize } = this.form;
    if (integral) view.setBigInt64(0, BigInt(value), true);
    else view.setFloat64(0, Number(value), true);
    this.ordered(Array.from({ length: numberSize }, (_, i) => view.getUint8(i)));
  }

  private string(value: LuaString | null): this {
    this.int(value === null ? 0 : value.length + 1);
    if (value !== null) this.text += `${value}\0`;
    return this;
  }

  private int(value: number): this {
    this.ordered([value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255]);
    return this;
  }

  private ordered(littleEndian: readonly number[]): void {
    this.bytes(...(this.form.bigEndian ? littleEndian.toReversed() : littleEndian));
  }

  private bytes(...values: number[]): this {
    this.text += String.fromCharCode(...values);
    return this;
  }

  /** The header is a multiple of 4, so the offset in the body will do. */
  private align(): void {
    while (this.text.length % 4 !== 0) this.bytes(0);
  }
}

// biome-ignore format: the opcodes in the order of their numbers
const OPCODES = [
  "MOVE", "LOADK", "LOADBOOL", "LOADNIL", "GETUPVAL", "GETGLOBAL", "GETTABLE", "SETGLOBAL",
  "SETUPVAL", "SETTABLE", "NEWTABLE", "SELF", "ADD", "SUB", "MUL", "DIV", "MOD", "POW", "UNM",
  "NOT", "LEN", "CONCAT", "JMP", "EQ", "LT", "LE", "TEST", "TESTSET", "CALL", "TAILCALL",
  "RETURN", "FORLOOP", "FORPREP", "TFORLOOP", "SETLIST", "CLOSE", "CLOSURE", "VARARG",
];

const MAX_SBX = 131071;

/**
 * One instruction from text such as `ADD 0 1 k2`: name, then A B C, A Bx or A sBx; operands left
 * out are 0, and `kN` in B or C is constant N. JMP too is written with its A.
 */
export function assemble(text: string): number {
  const [name, ...operands] = text.split(" ");
  const op = OPCODES.indexOf(name);
  if (op < 0) throw new Error(`no opcode ${name}`);
  const [a = 0, b = 0, c = 0] = operands.map(operand);
  if (["JMP", "FORLOOP", "FORPREP"].includes(name)) return op | (a << 6) | ((b + MAX_SBX) << 14);
  if (["LOADK", "GETGLOBAL", "SETGLOBAL", "CLOSURE"].includes(name)) {
    return op | (a << 6) | (b << 14);
  }
  return op | (a << 6) | (c << 14) | (b << 23);
}

function operand(text: string): number {
  return text.startsWith("k") ? 256 + Number(text.slice(1)) : Number(text);
}

/** `text` with the unit at `at` replaced. */
export function withByte(text: LuaString, at: number, byte: number): LuaString {
  return text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
}
