/**
 * The bytes of a function while it is compiled, and after. A vector that grows has room for 4
 * elements, then for twice as many each time; one that has ended is cut to its size.
 */
import type { Proto } from "../bytecode/proto.ts";
import type { GrowingFunction } from "../compiler/watch.ts";
import type { MemoryFacts } from "../target/memory-facts.ts";
import { ADDRESS_SIZE, INSTRUCTION_SIZE } from "../target/object-sizes.ts";

/** Elements of a vector that got its first. */
const FIRST_ELEMENTS = 4;

/** Elements there is room for in a vector that grew to `count`. */
export function capacity(count: number): number {
  if (count === 0) return 0;
  let room = FIRST_ELEMENTS;
  while (room < count) room *= 2;
  return room;
}

/**
 * Bytes with the room to grow.
 *
 * @param hasNested whether a nested function is being compiled
 * @param lineInfo bytes of line info, without the terminator
 */
export function growingBytes(
  { objects, compiler }: MemoryFacts,
  f: GrowingFunction,
  hasNested: boolean,
  lineInfo: number,
): number {
  const protos = f.protos.length + (hasNested && compiler.linksFirst ? 1 : 0);
  const lineInfoRoom = lineInfo === 0 ? 0 : compiler.lineInfoRoom;
  return (
    objects.proto +
    capacity(f.pc - f.start) * INSTRUCTION_SIZE +
    capacity(f.constants.count) * objects.value +
    capacity(protos) * ADDRESS_SIZE +
    capacity(lineInfo + lineInfoRoom) +
    capacity(f.declarations) * objects.localVariable +
    capacity(f.upvalueCount) * objects.upvalueRecord
  );
}

/** Bytes of a function that ended, without its names; nested ones have been counted before. */
export function endedBytes({ objects, compiler }: MemoryFacts, proto: Proto): number {
  return (
    objects.proto +
    proto.code.length * INSTRUCTION_SIZE +
    proto.constants.length * objects.value +
    proto.protos.length * ADDRESS_SIZE +
    proto.lineInfo.length +
    proto.upvalueCount * (objects.upvalueRecord - compiler.upvalueName)
  );
}

/** Bytes of what goes with the names of a function's locals and upvalues. */
export function nameBytes({ objects, compiler }: MemoryFacts, f: GrowingFunction): number {
  return f.declarations * objects.localVariable + f.upvalueCount * compiler.upvalueName;
}
