/** How large things are in flash images of Lua 5.3. Source: lua53.md §5; see `layout53.ts`. */
import type { LuaString } from "../base/lua-string.ts";
import { functionNames53 } from "../bytecode/function-names53.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Image53 } from "./compact53.ts";
import {
  aligned,
  LOCAL_SIZE_53,
  PROTO_SIZE_53,
  stringSize53,
  UPVALUE_SIZE_53,
  WORD_SIZE,
} from "./layout53.ts";
import { noBytes, type SizePart, type SizeRules } from "./sizes.ts";
import { isFixed } from "./strings53.ts";

/** The rules for one image, whose main function is only the table of its modules. */
export function sizeRules53({ main, target, strip }: Image53): SizeRules {
  const { valueSize } = target.image;
  return {
    own(proto) {
      if (proto === main) return noBytes();
      const { code, constants, locals, lineInfo, protos, upvalueSources } = proto;
      return {
        code: code.length * WORD_SIZE,
        constants: constants.length * valueSize,
        strings: 0,
        "line info": aligned(lineInfo.length),
        names: strip ? 0 : locals.length * LOCAL_SIZE_53,
        structure:
          PROTO_SIZE_53 +
          protos.length * WORD_SIZE +
          // Where upvalues come from is there with and without their names.
          upvalueSources.length * UPVALUE_SIZE_53,
      };
    },
    string: ({ length }) => stringSize53(length),
    strings: (proto, use) => forEachString(proto, proto === main, use),
    names: functionNames53,
  };
}

/** What each image has anyway belongs to nobody. */
function forEachString(
  proto: Proto,
  isMain: boolean,
  use: (text: LuaString, part: SizePart) => void,
): void {
  const useOwn = (text: LuaString | null, part: SizePart) => {
    if (text !== null && !isFixed(text)) use(text, part);
  };
  useOwn(proto.source, "names");
  for (const constant of proto.constants) {
    if (typeof constant === "string") useOwn(constant, isMain ? "names" : "strings");
  }
  for (const name of proto.upvalueNames) useOwn(name, "names");
  for (const { name } of proto.locals) useOwn(name, "names");
}
