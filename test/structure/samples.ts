/** Lua for the tests of the library as a whole, and what the library makes of it. */
import type * as luacross from "../../src/index.ts";

export type Library = Pick<
  typeof luacross,
  "compile" | "decode" | "encode" | "list" | "targets" | "toBytes" | "verify"
>;

/** Programs that use most of the compiler; each has names, numbers and strings of its own. */
export const SAMPLES: readonly string[] = [
  `local a, b = 1, "two"
   local function f(x, ...) if x and not a or x == b then return f(...) end return -x * 12 .. #b end
   for i = 1, 10 do a = a + i * 2 / 3 % 4 end
   for k, v in pairs({ 1, a, n = b, [f] = true }) do while k < v do k = f(k, v) break end end
   return function() a = a + 1 return a, b end`,
  `-- ünïcode, and many constants
   local t = { ${Array.from({ length: 120 }, (_, i) => `${i}, "s${i}"`).join(", ")} }
   repeat local u = { f() }; u.x.y, u[1] = u:z { 5 }, function() t = nil end until t ~= u and "\\255"
   module = { ["näme"] = [==[
   long]==], tail = function(...) return select("#", ...) end }`,
  `return 2 ^ 7, 7 / 2, -7 % 3, "a" .. 1 .. 2, not nil, 0x10 + 1`,
];

/** Fails to compile, in the middle of a function, a table and a jump. */
export const BROKEN = "local a = 1 while a do local f = function(b) return { b, 'c', d = } end end";

/** Everything that the library makes of a source for a target, as text. */
export function results(library: Library, source: string, target: string): string {
  const proto = library.compile(source, { chunkName: "@sämple.lua", target });
  const full = library.encode(proto, { target });
  const again = library.decode(full, { target });
  library.verify(again, { target });
  return [
    full,
    library.encode(proto, { target, strip: true }),
    library.encode(again, { target }),
    library.toBytes(library.list(again, { target, full: true })),
  ]
    .map((bytes) => Buffer.from(bytes).toString("latin1"))
    .join("\n\n");
}

export function supportedTargets(library: Library): string[] {
  return library.targets.filter(({ supported }) => supported).map(({ name }) => name);
}
