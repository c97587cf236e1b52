/**
 * Hostile bytecode: damages the code of programs, lets decoder and code checker decide, and runs what
 * they accept on a machine that looks after itself. Whatever the code does, a run must end as Lua runs
 * end, in time, and without values from elsewhere.
 */
import { Script } from "node:vm";
import { ChunkError, CompileError, EncodeError } from "../../../src/base/errors.ts";
import { toBytes } from "../../../src/base/lua-string.ts";
import type { Proto } from "../../../src/bytecode/proto.ts";
import type { Target } from "../../../src/target/target.ts";
import { loadChunk, toolchainFor } from "../../../src/toolchain.ts";
import type { Call } from "../../../src/vm/call.ts";
import { LuaError, Stop } from "../../../src/vm/errors.ts";
import { Closure } from "../../../src/vm/state.ts";
import { mutateBytes } from "../../fuzz/mutate-chunk.ts";
import { Random } from "../../fuzz/random.ts";
import { openHostLibraries } from "../../support/host-libraries.ts";
import { GuardedMachine } from "./guarded-machine.ts";
import { damageCode } from "./mutate-code.ts";
import { programsFor } from "./programs.ts";

/** Steps of a run. */
const MOST_STEPS = 2000;
/** Mutants that are run at a time, and milliseconds that they may take: usually one each. */
const BATCH = 100;
const TIMEOUT = 20_000;
const GENERATED = 30;

export interface HostileOptions {
  readonly target: Target;
  readonly seed: string;
  readonly count: number;
  /** Number of the first mutant. */
  readonly first?: number;
  /** Told of each mutant before it runs. */
  readonly before?: (id: number, chunk: Uint8Array) => void;
}

export interface HostileFinding {
  readonly id: number;
  readonly problem: string;
  readonly chunk: Uint8Array;
}

export interface HostileResult {
  readonly tried: number;
  /** Mutants that decoder and code checker accepted, and that ran. */
  readonly ran: number;
  /** Of those, how many ended because they had made enough steps. */
  readonly stopped: number;
  readonly steps: number;
  readonly findings: readonly HostileFinding[];
}

export function runHostile(options: HostileOptions): HostileResult {
  const { target, seed, count, first = 0 } = options;
  const programs = programsFor(target, seed, GENERATED).flatMap((text) => compiled(text, target));
  const tally: Tally = { ran: 0, stopped: 0, steps: 0, findings: [] };
  let id = first;
  while (id < first + count) {
    const end = Math.min(first + count, id + BATCH);
    try {
      inTime(() => {
        for (; id < end; id++) tryOne(id, programs, options, tally);
      }, TIMEOUT);
    } catch (error) {
      tally.findings.push({ id, problem: String(error), chunk: new Uint8Array(0) });
      id++;
    }
  }
  return { tried: count, ...tally };
}

/** A {@link HostileResult} that is being added up. */
interface Tally {
  ran: number;
  stopped: number;
  steps: number;
  readonly findings: HostileFinding[];
}

function tryOne(
  id: number,
  programs: readonly Proto[],
  { target, seed, before }: HostileOptions,
  tally: Tally,
): void {
  const random = new Random(`${seed}/${target.name}/${id}`);
  const chunk = mutantOf(random.pick(programs), target, random);
  if (chunk === undefined) return;
  before?.(id, chunk);
  const run = runMutant(chunk, target, random);
  if (run.kind === "refused") return;
  tally.ran++;
  tally.steps += run.steps;
  if (run.kind === "stopped") tally.stopped++;
  if (run.kind === "broke out") tally.findings.push({ id, chunk, problem: run.problem });
}

/** Not all that are generated are programs, and not all of these can be written. */
function compiled(text: string, target: Target): readonly Proto[] {
  try {
    const proto = toolchainFor(target).compile(toBytes(text), { chunkName: "@h.lua", target });
    return write(proto, target) === undefined ? [] : [proto];
  } catch (error) {
    if (error instanceof CompileError) return [];
    throw error;
  }
}

/** Mostly damaged in its code, sometimes in its bytes; undefined when it cannot be written. */
function mutantOf(proto: Proto, target: Target, random: Random): Uint8Array | undefined {
  const chunk = write(damageCode(proto, target, random), target);
  return chunk !== undefined && random.chance(0.1) ? mutateBytes(chunk, random) : chunk;
}

function write(proto: Proto, target: Target): Uint8Array | undefined {
  try {
    return toolchainFor(target).encode(proto, { target, strip: false });
  } catch (error) {
    if (error instanceof EncodeError) return undefined;
    throw error;
  }
}

type MutantRun =
  | { readonly kind: "refused" }
  | { readonly kind: "done" | "stopped"; readonly steps: number }
  | { readonly kind: "broke out"; readonly steps: number; readonly problem: string };

function runMutant(chunk: Uint8Array, target: Target, random: Random): MutantRun {
  let proto: Proto;
  try {
    proto = toolchainFor(target).decode(chunk, { chunkName: "=hostile", target });
  } catch (error) {
    if (error instanceof ChunkError) return { kind: "refused" };
    return brokeOut(error, 0);
  }
  return runProto(proto, target, random);
}

/** Runs a function on a machine of its own, which may refuse it. */
export function runProto(proto: Proto, target: Target, random: Random): MutantRun {
  const machine = newMachine(target, random);
  try {
    const main = machine.newClosure(proto);
    machine.runGuarded(main);
    return { kind: "done", steps: machine.used };
  } catch (error) {
    if (error instanceof LuaError) return { kind: "refused" };
    if (error instanceof Stop) return { kind: "stopped", steps: machine.used };
    return brokeOut(error, machine.used);
  }
}

function brokeOut(error: unknown, steps: number): MutantRun {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: "broke out", steps, problem };
}

/** Code that is run from a script can be interrupted. */
const CALL_WORK = new Script("hostileWork()");

/** @throws an Error when the work takes too long */
export function inTime(work: () => void, timeout: number): void {
  Object.assign(globalThis, { hostileWork: work });
  CALL_WORK.runInThisContext({ timeout });
}

/** A machine with all libraries, and `twist(f)`: a function of the damaged code of one, or nil. */
export function newMachine(target: Target, random: Random): GuardedMachine {
  const toolchain = toolchainFor(target);
  const options = {
    target,
    // A run has few steps: what is compiled at all must be compiled soon.
    compileAfter: random.pick([false, 1, 1, 3] as const),
    write: () => undefined,
    load: (chunk: Uint8Array, chunkName: string) =>
      loadChunk(toolchain, chunk, { chunkName, target }),
  };
  const machine = new GuardedMachine(options, MOST_STEPS);
  openHostLibraries(machine);
  machine.setGlobal("twist", (call) => twist(call, machine, target, random));
  return machine;
}

function twist(call: Call, machine: GuardedMachine, target: Target, random: Random): number {
  const fn = call.get(1);
  if (!(fn instanceof Closure)) return call.give(undefined);
  const chunk = write(damageCode(fn.code.proto, target, random), target);
  if (chunk === undefined) return call.give(undefined);
  const twisted = machine.loadChunk(chunk, "=twisted");
  return call.give(typeof twisted === "string" ? undefined : twisted);
}
