/** Tells from the bytes of a compiled file which targets it was made for. */
import { ChunkError, LuacrossError } from "./base/errors.ts";
import type { LuaString } from "./base/lua-string.ts";
import type { Proto } from "./bytecode/proto.ts";
import type { Target } from "./target/target.ts";
import { SUPPORTED_TARGETS } from "./target/targets.ts";
import { toolchainFor } from "./toolchain.ts";

export interface RecognisedChunk {
  /** At least one; they differ in nothing that the file shows. */
  readonly targets: readonly Target[];
  readonly proto: Proto;
  /** Bytes behind its end, which loaders ignore; undefined when no target writes such a file. */
  readonly extraBytes: number | undefined;
}

interface Candidate {
  readonly target: Target;
  readonly proto: Proto;
  readonly extraBytes: number | undefined;
}

/**
 * A loader takes more than its compiler writes. So a chunk was made for those targets that would
 * write the very same bytes; only when there is none, for all that load it.
 *
 * @param chunk from its ESC on
 * @throws LuacrossError of the target that came furthest, when none loads it
 */
export function recogniseChunk(chunk: Uint8Array, chunkName: LuaString): RecognisedChunk {
  let refusal: LuacrossError | undefined;
  const candidates = SUPPORTED_TARGETS.flatMap((target): Candidate[] => {
    try {
      return [candidate(chunk, chunkName, target)];
    } catch (error) {
      if (!(error instanceof LuacrossError)) throw error;
      if (!refusal || progressOf(error) > progressOf(refusal)) refusal = error;
      return [];
    }
  });
  if (candidates.length === 0) {
    throw refusal ?? new LuacrossError("chunk-header", "no target loads this chunk");
  }
  const writers = candidates.filter(({ extraBytes }) => extraBytes !== undefined);
  const likely = writers.length > 0 ? writers : candidates;
  const [{ proto, extraBytes }] = likely;
  return { targets: likely.map(({ target }) => target), proto, extraBytes };
}

/** How far a loader came before it refused the chunk: nowhere when the header is another's. */
function progressOf(refusal: LuacrossError): number {
  if (!(refusal instanceof ChunkError) || refusal.code === "chunk-header") return -1;
  return refusal.code === "chunk-code" ? Number.POSITIVE_INFINITY : refusal.offset;
}

function candidate(chunk: Uint8Array, chunkName: LuaString, target: Target): Candidate {
  const toolchain = toolchainFor(target);
  const proto = toolchain.decode(chunk, { chunkName, target });
  const written = [false, true].flatMap((strip) => {
    const bytes = encoded(proto, target, strip);
    return bytes && beginsWith(chunk, bytes) ? [bytes] : [];
  });
  const extraBytes = written.length > 0 ? chunk.length - written[0].length : undefined;
  return { target, proto, extraBytes };
}

/** Undefined when it cannot be written, as some constants of integer builds. */
function encoded(proto: Proto, target: Target, strip: boolean): Uint8Array | undefined {
  try {
    return toolchainFor(target).encode(proto, { target, strip });
  } catch (error) {
    if (error instanceof LuacrossError) return undefined;
    throw error;
  }
}

function beginsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return beginning.length <= bytes.length && beginning.every((byte, i) => bytes[i] === byte);
}
