/** A system for scripts that lives in memory: files, a clock that stands still, no processes. */
import type { LuaString } from "../../src/base/lua-string.ts";
import type { ScriptHost } from "../../src/run-script.ts";
import {
  type FileSystem,
  type OpenFile,
  type SeekOrigin,
  SystemRefusal,
} from "../../src/vm/library/surroundings.ts";

const NO_FILE = new SystemRefusal("No such file or directory", 2);
const BAD_FILE = new SystemRefusal("Bad file descriptor", 9);
const BAD_SEEK = new SystemRefusal("Illegal seek", 29);
const BAD_ARGUMENT = new SystemRefusal("Invalid argument", 22);

export interface MemoryScriptHost {
  readonly host: ScriptHost;
  /** What was written so far. */
  readonly output: () => LuaString;
  readonly errors: () => LuaString;
  readonly files: Map<LuaString, LuaString>;
}

export interface MemoryContent {
  readonly files?: Readonly<Record<LuaString, LuaString>>;
  readonly stdin?: LuaString;
  readonly environment?: Readonly<Record<LuaString, LuaString>>;
}

export function memoryScriptHost(content: MemoryContent = {}): MemoryScriptHost {
  const output: LuaString[] = [];
  const errors: LuaString[] = [];
  const files = new Map(Object.entries(content.files ?? {}));
  const host: ScriptHost = {
    files: memoryFiles(files),
    processes: { hasShell: false, run: () => ({ kind: "exit", status: 127 }) },
    clock: {
      now: () => 1_700_000_000,
      used: () => 0,
      zoneAt: () => ({ ahead: 0, name: "UTC", isSummer: false }),
    },
    stdin: pipeFrom(content.stdin ?? ""),
    stderr: { ...pipeFrom(""), read: refuse(BAD_FILE), write: (text) => errors.push(text) },
    writeOutput: (text) => output.push(text),
    environment: (name) => content.environment?.[name],
  };
  return { host, output: () => output.join(""), errors: () => errors.join(""), files };
}

function refuse(refusal: SystemRefusal): () => never {
  return () => {
    throw refusal;
  };
}

/** What can only be read, and not sought in. */
function pipeFrom(text: LuaString): OpenFile {
  let at = 0;
  return {
    read(count) {
      const part = text.slice(at, at + count);
      at += part.length;
      return part;
    },
    write: refuse(BAD_FILE),
    seek: refuse(BAD_SEEK),
    close: () => undefined,
  };
}

function memoryFiles(files: Map<LuaString, LuaString>): FileSystem {
  let names = 0;
  return {
    open: (path, mode) => new MemoryFile(files, path, mode),
    remove(path) {
      if (!files.delete(path)) throw NO_FILE;
    },
    rename(from, to) {
      const text = files.get(from);
      if (text === undefined) throw NO_FILE;
      files.delete(from);
      files.set(to, text);
    },
    temporaryName() {
      const name = `lua_${String(++names).padStart(6, "0")}`;
      files.set(name, "");
      return name;
    },
    temporaryFile: () => new MemoryFile(new Map(), "", "w+"),
  };
}

class MemoryFile implements OpenFile {
  private readonly files: Map<LuaString, LuaString>;
  private readonly path: LuaString;
  private readonly mode: LuaString;
  private position = 0;

  constructor(files: Map<LuaString, LuaString>, path: LuaString, mode: LuaString) {
    this.files = files;
    this.path = path;
    this.mode = mode;
    if (!files.has(path)) {
      if (mode.startsWith("r")) throw NO_FILE;
      files.set(path, "");
    } else if (mode.startsWith("w")) files.set(path, "");
    if (mode.startsWith("a")) this.position = this.text.length;
  }

  private get text(): LuaString {
    return this.files.get(this.path) ?? "";
  }

  read(count: number): LuaString {
    if (this.mode === "w" || this.mode === "a") throw BAD_FILE;
    const part = this.text.slice(this.position, this.position + count);
    this.position += part.length;
    return part;
  }

  write(text: LuaString): void {
    if (this.mode === "r") throw BAD_FILE;
    const at = this.mode.startsWith("a") ? this.text.length : this.position;
    const before = this.text.slice(0, at).padEnd(at, "\0");
    this.files.set(this.path, before + text + this.text.slice(at + text.length));
    this.position = at + text.length;
  }

  seek(offset: number, origin: SeekOrigin): number {
    const start = origin === "set" ? 0 : origin === "cur" ? this.position : this.text.length;
    if (start + offset < 0) throw BAD_ARGUMENT;
    this.position = start + offset;
    return this.position;
  }

  close(): void {}
}
