/**
 * How a firmware module of a simulated board is written: a function that is given the board as
 * modules see it, and makes a library of it. It is called at every start of the board, so what it
 * keeps in variables is gone after a restart, as it is on a device.
 *
 * ```ts
 * const led: BoardModule = {
 *   name: "led",
 *   open: (board) => ({
 *     name: "led",
 *     functions: {
 *       blink(call) {
 *         const callback = call.callable(1);
 *         board.loop.after(1_000_000, () => board.run(callback, []));
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
import type { Proto } from "../bytecode/proto.ts";
import type { StripLevel } from "../bytecode/strip-debug.ts";
import type { LfsRegion } from "../device/device.ts";
import type { NorFlash } from "../device/flash.ts";
import type { Target } from "../target/target.ts";
import type { Library } from "../vm/library.ts";
import type { Closure, MachineState } from "../vm/state.ts";
import type { Value } from "../vm/values.ts";
import type { EventLoop } from "./event-loop.ts";
import type { BoardFiles } from "./files.ts";
import type { LoadedImage } from "./lfs-driver.ts";
import type { OpenFiles } from "./open-files.ts";
import type { Pins } from "./pins.ts";
import type { SerialPort } from "./serial.ts";

/** Why a board starts anew, as `node.bootreason` tells it. */
export type RestartReason = "power on" | "restart" | "watchdog" | "deep sleep" | "error";

/** The board as its modules see it, from one start to the next. */
export interface ModuleContext {
  readonly state: MachineState;
  readonly loop: EventLoop;
  readonly files: BoardFiles;
  /** The files that programs have open. */
  readonly openFiles: OpenFiles;
  readonly pins: Pins;
  readonly serial: SerialPort;
  /** Small texts that survive a restart, by name: in flash, or in memory that keeps them. */
  readonly kept: Map<LuaString, LuaString>;
  /** Free and used memory, in bytes. */
  memory(): MemoryState;
  /** The flash store. */
  readonly lfs: LfsAccess;
  /** The whole flash, of which the store and the partition table are parts. */
  readonly flash: NorFlash;
  /** The names of the board's modules. */
  readonly moduleNames: readonly LuaString[];
  /** What is set of the device's own compiler, until the next start. */
  readonly compiler: CompilerSettings;
  readonly target: Target;
  /** Why the board started this time. */
  readonly startReason: RestartReason;
  /** Microseconds since the board started. Asking takes time, so that loops that wait come to an end. */
  now(): number;
  /**
   * Calls a callback. An error in it goes to the function of `node.setonerror`, or is printed, after
   * which the board restarts.
   */
  run(callback: Value, args: readonly Value[]): void;
  /** Restarts the board; does not return. */
  restart(reason: RestartReason): never;
  /** Switches the board off, for a time or for good; does not return. @param microseconds not negative */
  sleep(microseconds: number | undefined): never;
  /** The bytes of a binary chunk as the device's own compiler and `string.dump` write them. @throws LuacrossError */
  encode(proto: Proto, stripLevel: number): Uint8Array;
  /** What of a file is a chunk: an interpreter line at its beginning is not. */
  chunkOf(file: Uint8Array): Uint8Array;
  /** A function of a prototype, with the program's globals. @throws LuaError when its code is bad */
  closureOf(proto: Proto): Closure;
  /** Hands a text to the interpreter, as if it had come in on the serial port. */
  interpret(text: LuaString): void;
  /** Who gets what the program prints, instead of the serial port; undefined for the port itself. */
  redirectOutput(writer: ((text: LuaString) => void) | undefined): void;
  /** Which function is told of errors in callbacks; nil for none: they are printed, and lead to a restart. */
  onError(callback: Value): void;
}

/** What programs can set of the device's own compiler. */
export interface CompilerSettings {
  /** What is taken out of everything that is compiled; our compiler makes no names to begin with. */
  stripLevel: StripLevel;
}

/** Bytes of RAM. */
export interface MemoryState {
  /** What a program can still take. */
  readonly free: number;
  /** What Lua has taken since the start. */
  readonly used: number;
}

/** The flash store as programs reach it. */
export interface LfsAccess {
  /** Undefined when none is in use. */
  readonly image: LoadedImage | undefined;
  /** Undefined when the board has no room for one. */
  readonly region: LfsRegion | undefined;
  /**
   * Loads an image from the board's files; returns with a message when the firmware refuses it, and
   * restarts the board in all other cases.
   */
  reload(name: LuaString): LuaString | undefined;
}

/** A module that can be put into boards, several at a time, too. */
export interface BoardModule {
  /** Its global. */
  readonly name: LuaString;
  open(context: ModuleContext): Library;
  /** Called when all libraries are there, before the program starts. */
  ready?(context: ModuleContext): void;
}
