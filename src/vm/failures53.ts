/**
 * The errors of Lua 5.3's operations: where they happened, and which variable is to blame.
 * Source: lua53.md §8; observed.
 */
import type { LuaString } from "../base/lua-string.ts";
import { chunkId } from "../bytecode/chunk-id.ts";
import { RK_CONSTANT } from "../bytecode/instruction.ts";
import { LuaError } from "./errors.ts";
import { currentLine53, registerName53, upvalueName53, type VariableName53 } from "./names53.ts";
import { Closure, type Frame, type MachineState, type Thread } from "./state.ts";
import { Table } from "./table.ts";
import { TString, typeName, Userdata, type Value } from "./values.ts";

/** For operands that no message can name; others are registers, or upvalues from {@link UPVALUE} on. */
export const NO_OPERAND = RK_CONSTANT;
/** The operand for upvalue 0. */
export const UPVALUE = 2 * RK_CONSTANT;

/** An error at the current line, if Lua code is running; even when the line is not known. */
export function runtimeError53(thread: Thread, message: LuaString): LuaError {
  const frame = thread.frames[thread.depth];
  if (!(frame.fn instanceof Closure)) return LuaError.of(message);
  return LuaError.of(`${placeOf(frame, frame.fn)}: ${message}`);
}

/** `file:line`. */
function placeOf(frame: Frame, { code }: Closure): LuaString {
  const { dialect } = frame.thread.state.target;
  return `${chunkId(code.proto.source, dialect.chunkIdAtRun)}:${currentLine53(frame)}`;
}

/** `file:line: ` for Lua functions at a known line, else nothing. */
export function position53(frame: Frame): LuaString {
  const { fn } = frame;
  return fn instanceof Closure && currentLine53(frame) > 0 ? `${placeOf(frame, fn)}: ` : "";
}

/** `attempt to index a nil value (field 'x')`. */
export function typeError53(
  thread: Thread,
  value: Value,
  action: LuaString,
  operand: number,
): LuaError {
  const type = typeInWords(thread.state, value);
  return runtimeError53(thread, `attempt to ${action} a ${type} value${variable(thread, operand)}`);
}

/** A float, or a string that looks like one, where there must be an integer. */
export function integerError53(thread: Thread, operand: number): LuaError {
  return runtimeError53(thread, `number${variable(thread, operand)} has no integer representation`);
}

/** ` (field 'x')`, or nothing. */
function variable(thread: Thread, operand: number): LuaString {
  const found = nameOf(thread.frames[thread.depth], operand);
  return found === undefined ? "" : ` (${found.kind} '${found.name}')`;
}

function nameOf(frame: Frame, operand: number): VariableName53 | undefined {
  if (operand >= UPVALUE) return upvalueName53(frame, operand - UPVALUE);
  return operand < NO_OPERAND ? registerName53(frame, operand) : undefined;
}

export function orderError53(thread: Thread, left: Value, right: Value): LuaError {
  const one = typeInWords(thread.state, left);
  const other = typeInWords(thread.state, right);
  return one === other
    ? runtimeError53(thread, `attempt to compare two ${one} values`)
    : runtimeError53(thread, `attempt to compare ${one} with ${other}`);
}

/** The type of a value, by the `__name` of its metatable if there is one. */
function typeInWords({ events }: MachineState, value: Value): LuaString {
  if (value instanceof Table || value instanceof Userdata) {
    const { metatable } = value;
    const name = metatable instanceof Table ? metatable.getString(events.name) : undefined;
    if (name instanceof TString) return name.text;
  }
  return typeName(value);
}
