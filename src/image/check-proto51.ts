/**
 * Whether a prototype can be written into a Lua 5.1 image at all. Those of compiler and decoders
 * always can; one made by hand may hold what has no place there, and would become a broken image.
 * Source: lfs51.md §5.3, §5.4 for the width of each field.
 */
import { EncodeError } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import type { Constant } from "../base/number-model.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Target } from "../target/target.ts";

/** Functions within one another; more than any loader takes. */
const MAX_DEPTH = 201;

const MAX_BYTE = 0xff;
const MAX_INT = 0x7fffffff;

/**
 * @param main with all functions within
 * @throws {EncodeError} `number` when a value does not fit its field, `chunk-depth` when functions
 *   are nested too deeply, or within themselves
 */
export function checkWritable51(main: Proto, target: Target): void {
  checkProto(main, target, 1);
}

function checkProto(proto: Proto, target: Target, depth: number): void {
  if (depth > MAX_DEPTH) throw new EncodeError("chunk-depth", "functions are nested too deeply");
  const { lineDefined, constants, locals } = proto;
  checkInteger(proto.upvalueCount, MAX_BYTE, "upvalueCount");
  checkInteger(proto.parameterCount, MAX_BYTE, "parameterCount");
  checkInteger(proto.varargFlags, MAX_BYTE, "varargFlags");
  checkInteger(proto.maxStackSize, MAX_BYTE, "maxStackSize");
  checkInteger(lineDefined, MAX_INT, "lineDefined");
  checkInteger(proto.lastLineDefined, MAX_INT, "lastLineDefined");
  checkText(proto.source, "source");
  for (let i = 0; i < constants.length; i++) checkConstant(constants[i], i, lineDefined, target);
  for (const { name, startPc, endPc } of locals) {
    if (name !== null) checkText(name, "name of a local");
    checkInteger(startPc, MAX_INT, "startPc");
    checkInteger(endPc, MAX_INT, "endPc");
  }
  for (const name of proto.upvalueNames) if (name !== null) checkText(name, "name of an upvalue");
  for (const nested of proto.protos) checkProto(nested, target, depth + 1);
}

function checkConstant(value: Constant, constant: number, lineDefined: number, target: Target) {
  if (typeof value === "string") checkText(value, "string constant");
  else if (value !== null && typeof value !== "boolean" && !isWritable(value, target)) {
    const message = `a constant is no number of target ${target.name}`;
    throw new EncodeError("number", message, { lineDefined, constant });
  }
}

/** Lua 5.1 has no subtypes, so other kinds of numbers come from elsewhere. */
function isWritable(value: unknown, { numbers }: Target): boolean {
  return typeof value === "number" && (numbers.size !== 4 || (value | 0) === value);
}

function checkInteger(value: number, most: number, field: string): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw new EncodeError("number", `${field} is ${value}, not a whole number from 0 to ${most}`);
}

function checkText(text: LuaString, field: string): void {
  let all = 0;
  for (let i = 0; i < text.length; i++) all |= text.charCodeAt(i);
  if (all <= MAX_BYTE) return;
  throw new EncodeError("number", `a ${field} has units above 255, which are not bytes`);
}
