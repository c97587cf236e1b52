/**
 * All that the command lines need of the system. The real one is in `node-host.ts`; tests hand in
 * one that lives in memory.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { BoardFiles } from "../board/files.ts";
import type { runScript, ScriptHost } from "../run-script.ts";
import type { Terminal } from "./terminal.ts";

/** How a command was called. */
export interface Invocation {
  /** The arguments after the program's name, as typed. */
  readonly args: readonly string[];
  /** The name the program was invoked by; error messages begin with it. */
  readonly programName: string;
}

export interface Host extends Invocation {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True when a person reads stderr: compile errors may show the source line. */
  readonly stderrIsTerminal: boolean;
  /** True when a person reads stdout: pages may have colours. */
  readonly stdoutIsTerminal: boolean;

  /** A whole file. Throws {@link SystemError}. */
  readFile(path: string): Uint8Array;
  /** Whether both paths lead to the same file; false while one leads to none. */
  isSameFile(one: string, other: string): boolean;
  /** What is left of standard input; nothing the second time. Throws {@link SystemError}. */
  readStdin(): Uint8Array;
  /** Replaces a file in one step: written beside, then renamed. Throws {@link SystemError}. */
  writeFile(path: string, bytes: Uint8Array): void;
  /** Writes all of it before returning. Throws {@link SystemError} or {@link BrokenPipe}. */
  writeStdout(bytes: Uint8Array): void;
  writeStderr(text: LuaString): void;
  /** Seconds since 1970. */
  now(): number;
  /** A number from 0 to 2^32 − 1 that nobody can foresee. */
  random(): number;
  /** What runs scripts of `-e`; undefined in a command that was built without it. */
  readonly scripts: ScriptRunner | undefined;
  /** What a script that is run sees of the system. */
  scriptHost(): ScriptSystem;
  /**
   * A folder as the files of a simulated board. Throws {@link SystemError} when it is none.
   *
   * @param onRefusal told what else the system refuses, where a program only sees that it failed
   */
  openFolder(path: string, onRefusal: FolderRefusal): BoardFiles;
  /** For a board that runs in real time. */
  openTerminal(): Terminal;
}

export interface ScriptRunner {
  readonly runScript: typeof runScript;
}

/** The system for one script. */
export interface ScriptSystem {
  readonly host: ScriptHost;
  /** Writes what was held back. Throws {@link SystemError} or {@link BrokenPipe}. */
  flush(): void;
}

/** The step of a file operation that failed, in the reference's words where it has any. */
export type SystemAction = "open" | "read" | "write" | "close" | "remove";

/** The system refused a file operation. */
export class SystemError extends Error {
  readonly action: SystemAction;
  /** The system's reason as C's `strerror` words it, e.g. `No such file or directory`. */
  readonly reason: string;

  constructor(action: SystemAction, reason: string) {
    super(reason);
    this.name = "SystemError";
    this.action = action;
    this.reason = reason;
  }
}

/** @param place the file or folder, as the command line would name it; ordinary text */
export type FolderRefusal = (place: string, refusal: SystemError) => void;

/** Whoever read standard output has gone, as in `luac.cross -l big.lua | head`; no one to tell. */
export class BrokenPipe extends SystemError {
  constructor() {
    super("write", "Broken pipe");
    this.name = "BrokenPipe";
  }
}
