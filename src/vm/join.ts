/** Strings that are made by concatenation, in both Lua versions. */
import type { LuaString } from "../base/lua-string.ts";
import type { MachineState } from "./state.ts";
import { TString } from "./values.ts";

/** @throws LuaError when there is no memory for it */
export function joinTexts(state: MachineState, start: LuaString, end: LuaString): TString {
  const { heap, stringTable } = state;
  const length = start.length + end.length;
  heap.charge(heap.sizes.string + length);
  stringTable.noteJoined(length);
  return new TString(start + end);
}
