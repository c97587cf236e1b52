/**
 * What a Lua 5.3 image holds that programs will not find when it is in flash: facts of the firmware
 * that it does not tell anybody about. Source: lua53.md §9.2, §9.4.
 */
import { type LuaString, toText } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { MAX_SHORT_STRING } from "../formats/fields53.ts";
import { SHIFTED_STRINGS } from "../image/fixed-strings53.ts";

export type WarningCode53 =
  /** The name of a module is longer than those that are looked for. */
  | "long-name"
  /** The name begins with `__` and follows one that does not. */
  | "late-metamethod-name"
  /** The module, and all behind it, are not among those that the device counts. */
  | "uncounted-module"
  /** A string, as a name or in code, that is not what it was. */
  | "shifted-string";

export interface Warning53 {
  readonly code: WarningCode53;
  /** The name of the module; the first of all those that are not counted. */
  readonly module: LuaString;
  /** Line of the function that the string is in, 0 for the module's own; for strings in code. */
  readonly lineDefined?: number;
  /** A sentence, for people. */
  readonly message: string;
}

/** Modules are counted in a byte. */
const COUNT_LIMIT = 256;
const METAMETHOD_PREFIX = "__";
/** There are two of it in flash: code refers to one of them, and all else finds the other. */
const DOUBLE = "userdata";

/**
 * In the order of the modules.
 *
 * @param main of an image, or the lookup combination that is to become one
 */
export function runTimeWarnings53(main: Proto): Warning53[] {
  const names = main.constants.slice(0, main.protos.length).map((name) => String(name));
  const counted = names.length % COUNT_LIMIT;
  const plain = names.findIndex((name) => !name.startsWith(METAMETHOD_PREFIX));
  return names.flatMap((name, i) => [
    ...aboutName(name),
    ...(plain >= 0 && i > plain ? aboutPlace(name, names[plain]) : []),
    ...(i === counted && names.length >= COUNT_LIMIT ? [aboutCount(name, names.length)] : []),
    ...aboutStrings(name, main.protos[i]),
  ]);
}

function aboutName(module: LuaString): Warning53[] {
  const warnings: Warning53[] = [];
  if (module.length > MAX_SHORT_STRING) {
    const message =
      `module '${toText(module)}' cannot be found, nor can node.LFS.list go beyond it: ` +
      `names have at most ${MAX_SHORT_STRING} bytes`;
    warnings.push({ code: "long-name", module, message });
  }
  const found = SHIFTED_STRINGS.get(module);
  if (found !== undefined) {
    const message = `module '${toText(module)}' is found as '${found}'`;
    warnings.push({ code: "shifted-string", module, message });
  }
  return warnings;
}

function aboutPlace(module: LuaString, before: LuaString): Warning53[] {
  if (!module.startsWith(METAMETHOD_PREFIX)) return [];
  const name = toText(module);
  const message = `module '${name}' cannot be found: it must come before '${toText(before)}'`;
  return [{ code: "late-metamethod-name", module, message }];
}

function aboutCount(module: LuaString, count: number): Warning53 {
  const known = count % COUNT_LIMIT;
  const message =
    `${count - known} modules, from '${toText(module)}' on, cannot be found: ` +
    `of ${count}, the device knows ${known === 0 ? "none" : `the first ${known}`}`;
  return { code: "uncounted-module", module, message };
}

function aboutStrings(module: LuaString, proto: Proto): Warning53[] {
  const { lineDefined } = proto;
  const own = proto.constants.flatMap((constant): Warning53[] => {
    if (typeof constant !== "string") return [];
    const reason = shift(constant);
    if (reason === undefined) return [];
    const place = lineDefined === 0 ? "" : `, in the function of line ${lineDefined}`;
    const message = `module '${toText(module)}'${place}: the string '${constant}' ${reason}`;
    return [{ code: "shifted-string", module, lineDefined, message }];
  });
  return [...own, ...proto.protos.flatMap((nested) => aboutStrings(module, nested))];
}

function shift(text: LuaString): string | undefined {
  const found = SHIFTED_STRINGS.get(text);
  if (found !== undefined) return `will be '${found}'`;
  return text === DOUBLE ? `is not equal to '${DOUBLE}' from elsewhere` : undefined;
}
