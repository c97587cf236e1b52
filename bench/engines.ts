/**
 * What runs Lua programs inside a Node process: luacross, and the other ways to run Lua in
 * JavaScript. Each keeps one engine for all programs, as a page or a test suite would.
 */
import { createRequire } from "node:module";
import type { LuaFactory } from "wasmoon";
import { runScript, type ScriptHost } from "../src/run-script.ts";
import { findTarget } from "../src/target/targets.ts";

/** A program that prints its result. */
export interface Program {
  readonly name: string;
  readonly source: Uint8Array;
}

export interface Engine {
  /** Compiles and runs a program, and answers with what it printed. @throws when it fails */
  run(program: Program): Promise<string>;
}

const require = createRequire(import.meta.url);

/** What comes before the name of a target for which luacross takes part. */
const LUACROSS_FOR = "luacross for ";

export function luacrossFor(target: string): string {
  return LUACROSS_FOR + target;
}

/** The engine of that name. @throws when there is none */
export async function engineNamed(name: string): Promise<Engine> {
  if (name.startsWith(LUACROSS_FOR)) return luacross(name.slice(LUACROSS_FOR.length));
  if (name === "wasmoon") return wasmoon();
  if (name === "fengari") return fengari();
  throw new Error(`no engine named ${name}`);
}

/** As `luac.cross -e` does it: every program has its own machine and libraries. */
function luacross(targetName: string): Engine {
  const target = findTarget(targetName);
  return {
    async run({ name, source }) {
      const output: string[] = [];
      const host = outputHost((text) => output.push(text));
      const outcome = runScript(source, { target, name, host });
      if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
      return output.join("").trimEnd();
    },
  };
}

/** A system on which programs can only write. */
function outputHost(writeOutput: (text: string) => void): ScriptHost {
  const refuse = (): never => {
    throw new Error("programs that are measured use no files");
  };
  const nothing = { read: refuse, write: refuse, seek: refuse, close: () => undefined };
  return {
    files: {
      open: refuse,
      remove: refuse,
      rename: refuse,
      temporaryName: refuse,
      temporaryFile: refuse,
    },
    processes: { hasShell: false, run: refuse },
    clock: {
      now: () => 0,
      used: () => 0,
      zoneAt: () => ({ ahead: 0, name: "UTC", isSummer: false }),
    },
    stdin: nothing,
    stderr: nothing,
    writeOutput,
    environment: () => undefined,
  };
}

/** Lets the peers keep what is printed. */
const PRINT = `
function print(...)
  local texts = { ... }
  for i = 1, select("#", ...) do texts[i] = tostring(texts[i]) end
  printed = table.concat(texts, "\\t")
end`;

/** Lua 5.4 in WebAssembly. */
async function wasmoon(): Promise<Engine> {
  const { LuaFactory: Factory }: { LuaFactory: typeof LuaFactory } = require("wasmoon");
  const engine = await new Factory().createEngine();
  await engine.doString(PRINT);
  return {
    async run({ source }) {
      await engine.doString(new TextDecoder().decode(source));
      return engine.global.get("printed");
    },
  };
}

/** The part of fengari that is used; it has no types of its own. */
interface Fengari {
  readonly to_luastring: (text: string) => Uint8Array;
  readonly lauxlib: {
    luaL_newstate(): object;
    luaL_dostring(state: object, source: Uint8Array): boolean;
  };
  readonly lualib: { luaL_openlibs(state: object): void };
  readonly lua: {
    lua_getglobal(state: object, name: Uint8Array): number;
    lua_tojsstring(state: object, index: number): string;
    lua_settop(state: object, top: number): void;
  };
}

/** Lua 5.3 in JavaScript. */
async function fengari(): Promise<Engine> {
  const { to_luastring, lauxlib, lualib, lua }: Fengari = require("fengari");
  const state = lauxlib.luaL_newstate();
  lualib.luaL_openlibs(state);
  const run = (source: Uint8Array): string => {
    lua.lua_settop(state, 0);
    if (lauxlib.luaL_dostring(state, source)) throw new Error(lua.lua_tojsstring(state, -1));
    lua.lua_getglobal(state, to_luastring("printed"));
    return lua.lua_tojsstring(state, -1);
  };
  lauxlib.luaL_dostring(state, to_luastring(PRINT));
  return { run: async ({ source }) => run(source) };
}
