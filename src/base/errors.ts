/**
 * Everything luacross refuses, it refuses with a {@link LuacrossError}: a stable code for
 * programs, a message for people, and the place. Messages are Lua strings (units 0–255) and,
 * where the reference compiler has one for the case, exactly its words.
 */
import type { LuaString } from "./lua-string.ts";

/** Stable names for what went wrong, for programs that react to it. */
export type ErrorCode =
  | "syntax" // the source is not Lua
  | "limit" // a limit of the Lua compiler was exceeded
  | "number" // a numeral cannot be converted, or a value does not fit the target
  | "chunk-header" // not a chunk, or one made for something else
  | "chunk-truncated" // a chunk ends too early
  | "chunk-integer" // a negative count or line
  | "chunk-constant" // a constant of unknown type
  | "chunk-code" // instructions that the code checker refuses
  | "chunk-depth" // functions nested too deeply
  | "duplicate-name" // two modules of one name, of which only one could be found
  | "image-refused" // no device would load the image
  | "unsupported" // known, but not possible with this target or version
  | "unknown-target"; // no target has that name

/** The base of all errors thrown on bad input. `message` is ready to be printed after a prefix. */
export class LuacrossError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: LuaString) {
    super(message);
    this.code = code;
    this.name = new.target.name;
  }
}

/** Where in a source a compile error was found. */
export interface SourcePlace {
  /** 1-based line, as in the message. */
  readonly line: number;
  /** Byte offset in the source just past what had been read. */
  readonly offset: number;
}

/** A source that does not compile. */
export class CompileError extends LuacrossError {
  /** The place, or undefined for the few errors the reference reports without one. */
  readonly place: SourcePlace | undefined;

  constructor(code: ErrorCode, message: LuaString, place?: SourcePlace) {
    super(code, message);
    this.place = place;
  }
}

/** A binary chunk that does not load. */
export class ChunkError extends LuacrossError {
  /** Byte offset in the chunk at which the trouble was noticed. */
  readonly offset: number;
  /** The field that was being read, such as `"code size"`. */
  readonly field: string;

  constructor(code: ErrorCode, message: LuaString, offset: number, field: string) {
    super(code, message);
    this.offset = offset;
    this.field = field;
  }
}

/** Which constant of which function cannot be written. */
export interface ConstantPlace {
  /** Line of the function, 0 for the main one. */
  readonly lineDefined: number;
  /** 0-based index in the function's constants. */
  readonly constant: number;
}

/** A prototype that cannot be written for the chosen target. */
export class EncodeError extends LuacrossError {
  /** The place, when it is a constant that does not fit. */
  readonly place: ConstantPlace | undefined;

  constructor(code: ErrorCode, message: LuaString, place?: ConstantPlace) {
    super(code, message);
    this.place = place;
  }
}
