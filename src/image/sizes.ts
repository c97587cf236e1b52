/**
 * Where the bytes of a flash image go: by module, by function, and by what they are. Every byte is
 * counted once. A string belongs to the one function that uses it, or else to the innermost whole
 * that holds all its users: a module, or the image.
 *
 * Formats differ in how large things are, which is in their {@link SizeRules}; the counting is the
 * same for all.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { FlashImage } from "./flash-image.ts";

/** What bytes are, in the order in which tables show them. */
export const SIZE_PARTS = [
  /** Instructions. */
  "code",
  /** The values that code refers to by number, without the texts of strings. */
  "constants",
  /** Texts of string constants. */
  "strings",
  /** Which instruction is of which line. */
  "line info",
  /** Source names, and names of locals and upvalues. */
  "names",
  /** Records of functions, and what finds functions and strings. */
  "structure",
] as const;

export type SizePart = (typeof SIZE_PARTS)[number];

export type PartSizes = Readonly<Record<SizePart, number>>;

export interface FunctionSizes {
  /** Under which it is stored, where the code around it tells. */
  readonly name: LuaString | undefined;
  /** First and last line; 0 for the function of a whole file. */
  readonly line: number;
  readonly lastLine: number;
  /** Bytes with all functions within. */
  readonly total: number;
  /** Without them. */
  readonly own: PartSizes;
  /** The functions directly within. */
  readonly functions: readonly FunctionSizes[];
}

export interface ModuleSizes {
  readonly name: LuaString;
  readonly total: number;
  /** All bytes of it by part. */
  readonly parts: PartSizes;
  /** Of these, strings that several of its functions use, and no other module. */
  readonly shared: PartSizes;
  /** The function of the whole file, and those within. */
  readonly main: FunctionSizes;
}

export interface ImageSizes {
  readonly total: number;
  /** All bytes by part. */
  readonly parts: PartSizes;
  /** In the order of the image. */
  readonly modules: readonly ModuleSizes[];
  /** Strings that several modules use, or none. */
  readonly shared: PartSizes;
  /** Header, string table, and the function that finds modules. */
  readonly index: PartSizes;
}

/** How large things are in images of one format. All in bytes. */
export interface SizeRules {
  /** What a function needs for itself, strings and nested functions not counted; a new record. */
  own(proto: Proto): Record<SizePart, number>;
  /** A string as it is kept. */
  string(text: LuaString): number;
  /** Calls back for every string that the function itself uses. */
  strings(proto: Proto, use: (text: LuaString, part: SizePart) => void): void;
  /** Names for the functions directly within, by index. */
  names(proto: Proto): readonly (LuaString | undefined)[];
}

/** The sum of all parts. */
export function sumOf(parts: PartSizes): number {
  return SIZE_PARTS.reduce((sum, part) => sum + parts[part], 0);
}

export function noBytes(): Record<SizePart, number> {
  return { code: 0, constants: 0, strings: 0, "line info": 0, names: 0, structure: 0 };
}

/** What several have together. */
export function sumOfParts(all: readonly PartSizes[]): PartSizes {
  const sum = noBytes();
  for (const parts of all) for (const part of SIZE_PARTS) sum[part] += parts[part];
  return sum;
}

/** The main function's name where an image is no combination of modules. */
const ONLY_MODULE = "(main)";

/** Measures an image that was read. */
export function measureImage(image: FlashImage, rules: SizeRules): ImageSizes {
  return new Measurement(image, rules).run();
}

/** A function, module or image that strings can belong to. */
interface Owner {
  readonly around: Owner | undefined;
  readonly bytes: Record<SizePart, number>;
}

interface Use {
  owner: Owner;
  part: SizePart;
}

/** A function with its place in the tree, before the strings are given out. */
interface Draft extends Owner {
  readonly proto: Proto;
  readonly name: LuaString | undefined;
  readonly functions: readonly Draft[];
}

class Measurement {
  private readonly uses = new Map<LuaString, Use>();
  private readonly image: FlashImage;
  private readonly rules: SizeRules;

  constructor(image: FlashImage, rules: SizeRules) {
    this.image = image;
    this.rules = rules;
  }

  run(): ImageSizes {
    const { image } = this;
    const whole: Owner = { around: undefined, bytes: noBytes() };
    const isIndex = image.modules.length > 0;
    const units = isIndex ? image.modules : [{ name: ONLY_MODULE, proto: image.main }];
    const drafts = units.map(({ name, proto }) => {
      const module: Owner = { around: whole, bytes: noBytes() };
      return { name, module, main: this.draft(proto, undefined, module) };
    });
    const index = isIndex ? this.own(image.main, whole) : undefined;
    this.giveOut(whole);
    const modules = drafts.map(({ name, module, main }) => moduleSizes(name, module, main));
    return this.result(modules, whole, index?.bytes ?? noBytes());
  }

  /** What is left of the image is header and tables. */
  private result(
    modules: readonly ModuleSizes[],
    whole: Owner,
    index: Record<SizePart, number>,
  ): ImageSizes {
    const { size: total } = this.image.header;
    const known = sumOf(sumOfParts([...modules.map(({ parts }) => parts), whole.bytes, index]));
    index.structure += total - known;
    const parts = sumOfParts([...modules.map((module) => module.parts), whole.bytes, index]);
    return { total, parts, modules, shared: whole.bytes, index };
  }

  private draft(proto: Proto, name: LuaString | undefined, around: Owner): Draft {
    const owner = this.own(proto, around);
    const names = proto.protos.length > 0 ? this.rules.names(proto) : [];
    // Strings are shared within a module, so every function of it has the module around it.
    const functions = proto.protos.map((nested, i) => this.draft(nested, names[i], around));
    return { ...owner, proto, name, functions };
  }

  /** A function without those within, its strings noted. */
  private own(proto: Proto, around: Owner): Owner {
    const owner: Owner = { around, bytes: this.rules.own(proto) };
    this.rules.strings(proto, (text, part) => this.use(text, part, owner));
    return owner;
  }

  private use(text: LuaString, part: SizePart, owner: Owner): void {
    const use = this.uses.get(text);
    if (!use) {
      this.uses.set(text, { owner, part });
      return;
    }
    use.owner = innermost(use.owner, owner);
    // Packed lines that happen to be a text of the program would be there without them, too.
    if (use.part !== part) use.part = "strings";
  }

  /** Adds each string to its owner; those without any belong to the image. */
  private giveOut(whole: Owner): void {
    for (const { text } of this.image.strings) {
      const { owner, part } = this.uses.get(text) ?? { owner: whole, part: "strings" };
      owner.bytes[part] += this.rules.string(text);
    }
  }
}

/** The innermost whole that holds both. */
function innermost(a: Owner, b: Owner): Owner {
  for (let at: Owner | undefined = a; at; at = at.around) if (holds(at, b)) return at;
  return a;
}

function holds(outer: Owner, inner: Owner): boolean {
  for (let at: Owner | undefined = inner; at; at = at.around) if (at === outer) return true;
  return false;
}

function moduleSizes(name: LuaString, module: Owner, draft: Draft): ModuleSizes {
  const parts = sumOfParts([module.bytes, partsOf(draft)]);
  const main = functionSizes(draft);
  return { name, total: sumOf(parts), parts, shared: module.bytes, main };
}

function functionSizes({ proto, name, bytes, functions: drafts }: Draft): FunctionSizes {
  const functions = drafts.map(functionSizes);
  const total = functions.reduce((sum, nested) => sum + nested.total, sumOf(bytes));
  const { lineDefined: line, lastLineDefined: lastLine } = proto;
  return { name, line, lastLine, total, own: bytes, functions };
}

/** With all functions within. */
function partsOf({ bytes, functions }: Draft): PartSizes {
  return sumOfParts([bytes, ...functions.map(partsOf)]);
}
