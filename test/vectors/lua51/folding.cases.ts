/** What the compiler computes itself, and to which value (lua51.md §1.4). */
import { chunk, type FunctionShape, INT_22, INT_30 } from "../../support/chunk-builder.ts";
import {
  assignments,
  chunkOnly,
  INTEGER_TARGETS,
  program,
  programs,
  repeat,
  TARGETS_22,
  type Topic,
  type VectorCase,
} from "../case.ts";

/** Expressions over integers, valid for every number model. */
const integerGroups: Readonly<Record<string, readonly string[]>> = {
  "four operators": ["1+2", "7-10", "6*7", "12/4", "-(3)", "- -3", "-(-(-3))"],
  "division rounds down in integer builds": [
    "7/2",
    "-7/2",
    "7/-2",
    "-7/-2",
    "1/3",
    "-1/3",
    "0/5",
    "0/-5",
  ],
  "remainder takes the divisor's sign": [
    "7%3",
    "-7%3",
    "7%-3",
    "-7%-3",
    "6%3",
    "-6%3",
    "0%3",
    "0%-3",
  ],
  "division by zero stays": ["1/0", "0/0", "-1/0", "1%0", "0%0", "1/-0", "1%-0"],
  "division by a zero that is itself folded": ["1/(1-1)", "5%(2-2)", "(1-1)/(1-1)", "1/(0*5)"],
  "powers of small numbers": ["2^10", "3^4", "10^9", "7^0", "0^0", "0^5", "1^100", "2^30"],
  "powers that wrap in integer builds": ["2^32", "2^33", "3^21", "10^10", "46341^2", "7^77"],
  "negative exponents": ["2^-1", "1^-1", "10^-3", "(-2)^-3", "(-1)^-1", "5^-2"],
  "negative bases": ["(-2)^3", "(-2)^2", "-2^2", "-2^3", "(-1)^7", "(-10)^5"],
  "powers group to the right": ["2^3^2", "(2^3)^2", "2^-1^2", "2^2^3^0", "-2^-2"],
  "sums that wrap in integer builds": [
    "2147483640+2147483640",
    "-2147483640-2147483640",
    "46341*46341",
    "65536*65536",
    "65536*32768*2",
    "1000000*1000000",
  ],
  precedence: ["1+2*3", "(1+2)*3", "1-2-3", "2*3%4", "2^3*2", "-3%5", "not 1+2"],
  "minus zero": ["-0", "0*-1", "0/-7", "-0+0", "-0-0", "0-0", "- -0"],
  chains: ["1+2+3+4+5", "1*2*3*4*5*6", "100-1-1-1", "2+3*4-5", "((((1))))+((2))"],
};

/** Expressions over floats. */
const floatGroups: Readonly<Record<string, readonly string[]>> = {
  "float sums": ["0.1+0.2", "0.1*3", "1e16+1", "1e16+2.5", "0.3-0.1", "1e308+1e308"],
  "float quotients": ["1/3", "2/3", "10/0.1", "1e308/1e-10", "1e-308/1e10", "5e-324/2"],
  "float remainders": ["5.5%2", "-5.5%2", "5.5%-2", "1%0.1", "1e15%7.5", "0.1%0.01", "5%3.7"],
  "remainders where rounding shows": [
    "1e20%3",
    "123456789.123%0.7",
    "-1e-20%3",
    "1e308%3e-5",
    "-0.0%5",
    "3.3%1.1",
  ],
  "infinity folds": [
    "1e308*10",
    "-1e308*10",
    "1e308+1e308",
    "1/(1e308*10)",
    "-(1e308*10)",
    "2^1024",
  ],
  "not-a-number never folds": [
    "1e308*10-1e308*10",
    "3%(1e308*10)",
    "(1e308*10)%3",
    "0*(1e308*10)",
    "(-8)^0.5",
    "(1e308*10)/(1e308*10)",
    "-5.5%(1e308*10)",
  ],
  "powers with fractions": ["2^0.5", "8^(1/3)", "10^-5", "10^0.5", "1.1^10", "0.5^0.5", "1.5^-2.5"],
  "powers of zero and infinity": [
    "0^-1",
    "0^0.5",
    "(0*-1)^-1",
    "(0*-1)^-2",
    "(1e308*10)^-1",
    "(1e308*10)^0",
  ],
  "powers of minus one": [
    "(-1)^0.5",
    "(-1)^1e10",
    "(-1)^(1e308*10)",
    "1^(1e308*10)",
    "(-1)^9007199254740993",
  ],
  "powers at the edges of a double": [
    "2^1023",
    "2^1023.9999999999999",
    "2^-1022",
    "2^-1074",
    "2^-1075",
    "2^-1074.5",
  ],
  "powers beyond the edges": ["1e308^2", "1e-308^2", "10^308", "10^309", "10^-323", "10^-324"],
};

/** Bases and exponents where the exact power lies next to the middle of two doubles (lua51.md §1.4). */
// biome-ignore format: pairs read best in rows
const nearTies: readonly (readonly [number, number])[] = [
  [3, 34], [3, 61], [6, 34], [6, 61], [9, 17], [10, 23], [12, 34], [17, 13], [18, 17], [20, 23],
  [23, 32], [24, 34], [24, 61], [34, 13], [36, 17], [40, 23], [41, 10], [46, 32], [48, 34],
  [48, 61],
  [58, 11], [63, 9], [68, 13], [72, 17], [82, 10], [92, 32], [96, 34], [96, 61], [99, 49],
  [10, 210],
];

function chunksOf<T>(list: readonly T[], size: number): T[][] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, i) => list.slice(i * size, (i + 1) * size));
}

function powerCases(
  name: string,
  pairs: readonly (readonly [number | string, number | string])[],
): VectorCase[] {
  return chunksOf(pairs, 10).map((part, i) =>
    program(`${name}, part ${i + 1}`, assignments(part.map(([a, b]) => `${a}^${b}`))),
  );
}

/** 10^n for all n a double holds would be long; these meet every bit of the exponent. */
const tens = Array.from({ length: 50 }, (_, i) => [10, (i - 25) * 13] as const);
const mixed = Array.from(
  { length: 40 },
  (_, i) => [`${2 + 7 * i}.${(i * 37) % 100}`, `${(i % 9) - 4}.${(i * 61) % 100}`] as const,
);

/** Where folding may and may not happen. */
const structure = programs({
  "a name on the left stops folding": "local a x=a+1+2 x=1+2+a x=1+(2+a) x=a+(1+2)",
  "constants of any type but numbers do not fold": "x='1'+2 x=1+'2' x=nil+1 x=true+1 x=-'2' x=-nil",
  "length, concatenation and comparison do not fold":
    "x=#'abc' x='a'..'b' x=1 ..2 x=1<2 x=1==1 x='a'<'b'",
  "not folds on constants":
    "x=not nil x=not false x=not true x=not 0 x=not 'a' x=not not nil x=not -1",
  "parentheses do not stop folding": "x=(1)+(2) x=((1+2))*3 x=-(1)",
  "and, or over numbers": "x=1 and 2 x=1 or 2 x=nil and 1 x=nil or 1 x=(1 and 2)+3 x=1+(2 and 3)",
  "numerals with pending jumps do not fold":
    "local a x=(a and 1)+2 x=(a or 1)+2 x=-(a and 1) x=2^(a or 3)",
  "a folded value used as a key": "t[1+1]=2*3 t[-1]=t[2^2] t[7%4]=t",
  "a folded value in a return and a call": "f(1+1,2*3) return 4-5,6/3",
  "a folded value in a comparison": "local a if a<1+1 then x=1 end if 2*2>a then x=2 end",
  "an intermediate value is never a constant": "x=10*10*10 y=1e3 z=100",
  "a value that stays leaves its operands": "x=1/0 y=0/0 z=2%0",
  "unfolded division enters the right operand first": "local a=1/0 local b=5%0 local c=2/0",
  "minus a numeral in a table": "t={-1,-0,- -1,-0x10,2^-1}",
  "minus on what is not a numeral": "local a x=-a x=-a^2 x=-f() x=-a.b x=-(-a)",
  "unary chain": "local a x=- - -a x=not not a x=-#a x=not -a x=# # a",
  "folding inside deeper calls": "f(g(1+2)*3,h{4*5,[6*7]=8*9})",
  "a limit expression folds in for": "for i=1+1,2*5,10/5 do f(i) end for i=-1,-10,-1 do end",
  "an exact sum past 16 digits": "x=0.1+0.2+0.3 y=0.3+0.2+0.1 z=0.1+(0.2+0.3)",
  "the result replaces the left operand's line": "x=1+\n2\n*\n3\ny=2",
});

const minimum = "-2147483647-1";

const special: VectorCase[] = [
  program("folding 500 terms", `x=${repeat(500, () => "1", "+")}`),
  program("the most negative integer by subtraction", `x=${minimum}`, {
    args: ["-p", "-l", "w.lua"],
  }),
  program("the most negative integer negated", `x=-(${minimum})`, { args: ["-p", "-l", "w.lua"] }),
  program("the most negative integer times minus one", `x=(${minimum})*-1`, {
    args: ["-p", "-l", "w.lua"],
  }),
  program("the most negative integer divided by minus two", `x=(${minimum})/-2 y=(${minimum})%-2`),
  program("the most negative integer divided by two", `x=(${minimum})/2 y=(${minimum})%3`),
];

/** What `x=0 y=1` compiles to. */
const ZERO_AND_ONE: FunctionShape = {
  source: "@w.lua",
  code: ["LOADK 0 1", "SETGLOBAL 0 0", "LOADK 0 3", "SETGLOBAL 0 2", "RETURN 0 1"],
  constants: ["x", 0, "y", 1],
  lineInfo: [5, 0],
};

/** The reference dies of a division that overflows; luacross goes on as with other operators. */
const overflowing: VectorCase[] = [
  chunkOnly("the most negative integer divided by minus one", `x=(${minimum})/-1 y=1`, {
    deviations: [
      {
        reason: "the quotient wraps to the most negative integer, which cannot be written",
        targets: INTEGER_TARGETS,
        expect: { exit: 1, stderr: "luac.cross: value too big or small for target integer type\n" },
      },
    ],
  }),
  chunkOnly("the most negative integer modulo minus one", `x=(${minimum})%-1 y=1`, {
    deviations: [INT_22, INT_30].map((form, i) => ({
      reason: "the remainder is 0",
      targets: INTEGER_TARGETS.filter((target) => TARGETS_22.includes(target) === (i === 0)),
      expect: { exit: 0, files: { "out.lc": chunk(ZERO_AND_ONE, form) } },
    })),
  }),
];

export const folding: Topic = {
  name: "folding",
  cases: [
    ...Object.entries(integerGroups).map(([name, list]) => program(name, assignments(list))),
    ...Object.entries(floatGroups).map(([name, list]) => program(name, assignments(list))),
    ...powerCases("powers next to a tie", nearTies),
    ...powerCases("powers of ten", tens),
    ...powerCases("powers of fractions", mixed),
    ...structure,
    ...special,
    ...overflowing,
  ],
};
