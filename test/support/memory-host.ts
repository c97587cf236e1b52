/**
 * A {@link Host} that lives in memory: one small file system, standard streams that are captured.
 * It refuses what Linux refuses, with the words of glibc's `strerror`.
 */
import { fromBytes, fromText, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import type { BoardFiles } from "../../src/board/files.ts";
import {
  type Host,
  type ScriptSystem,
  type SystemAction,
  SystemError,
} from "../../src/cli/host.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { runScript } from "../../src/run-script.ts";
import { memoryScriptHost } from "./script-host.ts";

/** Longest name of one file, and of a whole path, in bytes. */
const NAME_MAX = 255;
const PATH_MAX = 4095;
/** A full device refuses when C's output buffer of this size is flushed, else when it is closed. */
const STDIO_BUFFER = 4096;

export interface MemoryHostOptions {
  readonly args: readonly string[];
  /** Contents by path; a path that ends in `/` is an empty directory. */
  readonly files?: Readonly<Record<string, LuaString>>;
  readonly stdin?: LuaString;
  readonly programName?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Seconds since 1970. */
  readonly now?: number;
  /** Standard output is a device without space. */
  readonly stdoutIsFull?: boolean;
}

type Kind = "file" | "directory" | "missing" | "null" | "full";

export class MemoryHost implements Host {
  readonly args: readonly string[];
  readonly programName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderrIsTerminal = false;
  readonly stdoutIsTerminal: boolean = false;
  stdout: LuaString = "";
  stderr: LuaString = "";
  readonly scripts = { runScript };
  private readonly files = new Map<string, LuaString>();
  private readonly directories = new Set<string>([""]);
  private readonly before: Readonly<Record<string, LuaString>>;
  private readonly time: number;
  private readonly stdoutIsFull: boolean;
  private stdin: LuaString;

  constructor(options: MemoryHostOptions) {
    this.args = options.args;
    this.programName = options.programName ?? "luac.cross";
    this.env = options.env ?? {};
    this.before = options.files ?? {};
    this.stdin = options.stdin ?? "";
    this.time = options.now ?? 1_600_000_000;
    this.stdoutIsFull = options.stdoutIsFull ?? false;
    for (const [name, contents] of Object.entries(this.before)) this.place(name, contents);
  }

  /** The files that are new, or whose contents changed. */
  changedFiles(): Record<string, LuaString> {
    const changed = [...this.files].filter(([name, contents]) => this.before[name] !== contents);
    return Object.fromEntries(changed);
  }

  readFile(path: string): Uint8Array {
    const [kind, name] = this.find(path);
    if (kind === "missing") throw new SystemError("open", "No such file or directory");
    if (kind === "directory") throw new SystemError("read", "Is a directory");
    return toBytes(kind === "file" ? this.files.get(name)! : "");
  }

  isSameFile(one: string, other: string): boolean {
    try {
      const [[kind, name], [, otherName]] = [this.find(one), this.find(other)];
      return kind === "file" && name === otherName;
    } catch (error) {
      if (error instanceof SystemError) return false;
      throw error;
    }
  }

  readStdin(): Uint8Array {
    const bytes = toBytes(this.stdin);
    this.stdin = "";
    return bytes;
  }

  writeFile(path: string, bytes: Uint8Array): void {
    const [kind, name] = this.find(path);
    if (kind === "directory" || (kind === "missing" && path.endsWith("/"))) {
      throw new SystemError("open", "Is a directory");
    }
    if (kind === "full") refuseForLackOfSpace(bytes);
    if (name !== "") this.files.set(name, fromBytes(bytes));
  }

  writeStdout(bytes: Uint8Array): void {
    if (this.stdoutIsFull) refuseForLackOfSpace(bytes);
    this.stdout += fromBytes(bytes);
  }

  writeStderr(text: LuaString): void {
    this.stderr += text;
  }

  now(): number {
    return this.time;
  }

  /** A script sees the files as they were, and its own. */
  scriptHost(): ScriptSystem {
    const files = Object.fromEntries(this.files);
    const { host, output, errors } = memoryScriptHost({ files, stdin: this.stdin });
    return {
      host: { ...host, clock: { ...host.clock, now: () => this.time } },
      flush: () => {
        this.stderr += errors();
        this.writeStdout(toBytes(output()));
      },
    };
  }

  /** A copy of the files in a folder, by the names they have in it. */
  openFolder(path: string): BoardFiles {
    const [kind, name] = this.find(path);
    if (kind === "missing") throw new SystemError("open", "No such file or directory");
    if (kind !== "directory") throw new SystemError("open", "Not a directory");
    return new FolderFiles(this.files, name === "" ? "" : `${name}/`);
  }

  openTerminal(): Terminal {
    throw new Error("there is no terminal in memory");
  }

  random(): number {
    return this.time >>> 0;
  }

  /** Puts a file in, and the folders that lead to it. */
  private place(name: string, contents: LuaString): void {
    const parts = name.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      this.directories.add(parts.slice(0, depth).join("/"));
    }
    if (!name.endsWith("/")) this.files.set(name, contents);
  }

  /** What a path leads to, and its name in {@link files}; follows `.`, `..` and doubled slashes. */
  private find(path: string): [Kind, string] {
    if (path === "/dev/null") return ["null", ""];
    if (path === "/dev/full") return ["full", ""];
    if (path === "") throw new SystemError("open", "No such file or directory");
    if (byteLength(path) > PATH_MAX) throw new SystemError("open", "File name too long");
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    let here = "";
    parts.forEach((part, i) => {
      if (i > 0) this.requireDirectory(here);
      if (byteLength(part) > NAME_MAX) throw new SystemError("open", "File name too long");
      if (part === "..") here = here.split("/").slice(0, -1).join("/");
      else here = here === "" ? part : `${here}/${part}`;
    });
    if (path.endsWith("/") && this.files.has(here)) this.requireDirectory(here);
    return [this.kindOf(here), here];
  }

  /** Linux looks at every folder on the way, even at one that `..` leaves again. */
  private requireDirectory(name: string): void {
    if (this.directories.has(name)) return;
    const action: SystemAction = "open";
    if (this.files.has(name)) throw new SystemError(action, "Not a directory");
    throw new SystemError(action, "No such file or directory");
  }

  private kindOf(name: string): Kind {
    if (this.directories.has(name)) return "directory";
    return this.files.has(name) ? "file" : "missing";
  }
}

/** The files of a folder, as a board sees them. */
class FolderFiles implements BoardFiles {
  private readonly files: Map<string, LuaString>;
  private readonly prefix: string;

  constructor(files: Map<string, LuaString>, prefix: string) {
    this.files = files;
    this.prefix = prefix;
  }

  names(): readonly LuaString[] {
    const { prefix } = this;
    const paths = [...this.files.keys()].filter((path) => path.startsWith(prefix));
    return paths.map((path) => path.slice(prefix.length));
  }

  read(name: LuaString): Uint8Array | undefined {
    const content = this.files.get(this.prefix + name);
    return content === undefined ? undefined : toBytes(content);
  }

  sizeOf(name: LuaString): number | undefined {
    return this.read(name)?.length;
  }

  write(name: LuaString, content: Uint8Array): boolean {
    this.files.set(this.prefix + name, fromBytes(content));
    return true;
  }

  remove(name: LuaString): boolean {
    this.files.delete(this.prefix + name);
    return true;
  }
}

function byteLength(path: string): number {
  return fromText(path).length;
}

function refuseForLackOfSpace(bytes: Uint8Array): never {
  const action = bytes.length >= STDIO_BUFFER ? "write" : "close";
  throw new SystemError(action, "No space left on device");
}
