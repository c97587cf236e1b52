/**
 * How a firmware module of a simulated board is written: a function that is given the board as
 * modules see it, and makes a library of it. It is called at every start of the board, so what it
 * keeps in variables is gone after a restart, as it is on a device.
 *
 * ```ts
 * const led: BoardModule = {
 *   name: "led",
 *   open: ({ loop, run }) => ({
 *     name: "led",
 *     functions: {
 *       blink(call) {
 *         const callback = call.callable(1);
 *         loop.after(1_000_000, () => run(callback, []));
 *         return call.giveNothing();
 *       },
 *     },
 *   }),
 * };
 * ```
 *
 * Callbacks are never called while Lua runs: a module sets a timer or posts a task, and that calls
 * `run`. Source: the NodeMCU manual, "Programming the NodeMCU", event loop.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Library } from "../vm/library.ts";
import type { MachineState } from "../vm/state.ts";
import type { Value } from "../vm/values.ts";
import type { EventLoop } from "./event-loop.ts";
import type { BoardFiles } from "./files.ts";
import type { Pins } from "./pins.ts";
import type { SerialPort } from "./serial.ts";

/** Why a board starts anew, as `node.bootreason` tells it. */
export type RestartReason = "power on" | "restart" | "watchdog" | "deep sleep" | "error";

/** The board as its modules see it, from one start to the next. */
export interface ModuleContext {
  readonly state: MachineState;
  readonly loop: EventLoop;
  readonly files: BoardFiles;
  readonly pins: Pins;
  readonly serial: SerialPort;
  /** Microseconds since the power came on. Asking takes time, so that loops that wait come to an end. */
  now(): number;
  /**
   * Calls a callback. An error in it goes to the function of `node.setonerror`, or is printed, after
   * which the board restarts.
   */
  run(callback: Value, args: readonly Value[]): void;
  /** Restarts the board; does not return. */
  restart(reason: RestartReason): never;
}

export interface BoardModule {
  /** Its global. */
  readonly name: LuaString;
  open(context: ModuleContext): Library;
}
