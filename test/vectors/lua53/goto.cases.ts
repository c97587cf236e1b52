/** `goto`, labels and `break`: where jumps go, what they close, and what is refused (lua53.md §0). */
import { PARSE_ONLY, programs, repeat, sources, type Topic } from "../case.ts";

const jumps = programs({
  "back to a label": "::top:: f() goto top",
  "on to a label": "goto on f() ::on:: g()",
  "to the end of the program": "goto stop f() ::stop::",
  "to the end, with semicolons": "goto stop f() ::stop:: ; ; ;",
  "to a label before another": "goto a ::a:: ::b:: goto b",
  "labels that nothing goes to": "::a:: f() ::b:: do ::a:: end ::c::",
  "the same label in blocks beside each other": "do goto x ::x:: end do goto x ::x:: end",
  "the same label in a block within": "goto x do ::x:: end ::x::",
  "an inner label hides none outside": "::x:: do ::y:: goto x end goto x",
  "out of blocks": "do do do goto out end end end f() ::out:: g()",
  "out of loops":
    "while a do for i=1,2 do for k in f do repeat goto out until b end end end ::out:: g()",
  continue: "for i=1,9 do if i==5 then goto continue end f(i) ::continue:: end",
  "continue in each loop":
    "while a do if b then goto next end f() ::next:: end repeat if b then goto next end f() ::next:: until c for k in g do if k then goto next end f() ::next:: end",
  "continue before locals of the block": "for i=1,2 do goto next local a=i f(a) ::next:: end",
  "backward to the start of a body": "while a do ::again:: if f() then goto again end g() end",
  "several to one label": "goto x goto x if a then goto x end do goto x end ::x:: goto x",
  "to oneself": "::x:: goto x",
  "infinite, with a body": "::x:: local a=f() g(a) goto x",
  "label and goto as the only statements": "do ::a:: goto a end",
  "label in a branch": "if a then ::x:: f() goto x else ::x:: goto x end",
  "out of a branch, into the block around": "if a then goto x end f() ::x:: g()",
  "names that look like words": "::gotos:: ::_:: ::End:: goto gotos goto _ goto End",
  "a function has its own labels": "::x:: function f() ::x:: goto x end goto x",
  "local functions do, too": "local function f() goto x ::x:: return f end ::x:: goto x",
});

const conditions = programs({
  "if with a goto alone": "if a then goto x end f() ::x:: g()",
  "if with a goto and a semicolon": "if a then goto x; end f() ::x:: g()",
  "if with a goto and many semicolons": "if a then goto x;;; end f() ::x:: g()",
  "if with a goto and more": "if a then goto x f() end g() ::x:: h()",
  "if with a goto and a label": "if a then goto x ::y:: end f() ::x:: g()",
  "if, goto, else": "if a then goto x else f() end g() ::x:: h()",
  "if, goto, elseif": "if a then goto x elseif b then f() end g() ::x:: h()",
  "if, goto, elseif, goto, else":
    "if a then goto x elseif b then goto y else f() end g() ::x:: h() ::y:: i()",
  "goto in the last branch": "if a then f() elseif b then goto x end g() ::x:: h()",
  "goto in else": "if a then f() else goto x end g() ::x:: h()",
  "conditions that are constants":
    "if nil then goto x end if false then goto x end if true then goto x end if 1 then goto x end if 'a' then goto x end ::x:: f()",
  "conditions that are comparisons":
    "if a<b then goto x end if a==b then goto x end if not (a>=b) then goto x end ::x:: f()",
  "conditions of and, or":
    "if a and b then goto x end if a or b then goto x end if not a or b and c then goto x end if not (a and b) then goto x end ::x:: f()",
  "conditions that are locals":
    "local a,b if a then goto x end if not a then goto x end if a==nil then goto x end if a and b then goto x end ::x:: f()",
  "conditions back":
    "::x:: f() if a then goto x end if a<1 then goto x end if not a then goto x end if a or b then goto x end",
  "nil as a condition without goto":
    "if nil then f() end if nil then f() else g() end while nil do f() end repeat f() until nil",
  "if with a break alone": "while a do if b then break end f() end",
  "if with a break and more": "while a do if b then break f() end g() end",
  "if, break, else": "while a do if b then break else f() end g() end",
  "if, break, elseif": "while a do if b then break elseif c then break end g() end",
  "nested ifs with goto": "if a then if b then goto x end goto y end f() ::x:: g() ::y:: h()",
  "goto before until": "repeat if a then goto x end f() ::x:: until b",
  "goto in a condition's function": "if function() goto x ::x:: end then f() end",
});

const breaks = programs({
  "break in each loop":
    "while a do break end repeat break until a for i=1,2 do break end for k in f do break end",
  "break before other statements": "while a do break f() g() end",
  "break, then a label": "while a do break ::x:: goto x end",
  "break twice": "while a do break break end",
  "break out of blocks": "while a do do do break end end end",
  "break in nested loops":
    "while a do while b do break end break end for i=1,2 do for j=1,2 do break end break end",
  "break of loops in functions": "while a do f(function() while b do break end end) break end",
  "break with semicolons": "while a do break; ; f(); end",
  "many breaks": `while a do ${repeat(30, (n) => `if b==${n} then break end `)}end`,
});

const closing = programs({
  "goto leaves a captured local": "do local a f(function() return a end) goto x end ::x:: g()",
  "goto back over a captured local": "::x:: local a f(function() return a end) goto x",
  "goto back, label not first":
    "local b ::x:: local a f(function() return a,b end) if a then goto x end g()",
  "continue with captured locals":
    "for i=1,2 do local a=i f(function() return a end) if a then goto next end g() ::next:: end",
  "break with captured locals":
    "while a do local b f(function() return b end) if b then break end g() end",
  "break out of several scopes":
    "while a do local b do local c do local d f(function() return b,c,d end) if d then break end end end end",
  "only an inner scope is captured":
    "while a do local b do local c f(function() return c end) break end end",
  "only an outer scope is captured":
    "while a do local b f(function() return b end) do local c if c then break end end end",
  "goto out of several scopes":
    "do local a do local b do local c f(function() return a,b,c end) goto x end end end ::x::",
  "repeat with captured locals": "repeat local a f(function() return a end) until a",
  "repeat with captured locals and a test of several parts":
    "repeat local a f(function() return a end) until a and b or c",
  "repeat with captured locals and break":
    "repeat local a f(function() return a end) if b then break end until a",
  "repeat with captured locals and continue":
    "repeat do local a f(function() return a end) if b then goto next end end ::next:: until c",
  "captured locals of a block": "do local a f(function() return a end) end g()",
  "captured local, block in block": "do local a do f(function() return a end) end end",
  "captured loop variables":
    "for i=1,2 do f(function() return i end) end for k,v in g do f(function() return v end) end",
  "captured loop variables and goto":
    "for i=1,2 do f(function() return i end) goto next g() ::next:: end",
  "captured parameters":
    "function f(a,...) g(function() return a end) while a do local b g(function() a=b end) if b then break end end end",
  "captured local at the end of a function":
    "function f() local a return function() return a end end",
  "captured in a branch":
    "if a then local b f(function() return b end) else local c g(function() return c end) end",
  "captured in a branch that breaks":
    "while a do if b then local c f(function() return c end) break else break end end",
  "goto within the scope of a captured local":
    "local a f(function() return a end) goto x g() ::x:: h()",
  "upvalue of an upvalue":
    "while a do local b f(function() return function() b=1 end end) break end",
});

const scopes = programs({
  "past a local to the end of its block": "do goto x local a f(a) ::x:: end",
  "past a local to labels at the end": "do goto x local a ::y:: ::x:: ; end",
  "past a local to the end of the program": "goto x local a f(a) ::x::",
  "past a local to the end of a function": "function f() goto x local a g(a) ::x:: end",
  "past a local to the end of a branch":
    "if a then goto x local b ::x:: elseif c then goto x local d ::x:: else goto x local e ::x:: end",
  "past a local to the end of a loop":
    "while a do goto x local b ::x:: end for i=1,2 do goto x local b ::x:: end",
  "back to a label before a local": "::x:: local a goto x",
  "between locals": "local a ::x:: local b goto x",
  "local between goto and block": "goto x do local a end ::x:: f()",
});

const refused = sources(
  "refused",
  [
    "goto x",
    "goto x\n\nf()",
    "do goto x end",
    "::x:: ::x::",
    "::x::\n\n::x::",
    "::x:: do ::x:: end ::x::",
    "do ::x:: end goto x",
    "goto x do ::x:: end",
    "function f() goto x end ::x::",
    "::x:: function f() goto x end",
    "goto x local a ::x:: f()",
    "goto x local a,b ::x:: f()",
    "goto x\nlocal a\n::x::\nlocal b",
    "do goto x end local a ::x:: f()",
    "repeat goto x local a ::x:: until a",
    "repeat goto x local a ::x:: ; until true",
    "repeat if a then goto x end local b ::x:: until b",
    "goto x local function f() end ::x:: f()",
    "break",
    "break\n\n",
    "do break end",
    "if a then break end",
    "while a do f(function() break end) end",
    "function f()\nbreak\nend",
    "repeat local a f(function() break end) until a",
    "goto",
    "goto 1",
    "goto end",
    "goto goto",
    "goto 'x'",
    "::",
    ":: ::",
    "::1::",
    "::x",
    "::x:",
    "::x: :",
    ": :x::",
    "::end::",
    "::goto::",
    "::x:: = 1",
    "goto x.y",
    "goto = 1",
    "goto()",
    "local goto",
    "x.goto = 1",
    "x = goto",
    "f:goto()",
    "{goto=1}",
    "x = {goto=1}",
    "function goto() end",
    "for goto=1,2 do end",
    "return goto x",
    "return ::x::",
    "goto x return ::x::",
  ],
  PARSE_ONLY,
);

export const gotos: Topic = {
  name: "goto",
  cases: [...jumps, ...conditions, ...breaks, ...closing, ...scopes, ...refused],
};
