/**
 * Whether what luacross makes is right: with a reference, whether its bytes are the reference's;
 * else, whether every chunk passes decoding and comes out of encoding as it went in.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Proto } from "../src/bytecode/proto.ts";
import type { Library } from "./library.ts";
import type { Combined, Reference } from "./reference.ts";
import { type SourceSet, scattered } from "./sources.ts";
import { reasonOf, whole } from "./words.ts";

/** What the reference writes. */
const OUTPUT = "reference.lc";

export interface Verdict {
  /** What was checked, in words. */
  readonly how: string;
  readonly files: number;
  /** Bytes of all chunks together. */
  readonly size: number;
  /** What is wrong, in words; empty when all is well. */
  readonly problems: readonly string[];
}

/**
 * What a check finds; that it cannot be done is a finding, too.
 *
 * @param what it is about
 */
export function problemsOf(what: string, check: () => readonly string[]): readonly string[] {
  try {
    return check();
  } catch (error) {
    return [`${what}: ${reasonOf(error)}`];
  }
}

/**
 * Compares all files in few runs of the reference, as parts of one chunk, and some of them one by
 * one, for each of which the reference has to start.
 *
 * @param singles how many to compare one by one
 */
export function checkAgainstReference(
  library: Library,
  { folder, files }: SourceSet,
  reference: Reference,
  singles: number,
): Verdict {
  let size = 0;
  const compare = ({ names, bytes }: Combined): readonly string[] => {
    const protos = names.map((name) => compiledFile(library, folder, name));
    for (const proto of protos) size += encoded(library, proto).length;
    if (isCombinationOf(library, protos, bytes)) return [];
    return [`${firstDifferent(library, names, protos, bytes)}: not the reference's bytes`];
  };
  const chosen = scattered(files).slice(0, singles);
  const problems = problemsOf("comparison", () => [
    ...Array.from(reference.outputs(folder, OUTPUT, files), compare).flat(),
    ...chosen.flatMap(({ name }) => compareSingle(library, folder, reference, name)),
  ]);
  const how = `byte for byte the reference's (${whole(chosen.length)} of them also one by one)`;
  return { how, files: files.length, size, problems };
}

function compareSingle(
  library: Library,
  folder: string,
  reference: Reference,
  name: string,
): string[] {
  reference.run(folder, OUTPUT, [name]);
  const theirs = readFileSync(join(folder, OUTPUT));
  const same = theirs.equals(encoded(library, compiledFile(library, folder, name)));
  return same ? [] : [`${name}: not the reference's bytes`];
}

/**
 * Whether a file of the reference holds just these functions. It compiled several files to one
 * chunk, whose main function is around theirs (lua51.md §6.2, lua53.md §4.3); that main function, with ours below it,
 * has to become the same bytes. The single files' bytes need not be found inside, because padding
 * depends on the place in the file.
 */
function isCombinationOf(library: Library, protos: readonly Proto[], chunk: Uint8Array): boolean {
  if (protos.length === 1) return Buffer.from(chunk).equals(encoded(library, protos[0]));
  const main = library.decode(chunk);
  const nested = protos.map((proto, index) => nestedLike(proto, main.protos[index]));
  return Buffer.from(chunk).equals(encoded(library, { ...main, protos: nested }));
}

/** In a combination of Lua 5.3 a function has its only upvalue from the main function around. */
function nestedLike(proto: Proto, theirs: Proto | undefined): Proto {
  return { ...proto, upvalueSources: theirs?.upvalueSources ?? proto.upvalueSources };
}

/** Name of the first file whose function is another one in the reference's chunk. */
function firstDifferent(
  library: Library,
  names: readonly string[],
  protos: readonly Proto[],
  chunk: Uint8Array,
): string {
  const main = library.decode(chunk);
  const theirs = protos.length === 1 ? [main] : main.protos;
  const different = names.find((_, index) => {
    const their = theirs[index];
    if (!their) return true;
    const ours = encoded(library, nestedLike(protos[index], their));
    return !Buffer.from(ours).equals(encoded(library, their));
  });
  return different ?? names.join(", ");
}

export function checkRoundTrip(library: Library, { folder, files }: SourceSet): Verdict {
  let size = 0;
  const check = (name: string): string[] => {
    const chunk = encoded(library, compiledFile(library, folder, name));
    size += chunk.length;
    return survives(library, chunk) ? [] : [`${name}: decode and encode change it`];
  };
  const problems = files.flatMap(({ name }) => problemsOf(name, () => check(name)));
  return { how: "same after decode and encode", files: files.length, size, problems };
}

/** Whether a chunk can be decoded, and encoded to the same bytes. */
function survives(library: Library, chunk: Uint8Array): boolean {
  return Buffer.from(chunk).equals(encoded(library, library.decode(chunk)));
}

function compiledFile(library: Library, folder: string, name: string): Proto {
  const source = new Uint8Array(readFileSync(join(folder, name)));
  return library.compile(source, { chunkName: `@${name}` });
}

function encoded(library: Library, proto: Proto): Uint8Array {
  return library.encode(proto, { strip: false });
}
