/** Limits: what just fits, and what the message is for one more (lua53.md §2.1). */
import { chunkOnly, PARSE_ONLY, program, repeat, type Topic, type VectorCase } from "../case.ts";

const FEW = { targets: ["esp8266-lua53", "esp32-lua53-64"] };
const PARSED = { ...FEW, ...PARSE_ONLY };

/** `count` of something at the limit, and around it. */
function around(limit: number, name: string, make: (count: number) => string): VectorCase[] {
  return [limit - 1, limit, limit + 1].map((count) =>
    program(`${name}: ${count}`, make(count), PARSE_ONLY),
  );
}

const nest = (before: string, after: string, middle: string) => (count: number) =>
  before.repeat(count) + middle + after.repeat(count);

const names = (count: number, prefix = "a") => repeat(count, (n) => `${prefix}${n}`, ",");

const levels: VectorCase[] = [
  ...around(198, "blocks", nest("do ", " end", "f()")),
  ...around(199, "empty blocks", nest("do ", " end", "")),
  ...around(198, "while loops", nest("while a do ", " end", "f()")),
  ...around(198, "repeat loops", nest("repeat ", " until a", "f()")),
  ...around(198, "ifs", nest("if a then ", " end", "f()")),
  ...around(198, "blocks with a semicolon", nest("do ", " end", ";")),
  ...around(197, "parentheses", (n) => `x=${nest("(", ")", "a")(n)}`),
  ...around(197, "negations", (n) => `x=${"not ".repeat(n)}a`),
  ...around(197, "minuses", (n) => `x=${"- ".repeat(n)}a`),
  ...around(197, "tables", (n) => `x=${nest("{", "}", "")(n)}`),
  ...around(197, "tables with a name inside", (n) => `x=${nest("{", "}", "a")(n)}`),
  ...around(198, "tables with a name and an operator", (n) => `x=${nest("{", "}", "a+1")(n)}`),
  ...around(198, "tables with a name and a field", (n) => `x=${nest("{", "}", "a.b")(n)}`),
  ...around(198, "tables with a name and a string", (n) => `x=${nest("{", "}", "a'b'")(n)}`),
  ...around(198, "tables with a name and an index", (n) => `x=${nest("{", "}", "a[1]")(n)}`),
  ...around(198, "tables with a name and a word", (n) => `x=${nest("{", "}", "a and b")(n)}`),
  ...around(197, "powers", (n) => `x=${"a^".repeat(n)}a`),
  ...around(197, "concatenations", (n) => `x=${"a..".repeat(n)}a`),
  ...around(197, "calls", (n) => `x=${nest("f(", ")", "a")(n)}`),
  ...around(197, "indices", (n) => `x=${nest("a[", "]", "1")(n)}`),
  ...around(98, "functions", (n) => `x=${nest("function() return ", " end", "1")(n)}`),
  ...around(198, "function statements", nest("function f() ", " end", "")),
  ...around(199, "labels in a row", (n) => repeat(n, (i) => `::l${i}::`, " ")),
  ...around(198, "a label and semicolons", (n) => `::l::${";".repeat(n)}`),
  ...around(198, "targets of an assignment", (n) => `${names(n)}=1`),
  ...around(196, "targets of an assignment in blocks", (n) => `do do ${names(n)}=1 end end`),
  ...around(120, "elseifs", (n) => `if a then ${"elseif b then f() ".repeat(n)}end`),
];

const variables: VectorCase[] = [
  ...around(200, "locals", (n) => `local ${names(n)}`),
  ...around(200, "locals one by one", (n) => repeat(n, (i) => `local a${i} `)),
  ...around(200, "locals in a function", (n) => `\nfunction f()\nlocal ${names(n)} end`),
  ...around(200, "parameters", (n) => `function f(${names(n)}) end`),
  ...around(199, "parameters of a method", (n) => `function t:f(${names(n)}) end`),
  ...around(200, "parameters before extra arguments", (n) => `function f(${names(n)},...) end`),
  ...around(196, "locals before a numeric loop", (n) => `local ${names(n)} for i=1,2 do end`),
  ...around(196, "locals before a generic loop", (n) => `local ${names(n)} for k in f do end`),
  ...around(
    199,
    "locals before a local function",
    (n) => `local ${names(n)} local function f() end`,
  ),
  ...around(
    255,
    "upvalues",
    (n) =>
      `local ${names(150)}\nlocal function f()\nlocal ${names(n - 150, "b")}\nreturn function()\nreturn ${names(150)}==${repeat(n - 150, (i) => `b${i}`, "==")} end end`,
  ),
  ...around(
    254,
    "upvalues besides _ENV",
    (n) =>
      `local ${names(150)}\nlocal function f()\nlocal ${names(n - 150, "b")}\nreturn function()\nx=1 return ${repeat(150, (i) => `a${i}`, "==")}==${repeat(n - 150, (i) => `b${i}`, "==")} end end`,
  ),
];

const registers: VectorCase[] = [
  ...around(253, "arguments", (n) => `f(${names(n)})`),
  ...around(253, "constant arguments", (n) => `f(${repeat(n, () => "1", ",")})`),
  ...around(252, "arguments and a function", (n) => `f(${names(n)},function() end)`),
  ...around(
    252,
    "arguments and a function with a goto to nowhere",
    (n) => `f(${names(n)},function() goto x end)`,
  ),
  ...around(254, "values returned", (n) => `return ${names(n)}`),
  ...around(252, "values assigned", (n) => `x,y=${names(n)}`),
  ...around(252, "arguments and extra ones", (n) => `f(${names(n)},...)`),
  ...around(196, "operands of a concatenation", (n) => `x=${repeat(n, (i) => `a${i}`, "..")}`),
  ...around(100, "nested calls with arguments", (n) => `x=${"f(a,".repeat(n)}1${")".repeat(n)}`),
];

const jumps: VectorCase[] = [
  ...[65533, 65534].map((count) =>
    chunkOnly(`a loop over ${count} calls`, `while a do ${"f() ".repeat(count)}end`, PARSED),
  ),
  ...[65535, 65536].map((count) =>
    chunkOnly(
      `a branch over ${count} assignments`,
      `if a then ${"b=c ".repeat(count)}end d=1`,
      PARSED,
    ),
  ),
  ...[65535, 65536].map((count) =>
    chunkOnly(
      `a goto over ${count} assignments`,
      `goto x ${"b=c ".repeat(count)} ::x:: d=1`,
      PARSED,
    ),
  ),
  ...[32766, 32767, 32768].flatMap((count) => [
    chunkOnly(
      `${count} gotos that wait`,
      `while a do ${"if b then break end ".repeat(count)}end`,
      FEW,
    ),
    chunkOnly(`${count} locals declared`, "do local a end ".repeat(count), FEW),
  ]),
];

const sizes: VectorCase[] = [
  ...[255, 256, 257, 300].map((count) =>
    chunkOnly(
      `${count} constants`,
      repeat(count, (n) => `x=${n}.5 `),
    ),
  ),
  ...[25549, 25550, 25551, 25600, 25601, 25602].map((count) =>
    chunkOnly(`${count} items`, `t={${"1,".repeat(count)}f()}`, FEW),
  ),
  chunkOnly(
    "more constants than LOADK can name",
    `t={${repeat(262_200, (n) => `'s${n}'`, ",")}} x='zz' y=-z return x,'s9'`,
    FEW,
  ),
  chunkOnly("262144 functions", "f(function()end)\n".repeat(262_144), {
    ...PARSE_ONLY,
    targets: ["esp8266-lua53"],
  }),
];

export const limits: Topic = {
  name: "limits",
  cases: [...levels, ...variables, ...registers, ...jumps, ...sizes],
};
