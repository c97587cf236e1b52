/** Every message of the parser, and every construct cut after each of its tokens (lua51.md §2.5). */
import {
  type Extra,
  PARSE_ONLY,
  program,
  repeat,
  sources,
  type Topic,
  type VectorCase,
} from "../case.ts";

/** Tokens of each construct, separated by single blanks. */
const constructs = [
  "do x = 1 end",
  "while a do b ( ) end",
  "repeat local a = f ( ) until a",
  "if a then b ( ) elseif c then d ( ) else e ( ) end",
  "for i = 1 , 2 , 3 do f ( i ) end",
  "for k , v in f ( ) , g do h ( ) end",
  "function a . b : c ( x , ... ) return x end",
  "local function f ( a , b ) end",
  "local a , b = 1 , 2",
  "a , b . c , d [ 1 ] = f ( ) , 'x' , { }",
  "x = function ( ... ) return ... , 1 end",
  "x = { 1 , a = 2 ; [ b ] = 3 , f ( ) }",
  "x = ( a + b ) * - c .. not d ^ # e",
  "a . b [ c ] : d ( 1 ) . e { } : f 'x'",
  "return a , b ;",
  "while a do if b then break end end",
];

/** A construct after each of its tokens; `join` decides on which lines its tokens stand. */
function prefixes(construct: string, join: string): string[] {
  const tokens = construct.split(" ");
  return tokens.map((_, i) => tokens.slice(0, i + 1).join(join));
}

/** A construct with each of its tokens left out in turn. */
function gaps(construct: string): string[] {
  const tokens = construct.split(" ");
  return tokens.map((_, i) => tokens.filter((_, j) => j !== i).join(" "));
}

/** A construct with each of its tokens doubled in turn. */
function doublings(construct: string): string[] {
  const tokens = construct.split(" ");
  return tokens.map((_, i) => [...tokens.slice(0, i + 1), ...tokens.slice(i)].join(" "));
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}

function made(name: string, list: readonly string[], extra: Extra = PARSE_ONLY): VectorCase[] {
  return sources(name, unique(list), extra);
}

// biome-ignore format: a long list of small programs
const expected = [
  "x", "x y", "a.b", "a.b c", "goto x", "a[1]", "a:b", "a.b:c", "a:b c", "a:1()", "a.1", "a.'b'",
  "a.end=1", "a.[b]=1",
  "x=1 2", "x=1 'a'", "x= =1", "x,=1", "x,y", "x,y z", "x,1=2", "x=,1", "=1", ",x=1", "1=x",
  "'a'=x", "nil=1", "...=1", "-x=1", "{}=1",
  "f()=1", "f(),x=1,2", "x,f()=1,2", "(f())=1", "(x)=1", "(x),y=1,2", "x,(y)=1,2", "(f())", "(x)",
  "(x).y", "('a')", "({})", "(x)()=1",
  "x.y,(z).w=1,2", "a b=1", "f() g", "f() = g()", "a.b.c", "a'b'=1", "a{}=1", "a().b", "a()[1]",
  "not x", "#x", "x==1", "x<y", "x and y()",
  "local", "local 1", "local x y", "local x,", "local x=", "local x.y=1", "local x[1]=2",
  "local function", "local function a.b() end",
  "local function a:b() end", "local function (a) end", "local x=1,", "local (x)", "local ...",
  "local end", "local x==1", "local a,a,",
  "function", "function()", "function f", "function f(", "function f(a", "function f(a,",
  "function f(a b) end", "function f(1) end",
  "function f(...,a) end", "function f(... a) end", "function f(a,...,b) end",
  "function f(a;b) end", "function f(a,) end", "function f(,) end",
  "function f('a') end", "function f((a)) end", "function f(nil) end", "function f(end) end",
  "function f(.) end", "function f(..) end",
  "function f.1() end", "function f:() end", "function f:a.b() end", "function f:a:b() end",
  "function f[1]() end", "function 'f'() end", "function f() x end",
  "x=function f() end", "x=function", "x=function(", "function f() return", "function f() end end",
  "function f() until", "function f()",
  "for", "for i", "for i do", "for 1=1,2 do end", "for i=1 do end", "for i=1,2,3,4 do end",
  "for i=1,2 end", "for i=1,2 do", "for i= do end", "for i=1, do end",
  "for i in", "for i in do end", "for i in f end", "for i,j=1,2 do end", "for i, do end",
  "for i,1 in f do end", "for i.j=1,2 do end", "for i j in f do end",
  "for (i) in f do end", "for i==1,2 do end", "for i in f,do end", "for local i=1,2 do end",
  "for i:j in f do end", "for 'i' in f do end",
  "if", "if a", "if a the", "if then end", "if a then", "if a then else", "if a then elseif",
  "if a then else else end", "if a then else elseif b then end",
  "if a then end end", "if a then until", "if a=1 then end", "if a do end", "if a then else b",
  "else", "elseif a then", "end", "then", "do", "until a", "until",
  "while", "while a", "while do end", "while a then end", "while a do", "while a do until",
  "repeat", "repeat until", "repeat end", "repeat x=1", "repeat until a until b",
  "break", "break x", "while a do break x=1 end", "while a do break break end",
  "repeat break until a end", "function f() break end", "while a do function f() break end end",
  "if a then break end", "do break end", "for i=1,2 do f(function() break end) end",
  "while a do x=function() if b then break end end end", "break;", "return break",
  "return return", "return x=1", "return 1 2", "return 1; 2", "return;;", "return 1,", "return ,1",
  "return x;y=1", "if a then return x=1 end", "do return 1 end end", "return end",
  "return f() g()",
  ";", ";;", ";x=1", "x=1;;", "do;end", "f();;g()", "if a then;end", "while a do;break;;end",
  "x=1;;y=2",
  "x=(", "x=()", "x=(a", "x=(a,b)", "x=(a b)", "x=(a)) y=1", "x=((a)", "x=)", "x=(a=1)", "x=(...",
  "x=(,)", "(", "()", ")", "(a", "(a;",
  "x={", "x={a", "x={a,", "x={a b}", "x={a=}", "x={=1}", "x={[a]}", "x={[a]1}", "x={[a}",
  "x={[]=1}", "x={a.b=1}", "x={1=2}", "x={'a'=1}", "x={,}", "x={;}", "x={a,,b}", "x={a;;}",
  "x={(a)=1}",
  "x={a=1 b=2}", "x={[1]=2 3}", "x={function f() end}", "x={a:b}", "x={...=1}", "x={for=1}",
  "x={nil=1}", "x={a==}", "x={a=b=c}", "{", "}", "{}", "x={]", "x={)",
  "f(", "f(a", "f(a,", "f(a b)", "f(,)", "f(a,)", "f(a;b)", "f(a=1)", "f((a)", "f(]", "f(end)",
  "f('a'", "f{", "f{a", "f'", "f(a))", "f(...", "f()'", "f(,a)",
  "a:b.c()", "a:b[1]", "a:b=1", "a:b,c=1", "x=a:b", "x=a:b+1", "x=a:", "x=a:b c", "a:b:c()",
  "a:'b'()", "a:()", "a:nil()", "a::b()", "x=a:b..c", "f():g", "('a'):b", "x='a':b()", "x={}:b()",
  "x=1:b()",
  "x='a'.b", "x='a'[1]", "x='a'()", "'a'()", "x={}.b", "x=nil.b", "x=...[1]", "x=1.b",
  "x=function() end()", "function() end()", "x=#", "x=-", "x=not", "x=- not", "x=1+", "x=1+*2",
  "x=*1", "x=/2",
  "x=1+)", "x=a..", "x=..a", "x=a and", "x=and a", "x=or", "x=a or or b", "x=a not b",
  "x=a not == b", "x=not", "x=^2", "x=2^", "x=%", "x=a=b", "x=a~b", "x=a<", "x=<a", "x=a<=>b",
  "x=a==", "x=in", "x=local", "x=if a", "x=do end",
  "x=return", "x=break", "x=for", "x=while", "x=end", "x=nil nil", "x=true false", "nil", "true",
  "1", "'a'", "[[a]]", "...", "return ...,", "x=... ...", "in", "and", "or", "not", "==", "..",
  "<", "%", "a=1 in b",
];

/** The opener's line is named when it is not the current line. */
// biome-ignore format: a long list of small programs
const openers = [
  "if a\nthen", "if a then\n\nelse\n", "if a then\nelseif b then\n", "if a then\nelse\nx=1\nuntil",
  "while a\ndo", "while a do\nif b then\nend",
  "for i=1,2\ndo\n", "for k in f\ndo\nx=1", "for i=1,2 do\nuntil", "function f()\n",
  "function f(\n", "function f(a,\nb", "function f()\nuntil a", "local function f()\n",
  "x=function()\n", "f(function()\n",
  "repeat\n", "repeat\nx=1\nend", "repeat\nif a then\nend", "do\n", "do\ndo\nend",
  "do\nx=1\nuntil", "x=(\n", "x=(a\n", "x=(\na\n b)", "(\na\n=1", "x={\n", "x={\n1\n", "x={\n1,\n",
  "x={\na=\n1\nb=2}", "x={\n[\n1\n=2}",
  "f(\n", "f(\na\n", "f(\na,\nb\nc)", "f\n(", "f{\n", "f(a,\n{\nb\n)", "x=a[\n", "x=a[\nb\n",
  "x=a[\nb c]", "t[\n1\n}=2", "x=((\na)\n", "x={{\n1}\n",
  "if a then\nfor i=1,2 do\nwhile b do\nrepeat\n",
  "function f()\nif a then\nend\n", "function f()\nx=(\n1\nend", "do\n\n\n\nx=\nend",
  "while a do\n-- end", "x=[[\n]] if a then\n", "\n\n(\n\n", "function a.b\n:c(\n",
  "if a then x=1 else\nend end",
];

// biome-ignore format: a long list of small programs
const calls = [
  "f\n()", "f\n(a)", "f()\n()", "f\n\n(a)", "x=f\n(a)", "x=f\n(g or h)()", "a.b\n(c)", "a[1]\n(c)",
  "a:b\n(c)", "a:b\n()", "a\n:b()", "f{}\n(a)", "f''\n(a)", "(f)\n(a)", "x=(f)\n(a)", "f\n{}",
  "f\n''", "f\n[[a]]",
  "f--[[\n]](a)", "f(\n)(a)", "f(a\n)(b)", "f[\n1](a)", "f.\na(b)", "f\r(a)", "f\r\n(a)",
  "f(\n)\n(a)", "x=1\n(a)()", "x=a\n(b)()", "x='a'\n(b)()", "x={}\n(b)()", "return f\n(a)",
  "x=function() end\n(a)()", "f;\n(a)()", "f();\n(a)()",
];

// biome-ignore format: a long list of small programs
const dots = [
  "function f() return ... end", "function f() x={...} end", "function f(a) f(...) end",
  "function f() return function(...) return ... end end",
  "function f(...) return function() return ... end end", "function f() local a=... end",
  "function f() x=... end", "function f() return (...) end", "function f() return 1+... end",
  "x=function() return\n... end", "function f(...) function g() end return ... end",
  "function f() for i=... do end end", "local function f(a,b) g(a,...) end",
];

/** Chunk names in messages: up to 72 bytes of a file name, then its end (lua51.md §2.3). */
function nameCases(): VectorCase[] {
  const named = (name: string, path: string, extra: Extra = {}) =>
    program(name, "", { args: ["-p", path], files: { [path]: "x=" }, ...extra });
  return [
    ...[1, 71, 72, 73, 74, 79, 80, 100, 200, 255].map((length) =>
      named(`a file name of ${length} bytes`, "n".repeat(length)),
    ),
    named("a long path", `${"folder/".repeat(30)}w.lua`),
    named("a file name beyond ASCII", "h\u00e9llo.lua"),
    named("a name cut inside a character", `${"\u00e9".repeat(40)}.lua`),
    named("a name cut inside a wide character", `x${"\u20ac".repeat(30)}.lua`),
    named("a name with blanks and quotes", "a 'b' \"c\".lua"),
    named("a name that begins with @", "@w.lua"),
    named("a name that begins with =", "=w.lua"),
    named("a name with %", "%s%d%%.lua"),
    named("a name with a line end", "a\nb.lua"),
    program("a long path through the current folder", "", {
      args: ["-p", `${"./".repeat(40)}w.lua`],
      files: { "w.lua": "x=" },
    }),
    program("standard input", "", { args: ["-p", "-"], files: {}, stdin: "x=\n\n" }),
  ];
}

/** The current token when errors of the scanner and the parser meet. */
const mixed: VectorCase[] = [
  program("the scanner's error comes first when it looks ahead", "x={a '", PARSE_ONLY),
  program("look-ahead in a constructor", "x={a\n\n'unfinished\n}", PARSE_ONLY),
  program("the parser's error comes before later scanner errors", "x=) '", PARSE_ONLY),
  program("error after 1000 good lines", `${"x=1\n".repeat(1000)}x=`, PARSE_ONLY),
  program("error in a nested function", "function f()\n function g()\n  x=\n end\nend", PARSE_ONLY),
  program("error at the end of a line without end", "x=1\ny=", PARSE_ONLY),
  program("error after a blank last line", "x=1\ny=\n\n\n", PARSE_ONLY),
  program("error line is that of the token, not of the cause", "x=1+\n\n\n)", PARSE_ONLY),
  program("error line in a long string token", "x=1 [[\n\n\n]]", PARSE_ONLY),
  program(
    "error with many parameters",
    `function f(${repeat(60, (n) => `a${n}`, ",")}) end`,
    PARSE_ONLY,
  ),
];

const joined = (join: string) => constructs.flatMap((construct) => prefixes(construct, join));

export const syntaxErrors: Topic = {
  name: "syntax-errors",
  cases: [
    ...made("expected", expected),
    ...made("opener", openers),
    ...made("call", calls),
    ...made("dots", dots),
    ...nameCases(),
    ...mixed,
  ],
};

export const brokenConstructs: Topic = {
  name: "broken-constructs",
  cases: [
    ...made("cut", joined(" ")),
    ...made(
      "cut, on lines",
      joined("\n").filter((source) => source.includes("\n")),
    ),
    ...made("one left out", constructs.flatMap(gaps)),
    ...made("one doubled", constructs.flatMap(doublings)),
  ],
};
