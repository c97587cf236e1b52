/** Every statement, assignment order, scopes of locals, loops and their jumps (lua51.md §3). */
import { program, programs, repeat, type Topic, type VectorCase } from "../case.ts";

const simple = programs({
  "empty program": "",
  "blank program": " \t\n\n",
  "comment only": "-- nothing\n--[[ nothing\nat all ]]",
  "one semicolon after each statement": "x=1;y=2;f();local a;return;",
  "do blocks": "do end do x=1 end do local a do local b end end",
  "return forms": "do return end",
  "return of each count":
    "if a then return end if b then return 1 end if c then return 1,2 end return 1,2,3",
  "return of locals":
    "local a,b,c if a then return a end if b then return a,b end if c then return b,a end return a,b,c",
  "return with semicolon": "do return 1; end return;",
  "return a local out of order": "local a,b do return b end",
  "return in every block":
    "if a then return 1 else return 2 end while a do return 3 end repeat return 4 until a for i=1,2 do return i end",
  "break in each loop":
    "while a do break end repeat break until a for i=1,2 do break end for k in f do break end",
  "break with semicolon": "while a do break; end",
  "break inside if and do": "while a do if b then break end do break end x=1 end",
  "break out of a scope with closures":
    "while a do local b f(function() return b end) if b then break end end",
  "break twice": "while a do while b do break end break end",
  "nested breaks in different loops":
    "for i=1,2 do for k in f do if k then break end end if i then break end end",
  "goto is a name": "goto=1 goto()",
});

const assignments = programs({
  "one to one": "x=y x=1 x=nil x=true x={} x=function() end x='s' x=-y x=...",
  "many to many": "a,b=b,a a,b,c=c,a,b",
  "fewer values": "a,b=1 a,b,c=1 a,b,c,d=1,2 local e,f=1 local g,h,i=1,2",
  "more values": "a=1,2 a,b=1,2,3 a=f(),2 a=f(),g(),h() local c=1,2,3 local d=f(),g()",
  "last value open": "a,b=f() a,b,c=1,f() a=1,f() a,b=f(),g() a,b,c=... a,b=1,...",
  "locals to locals": "local a,b,c a=b a,b=b,a a,b,c=c,a,b a=a a,b=a,b",
  "local index conflict": "local a a[1],a=2,3 a.x,a=a,nil local i i,a[i]=i+1,20 a[i],i=1,2",
  "conflict with table and key": "local a,i a[i],a,i=1,2,3 a[a],a=1,2 i,a,a[i]=1,2,3 a.b.c,a=1,2",
  "no conflict with other names": "local a,b a[1],b=2,3 a.x,b.y=b,a",
  "fields and indices": "a.b,a['c'],a[d],a[1]=1,2,3,4 a.b.c.d=1 f().x=1 f()[g()]=h()",
  "calls among targets": "f().a,g().b=h(),i() a[f()],b[g()]=1,2",
  "assignment of multiple closures":
    "local a,b=function() end,function() end a,b=function() return a end,function() return b end",
  "values in constants and registers":
    "local t t.a=1 t.b='s' t.c=nil t.d=true t.e=t t.f=g t[1]=1 t[t]=t",
  "global swap with call": "x,y=y,f()",
  "assignment to parenthesised prefix": "(a).b=1 (a)[1]=2 (f()).c=3 ('s').d=4",
  "upvalue assignment": "local a,b local function f() a=1 a,b=b,a a=f a=nil a=a+1 a=a and b end",
  "value count with parentheses": "a,b=(f()) a,b=(...) local c,d=(f()),(g())",
});

const locals = programs({
  "locals without value": "local a local b,c local d,e,g",
  "nil locals merge": "local a local b local c x=1 local d local e",
  "nil merges with a following nil": "local a=nil local b=nil local c,d=nil,nil local e=nil,nil",
  "nil does not merge across a jump target":
    "local a if x then end local b local c while x do end local d",
  "nil at the start of a function":
    "local function f() local a local b=1 local c end local function g(p) local a,b end",
  "nil at the start of a function is omitted": "local a,b,c return a",
  "nil after a block reuses registers":
    "do local a,b=1,2 end local c local d do local e end local f",
  "nil assigned to a local": "local a,b,c=1,2,3 a=nil b=nil c=nil a,b=nil,nil a,b,c=nil",
  "nil arguments merge": "f(nil,nil,nil) f(nil,1,nil) f(1,nil,nil) return nil,nil",
  shadowing: "local a=1 local a=a local a=a+a do local a=a end x=a",
  "a local is not visible in its own value":
    "local a=a local b,c=b,c local f=function() return f end",
  "a local function is": "local function f() return f() end",
  "scope ends with its block": "do local a=1 x=a end x=a if b then local c=1 x=c else x=c end x=c",
  "until sees the block's locals": "repeat local a=f() until a repeat local b until b==1 or not b",
  "until with a closure over its local": "repeat local a=f() g(function() return a end) until a",
  "until with a closure and a break":
    "repeat local a g(function() return a end) if a then break end until a",
  "until with closure, constant conditions":
    "repeat local a g(function() return a end) until true repeat local a g(function() return a end) until nil",
  "while with closure": "while f() do local a g(function() return a end) end",
  "unused locals": "local a,b,c=f(),g() local d=1,2",
  "attributes do not exist": "local a local b=a.b local c=#b",
});

const branches = programs({
  if: "if a then b() end",
  "if, else": "if a then b() else c() end",
  "if, elseif, else": "if a then b() elseif c then d() elseif e then g() else h() end",
  "elseif without else": "if a then b() elseif c then d() end x=1",
  "empty branches":
    "if a then elseif b then else end if a then else x=1 end if a then x=1 else end",
  "nested ifs": "if a then if b then c() else d() end else if e then g() end end",
  "if ending in return": "if a then return elseif b then return 1 end return 2",
  "if inside loops":
    "while a do if b then c() else d() end end for i=1,2 do if i==1 then f() end end",
  "dead branches":
    "if nil then a() else b() end if true then c() else d() end if false then e() elseif nil then g() else h() end",
  "locals of a branch": "if a then local b,c=1,2 else local d=3 end local e=4",
  "jump chains": "while a do if b then if c then d() end end end while a do while b do end end",
  "else after a loop": "if a then while b do end else for i=1,2 do end end",
});

const loops = programs({
  "numeric for": "for i=1,10 do f(i) end for i=10,1,-1 do f(i) end",
  "numeric for with expressions":
    "for i=a,b,c do f(i) end for i=f(),g(),h() do end for i=a+1,#b do end",
  "numeric for of constants and nil": "for i=nil,true do end for i='1','2','3' do end",
  "numeric for shadows": "local i for i=i,i do local i=i end x=i",
  "generic for":
    "for k in f do g(k) end for k,v in pairs(t) do g(k,v) end for a,b,c,d in f() do end",
  "generic for lists":
    "for k in a,b,c do end for k in a,b do end for k in a,b,c,d do end for k in f(),g() do end for k in ... do end for k in nil do end",
  "generic for with many variables": `for ${repeat(20, (n) => `v${n}`, ",")} in f do g(v20) end`,
  "closures in loops":
    "for i=1,3 do f(function() return i end) end for k,v in g do f(function() return v end) end while a do local b f(function() b=1 end) end",
  "closure and break in loops":
    "for i=1,3 do f(function() return i end) if i then break end end for k in g do f(function() return k end) break end",
  "loops in loops":
    "for i=1,2 do for j=i,3 do for k in f do while k do repeat until j end end end end",
  "locals in loops":
    "for i=1,2 do local a=i local b=a end for k in f do local c=k end while a do local d end repeat local e until e",
  "while conditions":
    "while a do b() end while a and b do end while a or b do end while not a do end while a<b do end while a==1 do end",
  "while with a body of one break": "while 1 do break end while true do if a then break end end",
  "repeat conditions":
    "repeat a() until b repeat until a and b repeat until a or b repeat until not a repeat until a<b repeat until a==nil",
  "repeat with locals in the condition": "repeat local a,b=f() until a<b and not b",
  "empty loops": "while a do end repeat until a for i=1,2 do end for k in f do end",
  "infinite loops": "while true do end while 1 do end repeat until false",
  "code after an endless loop": "while true do f() end x=1",
});

const functions = programs({
  "names of function statements":
    "function a() end function a.b() end function a.b.c() end function a:m() end function a.b:m() end",
  "local functions": "local function f() end local function g(a,b) return a,b end",
  "anonymous functions":
    "x=function() end local f=function(a) return a end g(function() end,function() end) t={function() end,f=function() end}",
  parameters: "function f(a) end function g(a,b,c) return c,b,a end function h(a,a) return a end",
  "method has self": "function a:m(x) return self,x,self.y end",
  "function names that are locals or upvalues":
    "local a function a() end function a.b() end local function f() function a() end function a.c() end end",
  "a function statement on a local table":
    "local t={} function t.f() return t end function t:g() return self end",
  "nested functions":
    "function a() function b() function c() return 1 end return c end return b end",
  "immediate calls": "(function(a) f(a) end)(1) x=(function() return 1 end)()",
  "function in a condition": "if function() end then x=1 end x=function() end and 1 or 2",
  recursion:
    "local function f(n) if n<2 then return 1 end return n*f(n-1) end function g(n) return g(n-1) end",
  "stack sizes":
    "local function a() end local function b(p,q,r) end local function c() f(1,2,3,4,5) end local function d() local x,y,z=1,2,3 return {x,y,z,{x,y}} end",
});

const small: VectorCase[] = [
  program("source without a final newline", "x=1"),
  program(
    "many blocks with one local each",
    repeat(100, (n) => `do local v${n}=${n} x=v${n} end `),
  ),
  program(
    "blocks reuse registers",
    repeat(10, (n) => `do local a,b,c=${n} f(a,b,c) end `),
  ),
];

export const statements: Topic = {
  name: "statements",
  cases: [...simple, ...assignments, ...locals, ...branches, ...loops, ...functions, ...small],
};
