/**
 * Writes binary chunks in ways our own encoder never does, as loaders accept more than is written:
 * big-endian, integer numbers of other widths, sources repeated, names of locals and upvalues.
 * Nothing is checked, so the function records may be damaged. Source: lua51.md §5, §6.4.
 *
 *     chunk    = ESC "Lua" 51 00 order 04 04 04 size kind function    order 01: little-endian
 *     function = source lines counts code constants functions line-info locals upvalue-names
 *
 * `kind` above the target's own (float 0, integer 1) marks integers of `size` bytes.
 */
import { ByteWriter } from "../../src/base/byte-writer.ts";
import type { LuaString } from "../../src/base/lua-string.ts";
import type { Constant } from "../../src/base/number-model.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import type { Target } from "../../src/target/target.ts";
import type { Random } from "./random.ts";

/** How a chunk is written. */
interface Form {
  readonly target: Target;
  readonly bigEndian: boolean;
  /** Bytes of each number, written as an integer; 0 for the target's own numbers. */
  readonly integerSize: number;
  readonly random: Random;
}

/** Writes multi-byte values in the order the form asks for. */
class FormWriter {
  readonly writer = new ByteWriter();
  private readonly form: Form;

  constructor(form: Form) {
    this.form = form;
  }

  /** Bytes given from the least significant on. */
  ordered(bytes: Uint8Array): void {
    this.writer.raw(this.form.bigEndian ? bytes.slice().reverse() : bytes);
  }

  /** A 32-bit int or instruction word. */
  int(value: number): void {
    this.ordered(Uint8Array.from([value, value >> 8, value >> 16, value >> 24]));
  }

  /** Length with the closing 00, the bytes, the 00; null is an absent string. */
  string(text: LuaString | null): void {
    this.int(text === null ? 0 : text.length + 1);
    if (text === null) return;
    this.writer.text(text);
    this.writer.byte(0);
  }

  /** A number in the target's form, or as an integer of the width that the form asks for. */
  number(value: number): void {
    const { integerSize, target } = this.form;
    const view = new DataView(new ArrayBuffer(8));
    if (integerSize > 0) view.setBigInt64(0, wholePart(value), true);
    else if (target.numbers.integral) view.setInt32(0, value, true);
    else view.setFloat64(0, value, true);
    this.ordered(new Uint8Array(view.buffer, 0, integerSize || target.numbers.size));
  }
}

function wholePart(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

/** The chunk that holds `proto`, in a form and with names chosen by chance. Checks nothing. */
export function writeAnyChunk(proto: Proto, target: Target, random: Random): Uint8Array {
  const form: Form = {
    target,
    bigEndian: random.chance(0.3),
    integerSize: random.chance(0.3) ? random.pick([1, 2, 4, 8]) : 0,
    random,
  };
  const output = new FormWriter(form);
  const ownKind = target.numbers.integral ? 1 : 0;
  const { integerSize } = form;
  output.writer.text(`\x1bLuaQ\0`);
  for (const byte of [form.bigEndian ? 0 : 1, 4, 4, 4]) output.writer.byte(byte);
  output.writer.byte(integerSize || target.numbers.size);
  output.writer.byte(integerSize ? ownKind + 1 : ownKind);
  writeFunction(output, form, proto);
  return output.writer.finish();
}

/** A function record, its fields in their order. */
function writeFunction(output: FormWriter, form: Form, proto: Proto): void {
  const { writer } = output;
  output.string(form.random.chance(0.3) ? proto.source : null);
  output.int(proto.lineDefined);
  output.int(proto.lastLineDefined);
  writer.byte(proto.upvalueCount);
  writer.byte(proto.parameterCount);
  writer.byte(proto.varargFlags);
  writer.byte(proto.maxStackSize);
  output.int(proto.code.length);
  writer.align(4);
  for (const word of proto.code) output.int(word);
  output.int(proto.constants.length);
  for (const constant of proto.constants) writeConstant(output, form, constant);
  output.int(proto.protos.length);
  for (const nested of proto.protos) writeFunction(output, form, nested);
  output.int(proto.lineInfo.length);
  writer.align(4);
  writer.raw(proto.lineInfo);
  writeNames(output, form, proto);
}

/** Tag and value; `true` may be any byte but 0. */
function writeConstant(output: FormWriter, form: Form, constant: Constant): void {
  const { writer } = output;
  const { wire } = form.target;
  if (constant === null) {
    writer.byte(0);
  } else if (typeof constant === "boolean") {
    writer.byte(1);
    writer.byte(constant ? form.random.pick([1, 1, 2, 255]) : 0);
  } else if (typeof constant === "string") {
    writer.byte(wire.stringTag);
    output.string(constant);
  } else {
    writer.byte(wire.numberTag);
    output.number(Number(constant));
  }
}

/** Names of locals and upvalues, which a compiler keeps out; sometimes one upvalue too many. */
function writeNames(output: FormWriter, form: Form, proto: Proto): void {
  const { random } = form;
  const hasNames = random.chance(0.4);
  const locals = hasNames ? random.below(4) : 0;
  output.int(locals);
  for (let i = 0; i < locals; i++) {
    output.string(random.pick(["a", "self", "(for index)", "", null]));
    output.int(i);
    output.int(proto.code.length);
  }
  const upvalues = hasNames ? random.below(proto.upvalueCount + 2) : 0;
  output.int(upvalues);
  for (let i = 0; i < upvalues; i++) output.string(random.pick(["up", "x\0y", "", null]));
}
