/** How both Lua versions word errors about arguments. Source: the manuals' §4 and §5, `luaL_argerror`. */
import type { LuaString } from "../base/lua-string.ts";

/**
 * `bad argument #1 to 'insert' (table expected, got nil)`; a method's self does not count.
 *
 * @param kind how the function was called
 * @param argument its number, from 1 on; or a field's, which is -1
 */
export function badArgument(
  name: LuaString,
  kind: LuaString | undefined,
  argument: number,
  detail: LuaString,
): LuaString {
  const isMethod = kind === "method";
  const number = isMethod ? argument - 1 : argument;
  return number === 0 && isMethod
    ? `calling '${name}' on bad self (${detail})`
    : `bad argument #${number} to '${name}' (${detail})`;
}
