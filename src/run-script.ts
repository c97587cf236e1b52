/**
 * Running a script on the host as `luac.cross -e` does: with all libraries of the reference's host
 * build. It is also the one place where a Lua version picks its libraries.
 * Source: lua51.md §6.3; lua53.md §6.1, §8.
 */
import type { LuaString } from "./base/lua-string.ts";
import type { Proto } from "./bytecode/proto.ts";
import type { Dialect } from "./target/dialect.ts";
import type { Target } from "./target/target.ts";
import { loadChunk, toolchainFor } from "./toolchain.ts";
import type { Native } from "./vm/call.ts";
import { finalizeAll } from "./vm/collect.ts";
import { type LuaError, Stop } from "./vm/errors.ts";
import { openGlobals51 } from "./vm/library/globals51.ts";
import { openGlobals53 } from "./vm/library/globals53.ts";
import type {
  Clock,
  FileSystem,
  OpenFile,
  Processes,
  Surroundings,
} from "./vm/library/surroundings.ts";
import { describeUncaught53 } from "./vm/library/uncaught53.ts";
import { Machine } from "./vm/machine.ts";
import { memoryInUse } from "./vm/memory-use.ts";
import { Closure, type MachineState, type NativeBody, NativeFunction } from "./vm/state.ts";
import type { Value } from "./vm/values.ts";

/** What a script may see of the system that it runs on. */
export interface ScriptHost {
  readonly files: FileSystem;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly stdin: OpenFile;
  readonly stderr: OpenFile;
  /** Takes what the script writes to its standard output, one unit per byte. */
  writeOutput(text: LuaString): void;
  environment(name: LuaString): LuaString | undefined;
}

export interface Script {
  readonly target: Target;
  readonly host: ScriptHost;
  /** As it was given: the name in messages. */
  readonly name: LuaString;
  /** Calls and jumps backward that it may make; all it wants when left out. */
  readonly steps?: number;
  /** Bytes of the device that it may have in use; all it wants when left out. */
  readonly memoryLimit?: number;
  /** See {@link MachineOptions.compileAfter}. */
  readonly compileAfter?: number | false;
}

/** How a script ended. */
export type ScriptOutcome =
  /** To its end; the prototype of the Lua function that it returned, if it did. */
  | { readonly kind: "done"; readonly returned: Proto | undefined }
  /** By an error: its message, and where it came from where the reference shows that. */
  | { readonly kind: "failed"; readonly message: LuaString }
  /** By `os.exit`, with a status from 0 to 255. */
  | { readonly kind: "exited"; readonly status: number }
  /** By a limit. */
  | { readonly kind: "stopped"; readonly message: LuaString };

/** What scripts of a Lua version have. */
interface Libraries {
  open(machine: MachineState, surroundings: Surroundings): void;
  /** Makes the message of an error that nothing caught; the error's own value when left out. */
  readonly describeError?: Native;
}

const LIBRARIES: Readonly<Record<Dialect["name"], Libraries>> = {
  lua51: { open: openGlobals51 },
  lua53: { open: openGlobals53, describeError: describeUncaught53 },
};

/** Runs a script, source or a binary chunk, and closes what it left open. */
export function runScript(content: Uint8Array, script: Script): ScriptOutcome {
  const { target, name } = script;
  const flushes: (() => void)[] = [];
  const machine = newMachine(script);
  const { open, describeError } = LIBRARIES[target.dialect.name];
  open(machine, surroundingsOf(script, machine, flushes));
  const { skipFirstLine } = toolchainFor(target);
  const main = machine.loadChunk(skipFirstLine(content), `@${name}`);
  if (typeof main === "string") return { kind: "failed", message: main };
  try {
    const args = target.libraries.scriptGetsName ? [machine.intern(name)] : [];
    const handler = describeError && new NativeFunction(describeError as NativeBody, "handler");
    const outcome = outcomeOf(machine.call(main, args, handler));
    if (outcome.kind === "done") finalizeAll(machine);
    for (const flush of flushes) flush();
    return outcome;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    for (const flush of flushes) flush();
    return error.reason === "exit"
      ? { kind: "exited", status: error.status }
      : { kind: "stopped", message: error.message };
  }
}

function newMachine({ target, host, steps, memoryLimit, compileAfter }: Script): Machine {
  const toolchain = toolchainFor(target);
  return new Machine({
    target,
    steps,
    memoryLimit,
    compileAfter,
    write: host.writeOutput,
    load: (chunk, chunkName) => loadChunk(toolchain, chunk, { chunkName, target }),
  });
}

function surroundingsOf(
  { target, host }: Script,
  machine: Machine,
  flushes: (() => void)[],
): Surroundings {
  const { files, processes, clock, stdin, stderr, environment } = host;
  const { skipFirstLine, encode } = toolchainFor(target);
  return {
    files,
    processes,
    clock,
    stdin,
    stderr,
    environment,
    chunkOf: skipFirstLine,
    encode: (proto, strip) => encode(proto, { target, strip: strip > 0 }),
    postTask: () => undefined,
    memoryUse: () => memoryInUse(machine),
    atExit: (flush) => flushes.push(flush),
  };
}

function outcomeOf(
  result: { ok: true; values: Value[] } | { ok: false; error: LuaError },
): ScriptOutcome {
  if (!result.ok) return { kind: "failed", message: result.error.message ?? "(null)" };
  const [value] = result.values;
  return { kind: "done", returned: value instanceof Closure ? value.code.proto : undefined };
}
