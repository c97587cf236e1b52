/** Makes Lua 5.1 prototypes for tests; what is left out is as in an empty main chunk. */
import type { Proto } from "../../src/bytecode/proto.ts";
import { assemble } from "./chunk-builder.ts";

export interface ProtoShape extends Partial<Omit<Proto, "code" | "lineInfo">> {
  /** Instructions as text (see {@link assemble}) or as raw words. */
  readonly code?: readonly (string | number)[];
  readonly lineInfo?: readonly number[];
}

export function makeProto(shape: ProtoShape = {}): Proto {
  const { code = ["RETURN 0 1"], lineInfo = [], ...facts } = shape;
  return {
    source: "@a.lua",
    lineDefined: 0,
    lastLineDefined: 0,
    upvalueCount: 0,
    upvalueSources: [],
    parameterCount: 0,
    varargFlags: 2,
    maxStackSize: 2,
    constants: [],
    protos: [],
    locals: [],
    upvalueNames: [],
    ...facts,
    code: Int32Array.from(code, (word) => (typeof word === "number" ? word : assemble(word))),
    lineInfo: Uint8Array.from(lineInfo),
  };
}
