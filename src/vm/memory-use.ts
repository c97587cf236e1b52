/**
 * The memory that a program has in use, as `collectgarbage("count")` gives it on the device right
 * after a collection: everything that it can reach has its size there. Sizes are data of the target.
 */
import type { LuaString } from "../base/lua-string.ts";
import {
  cClosureSize,
  closureSize,
  type ObjectSizes,
  protoSize,
  stringSize,
  tableSize,
} from "../target/object-sizes.ts";
import { type HeapObject, Reachable } from "./reachable.ts";
import { stackSize } from "./stack-size.ts";
import { Closure, Code, type MachineState, NativeFunction, Thread, Upvalue } from "./state.ts";
import { Table } from "./table.ts";
import { TString, Userdata } from "./values.ts";
import { markStrings } from "./weak-tables.ts";

/** Bytes that are in use, but for what is garbage. Changes nothing. */
export function memoryInUse(state: MachineState): number {
  const reach = new Reachable(state);
  markStrings(reach, state.finalizers);
  return bytesOf(state, reach);
}

/** Bytes of what was reached. */
export function bytesOf(state: MachineState, reach: Reachable): number {
  const { objects: sizes } = state.target.memory;
  let bytes = sizes.interpreter;
  for (const object of reach.objects) bytes += sizeOf(sizes, object, state);
  return bytes + stringBytes(state, reach);
}

function sizeOf(sizes: ObjectSizes, object: HeapObject, { mainThread }: MachineState): number {
  if (object instanceof Table) return tableSize(sizes, object.arraySize, object.nodeCount);
  if (object instanceof Closure) return closureSize(sizes, object.upvalues.length);
  if (object instanceof Upvalue) return sizes.upvalue;
  if (object instanceof Code) return protoSize(sizes, object.proto);
  if (object instanceof NativeFunction) return cClosureSize(sizes, object.upvalues.length);
  if (object instanceof Userdata) return sizes.userdata + object.size;
  if (!(object instanceof Thread)) throw new Error("an object of no known size");
  const { slots, calls } = stackSize(object);
  const own = object === mainThread ? 0 : sizes.thread;
  return own + slots * sizes.value + calls * sizes.call;
}

function stringBytes(state: MachineState, reach: Reachable): number {
  const { objects: sizes } = state.target.memory;
  const texts = sharedTexts(state, reach);
  let bytes = state.stringTable.bytes(texts.size);
  for (const text of texts) bytes += stringSize(sizes, text);
  for (const string of reach.longStrings) {
    const text = string instanceof TString ? string.text : string;
    if (!isInFlash(state, string)) bytes += stringSize(sizes, text);
  }
  return bytes;
}

/** A long string that a program makes is another one than that in flash. */
function isInFlash(state: MachineState, string: TString | LuaString): boolean {
  if (!(string instanceof TString)) return state.flash.holdsText(string);
  return state.flash.holdsText(string.text) && state.intern(string.text) === string;
}

/** The strings in memory of which there is one each; the interpreter has some for itself. */
export function sharedTexts(state: MachineState, reach: Reachable): Set<LuaString> {
  const texts = new Set(state.target.memory.strings.present);
  for (const text of reach.texts) if (!state.flash.holdsText(text)) texts.add(text);
  return texts;
}
