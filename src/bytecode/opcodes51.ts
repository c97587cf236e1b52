/**
 * The opcodes of Lua 5.1, and one table row for each. Everything else that depends on opcodes
 * (listing, code checker) is derived from the rows. Source: lua51.md §3, §7.
 */
import {
  type Layout51,
  type OpcodeFacts,
  type OpcodeRow,
  Operand,
  opcodeFacts as row,
} from "./opcode-row.ts";

export enum Op51 {
  MOVE,
  LOADK,
  LOADBOOL,
  LOADNIL,
  GETUPVAL,
  GETGLOBAL,
  GETTABLE,
  SETGLOBAL,
  SETUPVAL,
  SETTABLE,
  NEWTABLE,
  SELF,
  ADD,
  SUB,
  MUL,
  DIV,
  MOD,
  POW,
  UNM,
  NOT,
  LEN,
  CONCAT,
  JMP,
  EQ,
  LT,
  LE,
  TEST,
  TESTSET,
  CALL,
  TAILCALL,
  RETURN,
  FORLOOP,
  FORPREP,
  TFORLOOP,
  SETLIST,
  CLOSE,
  CLOSURE,
  VARARG,
}

const { None, Value, Register, Constant } = Operand;

const rows: readonly OpcodeFacts<Layout51>[] = [
  /* MOVE      */ row("ABC", Register, None, true),
  /* LOADK     */ row("ABx", Constant, None, true),
  /* LOADBOOL  */ row("ABC", Value, Value, true),
  /* LOADNIL   */ row("ABC", Register, None, true),
  /* GETUPVAL  */ row("ABC", Value, None, true),
  /* GETGLOBAL */ row("ABx", Constant, None, true),
  /* GETTABLE  */ row("ABC", Register, Constant, true),
  /* SETGLOBAL */ row("ABx", Constant, None, false),
  /* SETUPVAL  */ row("ABC", Value, None, false),
  /* SETTABLE  */ row("ABC", Constant, Constant, false),
  /* NEWTABLE  */ row("ABC", Value, Value, true),
  /* SELF      */ row("ABC", Register, Constant, true),
  /* ADD       */ row("ABC", Constant, Constant, true),
  /* SUB       */ row("ABC", Constant, Constant, true),
  /* MUL       */ row("ABC", Constant, Constant, true),
  /* DIV       */ row("ABC", Constant, Constant, true),
  /* MOD       */ row("ABC", Constant, Constant, true),
  /* POW       */ row("ABC", Constant, Constant, true),
  /* UNM       */ row("ABC", Register, None, true),
  /* NOT       */ row("ABC", Register, None, true),
  /* LEN       */ row("ABC", Register, None, true),
  /* CONCAT    */ row("ABC", Register, Register, true),
  /* JMP       */ row("AsBx", Register, None, false),
  /* EQ        */ row("ABC", Constant, Constant, false, true),
  /* LT        */ row("ABC", Constant, Constant, false, true),
  /* LE        */ row("ABC", Constant, Constant, false, true),
  /* TEST      */ row("ABC", Register, Value, true, true),
  /* TESTSET   */ row("ABC", Register, Value, true, true),
  /* CALL      */ row("ABC", Value, Value, true),
  /* TAILCALL  */ row("ABC", Value, Value, true),
  /* RETURN    */ row("ABC", Value, None, false),
  /* FORLOOP   */ row("AsBx", Register, None, true),
  /* FORPREP   */ row("AsBx", Register, None, true),
  /* TFORLOOP  */ row("ABC", None, Value, false, true),
  /* SETLIST   */ row("ABC", Value, Value, false),
  /* CLOSE     */ row("ABC", None, None, false),
  /* CLOSURE   */ row("ABx", Value, None, true),
  /* VARARG    */ row("ABC", Value, None, true),
];

/** One row per opcode, indexed by its number. */
export const OPCODES_51: readonly OpcodeRow<Layout51>[] = rows.map((facts, op) => ({
  name: Op51[op],
  ...facts,
}));

/** SETLIST batch numbers above this stand in a word of their own. */
export const MAX_SETLIST_BATCH = 0x1ff;
