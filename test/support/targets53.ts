/** The targets of Lua 5.3, and a prototype of it for tests. */
import type { Proto } from "../../src/bytecode/proto.ts";
import { LUA53 } from "../../src/target/dialect.ts";
import type { Target } from "../../src/target/target.ts";
import { TARGETS } from "../../src/target/targets.ts";
import { assemble53 } from "./assemble53.ts";
import { type ChunkForm53, RETURN_53 } from "./chunk-builder53.ts";

export const TARGETS_53: readonly Target[] = TARGETS.filter(
  (row): row is Target => row.dialect === LUA53 && row.numbers !== undefined,
);

export function target53(name: string): Target {
  const target = TARGETS_53.find((candidate) => candidate.name === name);
  if (target === undefined) throw new Error(`${name} is no target of Lua 5.3`);
  return target;
}

/** How a chunk made by hand is written for a target. */
export function form53({ numbers }: Target): ChunkForm53 {
  return { integerSize: numbers.integerSize === 8 ? 8 : 4, floatSize: numbers.size };
}

export interface ProtoShape53 extends Partial<Omit<Proto, "code" | "lineInfo" | "upvalueCount">> {
  /** Instructions as text (see {@link assemble53}) or as raw words. */
  readonly code?: readonly (string | number)[];
  readonly lineInfo?: readonly number[];
}

/** What is left out is as in an empty main chunk. */
export function makeProto53(shape: ProtoShape53 = {}): Proto {
  const { code = [RETURN_53], lineInfo = [1, 0], ...facts } = shape;
  const upvalueSources = shape.upvalueSources ?? [{ inStack: true, index: 0 }];
  return {
    source: "@a.lua",
    lineDefined: 0,
    lastLineDefined: 0,
    upvalueCount: upvalueSources.length,
    upvalueSources,
    parameterCount: 0,
    varargFlags: 1,
    maxStackSize: 2,
    constants: [],
    protos: [],
    locals: [],
    upvalueNames: [],
    ...facts,
    code: Int32Array.from(code, (word) => (typeof word === "number" ? word : assemble53(word))),
    lineInfo: Uint8Array.from(lineInfo),
  };
}
