/**
 * What is thrown while Lua runs. A {@link LuaError} is Lua's own kind, which `pcall` catches; a
 * {@link Stop} ends the run whatever the program does.
 */
import type { LuaString } from "../base/lua-string.ts";
import { TString, type Value } from "./values.ts";

/**
 * A Lua error on its way to the next `pcall`. It is no `Error`: programs raise errors by the
 * million, and a JavaScript stack would be made for each.
 */
export class LuaError {
  readonly value: Value;
  /** True for errors that the device's error handlers do not get to see. */
  readonly passesHandlers: boolean;

  constructor(value: Value, passesHandlers = false) {
    this.value = value;
    this.passesHandlers = passesHandlers;
  }

  /** An error whose value is a text. */
  static of(message: LuaString): LuaError {
    return new LuaError(new TString(message));
  }

  /** What ends error handlers that use up what is kept for them. */
  static inHandler(): LuaError {
    return new LuaError(new TString("error in error handling"), true);
  }

  static outOfMemory(): LuaError {
    return new LuaError(new TString("not enough memory"), true);
  }

  /** The message when the value is a string, as it nearly always is. */
  get message(): LuaString | undefined {
    return this.value instanceof TString ? this.value.text : undefined;
  }
}

/** Why a run was ended from outside. */
export type StopReason = "steps" | "memory" | "exit";

/** The end of a run that no `pcall` catches: a limit of the embedder, or `os.exit`. */
export class Stop {
  readonly reason: StopReason;
  /** For people; for `exit`, empty. */
  readonly message: LuaString;
  /** Exit status for `exit`. */
  readonly status: number;

  constructor(reason: StopReason, message: LuaString, status = 1) {
    this.reason = reason;
    this.message = message;
    this.status = status;
  }
}
