/**
 * What a board shows of errors that no program has caught, and what it does then: the firmware tells
 * them apart by where they come from. Source: the NodeMCU manual, "node.setonerror"; the firmwares'
 * main programs, observed.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { BoardFacts } from "../target/board-facts.ts";
import type { Machine } from "../vm/machine.ts";
import { LuaFunction } from "../vm/state.ts";
import { TString, type Value } from "../vm/values.ts";
import type { EventLoop } from "./event-loop.ts";
import { KeptValue } from "./kept-value.ts";
import type { RestartReason } from "./module.ts";
import type { SerialPort } from "./serial.ts";

/** Between the message of an error that nobody deals with and the restart, in microseconds. */
const RESTART_DELAY = 2_000_000;

/** What is needed of the board. */
export interface ReportingBoard {
  readonly state: Machine;
  readonly facts: BoardFacts;
  readonly loop: EventLoop;
  readonly serial: SerialPort;
  /** Is told of each error. */
  readonly onFailure: ((message: LuaString) => void) | undefined;
  restart(reason: RestartReason): never;
}

/** For one start of the board: the words of a generation, each after its occasion. */
export class ErrorReports {
  private readonly board: ReportingBoard;
  /** The program's own function that is told of errors in callbacks. */
  private readonly listener: KeptValue;
  private restartsSoon = false;

  constructor(board: ReportingBoard) {
    this.board = board;
    this.listener = new KeptValue(board.state);
  }

  /** Who is told of errors in callbacks; nil for nobody. */
  listen(listener: Value): void {
    this.listener.set(listener);
  }

  /** Why the program did not come to its end. */
  ofStart(value: Value): void {
    this.board.onFailure?.(textOf(value));
    const { prefix, isPrinted } = this.board.facts.startFailure;
    if (isPrinted) this.print([value]);
    else this.board.serial.send(`${prefix}${textOf(value)}\n`);
  }

  /** Of a line on the console. */
  ofConsole(value: Value): void {
    const { state, facts, serial } = this.board;
    if (value === undefined) return;
    if (facts.consoleFailure === undefined) serial.send(`${textOf(value)}\n`);
    else this.print([state.intern(facts.consoleFailure), value]);
  }

  /** Of a callback: tells the program's own function, or prints it and restarts soon. */
  ofCallback(value: Value): void {
    const { state, loop, onFailure } = this.board;
    const listener = this.listener.get();
    if (listener instanceof LuaFunction) {
      state.callback(listener, [value]);
      return;
    }
    onFailure?.(textOf(value));
    this.print([value]);
    if (this.restartsSoon) return;
    this.restartsSoon = true;
    loop.after(RESTART_DELAY, () => this.board.restart("error"));
  }

  /** Where the firmware expects none. */
  panic(value: Value): never {
    const text = textOf(value);
    this.board.onFailure?.(text);
    this.board.serial.send(`PANIC: unprotected error in call to Lua API (${text})\n`);
    return this.board.restart("error");
  }

  /** Prints values as programs do, by the global function. */
  print(values: readonly Value[]): void {
    const { state, serial } = this.board;
    const print = state.engine.index(state.mainThread, state.globals, state.intern("print"));
    const result = state.callback(print, values);
    if (result.ok) return;
    serial.send(`error calling 'print' (${textOf(result.error.value)})\n`);
  }
}

function textOf(value: Value): LuaString {
  return value instanceof TString ? value.text : "(error object is not a string)";
}
