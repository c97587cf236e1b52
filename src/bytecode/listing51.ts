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
import { opcodeOf, operandA, operandB, operandBx, operandC, operandSBx } from "./instruction.ts";
import { decodeLines } from "./line-info51.ts";
import {
  addressOf,
  constantNumber,
  constantPair,
  constantText,
  counted,
  isConstant,
  type Listing,
  type ListingOptions,
  listConstants,
  listHeader,
  listInstruction,
  listLocals,
  nameOrNone,
  operandConstant,
  registerOrConstant,
} from "./listing-text.ts";
import { Operand } from "./opcode-row.ts";
import { OPCODES_51, Op51 } from "./opcodes51.ts";
import type { Proto } from "./proto.ts";

/**
 * The listing of a function and those within it.
 *
 * @param proto one that {@link verifyProto51} accepts, names and line info aside
 */
export function list51(proto: Proto, options: ListingOptions): LuaString {
  return listFunction({ ...options, addresses: new Map() }, proto);
}

function listFunction(listing: Listing, proto: Proto): LuaString {
  const address = addressOf(listing, proto);
  const { length } = proto.code;
  const size = `${counted(length, "instruction")}, ${length * 4} bytes`;
  let text = listHeader(proto, address, size) + listCode(listing, proto);
  if (listing.full) text += listDetails(listing, proto, address);
  for (const nested of proto.protos) text += listFunction(listing, nested);
  return text;
}

function listCode(listing: Listing, proto: Proto): LuaString {
  const { code } = proto;
  const lines = decodeLines(proto.lineInfo, code.length);
  let text = "";
  for (let pc = 0; pc < code.length; pc++) {
    const word = code[pc];
    const { name } = OPCODES_51[opcodeOf(word)];
    text += listInstruction(pc, lines[pc], name, operands(word), describe(listing, proto, pc));
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
      return `${shown} ${row.b === Operand.Constant ? constantNumber(operandBx(word)) : operandBx(word)}`;
    case "AsBx":
      return op === Op51.JMP ? `${operandSBx(word)}` : `${shown} ${operandSBx(word)}`;
  }
}

/** The comment after an instruction. */
function describe(listing: Listing, proto: Proto, pc: number): LuaString | undefined {
  const word = proto.code[pc];
  const c = operandC(word);
  switch (opcodeOf(word)) {
    case Op51.LOADK:
      return constantText(listing, proto.constants[operandBx(word)]);
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

/** What the full listing adds. */
function listDetails(listing: Listing, proto: Proto, address: LuaString): LuaString {
  const { locals, upvalueNames } = proto;
  const names = upvalueNames.map((name, i) => `\t${i}\t${nameOrNone(name)}\n`);
  return (
    listConstants(listing, proto, address) +
    listLocals(locals, address) +
    `upvalues (${upvalueNames.length}) for ${address}:\n${names.join("")}`
  );
}
