/** Makes the fuzzer's inputs: a kind, a seed and a number name one for ever. */
import { LuacrossError } from "../../src/base/errors.ts";
import { fromBytes, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import type { Target } from "../../src/target/target.ts";
import type { Toolchain } from "../../src/toolchain.ts";
import { type Features, featuresOf } from "./features.ts";
import { makeLimitProgram } from "./limits.ts";
import { doubtfulNumeral } from "./literals.ts";
import { mutateBytes, mutateProto } from "./mutate-chunk.ts";
import { mutateSource, tokenSoup } from "./mutate-source.ts";
import { anySize, makeProgram } from "./program.ts";
import { Random } from "./random.ts";
import { writeAnyChunk } from "./write-chunk.ts";

/** Programs that should compile; programs that should not; damaged binary chunks. */
export type Kind = "valid" | "mutant" | "binary";

export const KINDS: readonly Kind[] = ["valid", "mutant", "binary"];

export interface Sample {
  readonly kind: Kind;
  /** Seed and number; also names the files of findings. */
  readonly id: string;
  readonly bytes: Uint8Array;
  /**
   * True when the reference's answer depends on how deep in C it is asked, so that it must be asked
   * from its own command line.
   */
  readonly alone: boolean;
}

/**
 * Chunks are only damaged where the reference checks what it loads. Those of Lua 5.3 are damaged in
 * `../formats/corrupt53.test.ts`.
 */
export function isMadeFor(kind: Kind, { dialect }: Target): boolean {
  return kind !== "binary" || !dialect.grammar.goto;
}

/** @param toolchain makes the chunks that become binary samples */
export function makeSample(kind: Kind, id: string, target: Target, toolchain: Toolchain): Sample {
  const random = new Random(`${kind} ${id}`);
  const features = featuresOf(target);
  if (kind === "valid") {
    return { kind, id, bytes: makeProgram(random, features, anySize(random)), alone: false };
  }
  if (kind === "binary") {
    return { kind, id, bytes: makeBinary(random, features, target, toolchain), alone: false };
  }
  return makeMutant(random, id, features);
}

/** Makes the text of a mutant. */
type MutantMaker = (random: Random, features: Features) => LuaString;

/** Damaged programs most; the others go where damage seldom leads. */
const MUTANTS: readonly (readonly [number, MutantMaker])[] = [
  [30, damagedProgram],
  [4, tokenSoup],
  [3, (random) => `x = ${doubtfulNumeral(random)}\ny = ${doubtfulNumeral(random)}`],
  [1, makeLimitProgram],
];

function makeMutant(random: Random, id: string, features: Features): Sample {
  const maker = random.weighted(MUTANTS);
  const bytes = toBytes(maker(random, features));
  return { kind: "mutant", id, bytes, alone: maker === makeLimitProgram };
}

/** A small program with a few changes. */
function damagedProgram(random: Random, features: Features): LuaString {
  const base = makeProgram(random, features, random.magnitude(4, 60));
  const other = makeProgram(random, features, 8);
  return mutateSource(fromBytes(base), fromBytes(other), random, features);
}

/** A small chunk, changed in its records, in its bytes, in both or not at all. */
function makeBinary(
  random: Random,
  features: Features,
  target: Target,
  toolchain: Toolchain,
): Uint8Array {
  let proto = anyProto(random, features, target, toolchain);
  const damage = random.below(10);
  if (damage < 5) proto = mutateProto(proto, random);
  if (damage === 0) proto = mutateProto(proto, random);
  const chunk = writeAnyChunk(proto, target, random);
  const bytes = damage >= 4 && damage < 9 ? mutateBytes(chunk, random) : chunk;
  return random.chance(0.03) ? Uint8Array.from([...toBytes("#!lua\n"), ...bytes]) : bytes;
}

/** A small program, compiled. */
function anyProto(random: Random, features: Features, target: Target, toolchain: Toolchain): Proto {
  const source = makeProgram(random, features, random.magnitude(2, 12));
  const options = { chunkName: "@b.lua", target };
  try {
    return toolchain.compile(source, options);
  } catch (error) {
    if (!(error instanceof LuacrossError)) throw error;
    return toolchain.compile(toBytes("return ..."), options);
  }
}
