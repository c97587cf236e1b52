/** The listing's format: numbers, strings, operands, comments, plurals, short and full (lua51.md §7). */
import { assignments, program, programs, repeat, type Topic, type VectorCase } from "../case.ts";

const short = { args: ["-l", "-p", "w.lua"] };

// biome-ignore format: one group per line
const numbers: Readonly<Record<string, readonly string[]>> = {
  "integers": ["0", "1", "-1", "10", "100000", "1000000", "99999999", "2000000000", "-2000000000"],
  "fourteen digits": ["99999999999999", "100000000000000", "123456789012345", "12345678901234", "999999999999994", "999999999999995"],
  "ties in the fifteenth digit": ["123456789012345", "123456789012355", "100000000000005", "100000000000015", "0.5", "1234567890123.5", "12345678901234.5", "12345678901235.5"],
  "small fractions": ["0.1", "0.01", "0.001", "0.0001", "0.00001", "0.000012345", "0.00012345678901234"],
  "trailing zeros go": ["1.10", "1.5", "100.25", "1e3", "1.0e-3", "1e14", "1e15", "1e16"],
  "exponents": ["1e100", "1e-100", "1.5e300", "1.23456789012345e-300", "1e99", "1e-5", "1e-4", "2e-308"],
  "thirds": ["1/3", "2/3", "10/3", "100/3", "1e20/3", "1e-20/3", "0.1+0.2"],
  "infinities and zeros": ["1e308*10", "-1e308*10", "-0", "0", "0*-1"],
  "rounding up to the next power": ["9.99999999999999", "9.999999999999999", "99999999999999.9", "0.99999999999999999", "0.000099999999999999999"],
};

// biome-ignore format: one group per line
const strings = programs({
  "escapes": "x='\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'",
  "control bytes": "x='\\0\\1\\2\\14\\27\\31\\127'",
  "digits after a control byte": "x='\\0001\\0019\\1279'",
  "bytes above 127": "x='\\128\\160\\200\\255' y='\xe9'",
  "printable bytes": `x=[==[ !"#$%&'()*+,-./09:;<=>?@AZ[\\]^_\`az{|}~]==]`,
  "percent signs": "x='%s%d%%' y=_G['%n'] f('%')",
  "a long string": `x='${"0123456789".repeat(50)}'`,
  "line ends": "x='a\\\nb' y=[[\n\nc\r\nd]]",
  "strings in every comment": "local t t['\\n']='\\0' t.a=t['\"'] t['x y']=t:m() x=t..'\\\\' x='a\\0b'<t",
}, "string");

const layout: VectorCase[] = [
  ...programs({
    "one of each": "local a=1 function f(b) return a end",
    nothing: "",
    "plurals: one instruction, two slots": "function f() end",
    "plurals: one parameter":
      "function f(a) end function g(...) end function h(a,...) end function i(a,b,...) end",
    "plurals: one upvalue": "local a,b function f() return a end function g() return a,b end",
    "plurals: one constant, one function": "x=x function f() y=y end",
    "plurals: one slot": "return function() end",
    "depth first":
      "function a() function b() function c() end end function d() end end function e() end",
    "lines of functions": "\n\nfunction f()\n\nend\nlocal g=function() return\nend",
    "every opcode": `local a,b=1,... local c={1,[a]=b,...} local function f(...) a=b return a,... end
b=a c=nil x=y c.x=a a=c.x c:m(a) a=a+b-b*a/b%a^b a=-a a=not a a=#a a=a..b
if a==b or a<b or a<=b then a=b end a=a and b b=a==b do local d f(function() return d end) end
for i=1,2,3 do f(i) end for k in f do end while a do break end return f(a)`,
    "comments of constants on both sides":
      "local a x=a+1 x=1+a x='a'-'b' x=a*a x=1/a x=a/'s' x=2^a x=a^nil",
    "MOD has no comment": "local a x=a%2 x=2%a x='a'%'b'",
    "comments of comparisons": "local a x=a==1 x=1<a x='a'<='b' x=a~=nil x=true==a x=a>=2",
    "comments of fields":
      "local t,a x=t.a x=t[a] x=t[1] t.a=1 t[a]=1 t.a=a t[a]=a t:a() t[nil]=true",
    "upvalues have no names": "local a,b function f() a=b end",
    "jump targets":
      "while a do if b then break elseif c then d() else e() end end repeat until f for i=1,2 do end for k in g do end",
    "negative and large operands": `local t={${repeat(60, (n) => `${n}`, ",")}} ${repeat(5, (n) => `x=t[${n}000]`, " ")}`,
  }),
  program("short listing only", "x=1 function f(a) return a,x end", short),
  program("short listing, stripped", "x=1\nfunction f(a) return a,x end", {
    args: ["-l", "-s", "-o", "out.lc", "w.lua"],
  }),
  program("full listing, stripped", "local a x=1\nfunction f(b) return a,b,x end", {
    args: ["-l", "-l", "-s", "-o", "out.lc", "w.lua"],
  }),
  program("lines that cannot be known", `f(g()${"\n".repeat(16501)})\n\n\nh()\n`, short),
  program("line numbers of many digits", `${"\n".repeat(123_456)}x=1`, short),
  program(
    "300 instructions",
    repeat(150, (n) => `x=${n}\n`),
    short,
  ),
  program(
    "constants beyond 256 in the listing",
    `local t ${repeat(270, (n) => `t.k${n}=${n}`, " ")}`,
    { args: ["-l", "-l", "-p", "w.lua"] },
  ),
  program(
    "many functions",
    repeat(30, (n) => `function f${n}() return f${n} end `),
    short,
  ),
  program("source name with a folder", "", {
    args: ["-l", "-p", "a/b.c/w.lua"],
    files: { "a/b.c/w.lua": "function f() end" },
  }),
  program("source name that begins with =", "", {
    args: ["-l", "-p", "=w"],
    files: { "=w": "x=1" },
  }),
  program("source name that begins with @", "", {
    args: ["-l", "-p", "@w"],
    files: { "@w": "x=1" },
  }),
  program("source name with brackets", "", {
    args: ["-l", "-p", "a<b>(c).lua"],
    files: { "a<b>(c).lua": "x=1" },
  }),
  program("listing of stdin", "", { args: ["-l", "-p", "-"], files: {}, stdin: "x=1" }),
];

export const listing: Topic = {
  name: "listing",
  cases: [
    ...Object.entries(numbers).map(([name, list]) =>
      program(`numbers: ${name}`, assignments(list), { args: ["-l", "-l", "-p", "w.lua"] }),
    ),
    ...strings,
    ...layout,
  ],
};
