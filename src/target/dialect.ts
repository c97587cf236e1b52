/**
 * A dialect is the language one Lua version's compiler accepts: named features, limits and words
 * that lexer and parser read. No code is here but what puts words together. Source: lua51.md
 * §2.2–2.5, lua53.md §2.
 */
import type { ChunkIdRoom } from "../bytecode/chunk-id.ts";

/** What the scanner reads differently. */
export interface LexicalFeatures {
  /**
   * A numeral takes all letters and digits behind it, so that `3x` is malformed. Otherwise it ends
   * where a numeral must: `3x` is 3 and x.
   */
  readonly greedyNumerals: boolean;
  /** A NUL byte passes where one of several characters is asked for, such as a sign. */
  readonly nulMatchesAny: boolean;
  /** `\x41`, `\u{41}` and `\z`; and a backslash before any other letter is refused. */
  readonly strictEscapes: boolean;
  /** `[[` inside a `[[` string is allowed. */
  readonly nestedBrackets: boolean;
}

/** What the grammar has or has not. */
export interface GrammarFeatures {
  /** `goto` and `::labels::`; `break` is then a goto and may stand anywhere in a block. */
  readonly goto: boolean;
  /** `//`, `&`, `|`, `~`, `<<` and `>>`. */
  readonly integerOperators: boolean;
  /** `;` is a statement. */
  readonly emptyStatements: boolean;
  /** A call whose `(` begins a line is refused, as it could be a new statement. */
  readonly callsOnOneLine: boolean;
  /**
   * A statement that is no call is read as an assignment. Otherwise the token behind the expression
   * decides.
   */
  readonly assignmentUnlessCall: boolean;
  /** A call belongs to the line its expression begins on, not to that of its arguments. */
  readonly callsBelongToFirstLine: boolean;
  /** Levels of nesting that a block takes, and a statement. */
  readonly blockLevels: number;
  readonly statementLevels: number;
}

/** A binary operator and how tightly it binds to its left and to its right operand. */
export type OperatorRow = readonly [operator: string, left: number, right: number];

/** The words of messages that are about the same things in all dialects. */
export interface Messages {
  /** How a token is shown that is no name, string or numeral but a class of them, or the end. */
  readonly tokenClass: (spelling: string) => string;
  /** How a character is shown that is a token. */
  readonly character: (byte: number) => string;
  readonly decimalEscapeTooLarge: string;
  readonly unfinishedLongText: (what: "string" | "comment", startLine: number) => string;
  readonly tooManyRegisters: string;
  readonly tooManyConstants: string;
  readonly tooManyProtos: string;
  readonly tooManyLocalDeclarations: string;
}

export interface Dialect {
  readonly name: "lua51" | "lua53";
  /** How users call it. */
  readonly title: string;

  readonly lexical: LexicalFeatures;
  readonly grammar: GrammarFeatures;
  readonly binaryOperators: readonly OperatorRow[];
  readonly unaryOperators: readonly string[];
  /** How tightly a unary operator binds. */
  readonly unaryPriority: number;
  readonly chunkId: ChunkIdRoom;
  /** The same where a program runs. */
  readonly chunkIdAtRun: ChunkIdRoom;
  readonly messages: Messages;

  /** The version byte of binary chunks. */
  readonly chunkVersion: number;
  /** Active local variables per function, hidden ones included. */
  readonly maxLocals: number;
  readonly maxUpvalues: number;
  /** Nesting of blocks and expressions, the compiler's own call included. */
  readonly maxLevels: number;
  /** Registers per function. */
  readonly maxRegisters: number;
  /** Constants per function. */
  readonly maxConstants: number;
  /** Nested functions per function. */
  readonly maxProtos: number;
  /** Local declarations per function, dead ones included. */
  readonly maxLocalDeclarations: number;
}

export const LUA51: Dialect = {
  name: "lua51",
  title: "Lua 5.1",
  lexical: {
    greedyNumerals: true,
    nulMatchesAny: true,
    strictEscapes: false,
    nestedBrackets: false,
  },
  grammar: {
    goto: false,
    integerOperators: false,
    emptyStatements: false,
    callsOnOneLine: true,
    assignmentUnlessCall: true,
    callsBelongToFirstLine: false,
    blockLevels: 1,
    statementLevels: 0,
  },
  // biome-ignore format: one row per level reads best
  binaryOperators: [
    ["or", 1, 1],
    ["and", 2, 2],
    ["<", 3, 3], [">", 3, 3], ["<=", 3, 3], [">=", 3, 3], ["~=", 3, 3], ["==", 3, 3],
    ["..", 5, 4],
    ["+", 6, 6], ["-", 6, 6],
    ["*", 7, 7], ["/", 7, 7], ["%", 7, 7],
    ["^", 10, 9],
  ],
  unaryOperators: ["not", "-", "#"],
  unaryPriority: 8,
  chunkId: { size: 80, file: 72, fileEnd: 72, text: 63, textStart: 63, lineEnds: "\n\r" },
  chunkIdAtRun: { size: 60, file: 52, fileEnd: 52, text: 43, textStart: 43, lineEnds: "\n\r" },
  messages: {
    tokenClass: (spelling) => `'${spelling}'`,
    character: (byte) => (byte < 32 || byte === 127 ? `char(${byte})` : String.fromCharCode(byte)),
    decimalEscapeTooLarge: "escape sequence too large",
    unfinishedLongText: (what) => `unfinished long ${what}`,
    tooManyRegisters: "function or expression too complex",
    tooManyConstants: "constant table overflow",
    tooManyProtos: "constant table overflow",
    tooManyLocalDeclarations: "too many local variables",
  },
  chunkVersion: 0x51,
  maxLocals: 50,
  maxUpvalues: 60,
  maxLevels: 200,
  maxRegisters: 250,
  maxConstants: 262_143,
  maxProtos: 262_143,
  maxLocalDeclarations: 32_767,
};

export const LUA53: Dialect = {
  name: "lua53",
  title: "Lua 5.3",
  lexical: {
    greedyNumerals: false,
    nulMatchesAny: false,
    strictEscapes: true,
    nestedBrackets: true,
  },
  grammar: {
    goto: true,
    integerOperators: true,
    emptyStatements: true,
    callsOnOneLine: false,
    assignmentUnlessCall: false,
    callsBelongToFirstLine: true,
    blockLevels: 0,
    statementLevels: 1,
  },
  // biome-ignore format: one row per level reads best
  binaryOperators: [
    ["or", 1, 1],
    ["and", 2, 2],
    ["<", 3, 3], [">", 3, 3], ["<=", 3, 3], [">=", 3, 3], ["~=", 3, 3], ["==", 3, 3],
    ["|", 4, 4],
    ["~", 5, 5],
    ["&", 6, 6],
    ["<<", 7, 7], [">>", 7, 7],
    ["..", 9, 8],
    ["+", 10, 10], ["-", 10, 10],
    ["*", 11, 11], ["/", 11, 11], ["//", 11, 11], ["%", 11, 11],
    ["^", 14, 13],
  ],
  unaryOperators: ["not", "-", "~", "#"],
  unaryPriority: 12,
  chunkId: { size: 60, file: 59, fileEnd: 56, text: 44, textStart: 45, lineEnds: "\n" },
  chunkIdAtRun: { size: 60, file: 59, fileEnd: 56, text: 44, textStart: 45, lineEnds: "\n" },
  messages: {
    tokenClass: (spelling) => spelling,
    character: (byte) => (byte < 32 || byte > 126 ? `<\\${byte}>` : String.fromCharCode(byte)),
    decimalEscapeTooLarge: "decimal escape too large",
    unfinishedLongText: (what, line) => `unfinished long ${what} (starting at line ${line})`,
    tooManyRegisters: "function or expression needs too many registers",
    tooManyConstants: "too many constants (limit is 67108863)",
    tooManyProtos: "too many functions (limit is 262143)",
    tooManyLocalDeclarations: "too many local variables (limit is 32767)",
  },
  chunkVersion: 0x53,
  maxLocals: 200,
  maxUpvalues: 255,
  maxLevels: 200,
  maxRegisters: 255,
  maxConstants: 67_108_863,
  maxProtos: 262_143,
  maxLocalDeclarations: 32_767,
};
