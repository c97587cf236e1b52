/**
 * How much memory the device's compiler has in use at its worst, beyond what was in use before. It
 * is found by watching our own compiler, which meets tokens, instructions, constants and functions
 * in the same order, and by giving each of its objects the size it has there:
 *
 *     strings        every name and string read, and those the compiler makes itself; kept to the end
 *     functions      a prototype whose vectors double from 4 elements while it grows, cut to size
 *                    when it ends; locals and upvalues still have their names
 *     lookup tables  of names and constants, for each function or for all; kept to the end
 *     scopes         in Lua 5.3, the locals in sight, and labels and open jumps
 *     buffer         of the token at hand, doubling from 32 bytes
 *
 * The collector has next to nothing to do meanwhile; in Lua 5.1 it does not even run. Left out is
 * what the buffer takes of a line of a long comment with dozens of brackets in it, and the stack of
 * the interpreter beyond some 20 nested functions.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { RESERVED_WORDS, Token } from "../compiler/tokens.ts";
import type { CompileWatcher, GrowingFunction } from "../compiler/watch.ts";
import type { MemoryFacts } from "../target/memory-facts.ts";
import { closureSize } from "../target/object-sizes.ts";
import { endedBytes, growingBytes, nameBytes } from "./growing-function.ts";
import { HiddenNames } from "./hidden-names.ts";
import { LookupTable } from "./lookup-table.ts";
import { mainClosureBytes } from "./resident.ts";
import { ScopeMemory } from "./scope-memory.ts";
import { StringHeap } from "./string-heap.ts";

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
  /** Every string that was made. */
  readonly strings = new Set<LuaString>();
  /** Bytes in use when last counted. */
  private inUse = 0;
  private readonly facts: MemoryFacts;
  private readonly heap: StringHeap;
  private readonly hidden: HiddenNames;
  private readonly scopes: ScopeMemory;
  private readonly lookups: LookupTable[] = [];
  /** Those that have not ended, the outermost first. */
  private readonly functions: Growing[] = [];
  /** Bytes of functions that ended, but for the names of their locals and upvalues. */
  private ended = 0;
  private names = 0;
  /** Bytes of the closure that is returned. */
  private closure = 0;
  /** Locals in sight at the last token, and those declared until then in functions at hand. */
  private inSight = 0;
  private declarations = 0;
  private buffer = FIRST_BUFFER;
  private lastName: LuaString | undefined;

  /** @param passing strings that loading a file makes before the compiler begins */
  constructor(facts: MemoryFacts, passing: Iterable<LuaString>) {
    this.facts = facts;
    this.heap = new StringHeap(facts);
    this.hidden = new HiddenNames(facts.compiler);
    this.scopes = new ScopeMemory(facts.compiler);
    for (const text of passing) this.make(text);
  }

  opened(f: GrowingFunction): void {
    const { compiler, objects } = this.facts;
    if (this.functions.length === 0 && compiler.linksFirst) this.closure = closureSize(objects, 1);
    this.functions.push({ f, lookup: this.newLookup(), constants: 0 });
    for (const name of this.hidden.opened()) this.makeFor(name);
    this.notePeak();
  }

  read(token: Token, text: LuaString): void {
    this.enterConstants();
    const isString = token === Token.String;
    const isName = token === Token.Name || isString;
    if (isName) this.makeFor(text);
    else if (token < Token.Name && this.facts.compiler.looksUpReserved) {
      this.makeFor(RESERVED_WORDS[token]);
    }
    this.lastName = isName ? text : undefined;
    for (const name of this.hidden.read(token)) this.makeFor(name);
    const inBuffer = text.length + (isString ? AROUND.string : AROUND.name);
    while (this.buffer < inBuffer) this.buffer *= 2;
    this.scopes.read(token, this.localsDeclared());
    this.notePeak();
  }

  closed(f: GrowingFunction, proto: Proto): void {
    this.enterConstants();
    this.notePeak(proto.lineInfo.length - 1);
    this.functions.pop();
    this.ended += endedBytes(this.facts, proto);
    this.names += nameBytes(this.facts, f);
    // The token behind the end was read for the nested function; now it is its parent's.
    if (this.functions.length === 0) this.noteEnd(proto);
    else if (this.lastName !== undefined) this.makeFor(this.lastName);
  }

  /** The names are dropped before the closure of the main function is complete. */
  private noteEnd(main: Proto): void {
    this.names = 0;
    this.closure = mainClosureBytes(this.facts.objects, main);
    this.notePeak();
  }

  private newLookup(): LookupTable {
    const [first] = this.lookups;
    if (first && this.facts.compiler.sharesLookup) return first;
    const lookup = new LookupTable(this.facts);
    this.lookups.push(lookup);
    return lookup;
  }

  /** Makes the string and enters it for the function at hand. */
  private makeFor(text: LuaString): void {
    this.make(text);
    this.functions[this.functions.length - 1]?.lookup.add(text);
  }

  private make(text: LuaString): void {
    if (this.strings.has(text)) return;
    this.strings.add(text);
    this.heap.add(text);
  }

  /**
   * Constants that are new since the last token. The table grows before the function's own vector.
   */
  private enterConstants(): void {
    const current = this.functions[this.functions.length - 1];
    const { constants } = current.f;
    while (current.constants < constants.count) {
      const { bytes } = current.lookup;
      current.lookup.add(constants.at(current.constants++));
      this.inUse += current.lookup.bytes - bytes;
      this.peak = Math.max(this.peak, this.inUse + current.lookup.takePassing());
    }
  }

  /** Locals in sight of all functions, and those about to be. */
  private localsDeclared(): number {
    const inSight = this.functions.reduce((sum, { f }) => sum + f.activeLocals, 0);
    const declarations = this.functions.reduce((sum, { f }) => sum + f.declarations, 0);
    const declared = Math.max(inSight, this.inSight + declarations - this.declarations);
    this.inSight = inSight;
    this.declarations = declarations;
    return declared;
  }

  /** @param lineInfo bytes of the innermost function's, without its terminator, if that has ended */
  private notePeak(lineInfo?: number): void {
    let inUse = this.ended + this.names + this.closure + this.buffer;
    inUse += this.heap.bytes + this.scopes.bytes;
    let passing = 0;
    for (const lookup of this.lookups) {
      inUse += lookup.bytes;
      passing += lookup.takePassing();
    }
    const innermost = this.functions.length - 1;
    this.functions.forEach(({ f }, depth) => {
      const isInnermost = depth === innermost;
      const lines = isInnermost ? lineInfo : undefined;
      inUse += growingBytes(this.facts, f, !isInnermost, lines ?? f.lineInfoSize);
    });
    this.inUse = inUse;
    this.peak = Math.max(this.peak, inUse + passing);
  }
}
