/** What scripts see of a real system under Node. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fromBytes, fromText, type LuaString, toBytes, toText } from "../base/lua-string.ts";
import type { ScriptHost } from "../run-script.ts";
import {
  type Clock,
  type FileSystem,
  type OpenFile,
  type ProcessEnd,
  type Processes,
  type SeekOrigin,
  SystemRefusal,
  type Zone,
} from "../vm/library/surroundings.ts";
import { orCannot } from "./failure.ts";
import { errorCode, errorReason } from "./node-errors.ts";
import { writeAll } from "./node-files.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
/** Bytes of output that wait to be written together. */
const OUTPUT_BUFFER = 65_536;
const NAME_TRIES = 100;

/** A host, and what is to be called at the end to write the last of the output. */
export function nodeScriptHost(): { readonly host: ScriptHost; readonly flush: () => void } {
  const output = new Output();
  const flush = () => output.flush();
  const stdin = new NodeFile(STDIN, "r");
  const host: ScriptHost = {
    files: nodeFiles,
    processes: nodeProcesses(flush),
    clock: nodeClock,
    stdin,
    stderr: {
      ...closedForReading,
      write(text) {
        flush();
        refusing(() => writeAll(STDERR, toBytes(text)));
      },
    },
    writeOutput: (text) => output.write(text),
    environment(name) {
      const value = process.env[toText(name)];
      return value === undefined ? undefined : fromText(value);
    },
  };
  return { host, flush };
}

/**
 * Standard output: written in large pieces, or line by line to a terminal. What cannot be written is
 * a Failure of the command, which no program catches.
 */
class Output {
  private readonly parts: LuaString[] = [];
  private size = 0;
  private readonly isTerminal = fs.fstatSync(STDOUT).isCharacterDevice();

  write(text: LuaString): void {
    this.parts.push(text);
    this.size += text.length;
    if (this.size >= OUTPUT_BUFFER || (this.isTerminal && text.includes("\n"))) this.flush();
  }

  flush(): void {
    if (this.size === 0) return;
    const bytes = toBytes(this.parts.join(""));
    this.parts.length = 0;
    this.size = 0;
    orCannot("stdout", () => writeAll(STDOUT, bytes));
  }
}

/** @throws SystemRefusal when the system refuses the operation */
function refusing<Result>(operation: () => Result): Result {
  try {
    return operation();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw refusal(code);
  }
}

function refusal(code: string): SystemRefusal {
  const numbers: Readonly<Record<string, number>> = constants.errno;
  return new SystemRefusal(errorReason(code), numbers[code] ?? 0);
}

/** A path as bytes, whatever their encoding. */
function pathOf(path: LuaString): Buffer {
  return Buffer.from(path, "latin1");
}

// Files

const closedForReading = {
  read: (): LuaString => {
    throw refusal("EBADF");
  },
  seek: (): number => {
    throw refusal("ESPIPE");
  },
  close: (): void => undefined,
};

/** Node's calls take the position with them, so it is counted here. */
class NodeFile implements OpenFile {
  private readonly descriptor: number;
  private readonly mode: LuaString;
  /** Undefined for what has no positions, such as a pipe. */
  private position: number | undefined;

  constructor(descriptor: number, mode: LuaString) {
    this.descriptor = descriptor;
    this.mode = mode;
    const status = fs.fstatSync(descriptor);
    if (!status.isFile()) this.position = undefined;
    else this.position = mode.startsWith("a") ? status.size : 0;
  }

  read(count: number): LuaString {
    if (this.mode === "w" || this.mode === "a") throw refusal("EBADF");
    return refusing(() => {
      const buffer = Buffer.allocUnsafe(count);
      const read = this.readSome(buffer);
      if (this.position !== undefined) this.position += read;
      return fromBytes(buffer, 0, read);
    });
  }

  private readSome(buffer: Buffer): number {
    try {
      return fs.readSync(this.descriptor, buffer, 0, buffer.length, this.position ?? null);
    } catch (error) {
      // Windows reports the end of a pipe as an error.
      if (errorCode(error) === "EOF") return 0;
      throw error;
    }
  }

  write(text: LuaString): void {
    if (this.mode === "r") throw refusal("EBADF");
    const bytes = toBytes(text);
    refusing(() => {
      if (this.mode.startsWith("a") || this.position === undefined) {
        writeAll(this.descriptor, bytes);
        if (this.position !== undefined) this.position = fs.fstatSync(this.descriptor).size;
      } else {
        for (let at = 0; at < bytes.length; ) {
          at += fs.writeSync(this.descriptor, bytes, at, bytes.length - at, this.position + at);
        }
        this.position += bytes.length;
      }
    });
  }

  seek(offset: number, origin: SeekOrigin): number {
    if (this.position === undefined) throw refusal("ESPIPE");
    const start =
      origin === "set"
        ? 0
        : origin === "cur"
          ? this.position
          : refusing(() => fs.fstatSync(this.descriptor).size);
    if (start + offset < 0) throw refusal("EINVAL");
    this.position = start + offset;
    return this.position;
  }

  close(): void {
    refusing(() => fs.closeSync(this.descriptor));
  }
}

const nodeFiles: FileSystem = {
  open: (path, mode) => refusing(() => new NodeFile(fs.openSync(pathOf(path), mode), mode)),
  remove(path) {
    refusing(() => {
      const status = fs.lstatSync(pathOf(path));
      if (status.isDirectory()) fs.rmdirSync(pathOf(path));
      else fs.unlinkSync(pathOf(path));
    });
  },
  rename: (from, to) => refusing(() => fs.renameSync(pathOf(from), pathOf(to))),
  temporaryName() {
    const { descriptor, name } = createTemporary();
    fs.closeSync(descriptor);
    return fromText(name);
  },
  temporaryFile() {
    const { descriptor, name } = createTemporary();
    try {
      fs.unlinkSync(name);
    } catch {
      // Where open files cannot be removed it stays behind.
    }
    return new NodeFile(descriptor, "w+");
  },
};

function createTemporary(): { readonly descriptor: number; readonly name: string } {
  return refusing(() => {
    for (let tries = 1; ; tries++) {
      const unique = Math.random().toString(36).slice(2, 8).padEnd(6, "x");
      const name = join(tmpdir(), `lua_${unique}`);
      try {
        return { descriptor: fs.openSync(name, "wx+", 0o600), name };
      } catch (error) {
        if (errorCode(error) !== "EEXIST" || tries === NAME_TRIES) throw error;
      }
    }
  });
}

// Processes

function nodeProcesses(flush: () => void): Processes {
  return {
    hasShell: true,
    run(command): ProcessEnd {
      flush();
      const { status, signal } = spawnSync(toText(command), { shell: "sh", stdio: "inherit" });
      if (signal === null) return { kind: "exit", status: status ?? 1 };
      return { kind: "signal", status: constants.signals[signal] };
    },
  };
}

// Time

const nodeClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  used() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  zoneAt(seconds): Zone {
    const date = new Date(seconds * 1000);
    if (Number.isNaN(date.getTime())) return zoneAt(new Date(0));
    return zoneAt(date);
  },
};

function zoneAt(date: Date): Zone {
  const year = date.getUTCFullYear();
  const ahead = -date.getTimezoneOffset() * 60;
  const winter = Math.min(...[0, 6].map((month) => aheadIn(year, month)));
  const name = new Intl.DateTimeFormat("en", { timeZoneName: "short" })
    .formatToParts(date)
    .find(({ type }) => type === "timeZoneName")?.value;
  return { ahead, name: fromText(name ?? ""), isSummer: ahead > winter };
}

function aheadIn(year: number, month: number): number {
  return -new Date(Date.UTC(year, month, 1)).getTimezoneOffset() * 60;
}
