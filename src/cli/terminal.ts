/**
 * Where a board in real time meets people: input as it is typed, and the time of day. The command
 * returns while it is open; the process ends when it is closed.
 */
import type { LuaString } from "../base/lua-string.ts";

export interface Terminal {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Calls back once after some milliseconds; a wait that was under way is given up. */
  wait(milliseconds: number, then: () => void): void;
  /**
   * Calls back with each line that is typed, its end included, and with nothing at the end.
   *
   * @param onInterrupt called when a person interrupts, and there is no line that this would clear;
   *   false makes it the end
   */
  listen(listener: (line: LuaString | undefined) => void, onInterrupt: () => boolean): void;
  /** Shows text, above the line that is being typed if there is one. */
  write(text: LuaString): void;
  /** Shows a prompt in front of what will be typed. */
  prompt(text: LuaString): void;
  /** Ends it. @param status the exit status of the process */
  close(status: number): void;
}
