/**
 * From a file name to a prototype: reads an input, tells source from chunk, and turns what goes
 * wrong into the reference's message, with a view of the source and a hint for a terminal.
 * An image may be looked at. Source: lua51.md §2.5, §2.6, §6.4.
 */
import { ChunkError, CompileError, LuacrossError } from "../base/errors.ts";
import { fromText, type LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { isBinaryChunk, type Origin } from "../formats/chunk.ts";
import { isKnownImage } from "../image-formats.ts";
import { readImage } from "../image-tools.ts";
import type { Target } from "../target/target.ts";
import { type LoadOptions, toolchainFor } from "../toolchain.ts";
import { Failure, hintLine, orCannot } from "./failure.ts";
import { sourceHint } from "./hints.ts";
import type { Host } from "./host.ts";
import { chunkHint, missingFileHint } from "./input-hints.ts";
import { sourceView, tokenSpan } from "./source-view.ts";

/** The input that is standard input. */
const STDIN = "-";

/** What is to be done with what is loaded. */
export type Purpose =
  /** It becomes part of an output. */
  | "output"
  /** It is listed, or just looked at; that can be done to an image, too. */
  | "look";

export interface LoadInputOptions {
  readonly target: Target;
  readonly purpose: Purpose;
  /** See {@link LoadOptions}. */
  readonly trust: boolean;
}

/**
 * @param name a file name, or `-` for standard input
 * @throws Failure
 */
export function loadInput(host: Host, name: string, options: LoadInputOptions): Proto {
  const { target, purpose, trust } = options;
  const bytes = readInput(host, name);
  if (isKnownImage(bytes)) return loadImage(name, bytes, target, purpose);
  return loadContent(name, bytes, target, trust);
}

function loadImage(name: string, bytes: Uint8Array, target: Target, purpose: Purpose): Proto {
  const prefix = fromText(name);
  if (purpose === "output") {
    const advice = "list it with -l -p, or look into it with 'luacross inspect'";
    throw new Failure(`${prefix}: this is a flash image, not Lua; ${advice}`);
  }
  try {
    const { targets, main } = readImage(bytes);
    if (targets.includes(target)) return main;
    const maker = targets[0].name;
    throw new Failure(`${prefix}: this image is for ${maker}; list it with --target ${maker}`);
  } catch (error) {
    if (error instanceof LuacrossError) throw new Failure(`${prefix}: ${error.message}`);
    throw error;
  }
}

/**
 * @param bytes the whole input of that name, no image
 * @param trust see {@link LoadOptions}
 * @throws Failure
 */
export function loadContent(name: string, bytes: Uint8Array, target: Target, trust = false): Proto {
  const { compile } = toolchainFor(target);
  return readContent(name, bytes, target, { source: compile, chunk: (proto) => proto }, trust);
}

/** What is made of an input, which is either of two things. */
export interface Readers<Result> {
  source(source: Uint8Array, options: LoadOptions): Result;
  chunk(proto: Proto, options: LoadOptions): Result;
}

/**
 * @param bytes the whole input of that name, no image
 * @throws Failure
 */
export function readContent<Result>(
  name: string,
  bytes: Uint8Array,
  target: Target,
  readers: Readers<Result>,
  trust = false,
): Result {
  const origin: Origin = name === STDIN ? "stdin" : "file";
  const chunkName = origin === "stdin" ? "=stdin" : `@${fromText(name)}`;
  const options = { chunkName, target, trust };
  const toolchain = toolchainFor(target);
  const content = toolchain.skipFirstLine(bytes, origin);
  try {
    return isBinaryChunk(content)
      ? readers.chunk(toolchain.decode(content, options), options)
      : readers.source(content, options);
  } catch (error) {
    if (error instanceof LuacrossError) throw refusal(error, content, target);
    throw error;
  }
}

/** All bytes of an input. @param name a file name, or `-` for standard input; @throws Failure */
export function readInput(host: Host, name: string): Uint8Array {
  if (name === STDIN) return orCannot("stdin", () => host.readStdin());
  return orCannot(
    name,
    () => host.readFile(name),
    () => hintLine(missingFileHint(name)),
  );
}

function refusal(error: LuacrossError, content: Uint8Array, target: Target): Failure {
  return new Failure(error.message, () => {
    if (error instanceof CompileError) return explainSource(error, content, target);
    return error instanceof ChunkError ? hintLine(chunkHint(content, target)) : "";
  });
}

function explainSource(
  { message, place }: CompileError,
  source: Uint8Array,
  target: Target,
): LuaString {
  const [, quoted, plain] = / near (?:'([\s\S]*)'|(<\w+>))$/.exec(message) ?? [];
  const near = quoted ?? plain;
  const opener = / \(to close '.*' at line (\d+)\) near /.exec(message)?.[1];
  const token = place && tokenSpan(source, place, near);
  const view = place
    ? sourceView(source, place, near, opener === undefined ? undefined : Number(opener))
    : "";
  return view + hintLine(sourceHint({ message, near, token, line: place?.line, source, target }));
}
