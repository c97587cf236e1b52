/** Operators, comparisons, and the code for booleans and jumps, as in Lua 5.1.5 (lua51.md §3). */
import { programs, type Topic } from "../case.ts";

const operands = programs({
  "every operator on locals":
    "local a,b x=a+b x=a-b x=a*b x=a/b x=a%b x=a^b x=a..b x=-a x=not a x=#a",
  "every operator on globals": "x=a+b x=a-b x=a*b x=a/b x=a%b x=a^b x=a..b x=-a x=not a x=#a",
  "every comparison on locals": "local a,b x=a==b x=a~=b x=a<b x=a>b x=a<=b x=a>=b",
  "every comparison on globals": "x=a==b x=a~=b x=a<b x=a>b x=a<=b x=a>=b",
  "every comparison as a condition": `local a,b if a==b then f() end if a~=b then f() end if a<b then f() end
if a>b then f() end if a<=b then f() end if a>=b then f() end`,
  "negated comparisons":
    "local a,b x=not(a==b) x=not(a<b) x=not(a>=b) if not(a~=b) then f() end while not(a<=b) do end",
  "results into a local": "local a,b local c=a+b c=a<b c=not a c=-b c=a..b c=a and b c=a or b",
  "result into one of its operands": "local a,b a=a+b b=a-b a=-a a=not a a=a..a a=a[a] a=a and b",
  "precedence of all levels": "x=a or b and c<d..e+f*g^h x=not a==b x=-a^b x=a^-b x=#a..b",
  "left and right grouping": "x=a-b-c x=a/b/c x=a..b..c x=a^b^c x=a<b==c x=a==b~=c x=(a..b)..c",
  "mixed registers and constants":
    "local a x=a+1 x=1+a x=a*'s' x='s'%a x=a^2 x=2^a x=a-nil x=true/a",
  "call results as operands": "x=f()+g() x=f()..g() x=f()<g() x=-f() x=not f() x=#f() x=f()[g()]",
  "operand order with calls": "local a x=a+f() x=f()+a x=a<f() x=f()<a x=a>f() x=f()>a x=f()>=g()",
  "temporaries are released": "x=(a+b)*(c+d)-(e+f)/(g+h) x=a+(b+(c+(d+e))) x=(((a+b)+c)+d)+e",
  "concatenation of many":
    "x=a..b..c..d..e local l x=l..l..l x=1 ..2 ..3 x=a..(b..c)..d x=(a..b)..(c..d)",
  "concatenation with calls and locals": "local a,b a=a..f()..b b=f(a..b)..g(b..a)",
  "concatenation inside arithmetic": "x=a+b..c+d x=(a..b)+(c..d) x=-a..b",
  "parenthesised calls and varargs":
    "local a=(f()) local b,c=(f()) x=(...) f((g())) f((...)) return (f())",
  indexing: "x=a.b x=a['b'] x=a[1] x=a[b] x=a.b.c.d x=a[b[c[d]]] x=a[b.c] x=(a).b x=a[-1] x=a[nil]",
  "indexing locals": "local a,b x=a.b x=a[b] x=a[a] x=a.b[b].c b=a.b a=a.a a=b[a]",
  "strings of every spelling as keys": "x=a['k'] x=a[\"k\"] x=a[ [[k]] ] x=a[('k')]",
  "long chains of suffixes": "a.b:c(1)[2].d'e'{f}:g()[h]=i a(b)(c)(d) a{}''[[]]()",
  methods: "local o o:m() o:m(1) o:m(...) x=o:m() x=o:m():n() o.p:m(o) o:m'x' o:m{} o:m[[x]]",
});

const logic = programs({
  "and, or of locals":
    "local a,b,c x=a and b x=a or b x=a and b or c x=a or b and c x=(a or b) and c",
  "and, or of globals": "x=a and b x=a or b x=a and b and c x=a or b or c x=a and (b or c)",
  "and, or into locals": "local a,b,c a=b and c a=b or c a=a and b a=a or b a=b and c or a",
  "and, or of comparisons":
    "local a,b x=a<b and b<a x=a<b or b<a x=a==1 and b x=b or a==1 x=a<b and b or a",
  "and, or of constants":
    "x=nil and a x=nil or a x=true and a x=true or a x=false and a x=false or a x=1 and a x=1 or a x='s' and a x='s' or a",
  "constants on the right":
    "x=a and nil x=a or nil x=a and true x=a or true x=a and false x=a or false x=a and 1 x=a or 1",
  "constants on both sides":
    "x=nil and nil x=true and false x=false or nil x=1 and 'a' x=nil or 'b' x=true or f()",
  "not over and, or":
    "local a,b x=not(a and b) x=not(a or b) x=not a and b x=not a or b x=a and not b x=a or not b",
  "not over comparisons and logic":
    "local a,b x=not(a<b) and b x=not(a==b or a<b) x=not not(a and b) x=not(not a or not b)",
  "double not": "local a x=not not a x=not not not a if not not a then f() end x=not not(a<1)",
  "conditions of constants":
    "if nil then a() end if false then b() end if true then c() end if 1 then d() end if 's' then e() end if 0 then g() end",
  "loops over constants":
    "while nil do a() end while false do b() end while true do break end repeat c() until true repeat d() until nil",
  "conditions of calls and fields":
    "if f() then g() end if a.b then c() end if a[b] then d() end if ... then e() end if {} then h() end if function() end then i() end",
  "conditions of and, or":
    "local a,b,c if a and b then f() end if a or b then f() end if a and b or c then f() end if (a or b) and c then f() end",
  "conditions of not":
    "local a,b if not a then f() end if not(a and b) then f() end if not(a or b) then f() end if not a and not b then f() end",
  "conditions of mixed comparisons":
    "local a,b if a<b and b<1 or a==nil then f() elseif a>b or not b then g() else h() end",
  "the 5.1.5 boolean fix": "x = ((1 or false) and true) or false",
  "the 5.1.5 fix, other shapes":
    "x=((nil or 1) and 2) or 3 x=((a or false) and true) or false x=((1 and nil) or true) and false x=(1 or false) and true",
  "the 5.1.5 fix with locals":
    "local a,b a=((1 or b) and true) or b b=((a or false) and 1) or nil local c=((1 or false) and true) or false",
  "the 5.1.5 fix in conditions":
    "if ((1 or false) and true) or false then f() end while ((nil and 1) or nil) and true do g() end",
  "constant left of and inside or":
    "x=(true and a) or b x=(1 and a) or b x=(nil and a) or b x=(false or a) and b x=(1 or a) and b",
  "a jump list as an operand":
    "local a,b x=(a and b)+1 x=(a or b)..'s' x=(a and b)[1] x=(a or b).c x=(a and b)() x=-(a or b) x=#(a and b)",
  "a comparison as an operand":
    "local a,b x=(a<b)+1 x=(a==b)..'s' x=(a<b)==(b<a) x=(a<b)<b x=-(a<b) x=(a<b)()",
  "logic as argument, item, key":
    "f(a and b,c or d) t={a and b,c or d,[e and f]=g or h} t[a or b]=c and d",
  "logic as return value":
    "local a,b if a then return a and b end if b then return a<b,a or b end return not a,a==nil",
  "comparison chains with and":
    "local a,b,c,d x=a<b and b<c and c<d x=a<b or b<c or c<d x=a<b and (b<c or c<d) and d",
  "values kept by and, or": "local a,b,c=f() and g(),h() or i(),j() and k() or l()",
  "and, or to a global with a constant end":
    "x=a and b and 5 x=a or b or 5 x=a==b and 5 x=a==b or 5 x=a==b and 5 or 6 x=not a and 5",
  "and, or of a local with itself":
    "local a a=a and a a=a or a a=not a a=a==a a=a and nil a=nil or a",
  "ternary idiom nested":
    "x=a and b or c and d or e x=a and (b and c or d) or e local l=l1 and 1 or l2 and 2 or 3",
  "or of a call and a table":
    "local t=t or {} local u=f(...) or {1} x=x or {} y=y or function() end",
  "jumps to the next instruction":
    "local a if a then end if a and b then end if a or b then else end while a do end",
  "a test on a value just computed":
    "local a if not(a+1) then f() end if a..a then f() end if -a then f() end if not #a then f() end",
  "TESTSET against TEST":
    "local a,b,c c=a or b a=a or b c=(a or b) or c c=c or (a or b) f(a or b) f(a and b)",
  "nil, true, false loads in registers":
    "local a,b,c=nil,true,false f(nil,true,false) x=nil x=true x=false return nil,true,false",
  "LOADBOOL pairs after jumps": "local a=b==c local d=not(b==c) f(b<c,b>=c) return b~=c",
  "comparison with constant on both sides":
    "x=1==1 x='a'=='b' x=nil==nil x=true==false x=1<'a' x=nil~=1",
});

const calls = programs({
  "argument counts": "f() f(1) f(1,2) f(1,2,3) f(nil) f(f()) f(1,f()) f(f(),1) f((f()))",
  "result counts": "local a=f() local b,c=f() local d,e,g=1,f() a=f() a,b=f() a,b,c=f(),f() f()",
  "open argument lists": "f(g()) f(1,g()) f(g(),g()) f(...) f(1,...) f(...,1) f(g(...))",
  "open returns":
    "if a then return f() end if b then return 1,f() end if c then return ... end return 1,...",
  "tail calls":
    "local function g() return f() end local function h() return f(1,2) end local function i() return (f()) end local function j() return f(),1 end return o:m(1)",
  "tail call of varargs and methods":
    "local o if o then return o:m(...) end if x then return x{1} end return x'y'",
  "calls of everything": "f() (f)() f()() f.g() f[1]() (function() end)() ('s'):m() f{}() f''()",
  "call statement after call statement": "f()\n;(g)()\nh();i();",
  "nested calls": "f(g(h(i(j())))) f(g(),h(),i()) f(g(1),h(2),i(3)) local a=f(g(h()))",
});

export const expressions: Topic = {
  name: "expressions",
  cases: [...operands, ...logic, ...calls],
};
