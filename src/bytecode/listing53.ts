/**
 * The listing of Lua 5.3 bytecode, as `luac -l` prints it. Source: lua53.md §7 (as in Lua 5.3.6).
 *
 *     listing  = function*                     outer functions before those within them
 *     function = LF header instruction* [ constants locals upvalues ]
 *     header   = two lines: source, lines and size; counts
 *
 * The bracketed blocks belong to the full listing (`-l -l`).
 */
import type { LuaString } from "../base/lua-string.ts";
import {
  opcodeOf,
  operandA,
  operandAx,
  operandB,
  operandBx,
  operandC,
  operandSBx,
} from "./instruction.ts";
import { decodeLines53 } from "./line-info53.ts";
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
import { OPCODES_53, Op53 } from "./opcodes53.ts";
import type { Proto } from "./proto.ts";

/**
 * The listing of a function and those within it.
 *
 * @param proto one that {@link verifyProto53} accepts, names and line info aside
 */
export function list53(proto: Proto, options: ListingOptions): LuaString {
  return listFunction({ ...options, addresses: new Map() }, proto);
}

function listFunction(listing: Listing, proto: Proto): LuaString {
  const address = addressOf(listing, proto);
  const size = counted(proto.code.length, "instruction");
  let text = listHeader(proto, address, size) + listCode(listing, proto);
  if (listing.full) text += listDetails(listing, proto, address);
  for (const nested of proto.protos) text += listFunction(listing, nested);
  return text;
}

function listCode(listing: Listing, proto: Proto): LuaString {
  const { code } = proto;
  const lines = decodeLines53(proto.lineInfo, code.length);
  let text = "";
  for (let pc = 0; pc < code.length; pc++) {
    const word = code[pc];
    const { name } = OPCODES_53[opcodeOf(word)];
    text += listInstruction(pc, lines[pc], name, operands(word), describe(listing, proto, pc));
    // The word with a batch number is shown with the SETLIST and not by itself.
    if (opcodeOf(word) === Op53.SETLIST && operandC(word) === 0) pc++;
  }
  return text;
}

/** The operands that the opcode uses. */
function operands(word: number): LuaString {
  const row = OPCODES_53[opcodeOf(word)];
  let shown = `${operandA(word)}`;
  switch (row.layout) {
    case "ABC":
      if (row.b !== Operand.None) shown += ` ${registerOrConstant(operandB(word))}`;
      if (row.c !== Operand.None) shown += ` ${registerOrConstant(operandC(word))}`;
      return shown;
    case "ABx":
      if (row.b === Operand.None) return shown;
      return `${shown} ${row.b === Operand.Constant ? constantNumber(operandBx(word)) : operandBx(word)}`;
    case "AsBx":
      return `${shown} ${operandSBx(word)}`;
    case "Ax":
      return `${constantNumber(operandAx(word))}`;
  }
}

/** The comment after an instruction. */
function describe(listing: Listing, proto: Proto, pc: number): LuaString | undefined {
  const { code, constants, protos, upvalueNames } = proto;
  const word = code[pc];
  const b = operandB(word);
  const c = operandC(word);
  switch (opcodeOf(word)) {
    case Op53.LOADK:
      return constantText(listing, constants[operandBx(word)]);
    case Op53.EXTRAARG:
      return constantText(listing, constants[operandAx(word)]);
    case Op53.GETUPVAL:
    case Op53.SETUPVAL:
      return nameOrNone(upvalueNames[b]);
    case Op53.GETTABUP:
      return nameOrNone(upvalueNames[b]) + constantsAfter(listing, proto, c);
    case Op53.SETTABUP:
      return nameOrNone(upvalueNames[operandA(word)]) + constantsAfter(listing, proto, b, c);
    case Op53.GETTABLE:
    case Op53.SELF:
      return isConstant(c) ? operandConstant(listing, proto, c) : undefined;
    case Op53.SETTABLE:
    case Op53.ADD:
    case Op53.SUB:
    case Op53.MUL:
    case Op53.MOD:
    case Op53.POW:
    case Op53.DIV:
    case Op53.IDIV:
    case Op53.BAND:
    case Op53.BOR:
    case Op53.BXOR:
    case Op53.SHL:
    case Op53.SHR:
    case Op53.EQ:
    case Op53.LT:
    case Op53.LE:
      return constantPair(listing, proto, b, c);
    case Op53.JMP:
    case Op53.FORLOOP:
    case Op53.FORPREP:
    case Op53.TFORLOOP:
      return `to ${operandSBx(word) + pc + 2}`;
    case Op53.CLOSURE:
      return addressOf(listing, protos[operandBx(word)]);
    case Op53.SETLIST:
      return String(c === 0 ? code[pc + 1] : c);
    default:
      return undefined;
  }
}

/** The constants among operands, each after a blank. */
function constantsAfter(listing: Listing, proto: Proto, ...shown: number[]): LuaString {
  return shown
    .filter(isConstant)
    .map((operand) => ` ${operandConstant(listing, proto, operand)}`)
    .join("");
}

/** What the full listing adds. */
function listDetails(listing: Listing, proto: Proto, address: LuaString): LuaString {
  const { locals, upvalueSources, upvalueNames } = proto;
  const rows = upvalueSources.map(({ inStack, index, inStackByte = Number(inStack) }, i) => {
    return `\t${i}\t${nameOrNone(upvalueNames[i])}\t${inStackByte}\t${index}\n`;
  });
  return (
    listConstants(listing, proto, address) +
    listLocals(locals, address) +
    `upvalues (${upvalueSources.length}) for ${address}:\n${rows.join("")}`
  );
}
