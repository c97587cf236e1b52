/**
 * Programs at the compiler's limits and one step past them (lua51.md §2.2, lua53.md §2.1): the last
 * that compiles and the first that does not.
 */
import type { Dialect } from "../../src/target/dialect.ts";
import type { Features } from "./features.ts";
import type { Random } from "./random.ts";

/** Makes a program that uses `count` of something limited. */
type Maker = (count: number) => string;

/** So many items with separators between them. */
function row(count: number, item: (index: number) => string, separator = ","): string {
  return Array.from({ length: count }, (_, i) => item(i)).join(separator);
}

/** One construct so many times within itself. */
function nested(open: string, close: string, start = "", heart = "x"): Maker {
  return (count) => start + open.repeat(count) + heart + close.repeat(count);
}

/** Locals of a function around the one that captures them, in two storeys of as many as fit. */
function upvalues(storey: number): Maker {
  return (count) => {
    const outer = row(storey, (i) => `a${i}`);
    const inner = row(storey, (i) => `b${i}`);
    const used = row(count, (i) => `x=${i % 2 === 0 ? "a" : "b"}${i >> 1}`, " ");
    return `local ${outer}\nfunction f()\nlocal ${inner}\nreturn function()\n${used}\nend end`;
  };
}

type Edge = readonly [around: number, maker: Maker];

/** The makers, each with the count around which things change. */
function edgesOf({ maxLocals, maxUpvalues, maxLevels, maxRegisters }: Dialect): readonly Edge[] {
  return [
    [maxLocals, (n) => `local ${row(n, (i) => `a${i}`)}`],
    [maxLocals, (n) => `function f(${row(n, (i) => `a${i}`)}) return a1 end`],
    [maxLocals - 1, (n) => `function f(${row(n, (i) => `a${i}`)},...) return ... end`],
    [maxLocals - 3, (n) => `for ${row(n, (i) => `a${i}`)} in x do end`],
    [maxLocals, (n) => row(n, (i) => `local a${i}`, "\n")],
    [
      maxLocals,
      (n) => `local function f()\n${row(n, (i) => `local function a${i}() end`, " ")}\nend`,
    ],
    [maxLocals - 4, (n) => `local ${row(n, (i) => `a${i}`)} for i=1,2 do end`],
    [maxUpvalues, upvalues(maxLocals - 5)],
    [maxLevels - 2, (n) => `${row(n, (i) => `a${i}`)} = 1`],
    [maxLevels - 2, (n) => `${row(n, (i) => `a${i}.x`)} = 1`],
    [maxLevels - 2, nested("do ", " end", "", "f()")],
    [maxLevels - 2, nested("while x do ", " end", "", "f()")],
    [maxLevels - 2, nested("if x then ", " end", "", "f()")],
    [maxLevels - 3, nested("(", ")", "x=")],
    [maxLevels - 3, nested("not ", "", "x=")],
    [maxLevels - 3, nested("- ", "", "x=")],
    [maxLevels - 2, nested("{", "}", "x=", "")],
    [maxLevels - 3, nested("x^", "", "x=")],
    [maxLevels - 3, nested("x..", "", "x=")],
    [maxLevels - 3, nested("f(", ")", "x=")],
    [maxLevels - 3, nested("a[", "]", "x=")],
    [maxLevels / 2 - 2, nested("function() return ", " end", "x=")],
    [maxLevels / 2 - 2, nested("function f() ", " end", "", "")],
    [maxRegisters - 3, (n) => `f(${row(n, () => "x")})`],
    [maxRegisters - 2, (n) => `x = ${row(n, () => "x", "..")}`],
    [maxRegisters - 50, (n) => `local a a = f(${row(n, () => "x")}, {${row(49, () => "x")}})`],
    [maxRegisters - 1, (n) => `return ${row(n, () => "x")}`],
    [maxRegisters - 48, (n) => `local ${row(48, (i) => `a${i}`)} f(${row(n, () => "nil")})`],
    [255, (n) => `${row(n, (i) => `x=${i + 5}`, " ")} return x+"z", {y="z"}, x["z"], x:z() == 1`],
  ];
}

/** A program near a limit, named by chance; about half of them compile. */
export function makeLimitProgram(random: Random, { dialect }: Features): string {
  const [around, maker] = random.pick(edgesOf(dialect));
  const count = around + random.between(-2, 2);
  const before = random.pick(["", "\n\n", "do end ", "local z ", "function g() "]);
  const program = before + maker(count);
  return before.startsWith("function") ? `${program}\nend` : program;
}
