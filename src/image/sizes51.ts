/** How large things are in flash images of Lua 5.1. Source: lfs51.md §5; see `layout51.ts`. */
import type { LuaString } from "../base/lua-string.ts";
import { functionNames51 } from "../bytecode/function-names51.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { ImageLayout } from "../target/target.ts";
import { LOCAL_SIZE, PROTO_SIZE, stringSize, WORD_SIZE } from "./layout51.ts";
import type { SizePart, SizeRules } from "./sizes.ts";
import { lineInfoText } from "./strings51.ts";

/** The rules for images with values of that layout. */
export function sizeRules51({ valueSize }: ImageLayout): SizeRules {
  return {
    own: ({ code, constants, locals, upvalueNames, protos }) => ({
      code: code.length * WORD_SIZE,
      constants: constants.length * valueSize,
      strings: 0,
      "line info": 0,
      names: locals.length * LOCAL_SIZE + upvalueNames.length * WORD_SIZE,
      structure: PROTO_SIZE + protos.length * WORD_SIZE,
    }),
    string: ({ length }) => stringSize(length),
    strings: forEachString,
    names: functionNames51,
  };
}

function forEachString(proto: Proto, use: (text: LuaString, part: SizePart) => void): void {
  use(proto.source, "names");
  const lines = lineInfoText(proto.lineInfo);
  if (lines !== undefined) use(lines, "line info");
  for (const constant of proto.constants)
    if (typeof constant === "string") use(constant, "strings");
  for (const name of proto.upvalueNames) if (name !== null) use(name, "names");
  for (const { name } of proto.locals) if (name !== null) use(name, "names");
}
