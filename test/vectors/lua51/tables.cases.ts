/** Table constructors: batches of 50, size bytes, open ends, line attribution (lua51.md §3). */
import { chunkOnly, program, programs, repeat, type Topic, type VectorCase } from "../case.ts";

const shapes = programs({
  empty: "x={} local a={} f{} return {}",
  items: "x={1} x={1,2} x={1,2,3} x={a,b,c} x={nil,true,false}",
  separators: "x={1;2;3} x={1,2;3,} x={1;} x={a=1;b=2,} x={{};{},}",
  fields: "x={a=1} x={a=1,b=2} x={['a']=1} x={[1]=2} x={[a]=b} x={[1+1]=2*2} x={[nil]=1}",
  mixed: "x={1,a=2,3,[4]=5,6} x={a=1,2,b=3} x={[1]=1,1}",
  nested: "x={{}} x={{1},{2}} x={a={b={c=1}}} x={{{{}}}} x={{1,2},a={3,4},{5}}",
  "open end: call": "x={f()} x={1,f()} x={f(),1} x={a=1,f()} x={f(),a=1}",
  "open end: varargs": "x={...} x={1,...} x={...,1} x={a=1,...} x={...,a=1}",
  "open end in parentheses": "x={(f())} x={(...)} x={1,(f())}",
  "method call at the end": "x={o:m()} x={1,o:m()}",
  "a name that is not a field": "x={a,b==c,d} x={a==b} x={a.b} x={a'b'}",
  "keys of any expression":
    "x={['a'..'b']=1,[f()]=2,[not a]=3,[{}]=4,[function() end]=5,[a and b]=6}",
  "values of any expression":
    "x={a=f(),b=...,c=a and b,d={},e=function() end,g=-a,h='s'..'t',i=not a,j=a<b}",
  "items of any expression": "x={f(),a and b,{},function() end,-a,'s'..'t',not a,a<b,nil,true}",
  "into a local": "local a={1,2} a={a} a={a=a} local b={a,a} a={b,a,x=b}",
  "fields evaluated in order": "x={f(),a=g(),h(),b=i(),j()}",
  "constructors as operands":
    "x={}..{} x={}=={} x=#{1,2} x=-{} x=({}).a x=({1})[1] f({1},{2}) return {1},{2}",
  "constructor across lines": "x={\n1,\na=2,\n[3]\n=\n4,\nf(),\n}",
  "constructor in a condition": "if {1} then x=1 end while {} do break end",
  "same key twice": "x={a=1,a=2,[1]=1,[1]=2}",
});

/** Exactly at, one below and one above each step of the batch size. */
const counts = [8, 15, 16, 17, 31, 32, 33, 49, 50, 51, 99, 100, 101, 149, 150, 151, 255, 256, 257];

const items = counts.map((count) =>
  program(`${count} items`, `x={${repeat(count, () => "a", ",")}}`, {
    args: ["-l", "-o", "out.lc", "w.lua"],
  }),
);
const fields = counts.map((count) =>
  chunkOnly(`${count} fields`, `x={${repeat(count, (n) => `k${n}=1`, ",")}}`),
);

const ends: VectorCase[] = [49, 50, 51, 100].flatMap((count) => {
  const before = repeat(count, () => "a", ",");
  return [
    chunkOnly(`${count} items and a call`, `x={${before},f()}`),
    chunkOnly(`${count} items and varargs`, `x={${before},...}`),
    chunkOnly(`${count} items and a field`, `x={${before},k=1}`),
    chunkOnly(`a field and ${count} items`, `x={k=1,${before}}`),
    chunkOnly(`${count} items and a separator`, `x={${before},}`),
  ];
});

/** Sizes around the steps of the one-byte floating format of NEWTABLE. */
const sizes: VectorCase[] = [
  ...[500, 1000, 1919, 1920, 1921, 4095, 4096, 5000].map((count) =>
    chunkOnly(`${count} items`, `x={${repeat(count, () => "1", ",")}}`),
  ),
  ...[500, 1000, 3000].map((count) =>
    chunkOnly(`${count} numbered fields`, `x={${repeat(count, (n) => `[${n}]=1`, ",")}}`),
  ),
];

/** Batches above 511 stand in a word of their own. */
const batches: VectorCase[] = [
  ...[12750, 12800, 12801, 12851].map((count) =>
    program(`batch numbers around 256: ${count} items`, `x={${repeat(count, () => "1", ",")}}`, {
      args: ["-l", "-o", "out.lc", "w.lua"],
    }),
  ),
  ...[25550, 25551, 25600, 25650].map((count) =>
    program(
      `batch numbers around 512: ${count} items`,
      `x={${repeat(count, () => "1", ",")}} y=2`,
      { args: ["-l", "-o", "out.lc", "w.lua"] },
    ),
  ),
  ...["f()", "..."].map((end) =>
    chunkOnly(`batch 512 and open end ${end}`, `x={${repeat(25600, () => "1", ",")},${end}} y=2`),
  ),
  program("a wide batch at the end of a function", `return {${repeat(25551, () => "nil", ",")}}`),
  chunkOnly(
    "a wide batch, items on lines of their own",
    `x={${repeat(25601, () => "1", ",\n")}} y=2`,
  ),
  chunkOnly(
    "jump over a wide batch",
    `if a then x={${repeat(25700, () => "1", ",")}} else y=2 end`,
  ),
];

export const tables: Topic = {
  name: "tables",
  cases: [...shapes, ...items, ...fields, ...ends, ...sizes, ...batches],
};
