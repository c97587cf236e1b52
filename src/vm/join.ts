/** New strings, for which there must be memory, in both Lua versions. */
import type { LuaString } from "../base/lua-string.ts";
import type { NumberValue } from "./numbers.ts";
import type { MachineState } from "./state.ts";
import { TString } from "./values.ts";

/** A number as a string that is to be joined. */
export function textOfNumber(
  { numbers, stringTable }: MachineState,
  number: NumberValue,
): LuaString {
  const text = numbers.format(number);
  stringTable.noteMade(text.length);
  return text;
}

/** @throws LuaError when there is no memory for it */
export function joinTexts(state: MachineState, start: LuaString, end: LuaString): TString {
  const { heap, stringTable } = state;
  const length = start.length + end.length;
  heap.charge(heap.sizes.string + length);
  stringTable.noteJoined(length);
  return new TString(start + end);
}

/** @throws LuaError when there is no memory for it */
export function makeText(state: MachineState, text: LuaString): TString {
  const { heap, stringTable } = state;
  heap.charge(heap.sizes.string + text.length);
  stringTable.noteMade(text.length);
  return new TString(text);
}
