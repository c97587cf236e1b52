/** What `luacross inspect` tells of a `.lc` file. */
import { EncodeError, LuacrossError } from "../../base/errors.ts";
import { fromText } from "../../base/lua-string.ts";
import type { Proto } from "../../bytecode/proto.ts";
import { type RecognisedChunk, recogniseChunk } from "../../recognise.ts";
import type { Target } from "../../target/target.ts";
import { toolchainFor } from "../../toolchain.ts";
import { Failure } from "../failure.ts";
import { countsOf, type Finding, namesOf, partTable } from "./findings.ts";
import { facts, type Style, shown } from "./page.ts";
import { bytes, counted, grouped } from "./quantities.ts";

/** Bytes of an instruction in any file. */
const WORD_SIZE = 4;

/** @param chunk from its ESC on; @throws Failure that names the file */
export function inspectChunk(name: string, chunk: Uint8Array): Finding {
  const { targets, proto, extraBytes = 0 } = recognised(name, chunk);
  const size = chunk.length - extraBytes;
  const debug = size - strippedSize(proto, targets[0], size);
  const code = countsOf(proto).instructions * WORD_SIZE;
  const parts: [string, number][] = [
    ["code", code],
    ["debug info", debug],
    ["constants and structure", size - code - debug],
  ];
  const source = debug > 0 ? shown(proto.source.slice(1)) : undefined;
  const heading = `compiled ${targets[0].dialect.title} (.lc)`;
  const file = { name, size: chunk.length, extraBytes, source, targets, proto };
  return {
    json: {
      file: name,
      kind: "chunk",
      lua: targets[0].dialect.title,
      targets: targets.map((target) => target.name),
      fileBytes: chunk.length,
      extraBytes,
      source: source ?? null,
      ...countsOf(proto),
      parts: Object.fromEntries(parts),
    },
    page: (style) =>
      `${style.strong(name)}: ${heading}\n${factsOf(file, style)}\n${partTable(parts, style)}`,
  };
}

/** @throws Failure that names the file, as the loaders' own words do but for a few */
function recognised(name: string, chunk: Uint8Array): RecognisedChunk {
  try {
    return recogniseChunk(chunk, `@${fromText(name)}`);
  } catch (error) {
    if (!(error instanceof LuacrossError)) throw error;
    const prefix = `${fromText(name)}: `;
    const { message } = error;
    throw new Failure(message.startsWith(prefix) ? message : prefix + message);
  }
}

interface ChunkFacts {
  readonly targets: readonly Target[];
  readonly size: number;
  readonly extraBytes: number;
  readonly source: string | undefined;
  readonly proto: Proto;
}

function factsOf({ targets, size, extraBytes, source, proto }: ChunkFacts, style: Style): string {
  const { functions, instructions, constants } = countsOf(proto);
  const holds = [
    counted(functions, "function"),
    counted(instructions, "instruction"),
    counted(constants, "constant"),
  ];
  const rest = extraBytes > 0 ? `, ${grouped(extraBytes)} of them behind its end` : "";
  return facts(
    [
      ["for", namesOf(targets)],
      ["source", source ?? "not recorded: stripped"],
      ["file", bytes(size) + rest],
      ["holds", holds.join(", ")],
    ],
    style,
  );
}

/** Bytes of the same chunk without debug info. @param size when it cannot be written at all */
function strippedSize(proto: Proto, target: Target, size: number): number {
  try {
    return Math.min(size, toolchainFor(target).encode(proto, { target, strip: true }).length);
  } catch (error) {
    if (error instanceof EncodeError) return size;
    throw error;
  }
}
