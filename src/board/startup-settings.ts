/**
 * What a program can set of the next start, kept over restarts: the command that is run instead of
 * `init.lua`, and a few options. Source: the NodeMCU manual, "node.startup".
 */
import type { LuaString } from "../base/lua-string.ts";

/** Texts that survive a restart, by name. */
type Kept = Map<LuaString, LuaString>;

/** What a program can set besides the command. */
export interface StartupOptions {
  /** The firmware says what it is when it starts. */
  readonly banner: boolean;
  /** The file system is mounted when it is first needed. */
  readonly delayMount: boolean;
  /** The processor begins at its higher speed. */
  readonly isFast: boolean;
}

const COMMAND = "startup command";
const OPTIONS = "startup options";
const NO_BANNER = 1;
const FAST = 2;
const DELAY_MOUNT = 4;

/** `@` and the name of a file, or `=` and a chunk; undefined when none was set. */
export function startupCommand(kept: Kept): LuaString | undefined {
  return kept.get(COMMAND);
}

export function keepStartupCommand(kept: Kept, command: LuaString): void {
  kept.set(COMMAND, command);
}

/** Those of a new board where none were set. */
export function startupOptions(kept: Kept): StartupOptions {
  const bits = Number(kept.get(OPTIONS) ?? 0);
  return {
    banner: (bits & NO_BANNER) === 0,
    delayMount: (bits & DELAY_MOUNT) !== 0,
    isFast: (bits & FAST) !== 0,
  };
}

export function keepStartupOptions(kept: Kept, options: StartupOptions): void {
  const { banner, delayMount, isFast } = options;
  const bits = (banner ? 0 : NO_BANNER) | (isFast ? FAST : 0) | (delayMount ? DELAY_MOUNT : 0);
  kept.set(OPTIONS, String(bits));
}

/** The next start is that of a new board. */
export function forgetStartup(kept: Kept): void {
  kept.delete(COMMAND);
  kept.delete(OPTIONS);
}
