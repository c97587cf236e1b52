/** What `require` of both versions shares. Source: the manuals' §5.3 and §6.3; observed. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { LuaError } from "../errors.ts";
import type { MachineState } from "../state.ts";
import type { Table } from "../table.ts";
import type { Value } from "../values.ts";
import { textOf } from "./c-texts.ts";
import { type Found, replaceAll, searchPath } from "./search-path.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where modules are looked for when nobody says. */
export const PATH = "?.lc;?.lua";
/** Separators of directories and templates, and marks of names, directory and version. */
export const CONFIG = "/\n;\n?\n!\n-";

export function setField(state: MachineState, table: Table, name: LuaString, value: Value): void {
  table.setString(state.intern(name), value);
}

/**
 * Looks for the file of a module along the path in a field of `package`.
 *
 * @param path the field's value, which must be a string
 */
export function findFile(
  call: Call,
  surroundings: Surroundings,
  name: LuaString,
  field: string,
  path: Value,
): Found {
  const templates = textOf(call, path);
  if (templates === undefined) throw call.error(`'package.${field}' must be a string`);
  return searchPath(surroundings, replaceAll(name, ".", "/"), templates);
}

export function missingPreload(name: LuaString): LuaString {
  return `\n\tno field package.preload['${name}']`;
}

export function loadError(
  call: Call,
  name: LuaString,
  path: LuaString,
  reason: LuaString,
): LuaError {
  return call.error(`error loading module '${name}' from file '${path}':\n\t${reason}`);
}
