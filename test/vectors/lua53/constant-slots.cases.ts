/** Which constants a function gets, in which order, and where operands name them (lua53.md §1.3). */
import { programs, repeat, type Topic, type VectorCase } from "../case.ts";

const sharing = programs({
  "each constant once":
    "x=1 x=1 x='a' x='a' x=1.5 x=1.5 x=true y={true,true} z={nil,nil,x=nil,y=nil}",
  "integers and floats apart": "x=1 x=1.0 x=1 x=1.0 t[3]=3.0 t[3.0]=3 x=0 x=0.0",
  "numbers and strings apart": "x=1 x='1' x=1.0 x='1.0'",
  "floats that are whole": "x=2.0 x=4/2 x=2^1 x=1e0 x=1.0 x=0x1p0",
  "negative and positive": "x=1 x=-1 x=-1.0 x=1.0",
  "folded and plain": "x=3 x=1+2 x=4-1 x=3.0 x=1.0+2",
  "a nested function uses the same string": "x=1 function f() x=2 end x=3",
  "a nested function uses the same string at the same place": "x=1 function f() x=1 end x=3 x=1",
  "a nested function uses the same string elsewhere":
    "a=1 b=2 c=3 function f() c=1 b=2 a=3 end a=1 b=2 c=3",
  "nested functions one after the other":
    "a=1 b=2 function f() b=1 end function g() a=1 b=2 end a=b b=a",
  "a nested function uses the same numbers":
    "x=1 y=2 z=1.5 function f() return 1.5,2,1 end x=1 y=2 z=1.5",
  "a nested function uses the same true, false and nil":
    "t={[1]=true,[2]=false,[3]=nil} function f() t={[3]=nil,[2]=false,[1]=true} end t={[1]=true,[2]=false,[3]=nil}",
  "a nested function as an operand": "x=a..b..(function() return b..a end)() y=a..b",
  "three levels": "a=1 function f() b=1 a=2 function g() a=1 b=2 end a=b end b=a",
  "methods and fields": "a.b=a.b a:b() a['b']=1 b=a a={b=1,['b']=2}",
  "as keys of tables":
    "t={1,2,3,[1]=1,[2]=2,a=1,['a']=2,[true]=true,[1.5]=1.5} t[nil]=nil t[true]=false",
  "comparisons with constants":
    "x=a==1 x=1==a x=a<1.5 x='s'<a x=a==nil x=nil==a x=a==true x=false~=a x=a>2 x=2>=a",
  "operands in order": "x=a+1 x=1+a x=1-2-a x=a-1-2 x=2^a x=a^2 x=5//a x=a//5",
  "unused folded operands stay out": "x=1+2 x=10*20 x=-5 x=~5 x=2^10",
  "operands that could not be folded": "x=1//0 x=1%0 x=1.5/0 x=1&1.5 x='a'+1 x=0/0 x=0.0-0",
  "long and short strings": `x='${"s".repeat(40)}' x='${"l".repeat(41)}' function f() x='${"l".repeat(41)}' end x='${"l".repeat(41)}'`,
});

const beyond: VectorCase[] = programs({
  "more than 256 strings": `${repeat(250, (n) => `s${n}=t`, " ")} a=b c.d=e f:g() h[i]='j' k={l=1,['m']='n'} o=p+'q' r='s'..u v=w==x y=nil==z function aa.bb.cc() end function dd:ee() end _ENV.ff=1 return gg`,
  "more than 256 numbers": `${repeat(250, (n) => `x=${n}.5`, " ")} x=a+0.25 x=0.125+a x=a==0.0625 t[1e9]=1e8 t={[1e7]=1e6} for i=1e5,1e4 do end f(1e3) x=y x=-1e20 return 1e21,1e22`,
  "nil and booleans behind 256 constants": `${repeat(250, (n) => `x=${n}.5`, " ")} t.a=nil t.b=true t.c=false t[nil]=1 x=a==nil x=true==b x=a<nil t={[true]=false}`,
  "exactly 255 to 258": repeat(
    4,
    (extra) =>
      `function f${extra}() ${repeat(253 + extra, (n) => `x=${n}.5`, " ")} y=z+0.25 return z==nil end `,
  ),
  "operands of two in registers": `${repeat(260, (n) => `x=${n}.5`, " ")} x=(a..'q')==(b..'r') x=900.25+901.25 x='aa'<'bb' x=-'cc' x={'dd','ee'} t['ff']='gg' t['hh']['ii']='jj' local u local function f() ${repeat(260, (n) => `x=${n}.5`, " ")} u.kk=1 u.ll='mm' return u.nn,u:oo() end`,
});

export const constantSlots: Topic = { name: "constant-slots", cases: [...sharing, ...beyond] };
