/** `_ENV`, upvalues and where closures find them (lua53.md §3.2). */
import { programs, repeat, type Topic } from "../case.ts";

const cases = programs({
  "globals in the main function": "x=y y=x x() x.y=z x[y]=z x:y()",
  "globals in a function": "function f() x=y return x end",
  "globals three functions deep":
    "function a() return function() return function() x=y end end end",
  "a function without globals": "local function f(a) return a end",
  "only a nested function uses globals": "local function f() return function() return x end end",
  "_ENV by name": "x=_ENV _ENV.y=1 _ENV[z]=2 _ENV=nil f(_ENV)",
  "_ENV as a local": "local _ENV={} x=1 y=x f()",
  "_ENV as a parameter":
    "function f(_ENV) x=1 return y end local function g(_ENV,...) return x,... end",
  "_ENV as a loop variable":
    "for _ENV in f do x=1 end for _ENV=1,2 do x=1 end for a,_ENV in f do x=a end",
  "_ENV as a local of a block": "do local _ENV=t x=1 end x=2",
  "_ENV captured": "local _ENV=t function f() x=1 return function() return y end end",
  "_ENV captured in a loop":
    "while a do local _ENV=t f(function() return x end) if y then break end end",
  "_ENV shadowed twice": "local _ENV=a local _ENV=b x=1 local function f(_ENV) return x end",
  "_ENV assigned": "_ENV={} x=1 local function f() _ENV=nil end",
  "_ENV as a function": "local function _ENV() return x end",
  "_ENV.f as a function statement":
    "function _ENV.f() end function _ENV:g() return self end function h.i.j() end",
  "_ENV of nil": "local _ENV x=1 local a=y",
  "calls of globals": "f() f(1) f'a' f{} f():g() f().x() f[1]() f.x.y.z()",
  "global and local of one name": "local x=x x=x local function f() return x,y end",
  "assignment conflicts with upvalues":
    "local a local function f() a.x,a=1,2 a,a.x=1,2 a[1],b,a=1,2,3 local i a[i],i=1,2 a[i],a,i=1,2,3 end",
  "assignment conflicts with _ENV":
    "x,_ENV=1,2 _ENV,x=1,2 x,y,_ENV=1,2,3 local function f() x,_ENV=1,2 end",
  "assignment conflicts with a local _ENV": "local _ENV x,_ENV=1,2 _ENV,x=1,2 x.y,_ENV,z=1,2,3",
  "indexing upvalues":
    "local t local function f() t.x=1 t[1]=2 t[t]=t t.x.y=3 x=t.x t:m() t() return t[1],t.x,t[t] end",
  "methods of upvalues":
    "local t local function f() return t:m(),t.x:m() end function t:n() end local function g() function t.o() end function t:p() end end",
  "upvalues by first use":
    "local a,b,c local function f() return c,a,b,c end local function g() return x,c end",
  "upvalues through functions":
    "local a,b local function f() local function g() return b,a,c end return g end",
  "upvalues of parameters": "function f(a,b,...) local c return function() return b,c,x end end",
  "upvalues of loop variables":
    "for i=1,2 do for k,v in f do g(function() return i,k,v end) end end",
  "upvalues assigned":
    "local a,b local function f() a=1 b=nil a,b=b,a a=a+1 a=f a=a and b a={} end",
  "the same upvalue in functions beside each other":
    "local a local function f() return a end local function g() return a,f end",
  "upvalues of different scopes with one name":
    "local a do local a f(function() return a end) end f(function() return a end)",
  "a local function is its own upvalue":
    "local function f() return f end local function g() return function() return g end end",
  "a local is not visible in its own value": "local f=function() return f end local a=a",
  "recursive local functions": "local f,g function f() return g() end function g() return f() end",
  "many upvalues": `local ${repeat(60, (n) => `a${n}`, ",")} local function f() return ${repeat(60, (n) => `a${n}`, ",")} end`,
  "upvalues and arguments":
    "local t={} function t.f(...) local a=... return function(...) return a,t,... end end",
  "self as an upvalue": "function a:b() return function() return self,self.x,self:y() end end",
  "closures in tables":
    "local a t={f=function() return a end,function() a=1 end,[function() end]=function() return x end}",
  "closures as arguments":
    "local a f(function() return a end,function() a=1 end) f{function() return a end} return function() return a end",
  "assigning closures":
    "local f f=function() end local g=function() end f,g=function() return f end,function() return g end x=function() end t.x=function() end t[1]=function() end",
  "function statements":
    "function f() end local t function t.f() end function t:f() end function t.a.b.c:d() end local function g() function t.f() end function f() end end",
  "function statements that assign locals":
    "local f function f() return f end do function f() end end",
  "nested functions in order":
    "local function a() local function b() end local function c() local function d() end end end local function e() end",
});

export const environment: Topic = { name: "environment", cases };
