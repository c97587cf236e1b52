/**
 * How much memory the device's compiler has in use at its worst, beyond what was in use before. It
 * is found by watching our own compiler, which meets tokens, instructions, constants and functions
 * in the same order, and by giving each of its objects the size it has there:
 *
 *     strings        every name and string read, and those the compiler makes itself; kept to the end
 *     functions      a prototype whose vectors double from 4 elements while it grows, cut to size
 *                    when it ends; locals and upvalues still have their names
 *     lookup tables  one per function, of its names and constants; kept to the end, because the
 *                    collector does not run while there is a compile
 *     buffer         of the token at hand, doubling from 32 bytes
 *
 * Left out is what such a buffer takes of a line of a long comment with dozens of brackets in it, and
 * the compiler's own stack beyond 20 nested functions.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { Token } from "../compiler/tokens.ts";
import type { CompileWatcher, GrowingFunction } from "../compiler/watch.ts";
import type { MemoryFacts } from "../target/memory-facts.ts";
import { ADDRESS_SIZE, INSTRUCTION_SIZE, type ObjectSizes } from "../target/object-sizes.ts";
import { HiddenNames } from "./hidden-names.ts";
import { LookupTable } from "./lookup-table.ts";
import { mainClosureBytes } from "./resident.ts";
import { StringHeap } from "./string-heap.ts";

/** Elements of a vector that got its first. */
const FIRST_ELEMENTS = 4;
const FIRST_BUFFER = 32;
/** What stands in the buffer around a name's, numeral's or string's text. */
const AROUND = { name: 1, string: 2 };

interface Growing {
  readonly f: GrowingFunction;
  readonly lookup: LookupTable;
  /** How many of its constants are in the lookup table. */
  constants: number;
}

export class CompileMemory implements CompileWatcher {
  /** Bytes in use at the worst moment so far. */
  peak = 0;
  /** Every string that was made, as far as it matters what they are. */
  readonly strings = new Set<LuaString>();
  private readonly sizes: ObjectSizes;
  private readonly heap: StringHeap;
  private readonly hidden = new HiddenNames();
  private readonly functions: Growing[] = [];
  /** Bytes of finished functions and of all that became garbage. */
  private finished = 0;
  /** Bytes of the names of their locals and upvalues. */
  private names = 0;
  private buffer = FIRST_BUFFER;
  private lastName: LuaString | undefined;

  /** @param passing strings that loading a file makes before the compiler begins */
  constructor(facts: MemoryFacts, passing: Iterable<LuaString>) {
    this.sizes = facts.objects;
    this.heap = new StringHeap(facts);
    for (const text of passing) this.make(text);
  }

  opened(f: GrowingFunction): void {
    this.functions.push({ f, lookup: new LookupTable(this.sizes), constants: 0 });
    for (const name of this.hidden.opened()) this.makeFor(name);
    this.notePeak();
  }

  read(token: Token, text: LuaString): void {
    this.enterConstants();
    const isString = token === Token.String;
    const isName = token === Token.Name || isString;
    if (isName) this.makeFor(text);
    this.lastName = isName ? text : undefined;
    for (const name of this.hidden.read(token)) this.makeFor(name);
    const inBuffer = text.length + (isString ? AROUND.string : AROUND.name);
    while (this.buffer < inBuffer) this.buffer *= 2;
    this.notePeak();
  }

  closed(f: GrowingFunction, proto: Proto): void {
    this.enterConstants();
    this.notePeak(proto.lineInfo.length);
    const { lookup } = this.functions[this.functions.length - 1];
    this.functions.pop();
    this.finished += trimmedBytes(this.sizes, proto) + lookup.bytes;
    this.names += nameBytes(this.sizes, f);
    // The token behind the end was read for the nested function; now it is its parent's.
    if (this.functions.length === 0) this.noteEnd(proto);
    else if (this.lastName !== undefined) this.makeFor(this.lastName);
  }

  /** The names are dropped before there is a closure of the main function. */
  private noteEnd(main: Proto): void {
    this.names = 0;
    this.finished += mainClosureBytes(this.sizes, main);
    this.notePeak();
  }

  /** Makes the string and enters it for the function at hand. */
  private makeFor(text: LuaString): void {
    this.make(text);
    this.functions[this.functions.length - 1]?.lookup.add(text);
  }

  private make(text: LuaString): void {
    this.strings.add(text);
    this.heap.add(text);
  }

  /** Constants that are new since the last token. */
  private enterConstants(): void {
    const current = this.functions[this.functions.length - 1];
    const { constants } = current.f;
    while (current.constants < constants.count)
      current.lookup.add(constants.at(current.constants++));
  }

  /** @param lineInfo bytes of the innermost function's, if that has ended */
  private notePeak(lineInfo?: number): void {
    let inUse = this.finished + this.names + this.heap.bytes + this.buffer;
    const innermost = this.functions.length - 1;
    this.functions.forEach(({ f, lookup }, depth) => {
      const ended = depth === innermost ? lineInfo : undefined;
      inUse += growingBytes(this.sizes, f, ended ?? growingLineInfo(f)) + lookup.bytes;
    });
    this.peak = Math.max(this.peak, inUse);
  }
}

/** Bytes of line info with the zero that always stands behind it. */
function growingLineInfo({ lineInfoSize }: GrowingFunction): number {
  return lineInfoSize === 0 ? 0 : lineInfoSize + 1;
}

/** Bytes of a function being compiled, with the room to grow its vectors have. */
function growingBytes(sizes: ObjectSizes, f: GrowingFunction, lineInfo: number): number {
  return (
    sizes.proto +
    capacity(f.pc - f.start) * INSTRUCTION_SIZE +
    capacity(f.constants.count) * sizes.value +
    capacity(f.protos.length) * ADDRESS_SIZE +
    capacity(lineInfo) +
    capacity(f.declarations) * sizes.localVariable +
    capacity(f.upvalueCount) * sizes.upvalueRecord
  );
}

/** Bytes of a function that ended, without its names; nested ones have been counted before. */
function trimmedBytes(sizes: ObjectSizes, proto: Proto): number {
  return (
    sizes.proto +
    proto.code.length * INSTRUCTION_SIZE +
    proto.constants.length * sizes.value +
    proto.protos.length * ADDRESS_SIZE +
    proto.lineInfo.length
  );
}

function nameBytes(sizes: ObjectSizes, { declarations, upvalueCount }: GrowingFunction): number {
  return declarations * sizes.localVariable + upvalueCount * sizes.upvalueRecord;
}

/** Elements there is room for in a vector that grew to `count`. */
function capacity(count: number): number {
  if (count === 0) return 0;
  let room = FIRST_ELEMENTS;
  while (room < count) room *= 2;
  return room;
}
