/** Upvalues, closures, vararg functions and the hidden `arg` (lua51.md §2.5, §3). */
import { program, programs, repeat, type Topic, type VectorCase } from "../case.ts";

const upvalues = programs({
  "one upvalue": "local a function f() return a end",
  "order of upvalues is order of first use": "local a,b,c function f() x=c x=a x=b x=c end",
  "an upvalue read and written": "local a function f() a=a+1 a=nil a={} a=f() a='s' a=true end",
  "an upvalue of an upvalue":
    "local a function f() return function() return function() return a end end end",
  "an upvalue passed through unused": "local a function f() return function() return a end end",
  "upvalues from several levels":
    "local a function f() local b function g() local c function h() return a,b,c end end end",
  "one variable, several closures":
    "local a function f() return a end function g() a=1 end local h=function() return a,f end",
  "same name at different levels":
    "local a function f() local a=a function g() return a end return a end",
  "shadowed variable captured twice":
    "local a=1 function f() return a end local a=2 function g() return a end",
  "parameters captured": "function f(a,b) return function() return b,a end end",
  "self captured": "function o:m() return function() return self end end",
  "a loop variable captured":
    "for i=1,2 do x=function() return i end end for k,v in f do x=function() return v,k end end",
  "a local function captured by itself": "local function f() return function() return f end end",
  "local f=function does not capture itself": "local f=function() return f end",
  "CLOSE at the end of a block": "do local a x=function() return a end end y=1",
  "CLOSE only where something is captured":
    "do local a do local b x=function() return b end end y=a end",
  "CLOSE at the lowest captured variable": "do local a,b,c,d x=function() return c end end",
  "CLOSE before break": "while x do local a f(function() return a end) break end",
  "CLOSE before break, captured outside the loop":
    "local a while x do f(function() return a end) break end",
  "CLOSE before break, captured after it":
    "while x do local a if x then break end f(function() return a end) end",
  "CLOSE for a nested block and the loop":
    "while x do local a do local b f(function() return a,b end) if b then break end end end",
  "no CLOSE before return": "do local a f(function() return a end) return a end",
  "RETURN of a captured local": "local a f(function() return a end) return a",
  "upvalue as table and key": "local a,b function f() a.x=1 a[b]=b return a.x,a[b],a[1],b.c.d end",
  "upvalue in every operator":
    "local a,b function f() x=a+b x=a..b x=a<b x=not a x=-a x=#b x=a and b x=a or b x=a==1 end",
  "upvalue called": "local a function f() a() a.b() a:c() return a(a) end",
  "upvalues in a generic for":
    "local a,b,c function f() for k in a,b,c do x=k end for i=a,b,c do end end",
  "mixed pseudo instructions":
    "local a,b function f() local c,d function g() return d,a,c,b end end",
  "closure in a constructor and a call":
    "local a f(function() return a end,1) t={function() return a end,x=function() return a end}",
  "function without upvalues between": "local a function f() local function g() end return a end",
  "vararg main as upvalue is not possible": "local a={...} function f() return a end",
});

const varargs = programs({
  "main is a vararg function without arg": "x=arg return ...",
  "main: varargs everywhere": "local a=... local b,c=... f(...) t={...} x=... return ...",
  "main: select style": "f(#{...},(...)) x=...==nil x=not ... x=-... x=... .. 'a'",
  "declared, not used": "function f(...) end",
  "declared and used": "function f(...) return ... end",
  "declared, arg used": "function f(...) return arg end",
  "declared, both used": "function f(...) return arg,... end",
  "use after a nested function": "function f(...) local g=function(...) end return ... end",
  "use only in a nested function": "function f(...) return function(...) return ... end end",
  "arg as upvalue": "function f(...) return function() return arg.n end end",
  "parameters and varargs":
    "function f(a,b,...) return b,a,... end function g(a,...) return arg,a end",
  "method with varargs": "function o:m(...) return self,... end",
  "arg takes a register":
    "function f(a,...) local b=1 return b end function g(a,...) local b=... return b end",
  "local arg shadows":
    "function f(...) local arg=1 return arg end function g(arg,...) return arg end",
  "varargs in each list position":
    "function f(...) g(...,1) g(1,...) local a,b=...,2 local c,d=1,... return ...,3 end",
  "varargs to an exact count": "function f(...) local a,b,c=... a,b,c=... a,b,c=1,... a=... end",
  "varargs truncated": "function f(...) local a=(...) g((...)) return (...) end",
  "varargs as operand": "function f(...) return ...+1,-...,not ...,...,#{...} end",
  "varargs in a table":
    "function f(...) t={...} t={1,...} t={...,1} t={[1]=...} t={x=...} t={(...)} t={n=1,...} end",
  "varargs as condition":
    "function f(...) if ... then g() end while ... do g() end repeat until ... return ... and 1 or 2 end",
  "varargs in for":
    "function f(...) for i=... ,2 do end for k in ... do end for k,v in g,... do end end",
  "varargs as a prefix": "function f(...) return (...).x,(...)[1],(...)(),(...):m() end",
  "vararg tail call": "function f(...) return g(...) end function h(...) return o:m(1,...) end",
  "arg in the main chunk is global": "arg=1 x=arg function f() return arg end",
});

const upvalueCount = (count: number): string =>
  `${repeat(40, (n) => `local a${n} `)} function f() ${repeat(count - 40, (n) => `local b${n} `)}
function g() return ${repeat(40, (n) => `a${n}`, ",")},${repeat(count - 40, (n) => `b${n}`, ",")} end end`;

const many: VectorCase[] = [
  program(
    "a closure over 48 variables",
    `local ${repeat(48, (n) => `a${n}`, ",")} function f() return ${repeat(48, (n) => `a${49 - n}`, "+")} end`,
  ),
  program("60 upvalues", upvalueCount(60)),
  program("61 upvalues", upvalueCount(61)),
  program(
    "61 upvalues through a middle function",
    `${repeat(40, (n) => `local a${n} `)}
function f() ${repeat(30, (n) => `local b${n} `)}
 function g()
  function h() return ${repeat(40, (n) => `a${n}`, "+")} +
   ${repeat(21, (n) => `b${n}`, "+")} end
 end
end`,
  ),
];

export const closures: Topic = {
  name: "closures-and-varargs",
  cases: [...upvalues, ...varargs, ...many],
};
