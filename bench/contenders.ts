/**
 * What takes part in the race from source to bytecode inside a Node process: luacross, and the
 * other ways to compile or parse Lua in JavaScript. Each gets the sources ready in memory, in the
 * form it likes best, before the clock runs.
 */
import { createRequire } from "node:module";
import type { LuaFactory } from "wasmoon";
import { compiled, forTarget, loadLibrary } from "./library.ts";

export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A contender with its sources loaded, those it cannot take left out. */
export interface Work {
  readonly files: number;
  /** Of the sources it takes. */
  readonly bytes: number;
  /** Does all of it once; answers with the size of what came out, in the contender's own unit. */
  run(): number;
}

export type Contender = (sources: readonly Source[]) => Promise<Work>;

const require = createRequire(import.meta.url);

/** What comes before the name of a target for which luacross takes part. */
const LUACROSS_FOR = "luacross for ";

export function luacrossFor(target: string): string {
  return LUACROSS_FOR + target;
}

/** The contender of that name; undefined when there is none. */
export function contenderNamed(name: string): Contender | undefined {
  if (!name.startsWith(LUACROSS_FOR)) return CONTENDERS.get(name);
  return (sources) => luacross(sources, name.slice(LUACROSS_FOR.length));
}

/** By name, as the table shows them. */
const CONTENDERS: ReadonlyMap<string, Contender> = new Map<string, Contender>([
  ["luaparse", luaparse],
  ["wasmoon", wasmoon],
  ["fengari", fengari],
]);

/** Compiles and encodes; the size is bytes of `.lc`. */
async function luacross(sources: readonly Source[], target: string): Promise<Work> {
  const library = forTarget(await loadLibrary(), target);
  return workOf(sources, ({ name, bytes }) => compiled(library, name, bytes).length);
}

/** The part of luaparse that is used; it has no types of its own. */
interface Luaparse {
  parse(text: string, options: { luaVersion: "5.1"; comments: boolean }): { body: unknown[] };
}

/** Parses only; the size is statements. It takes text, so bytes become characters beforehand. */
async function luaparse(sources: readonly Source[]): Promise<Work> {
  const { parse }: Luaparse = require("luaparse");
  const texts = sources.map(({ bytes }) => ({
    bytes,
    text: Buffer.from(bytes).toString("latin1"),
  }));
  return workOf(
    texts,
    ({ text }) => parse(text, { luaVersion: "5.1", comments: false }).body.length,
  );
}

/** The part of fengari that is used; it has no types of its own. */
interface Fengari {
  readonly to_luastring: (text: string) => Uint8Array;
  readonly lauxlib: {
    luaL_newstate(): object;
    luaL_loadbuffer(state: object, source: Uint8Array, size: number, name: Uint8Array): number;
  };
  readonly lua: {
    lua_dump(state: object, writer: FengariWriter, data: null, strip: boolean): number;
    lua_settop(state: object, top: number): void;
  };
}

type FengariWriter = (state: object, bytes: Uint8Array, size: number, data: null) => number;

/** Loads and dumps in one state; the size is bytes of Lua 5.3 bytecode. */
async function fengari(sources: readonly Source[]): Promise<Work> {
  const { to_luastring, lauxlib, lua }: Fengari = require("fengari");
  const state = lauxlib.luaL_newstate();
  return workOf(sources, ({ name, bytes }) => {
    lua.lua_settop(state, 0);
    if (lauxlib.luaL_loadbuffer(state, bytes, bytes.length, to_luastring(`@${name}`)) !== 0) {
      throw new Error("refused");
    }
    let dumped = 0;
    const writer: FengariWriter = (_state, _bytes, size) => {
      dumped += size;
      return 0;
    };
    lua.lua_dump(state, writer, null, false);
    return dumped;
  });
}

/** The sources are Lua strings before the clock runs, so that no time goes into handing them over. */
const WASMOON_SCRIPT = `
local sources, chunk_names = {}, {}
function take(file)
  local input = assert(io.open(file, "rb"))
  local source, name = input:read("a"), "@" .. file
  input:close()
  if not load(source, name, "t") then return false end
  sources[#sources + 1], chunk_names[#sources + 1] = source, name
  return true
end
function run()
  local size = 0
  for i = 1, #sources do
    size = size + #string.dump(load(sources[i], chunk_names[i], "t"))
  end
  return size
end`;

/** Loads and dumps inside WebAssembly; the size is bytes of Lua 5.4 bytecode. */
async function wasmoon(sources: readonly Source[]): Promise<Work> {
  const { LuaFactory: Factory }: { LuaFactory: typeof LuaFactory } = require("wasmoon");
  const factory = new Factory();
  for (const { name, bytes } of sources) await factory.mountFile(name, bytes);
  const engine = await factory.createEngine();
  await engine.doString(WASMOON_SCRIPT);
  const take: (name: string) => boolean = engine.global.get("take");
  const run: () => number = engine.global.get("run");
  const taken = sources.filter(({ name }) => take(name));
  return { files: taken.length, bytes: totalOf(taken), run };
}

/** Work that goes through sources one by one; those at which `size` throws are left out. */
function workOf<S extends { bytes: Uint8Array }>(
  sources: readonly S[],
  size: (source: S) => number,
): Work {
  const taken = sources.filter((source) => succeeds(() => size(source)));
  const run = (): number => {
    let total = 0;
    for (const source of taken) total += size(source);
    return total;
  };
  return { files: taken.length, bytes: totalOf(taken), run };
}

function succeeds(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

function totalOf(sources: readonly { bytes: Uint8Array }[]): number {
  return sources.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
