/**
 * What simulated boards of the firmware generations have and do differently. Data only.
 * Source: the NodeMCU manual; the firmware's main programs; observed.
 */
import type { LuaString } from "../base/lua-string.ts";
import { MODULES_22, MODULES_30, MODULES_ESP32, type ModuleFacts } from "./module-facts.ts";

export interface BoardFacts {
  /**
   * Bytes of RAM that are free for a program when the board has started, without its network
   * running: what users of that generation report, in round numbers.
   */
  readonly freeHeap: number;
  /** Bytes of the flash chip that boards usually have. */
  readonly flashSize: number;
  /** Bytes that the firmware takes of it. */
  readonly firmwareSize: number;
  /** Bytes of a usual region for images. */
  readonly lfsSize: number;
  /** How the flash is divided. */
  readonly flashLayout: "after firmware" | "partition table" | "partition";
  /** What stands before the message when the program at the start fails; it does not go through `print`. */
  readonly startFailure: { readonly prefix: LuaString; readonly isPrinted: boolean };
  /** What the console prints with the message of an error, as an argument of its own. */
  readonly consoleFailure: LuaString | undefined;
  /** What an error in a callback leads to: the board stops at once, or a function is told. */
  readonly callbackFailure: "panic" | "onerror";
  /** What its firmware modules have and do. */
  readonly modules: ModuleFacts;
  /** Files are C's, with Lua's library `io`, and the module `file` opens none. */
  readonly hasIo: boolean;
}

const MEGABYTE = 0x100000;

export const BOARD_22: BoardFacts = {
  freeHeap: 45_000,
  flashSize: 4 * MEGABYTE,
  firmwareSize: 0x90000,
  lfsSize: 0x40000,
  flashLayout: "after firmware",
  startFailure: { prefix: "lua: ", isPrinted: false },
  consoleFailure: undefined,
  callbackFailure: "panic",
  hasIo: false,
  modules: MODULES_22,
};

export const BOARD_30: BoardFacts = {
  freeHeap: 45_000,
  flashSize: 4 * MEGABYTE,
  firmwareSize: 0x90000,
  lfsSize: 0x40000,
  flashLayout: "partition table",
  startFailure: { prefix: "", isPrinted: true },
  consoleFailure: "Lua error: ",
  callbackFailure: "onerror",
  hasIo: false,
  modules: MODULES_30,
};

export const BOARD_ESP32: BoardFacts = {
  ...BOARD_30,
  freeHeap: 220_000,
  firmwareSize: 0x180000,
  flashLayout: "partition",
  hasIo: true,
  modules: MODULES_ESP32,
};
