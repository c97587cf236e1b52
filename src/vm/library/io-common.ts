/** What the libraries `io` of both versions share. Source: the manuals' §5.7 and §6.8. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { MachineState } from "../state.ts";
import { Userdata, type UserdataKind, type Value } from "../values.ts";
import { giveDone, giveOrRefuse } from "./refusals.ts";
import { type Buffering, Stream } from "./stream.ts";
import {
  type OpenFile,
  type SeekOrigin,
  type Surroundings,
  SystemRefusal,
} from "./surroundings.ts";

/** A file of a program. */
export interface LuaFile {
  stream: Stream;
  /** One of the three that are open from the start, and stay open. */
  readonly isStandard: boolean;
}

export type FileKind = UserdataKind<LuaFile>;

/** Bytes of a file's userdata on a board. */
const FILE_BYTES = 4;

/** The files of one machine. */
export class Files {
  readonly kind: FileKind;
  private readonly surroundings: Surroundings;
  private readonly unflushed = new Set<Stream>();

  constructor(kind: FileKind, surroundings: Surroundings) {
    this.kind = kind;
    this.surroundings = surroundings;
    surroundings.atExit(() => {
      for (const stream of this.unflushed) stream.flush();
    });
  }

  /** A userdata for a standard stream. */
  standard(state: MachineState, file: OpenFile): Userdata {
    const stream = new Stream(file, "no");
    const userdata = new Userdata(this.kind, { stream, isStandard: true }, FILE_BYTES);
    const metatable = state.registry.getString(state.intern(this.kind.name));
    if (typeof metatable === "object") userdata.metatable = metatable as Userdata["metatable"];
    return userdata;
  }

  /** @throws SystemRefusal */
  open(call: Call, path: LuaString, mode: LuaString): Userdata {
    return this.wrap(call, this.surroundings.files.open(path, systemMode(mode)));
  }

  /** @throws SystemRefusal */
  temporary(call: Call): Userdata {
    return this.wrap(call, this.surroundings.files.temporaryFile());
  }

  private wrap(call: Call, file: OpenFile): Userdata {
    const stream = new Stream(file);
    this.unflushed.add(stream);
    return call.newUserdata(this.kind, { stream, isStandard: false }, FILE_BYTES);
  }

  /** @throws SystemRefusal */
  close({ stream }: LuaFile): void {
    this.unflushed.delete(stream);
    stream.close();
  }

  /** The file that an argument must be, open or closed. */
  argument(call: Call, n: number): LuaFile {
    return call.userdata(n, this.kind);
  }

  /** The stream of the open file that an argument must be. */
  openArgument(call: Call, n: number): Stream {
    const { stream } = this.argument(call, n);
    if (!stream.isOpen) throw call.error("attempt to use a closed file");
    return stream;
  }

  fileOf(value: Value): LuaFile | undefined {
    return value instanceof Userdata && value.kind === this.kind
      ? (value.content as LuaFile)
      : undefined;
  }
}

/** The first letter and a `+`: the other letters of a mode mean nothing here. */
function systemMode(mode: LuaString): LuaString {
  const letter = mode[0] ?? "";
  if (letter !== "r" && letter !== "w" && letter !== "a") {
    throw new SystemRefusal("Invalid argument", 22);
  }
  return mode.includes("+") ? `${letter}+` : letter;
}

// What is the same in both versions

export function typeFunction(files: Files) {
  return (call: Call): number => {
    call.any(1);
    const file = files.fileOf(call.get(1));
    if (file === undefined) return call.give(undefined);
    return call.giveText(file.stream.isOpen ? "file" : "closed file");
  };
}

export function closeArgument(files: Files, call: Call): number {
  files.openArgument(call, 1);
  const file = files.argument(call, 1);
  if (file.isStandard) {
    return call.giveTwo(undefined, call.make("cannot close standard file"));
  }
  return giveDone(call, () => files.close(file));
}

export function gcFunction(files: Files) {
  return (call: Call): number => {
    const file = files.argument(call, 1);
    if (file.stream.isOpen && !file.isStandard) files.close(file);
    return call.giveNothing();
  };
}

export function tostringFunction(files: Files) {
  return (call: Call): number => {
    const { stream } = files.argument(call, 1);
    if (!stream.isOpen) return call.giveText("file (closed)");
    const address = call.state.heap.addressOf(call.get(1) as Userdata).toString(16);
    return call.giveText(`file (0x${address})`);
  };
}

const ORIGINS: readonly SeekOrigin[] = ["set", "cur", "end"];
const BUFFERINGS: readonly Buffering[] = ["no", "full", "line"];

export function seekFunction(files: Files) {
  return (call: Call): number => {
    const stream = files.openArgument(call, 1);
    const origin = ORIGINS[call.option(2, ORIGINS, "cur")];
    const offset = call.integer(3, 0);
    return giveOrRefuse(call, () => call.numbers.fromInteger(stream.seek(offset, origin)));
  };
}

/** Buffers are as large as they are; the standard files have none. */
export function setvbufFunction(files: Files) {
  return (call: Call): number => {
    files.openArgument(call, 1);
    const { stream, isStandard } = files.argument(call, 1);
    const buffering = BUFFERINGS[call.option(2, BUFFERINGS)];
    call.integer(3, 0);
    if (!isStandard) stream.buffering = buffering;
    return call.give(true);
  };
}

export function flushStream(call: Call, stream: Stream): number {
  return giveDone(call, () => stream.flush());
}

/** A count of units to read; none at the end. A negative one is a large one. */
export function readCount(call: Call, stream: Stream, count: number): Value {
  if (count === 0) return stream.peek() === "" ? undefined : call.make("");
  const text = stream.takeUpTo(count < 0 ? Number.POSITIVE_INFINITY : count);
  return text === "" ? undefined : call.make(text);
}

/** Standard output of the machine, as a file. */
export function outputOf(state: MachineState): OpenFile {
  return {
    read: () => {
      throw new SystemRefusal("Bad file descriptor", 9);
    },
    write: (text) => state.write(text),
    seek: () => {
      throw new SystemRefusal("Illegal seek", 29);
    },
    close: () => undefined,
  };
}
