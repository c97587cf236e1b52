/** The strings of prototypes. */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";

/** All that a prototype and those nested in it hold: constants, names, and where it came from. */
export function textsOf(proto: Proto, texts = new Set<LuaString>()): Set<LuaString> {
  for (const constant of proto.constants) if (typeof constant === "string") texts.add(constant);
  for (const name of namesOf(proto)) texts.add(name);
  for (const nested of proto.protos) textsOf(nested, texts);
  return texts;
}

/** Its own source, locals and upvalues. */
export function namesOf({ source, locals, upvalueNames }: Proto): LuaString[] {
  const names = [source, ...locals.map(({ name }) => name), ...upvalueNames];
  return names.filter((name) => name !== null);
}
