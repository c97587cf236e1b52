/**
 * The opcodes that the Lua 5.1 engine runs: the compiler's under their own numbers, and special forms
 * of some of them, which `prepare51.ts` puts in their place. Names say what is special: K is a
 * constant that is a string (in tables) or a number (in arithmetic and comparisons).
 */
export enum Run51 {
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

  /** GETTABLE with a string constant. */
  GETFIELD,
  /** SETTABLE with a string constant. */
  SETFIELD,
  /** The jump behind TFORLOOP, with its A: goes back unless the first variable is nil. */
  TFORTEST,
}
