/**
 * What must hold for every input, without anything to compare with: refusals have a place, what
 * was compiled passes the code checker, and files survive being read and written again.
 */
import { isDeepStrictEqual } from "node:util";
import { ChunkError, CompileError, LuacrossError } from "../../src/base/errors.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import type { Sample } from "./sample.ts";
import { describe, type Outcome, type Subject } from "./subject.ts";

/** No program of the fuzzer's should take longer to load, in milliseconds. */
const TIME_LIMIT = 5000;

/** The messages that the reference prints without a place (lua51.md §2.2, §2.5, lua53.md §2.1). */
const WITHOUT_PLACE =
  /^(?:constant table overflow|table index is NaN|too many local variables|too many [a-z/]+( variables)? \(limit is \d+\))$/;

export interface Examined {
  readonly outcome: Outcome;
  /** The output file; undefined when there is none. */
  readonly encoded: Uint8Array | undefined;
  /** What does not hold, in one line; undefined when all is well. */
  readonly complaint: string | undefined;
}

/** Loads a sample and checks all that can be checked without a reference. */
export function examine(subject: Subject, sample: Sample, fileName: string): Examined {
  const start = performance.now();
  const outcome = subject.load(sample.bytes, fileName);
  const elapsed = performance.now() - start;
  if (elapsed > TIME_LIMIT) {
    return { outcome, encoded: undefined, complaint: `took ${Math.round(elapsed)} ms` };
  }
  if (outcome.kind === "loaded") return { outcome, ...examineSafely(subject, outcome.proto) };
  const complaint =
    outcome.kind === "crashed" ? `crash: ${outcome.reason}` : examineRefusal(outcome.error, sample);
  return { outcome, encoded: undefined, complaint };
}

/** Checks what was compiled; anything thrown is a crash. */
function examineSafely(subject: Subject, proto: Proto): Omit<Examined, "outcome"> {
  try {
    subject.toolchain.verify(proto);
    const encoded = encodeOrRefuse(subject, proto);
    return { encoded, complaint: encoded && examineFile(subject, proto, encoded) };
  } catch (error) {
    return { encoded: undefined, complaint: `crash: ${describe(error)}` };
  }
}

/** A refusal must be an error of a known kind, and have a place in the input. */
function examineRefusal(error: LuacrossError, sample: Sample): string | undefined {
  if (error instanceof ChunkError) {
    const inside = error.offset >= 0 && error.offset <= sample.bytes.length;
    return inside && error.field !== "" ? undefined : `no place: ${error.message}`;
  }
  if (!(error instanceof CompileError)) return `a ${error.name}: ${error.message}`;
  const { place, message } = error;
  if (place === undefined) return WITHOUT_PLACE.test(message) ? undefined : `no place: ${message}`;
  if (!message.includes(`:${place.line}: `)) return `line ${place.line} is not in: ${message}`;
  const inside = place.offset >= 0 && place.offset <= sample.bytes.length;
  return inside ? undefined : `offset ${place.offset} is outside the source: ${message}`;
}

/** A file must be the same after being read and written again, and give the same functions. */
function examineFile(subject: Subject, proto: Proto, encoded: Uint8Array): string | undefined {
  const decoded = decode(subject, encoded);
  if (!isDeepStrictEqual(decoded, proto)) return "decode(encode(proto)) differs from proto";
  if (!same(subject.encode([decoded], false), encoded))
    return "encode(decode(bytes)) differs from bytes";
  const stripped = subject.encode([proto], true);
  return same(subject.encode([decode(subject, stripped)], true), stripped)
    ? undefined
    : "stripped: encode(decode(bytes)) differs from bytes";
}

/** Undefined when the target has no form for one of the values, which is allowed. */
function encodeOrRefuse(subject: Subject, proto: Proto): Uint8Array | undefined {
  try {
    return subject.encode([proto], false);
  } catch (error) {
    if (error instanceof LuacrossError) return undefined;
    throw error;
  }
}

function decode(subject: Subject, bytes: Uint8Array): Proto {
  return subject.toolchain.decode(bytes, { target: subject.target, chunkName: "=again" });
}

/**
 * Compiles two samples in turn, the first one twice.
 *
 * @returns a complaint when the second compile leaves a trace in the third
 */
export function examineInterleaving(
  subject: Subject,
  first: Sample,
  second: Sample,
): string | undefined {
  const once = subject.load(first.bytes, "a.lua");
  subject.load(second.bytes, "b.lua");
  const again = subject.load(first.bytes, "a.lua");
  if (once.kind === "refused" && again.kind === "refused") {
    return once.error.message === again.error.message
      ? undefined
      : "a second compile says something else";
  }
  return isDeepStrictEqual(once, again) ? undefined : "a second compile differs from the first";
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
