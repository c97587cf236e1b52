/** What a code checker of either Lua version says of code that it refuses. */
import { ChunkError } from "../base/errors.ts";
import { messageName } from "./chunk-name.ts";
import type { Proto } from "./proto.ts";

/** Why a prototype is refused. */
export interface Complaint {
  /** Index of the instruction, or −1 when the function as a whole is at fault. */
  readonly pc: number;
  /** A sentence without capital and full stop. */
  readonly reason: string;
}

/** A reason to refuse, or undefined when all is well. */
export type Verdict = string | undefined;

/** A complaint in one line; instructions count from 1, as in listings. */
export function describeComplaint(complaint: Complaint): string {
  const place = complaint.pc < 0 ? "function" : `instruction ${complaint.pc + 1}`;
  return `${place}: ${complaint.reason}`;
}

/**
 * The error for a function of a chunk: `chunk-code`; its field names the instruction and the reason,
 * its offset is that of the instruction in the function's code.
 */
export function codeError(proto: Proto, complaint: Complaint): ChunkError {
  const message = `${messageName(proto.source)}: bad code in precompiled chunk`;
  const offset = Math.max(complaint.pc, 0) * 4;
  return new ChunkError("chunk-code", message, offset, describeComplaint(complaint));
}

/**
 * The same with the reason in its message, for Lua 5.3, where no reference has words that it would
 * have to be.
 */
export function explainedCodeError(proto: Proto, complaint: Complaint): ChunkError {
  const { code, message, offset, field } = codeError(proto, complaint);
  return new ChunkError(code, `${message}: ${describeFault(proto, complaint)}`, offset, field);
}

/** A complaint in one line that tells the function, too. */
export function describeFault({ lineDefined }: Proto, { pc, reason }: Complaint): string {
  const place = lineDefined === 0 ? "main function" : `function of line ${lineDefined}`;
  return `${place}${pc < 0 ? "" : `, instruction ${pc + 1}`}: ${reason}`;
}

/** The error for a chunk with more than `most` functions within one another: `chunk-depth`. */
export function depthError(proto: Proto, most: number): ChunkError {
  const message = `${messageName(proto.source)}: bad code in precompiled chunk`;
  const field = `functions: more than ${most} within one another`;
  return new ChunkError("chunk-depth", message, 0, field);
}

export function checkRegister(proto: Proto, register: number): Verdict {
  if (register < proto.maxStackSize) return undefined;
  return `register ${register} is outside the frame of ${proto.maxStackSize}`;
}

export function checkConstant(proto: Proto, index: number): Verdict {
  if (index < proto.constants.length) return undefined;
  return `constant ${index} is outside the table of ${proto.constants.length}`;
}

export function checkUpvalue(proto: Proto, index: number): Verdict {
  if (index < proto.upvalueCount) return undefined;
  return `upvalue ${index} is outside the list of ${proto.upvalueCount}`;
}
