/** Constants of prototypes as values of a machine, the same for both Lua versions. */
import type { Proto } from "../bytecode/proto.ts";
import type { MachineState } from "./state.ts";
import { computeHash, type Value } from "./values.ts";

/** A prototype's constants as values; strings are interned and know their hash. */
export function constantValues(state: MachineState, { constants }: Proto): Value[] {
  return constants.map((constant) => {
    if (constant === null) return undefined;
    if (typeof constant !== "string") return constant;
    const string = state.intern(constant);
    if (string.hash < 0) computeHash(string, state.heap.seed);
    return string;
  });
}
