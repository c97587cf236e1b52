/** Makes input files for images: programs, string sets that collide, chunks with debug info. */
import { fromBytes, type LuaString } from "../../src/base/lua-string.ts";
import { buildImage51 } from "../../src/image/build51.ts";
import { ImageSizeError } from "../../src/image/errors.ts";
import { MAX_IMAGE_SIZE } from "../../src/image/layout51.ts";
import { hashString } from "../../src/image/strings51.ts";
import type { Target } from "../../src/target/target.ts";
import type { Random } from "../fuzz/random.ts";
import {
  type ChunkForm,
  chunk,
  FLOAT_22,
  FLOAT_30,
  type FunctionShape,
  INT_22,
  INT_30,
} from "../support/chunk-builder.ts";
import { combine, type Inputs } from "./subject.ts";

const FORMS: readonly ChunkForm[] = [FLOAT_30, INT_30, FLOAT_22, INT_22];
const LETTERS = "abcdefghijklmnopqrstuvwxyz_";

/** A Lua string literal for any bytes. */
export function literal(text: LuaString): LuaString {
  const escaped = (unit: string) => `\\${unit.charCodeAt(0).toString().padStart(3, "0")}`;
  return `"${text.replace(/[^ !#-[\]-~]/g, escaped)}"`;
}

/** Words that the letters of a name may happen to make. */
const KEYWORDS = new Set(
  "and break do else elseif end false for function if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

/** A name; it is never a word of Lua's own. */
export function word(random: Random): LuaString {
  const length = random.magnitude(1, 30);
  const name = Array.from({ length }, () => random.pick(LETTERS)).join("");
  return KEYWORDS.has(name) ? `${name}_` : name;
}

/** Bytes with more or less pattern in them, for the compressor to find or not to find. */
export function data(random: Random, length: number): LuaString {
  const alphabet = random.magnitude(1, 256);
  const period = random.chance(0.4) ? random.magnitude(1, 40_000) : length;
  const units = Uint8Array.from({ length }, () => random.below(alphabet));
  for (let i = period; i < length; i++) {
    if (random.below(100) > 0) units[i] = units[i - period];
  }
  return fromBytes(units);
}

/** Strings whose hashes agree in their lowest bits, so that they fight for the same slots. */
export function collidingStrings(random: Random, count: number, bits: number): LuaString[] {
  const mask = 2 ** bits - 1;
  const wanted = random.below(mask + 1);
  const found = new Set<LuaString>();
  for (let i = random.below(1_000_000); found.size < count; i++) {
    const text = `s${i.toString(36)}`;
    if ((hashString(text) & mask) === wanted) found.add(text);
  }
  return [...found];
}

/** A module with functions, strings and numbers. */
export function program(random: Random, size: number): LuaString {
  const lines: LuaString[] = ["local M = {}"];
  for (let i = 0; i < size; i++) lines.push(statement(random, i), ...blankLines(random));
  lines.push("return M", "");
  return lines.join("\n");
}

function statement(random: Random, i: number): LuaString {
  switch (random.below(7)) {
    case 0:
      return `function M.${word(random)}(a, b, ...) return a + ${random.below(1000)}, b, ... end`;
    case 1:
      return `M[${literal(data(random, random.magnitude(1, 90)))}] = ${random.next() % 100_000}`;
    case 2:
      return `local ${word(random)}_${i % 40} = nil or true and ${literal(word(random))}`.replace(
        /^local/,
        random.chance(0.1) && i < 30 ? "local" : "",
      );
    case 3:
      return `M.${word(random)} = function(x) return function() return x, M end end`;
    case 4:
      return `for k, v in pairs(${word(random)}x) do ${word(random)}y(k, v) end`;
    case 5:
      return `if ${word(random)}z then print(${literal(word(random))}) else M.n = false end`;
    default:
      return `t = { ${word(random)}q = ${random.below(99)}, ${literal(word(random))}, nil, "" }`;
  }
}

function blankLines(random: Random): LuaString[] {
  return random.chance(0.1) ? [`${"\n".repeat(random.magnitude(1, 300))}`] : [];
}

/** A chunk with names of locals and upvalues and any line info, as no compiler writes it. */
export function debugChunk(random: Random, target: Target, size: number): LuaString {
  const form = FORMS.find(({ numberTag, integral }) => {
    return numberTag === target.wire.numberTag && integral === target.numbers.integral;
  });
  return chunk(debugFunction(random, 3, size), form);
}

function debugFunction(random: Random, depth: number, size: number): FunctionShape {
  const some = (most: number) => random.below(Math.max(1, Math.min(most, size)) + 1);
  const upvalues = some(5);
  const lineInfo = Array.from({ length: some(40) }, () => random.below(256));
  // Without an end the reference reads on into whatever memory holds.
  if (lineInfo.length > 0) lineInfo.push(0);
  return {
    source: random.chance(0.3) ? null : `@${word(random)}.lua`,
    lineDefined: random.below(100),
    lastLineDefined: random.below(100_000),
    upvalues,
    constants: Array.from({ length: some(6) }, () => anyConstant(random)),
    functions:
      depth === 0
        ? []
        : Array.from({ length: some(3) }, () => debugFunction(random, depth - 1, size)),
    lineInfo,
    locals: Array.from({ length: some(4) }, () => [word(random), some(9), some(99)] as const),
    upvalueNames: Array.from({ length: random.below(upvalues + 1) }, () => word(random)),
  };
}

function anyConstant(random: Random): null | boolean | number | LuaString {
  const number = random.pick([0, 1, -1, 2147483647, -2147483648, 1000, random.next() | 0]);
  return random.pick([null, true, false, number, number, word(random), data(random, 40), ""]);
}

/**
 * Inputs whose image has just so many bytes.
 *
 * @param size a multiple of 4, large enough for the rest of the image
 */
export function inputsOfSize(size: number, target: Target): Inputs {
  const module = (length: number) => ({ "big.lua": `return ${literal("x".repeat(length))}` });
  const rest = imageSize(module(size / 2), target) - size / 2;
  return module(size - rest);
}

/** The size of an image, of one that is too large, too. */
export function imageSize(inputs: Inputs, target: Target): number {
  try {
    return buildImage51(combine(inputs, target, 0), { target }).body.length;
  } catch (error) {
    if (error instanceof ImageSizeError) return error.size;
    throw error;
  }
}

/** Around the greatest image there can be. */
export const BOUNDARY_SIZES = [-8, -4, 0, 4, 8].map((change) => MAX_IMAGE_SIZE + change);

/** A module with a table of so many strings. */
export function stringModule(strings: readonly LuaString[]): LuaString {
  return `return {\n${strings.map((text) => `${literal(text)},\n`).join("")}}\n`;
}
