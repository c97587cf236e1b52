/** Every limit, just kept and just exceeded (lua51.md §2.2). */
import {
  chunkOnly,
  type Extra,
  PARSE_ONLY,
  program,
  repeat,
  type Topic,
  type VectorCase,
} from "../case.ts";

const names = (count: number, prefix = "a") => repeat(count, (n) => `${prefix}${n}`, ",");

/** The cases of one limit: the same source for each of several counts. */
function each(
  name: string,
  counts: readonly number[],
  make: (count: number) => string,
  extra: Extra = {},
): VectorCase[] {
  return counts.map((count) => chunkOnly(`${name}: ${count}`, make(count), extra));
}

const locals: VectorCase[] = [
  ...each("locals in one statement", [49, 50, 51], (n) => `local ${names(n)}`),
  ...each("locals in statements", [50, 51, 60], (n) => repeat(n, (i) => `local a${i}\n`)),
  ...each("parameters", [50, 51], (n) => `\nfunction f(${names(n)}) end`),
  ...each("parameters and self", [49, 50], (n) => `function o:f(${names(n)}) end`),
  ...each("parameters and arg", [49, 50], (n) => `function f(${names(n)},...) end`),
  ...each(
    "parameters and locals",
    [30, 31],
    (n) => `function f(${names(n)})\nlocal ${names(20, "b")}\nend`,
  ),
  ...each("locals and a numeric for", [46, 47, 48], (n) => `local ${names(n)}\nfor i=1,2 do end`),
  ...each("locals and a generic for", [46, 47], (n) => `local ${names(n)}\nfor k in f do end`),
  ...each(
    "locals and a generic for of two",
    [45, 46],
    (n) => `local ${names(n)}\nfor k,v in f do end`,
  ),
  ...each("generic for variables", [46, 47, 48, 60], (n) => `for ${names(n)} in f do end`),
  ...each(
    "locals and a local function",
    [49, 50],
    (n) => `local ${names(n)}\nlocal function g() end`,
  ),
  ...each("locals of ended blocks do not count", [200], (n) =>
    repeat(n, () => `do local ${names(20)} end\n`),
  ),
  ...each(
    "locals of branches",
    [25, 26],
    (n) => `local ${names(25)} if x then local ${names(n, "b")} else local ${names(n, "c")} end`,
  ),
  ...each("locals in until", [50, 51], (n) => `repeat local ${names(n)} until a1`),
  ...each(
    "too many locals in a function on line 3",
    [51],
    (n) => `\n\nfunction f()\n\nlocal ${names(n)}\nend`,
  ),
  ...each(
    "too many locals in an anonymous function",
    [51],
    (n) => `x={\nfunction()\nlocal\n${names(n)}\nend}`,
  ),
];

const declarations: VectorCase[] = [
  ...each("declarations in one function", [32767, 32768], (n) =>
    repeat(n, () => "do local a end "),
  ),
  ...each(
    "declarations, counted per function",
    [20000],
    (n) =>
      `${repeat(n, () => "do local a end ")} function f() ${repeat(n, () => "do local a end ")} end`,
  ),
  ...each("declarations by loops", [8191, 8192], (n) => repeat(n, () => "for i=1,2 do end ")),
];

const targets: VectorCase[] = [
  ...each("targets", [2, 198, 199, 200, 250], (n) => `${names(n)}=1`),
  ...each("targets in a block", [197, 198, 199], (n) => `do\n${names(n)}=1 end`),
  ...each("targets in a function", [197, 198, 199], (n) => `function f()\n${names(n)}=1 end`),
  ...each(
    "targets in nested blocks",
    [188, 189, 190],
    (n) => `${"do ".repeat(10)}${names(n)}=1${" end".repeat(10)}`,
  ),
  ...each("fields as targets", [100, 198, 199], (n) => `${repeat(n, (i) => `a.b${i}`, ",")}=1`),
  ...each(
    "targets in a function in a function",
    [196, 197, 198],
    (n) => `function f()\nfunction g()\n${names(n)}=f() end end`,
  ),
];

const nest =
  (open: string, close: string, middle = "") =>
  (count: number) =>
    `${open.repeat(count)}${middle}${close.repeat(count)}`;

const levels: VectorCase[] = [
  ...each("nested do", [198, 199], nest("do ", "end ")),
  ...each("nested while", [198, 199], nest("while a do ", "end ")),
  ...each("nested if", [198, 199], nest("if a then ", "end ")),
  ...each("nested repeat", [198, 199], nest("repeat ", "until a ")),
  ...each("nested numeric for", [12, 13], nest("for i=1,2 do ", "end ")),
  ...each(
    "nested functions",
    [98, 99, 100],
    (n) => `${"return function() ".repeat(n)}${"end ".repeat(n)}`,
  ),
  ...each("nested function statements", [98, 197, 198, 199], nest("function f() ", "end ")),
  ...each("parentheses", [196, 197, 198], (n) => `x=${nest("(", ")", "1")(n)}`),
  ...each("parentheses around a call", [197, 198, 199], (n) => `${nest("(", ")", "f")(n)}()`),
  ...each("not", [196, 197, 198], (n) => `x=${"not ".repeat(n)}a`),
  ...each("minus", [196, 197, 198], (n) => `x=${"- ".repeat(n)}1`),
  ...each("length", [197, 198], (n) => `x=${"#".repeat(n)}a`),
  ...each("braces", [197, 198, 199], (n) => `x=${nest("{", "}")(n)}`),
  ...each("braces with keys", [98, 99, 197, 198], (n) => `x=${nest("{[1]=", "}", "1")(n)}`),
  ...each("brackets", [196, 197, 198], (n) => `x=${nest("a[", "]", "1")(n)}`),
  ...each("calls", [196, 197, 198], (n) => `x=${nest("f(", ")", "1")(n)}`),
  ...each("call statements", [197, 198, 199], nest("f(", ")", "1")),
  ...each("powers", [197, 198, 199], (n) => `x=${"2^".repeat(n)}a`),
  ...each("concatenations", [197, 198, 199], (n) => `x=${"a..".repeat(n)}a`),
  ...each("concatenations of constants", [197, 198], (n) => `x=${"'a'..".repeat(n)}'a'`),
  ...each(
    "powers in blocks",
    [187, 188],
    (n) => `${"do ".repeat(10)}x=${"2^".repeat(n)}a${" end".repeat(10)}`,
  ),
  ...each("powers in a function", [195, 196, 197], (n) => `function f() x=${"2^".repeat(n)}a end`),
  ...each("left operators do not nest", [1000, 20_000], (n) => `x=${"a+".repeat(n)}a`),
  ...each(
    "elseif does not nest",
    [1000, 5000],
    (n) => `if a then ${"elseif a then x=1 ".repeat(n)}end`,
  ),
  ...each("suffixes do not nest", [1000, 20_000], (n) => `x=a${".b".repeat(n)}`),
  ...each("calls in a row do not nest", [1000], (n) => `f${"()".repeat(n)}`),
  ...each("and, or do not nest", [1000, 5000], (n) => `x=${"a and b or ".repeat(n)}c`),
  program("too many levels on line 5", `\n\n\nx=\n${"(".repeat(250)}`, PARSE_ONLY),
  program("too many levels across lines", `x=${"(\n".repeat(250)}`, PARSE_ONLY),
  program("too many levels, scanner error behind", `x=${"(".repeat(200)}'`, PARSE_ONLY),
];

const registers: VectorCase[] = [
  ...each("arguments", [248, 249, 250, 260], (n) => `f(${repeat(n, (i) => `${i}`, ",")})`),
  ...each("arguments of calls", [248, 249, 250], (n) => `f(${repeat(n, () => "g()", ",")})`),
  ...each("method arguments", [247, 248, 249], (n) => `o:m(${repeat(n, (i) => `${i}`, ",")})`),
  ...each(
    "arguments after locals",
    [198, 199, 200],
    (n) => `local ${names(50)} f(${repeat(n, () => "a", ",")})`,
  ),
  ...each("return values", [249, 250, 251], (n) => `return ${repeat(n, (i) => `${i}`, ",")}`),
  ...each(
    "values of an assignment",
    [248, 249, 250, 251],
    (n) => `x=${repeat(n, (i) => `${i}`, ",")}`,
  ),
  ...each("values of a local", [249, 250, 251], (n) => `local x=${repeat(n, (i) => `${i}`, ",")}`),
  ...each("nil arguments", [248, 249, 250], (n) => `f(${repeat(n, () => "nil", ",")})`),
  ...each("nested calls", [123, 124, 125], (n) => `${"f(1,".repeat(n)}1${")".repeat(n)}`),
  ...each("nested calls of three", [82, 83, 84], (n) => `${"f(1,2,".repeat(n)}1${")".repeat(n)}`),
  ...each(
    "concatenation inside arguments",
    [122, 123, 124, 125],
    (n) => `f(${repeat(n, () => "1", ",")},${"a..".repeat(n)}a)`,
  ),
  ...each(
    "right grouping holds registers",
    [97, 98, 99],
    (n) => `x=${"a+(".repeat(n)}a${")".repeat(n)}`,
  ),
  ...each(
    "items wait in registers",
    [46, 47, 48, 49],
    (n) => `f(${repeat(200, () => "1", ",")},{${repeat(n, () => "1", ",")}})`,
  ),
  ...each(
    "targets with tables and keys",
    [82, 83, 84, 124, 125],
    (n) => `${repeat(n, () => "f()[g()]", ",")}=1`,
  ),
  ...each("varargs to many locals", [50], (n) => `local ${names(n)}=...`),
];

/** Statements of two instructions. */
const pairs = (count: number) => "x=y ".repeat(count);

const jumps: VectorCase[] = [
  ...each("if", [65535, 65536], (n) => `if a then ${pairs(n)} end`),
  ...each("if with a local more", [65535], (n) => `local b if a then ${pairs(n)} b=a end`),
  ...each("if, else", [65534, 65535, 65536], (n) => `if a then ${pairs(n)} else x=1 end`),
  ...each("else", [65535, 65536], (n) => `if a then x=1 else ${pairs(n)} end`),
  ...each("while", [65533, 65534, 65535], (n) => `while a do ${pairs(n)} end`),
  ...each("repeat", [65534, 65535, 65536], (n) => `repeat ${pairs(n)} until a`),
  ...each("numeric for", [65534, 65535, 65536], (n) => `for i=1,2 do ${pairs(n)} end`),
  ...each("generic for", [65534, 65535, 65536], (n) => `for k in f do ${pairs(n)} end`),
  ...each(
    "break",
    [65531, 65532, 65533],
    (n) => `for i=1,2 do break ${pairs(0)}end while a do if b then break end ${pairs(n)} end`,
  ),
  ...each("two jumps to one place", [65534, 65535], (n) => `if a and b then\n${pairs(n)}\nend`),
];

/**
 * These inputs are megabytes long and their limits do not depend on the target; one target of each
 * generation and number model is enough.
 */
const LARGE: Extra = {
  targets: ["esp8266-2.2-float", "esp8266-lua51-int"],
  args: ["-o", "out.lc", "w.lua"],
};

const tables: VectorCase[] = [
  ...each(
    "constants",
    [262_143, 262_144],
    (n) => `x={${repeat(n - 1, (i) => `${i}`, ",")}}`,
    LARGE,
  ),
  ...each("string constants", [262_144], (n) => `x={${repeat(n, (i) => `"${i}"`, ",")}}`, LARGE),
  ...each(
    "constants in a nested function",
    [262_144],
    (n) => `x=1\nfunction f() return {\n${repeat(n, (i) => `${i}`, ",")}} end`,
    LARGE,
  ),
  ...each("functions", [262_143, 262_144], (n) => repeat(n, () => "f(function()end)"), LARGE),
  ...each(
    "many upvalue users",
    [60, 61],
    (n) =>
      `local ${names(30)} function f() local ${names(n - 30, "b")} return function() return ${names(30)},${names(n - 30, "b")} end end`,
  ),
  ...each(
    "upvalues, message names the function's line",
    [61],
    (n) =>
      `local ${names(30)}\nfunction f()\nlocal ${names(n - 30, "b")}\nreturn\nfunction()\nreturn ${names(30)},\n${names(n - 30, "b")} end end`,
  ),
];

export const limits: Topic = {
  name: "limits",
  cases: [...locals, ...declarations, ...targets, ...levels, ...registers, ...jumps, ...tables],
};
