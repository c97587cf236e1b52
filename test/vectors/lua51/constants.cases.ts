/** The order of constants, which of them share a slot, and indices around 256 (lua51.md §1.5, §5.3). */
import {
  chunkOnly,
  INTEGER_TARGETS,
  program,
  programs,
  repeat,
  type Topic,
  type VectorCase,
} from "../case.ts";

const order = programs({
  "first use first": "x=1 y=2 z=1 x=2",
  "a global's name comes after the value": "x=7 x=y y=x",
  "call: function name, then arguments": "print('a',1,'b',true,nil)",
  "field store: key, value, or table first": "t.x=1 t['y']=t.z t[1]=2 u.v.w=3",
  "two constants in arithmetic: right first": "x=1+'2' x='1'+2 x='a'/'b' x='a'^'b' x='c'%'d'",
  "two constants in a comparison": "x=1<2 x='a'<'b' x=3>4 x='c'>='d' x=5==6 x='e'~='f'",
  "constant against a variable": "local a x=a<1 x=1<a x=a>2 x=2>a x=a==3 x=3==a x=a~=4",
  "constructor: key, value, item": "t={a=1,2,['b']=3,4,[5]=6,c='d'}",
  "method call: name after the object": "o:m(1) o.p:q('r') ('s'):t()",
  "assignment list: values before names": "a,b,c=1,2,3",
  "local list": "local a,b,c='x','y','z' return a",
  "nested functions have tables of their own": "x=1 function f() return 1,'x',2 end y=2",
  "for: start, limit, step": "for i=10,20,30 do end for i=1,2 do end",
  concatenation: "x='a'..1 ..'b'..2 x=y..'a'",
  "and, or": "x='a' and 'b' or 'c' y=1 or 2",
  return: "return 'a',1,nil,true,'a'",
  "an unused constant stays": "x=1 and 2 y='a' or 'b' local z=1+nil",
  "a parenthesised constant": "x=('a') y=('a').b z=(1)",
  "string call": "f'a' f[[b]] f{'c'} o:m'd'",
});

const sharing = programs({
  "minus zero after zero": "return 0,-0",
  "zero after minus zero": "return -0,0",
  "zeros from folding": "x=0*-1 y=0 z=-0",
  "zero and a key": "t[-0]=0 t[0]=-0",
  "number and string": "x=1 x='1' x=1 x='1'",
  "strings that spell other constants":
    "local a x=a==nil x='nil' x=a==true x='true' x=-0 x='-0' x='0' x='NaN' x='Infinity' x='null' x='undefined'",
  "numbers that wrap to equal ones": "x=1 x=4294967297 x=0x100000001 x=-4294967295",
  "numbers that round to equal ones": "x=9007199254740992 x=9007199254740993 x=0x20000000000001",
  "floats that are equal, and that are nearly":
    "x=0.1+0.2 x=0.3 x=0.30000000000000004 x=1e15 x=1000000000000000 x=1e308*10 x=1e309",
  "names of every object":
    "__proto__=constructor toString=valueOf hasOwnProperty=__proto__ local t t.__proto__=t.constructor t['toString']=t['__proto__']",
  "locals with names of every object":
    "local __proto__,constructor,toString=1,2,3 local function hasOwnProperty(valueOf) return __proto__,constructor,valueOf,toString end",
  "the worked example": 'local n = 7\nfunction f(a) return a + n end\nf(true, "hi")\n',
  "integer and float spelling": "x=1 x=0x1 x=01 x=2-1",
  "one float, many spellings": "x=1.0 x=1 x=1e0 x=10e-1 x=0.1e1",
  "booleans and nil as operands": "local a x=a==true x=a==false x=a==nil x=true==a x=nil~=a",
  "true, false, nil share one slot each": "local a x=a==nil x=a==nil x=a~=true x=a==true",
  "nil, true, false as keys and values": "local t t[true]=false t[false]=nil t.x=nil t[nil]=true",
  "nil and booleans in arithmetic": "x=nil+true x=false-nil x=nil..true",
  "strings with zeros": "x='a\\0b' x='a\\0c' x='a' x='a\\0b' x='\\0' x='' x='\\0\\0'",
  "empty string": "x='' y=\"\" z=[[]] t['']=''",
  "strings equal after escapes": "x='A' x='\\65' x='\\065' x=[[A]] x=\"A\"",
  "bytes of 128 and more": "x='\\128\\255' y='\xe9\xff' z='\\233'",
  "line ends in long strings become LF": "x=[[a\r\nb]] x='a\\nb' x=[[a\n\rb]] x=[[a\rb]]",
  "true and 1, false and 0, nil and ''":
    "local a x=a==true x=a==1 x=a==false x=a==0 x=a==nil x=a==''",
});

/** `count` distinct constants, so that the next one has that index. */
const fill = (count: number) => `local t={${repeat(count, (n) => `'k${n}'`, ",")}} local a `;

const uses: Readonly<Record<string, string>> = {
  "global read": "x=y",
  "global write": "y=a",
  "field read": "a=a.y",
  "field write": "a.y=a",
  "field value": "a[a]='y'",
  "field key and value": "a.y='z'",
  method: "a:y()",
  "arithmetic right": "a=a+12345",
  "arithmetic left": "a=12345+a",
  "arithmetic both": "a='y'+'z'",
  "comparison right": "a=a<'y'",
  "comparison left": "a='y'<a",
  "comparison both": "a='y'=='z'",
  "equal nil": "a=a==nil",
  "equal true": "a=a==true",
  "equal false": "a=a==false",
  "key nil": "a[nil]=a",
  "value nil": "a[a]=nil",
  "value true": "a[a]=true",
  "number value": "a[a]=12345",
  "constructor field": "a={y=12345}",
};

/** Operands reach constants 0–255; from 256 on they need a register. */
function aroundIndex256(): VectorCase[] {
  return [254, 255, 256].flatMap((count) =>
    Object.entries(uses).map(([name, use]) =>
      chunkOnly(`${name} with ${count} constants before`, fill(count) + use),
    ),
  );
}

const integerSides = programs({
  "largest integer that can be written": "x=2147483646 y=-2147483647",
  "numeral 2147483647": "x=2147483647 y=5",
  "2147483647 by folding": "y=5 x=2147483646+1",
  "-2147483648 by folding": "x=-2147483647-1",
  "-2147483648 by negation": "x=-2147483648",
  "0x80000000": "x=0x80000000",
  "0x7fffffff": "x=0x7fffffff",
  "2147483647 only as an intermediate value": "x=2147483647-1",
  "2147483647 in a nested function": "x=1 function f() return 2147483647 end y=2",
  "6442450943 wraps to 2147483647": "x=6442450943",
});

const refusal = {
  reason: "a chunk that cannot be written leaves no file",
  targets: INTEGER_TARGETS,
  expect: { files: {} },
};

const integerCases: VectorCase[] = integerSides.map((vector) => {
  const written = /^(largest|2147483647 only)/.test(vector.name);
  return written ? vector : { ...vector, deviations: [refusal] };
});

const overflow = "x=2147483647 y=5";

const integerOutputs: VectorCase[] = [
  program("too large an integer, parse only", overflow, { args: ["-p", "w.lua"] }),
  program("too large an integer, to stdout", overflow, {
    args: ["-o", "-", "w.lua"],
    deviations: [{ ...refusal, expect: { stdout: "" } }],
  }),
  program("too large an integer, stripped", overflow, {
    args: ["-s", "-o", "out.lc", "w.lua"],
    deviations: [refusal],
  }),
  program("too large an integer, over an older file", overflow, {
    files: { "w.lua": overflow, "out.lc": "older" },
    deviations: [refusal],
  }),
];

const large: VectorCase[] = [
  program(
    "many mixed constants",
    repeat(300, (n) => `x=${n} x='${n}' x=a==nil `),
  ),
  chunkOnly(
    "20000 numbers and strings, twice",
    repeat(2, () => repeat(20000, (n) => `x=${n} x="${n}"\n`)),
  ),
  program("a string of 70000 bytes", `x="${"abcdefg".repeat(10000)}"`),
  program("a name of 5000 letters", `${"name_".repeat(1000)}=1`),
];

export const constants: Topic = {
  name: "constants",
  cases: [...order, ...sharing, ...aroundIndex256(), ...integerCases, ...integerOutputs, ...large],
};
