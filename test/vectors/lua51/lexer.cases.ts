/** Tokens: strings, comments, names, blanks, line ends, NUL bytes, first lines (lua51.md §2.3–2.5). */
import { fromText } from "../../../src/base/lua-string.ts";
import { program, programs, repeat, sources, type Topic, type VectorCase } from "../case.ts";

const strings = programs(
  {
    "named escapes": "x='\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'",
    "decimal escapes": "x='\\0\\1\\12\\123\\255\\2555\\0001\\0\\00\\000'",
    "decimal escape too large": "x='abc\\256'",
    "decimal escape 999": 'x="a\\999"',
    "decimal escape 300 after escapes": "x='\\065\\n\\300z'",
    "decimal escape ends at a letter": "x='\\1a\\12b\\9'",
    "other escapes keep the character": "x='\\x41\\z  \\u{41}\\q\\(\\ \\?'",
    "an escape of a byte above 127": "x='\\\xe9\\\xff'",
    "escaped line ends": "x='a\\\nb' y='a\\\rb' z='a\\\r\nb' w='a\\\n\rb'",
    "both quotes": "x='\"' y=\"'\" z='\\'' w=\"\\\"\"",
    "control characters": "x='\x01\x02\t\x0b\x0c\x1b\x7f'",
    "UTF-8 text": fromText(
      "x='h\u00e9llo \u20ac \ud83d\ude00' y=[[\u65e5\u672c]] -- \u00fc\nz='\u0416'",
    ),
    "UTF-8 near an error": fromText("x=1 '\u20ac\ud83d\ude00'"),
    "NUL in strings": "x='a\0b' y=[[\0]] z='\\\0' w='\0\0\0'",
    "bytes above 127": "x='\x80\xff\xe2\x82\xac' y=[[\xe9]]",
    "unfinished at the end": "x='abc",
    "unfinished at a line end": "x='abc\ny=1",
    "unfinished at CR": 'x="abc\r',
    "unfinished after an escape": "x='a\\065\\n",
    "unfinished after a backslash": "x='abc\\",
    "unfinished after an escaped line end": "x='abc\\\n",
    "unfinished after a digit escape": "x='abc\\12",
    "unfinished with NUL": "x='a\0b\n",
    "unfinished, empty": "x='",
    "unfinished, only a quote and a line end": 'x="\n"',
    "wrong closing quote": "x='abc\"",
  },
  "string",
);

const longStrings = programs(
  {
    levels: "x=[[a]] y=[=[b]=] z=[==[c]==] w=[====[d]====]",
    "brackets inside": "x=[=[ ]] [[ ]==] ]=x ] = ]=] y=[[ ] ]= [ [= ]]",
    "closing bracket runs": "x=[[a]]] y=1",
    "closing bracket run inside": "x=[=[a]]=] y=[==[b]=]==] z=[[]=]]",
    "first line end dropped: LF": "x=[[\na]]",
    "first line end dropped: CR": "x=[[\ra]]",
    "first line end dropped: CR LF": "x=[[\r\na]]",
    "first line end dropped: LF CR": "x=[[\n\ra]]",
    "only the first line end": "x=[[\n\n\na]] y=[=[\r\r\n]=]",
    "line ends inside": "x=[[a\rb\r\nc\n\rd\ne]]",
    "escapes do nothing": "x=[[\\n\\065\\]]",
    "nested level 0": "x=[[ a [[ b ]] c ]]",
    "nested level 0, on a later line": "x=[[ a\n\n[[ b ]]",
    "nested level 0 at the start": "x=[[[[",
    "three brackets": "x=[[[a]]",
    "nested level 1": "x=[=[ [=[ [[ ]=]",
    "level 1 inside level 0": "x=[[ [=[ ]=] ]] y=1",
    unfinished: "x=[[abc",
    "unfinished on line 3": "x=[==[a\nb\n]=]",
    "unfinished with a bracket at the end": "x=[[abc]",
    "unfinished, level 2 with bracket": "x=[==[abc]==",
    "invalid delimiter": "x=[=",
    "invalid delimiter, letters": "x=[==a",
    "invalid delimiter, blank": "x=[= [a]=]",
    "invalid delimiter, closing": "x=[===]",
    "no delimiter": "x=[ [a]]",
    "index with a long string": "x=a[ [[b]] ] x=a[[b]] x=a[=[b]=]",
    "index that looks like a delimiter": "x=a[=b]",
    "all at once": "x=[=[]]]=]..[[]]..[==[]=]]==]",
  },
  "long string",
);

const comments = programs(
  {
    short: "--a\nx=1 --b\n--\n---\n----[[\ny=2--",
    "short ends at CR": "--a\rx=1",
    long: "--[[a]]x=1--[=[b]]]=]y=2--[==[\n\n]==]z=3",
    "nearly long": "--[a\nx=1 --[=a\ny=2 --[==\nz=3 --[ [\nw=4",
    "nearly long at the end": "x=1 --[=",
    "nearly long with blank": "-- [[\nx=1 --\t[[\n",
    "long with other levels inside": "--[=[ [[ ]] ]==] [==[ ]=]x=1",
    "nested level 0": "x=1 --[[ [[ ]]",
    "nested level 0 on another line": "--[[\n\n  [[",
    unfinished: "--[[ abc",
    "unfinished on line 4": "x=1\n--[==[\n]=]\n]]",
    "NUL in comments": "--a\0b\nx=1 --[[\0]] y=2 --\0",
    "two minus signs apart": "x=1- -1 y=1 - - 1",
    "comment between tokens": "x--[[a]]=--[[b]]1--c\ny=2",
    "comment in the middle of a numeral": "x=1--[[\n]]2",
  },
  "comment",
);

const names = programs(
  {
    "letters, digits, underscores": "_=1 __a=2 A9_=3 a1b2c3=4 _1=5 aNd=6 END=7 Nil=8",
    "near keywords": "ands=1 en=2 iff=3 repeats=4 functions=5 local nill,truee,falsee",
    "names of later versions": "continue=1 self=2 goto=3 const=4 close=5 arg=6 _ENV=7",
    "a name directly after a numeral's end": "x=1;y=2",
    "a name with a byte above 127": "caf\xe9=1",
    "a byte above 127 at the start": "\xe9=1",
    "UTF-8 signature": "\xef\xbb\xbfx=1",
    "UTF-16 signature": "\xff\xfex=1",
    "blanks of every kind": "x\t=\v1\fy\r=\n2 \x0bz=3",
    "no-break space": "x=\xa01",
    "control characters": "x=\x01",
    "delete character": "x=\x7f",
    "escape character": "x=1 \x1b",
    "end-of-file character": "x=1\n\x1a",
  },
  "name",
);

/** Characters that start no token, and tokens cut short. */
// biome-ignore format: a long list of small words
const characters = sources("character", [
  "x=!", "x=@", "x=$", "x=&", "x=|", "x=`", "x=\\", "x=?", "x=~", "x=~ =", "x=a!=b", "x=a&&b",
  "x=a||b",
  "x=a~b", "x=a//b", "x=a<<b", "x=a>>b", "x+=1", "x++", "x=a===b", "x=a=>b", "x=a<>b", "x=a=<b",
  "x=a=~b",
  "x=....", "x=a....b", "x=a. .b", "x=a.. .b", "x=a.b..c", "x=a...b", "::a::", "a::b()", "x=a?b:c",
  "x=[", "x=]",
  "x={", "x=}", "x=(", "x=)", "x=,", "x=;", "x=:", "x=%", "x=#", "x=.", "x=..", "x='", "x=<",
  "x=>=", "x=~=", "x===",
]);

const controls = sources(
  "control character",
  Array.from({ length: 33 }, (_, i) => `x=y ${String.fromCharCode(i < 32 ? i : 127)}`),
);
const highBytes = sources(
  "high byte",
  [0x80, 0x8f, 0xa0, 0xa9, 0xbf, 0xc0, 0xc3, 0xe2, 0xf0, 0xfe].map(
    (byte) => `x=y ${String.fromCharCode(byte)}`,
  ),
);

/** A NUL counts as a member of any set of characters the scanner asks for (lua51.md §2.4). */
const nul = programs({
  "NUL alone": "\0",
  "NUL after an equals sign": "x=\0",
  "NUL after a statement": "x=1 \0",
  "NUL between statements": "x=y\0z=1",
  "NUL in a name": "a\0b=1",
  "NUL after digits": "x=1\0",
  "NUL after digits, letters after it": "x=1\0abc y=2",
  "NUL after digits, then a sign": "x=1\0+5 y=2",
  "two NULs after digits": "x=1\0\0y=2",
  "three NULs after digits": "x=1\0\0\0y=2",
  "NUL after an exponent": "x=1e\x00005",
  "NUL as sign of an exponent": "x=1e\0",
  "NUL after a hexadecimal numeral": "x=0xf\0zz",
  "NUL after 0x": "x=0x\0f",
  "NUL after a fraction": "x=1.5\0e5",
  "NUL after a point": "x=a.\0b",
  "NUL after a point and digits": "x=.5\0",
  "NUL after two points": "x=a..\0b",
  "two NULs after a point": "f(.\0\0)",
  "three NULs after a point": "f(.\0\0\0)",
  "point, NUL, point": "f(.\0.)",
  "malformed numeral with NUL": "x=1z\0abc",
  "malformed numeral, NUL first": "x=1\0.5.5",
  "NUL after a comparison": "x=a<\0b",
  "NUL after a tilde": "x=a~\0",
  "NUL after an opening bracket": "x=[\0",
  "NUL in a long delimiter": "x=[=\0[",
  "NUL after a minus": "x=-\0",
  "string with NUL where an operator belongs": "x=1 'a\0b' 2",
  "string with NUL as a statement": "'a\0b'=1",
  "long string with NUL as a statement": "[[a\0b]]=1",
  "NUL at the end of the file": "x=1\n\0\n",
});

const nearTexts = programs({
  "near a string": "x='abc' 'def'",
  "near a string with escapes": 'x=1 "abc\\065d\\n\\t\\"q"',
  "near a string with a line end": "x=1 'a\\\nb'",
  "near a string with bytes above 127": "x=1 '\\233\xe9'",
  "near a long string": "x=1 [[abc]]",
  "near a long string with a first line end": "x=1 [[\nabc]]",
  "near a long string with CR LF": "x=1 [==[\r\nabc\r\ndef]==]",
  "near a numeral": "x=1 0x1F",
  "near a name": "x=1 y",
  "near a keyword": "x=1 and and",
  "near an operator": "x=1 ~= ~= 2",
  "near dots": "x=1 .. .. 2",
  "near the end": "x=",
  "near the end after blanks": "x=\n\n  -- c\n",
  "near a very long name": `x=1 ${"long_".repeat(200)}`,
  "near a very long string": `x=1 '${"long ".repeat(200)}'`,
  "near a tab": "x=\t\x02",
});

const firstLines: VectorCase[] = [
  program("#! line", "#!/usr/bin/env lua\nx=1"),
  program("# line with an error after it", "# anything ' [[\nx=\n\n!"),
  program("# line only", "#!lua"),
  program("# line only, with line end", "#!lua\n"),
  program("# alone", "#"),
  program("# line ending in CR LF", "#!lua\r\nx=1"),
  program("# line does not end at CR", "#!lua\rx=1\ny=2"),
  program("# line with NUL", "#a\0b\nx=1"),
  program("two # lines", "#a\n#b\nx=1"),
  program("# on the second line", "\n#a\nx=1"),
  program("# after a blank", " #a\nx=1"),
  program("# line, then LF CR", "#a\n\rx=1"),
  program("# line from stdin", "", {
    args: ["-l", "-l", "-o", "out.lc", "-"],
    files: {},
    stdin: "#a\nx=1\ny=",
  }),
  program("# line from stdin that compiles", "", {
    args: ["-l", "-l", "-o", "out.lc", "-"],
    files: {},
    stdin: "#a\nx=1",
  }),
];

const long: VectorCase[] = [
  program("a comment of 100000 bytes", `--${"x".repeat(100_000)}\nx=1`),
  program("a line of 100000 blanks", `x=${" ".repeat(100_000)}1`),
  program("an error on line 100000", `${"\n".repeat(99_999)}x=`),
  program("an unfinished string of 5000 bytes", `x='${"abcde".repeat(1000)}`),
  program(
    "tokens split by reading blocks",
    repeat(700, (n) => `name${n}="value ${n}" `),
    { args: ["-o", "out.lc", "w.lua"] },
  ),
];

export const lexer: Topic = {
  name: "lexer",
  cases: [
    ...strings,
    ...longStrings,
    ...comments,
    ...names,
    ...characters,
    ...controls,
    ...highBytes,
    ...nul,
    ...nearTexts,
    ...firstLines,
    ...long,
  ],
};
