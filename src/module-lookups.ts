/**
 * The last proof of an image: a program on a simulated board looks its modules up, as programs do,
 * by the firmware's own function.
 */
import { LuacrossError } from "./base/errors.ts";
import { type LuaString, toBytes } from "./base/lua-string.ts";
import type { Check, Verification } from "./device/verification.ts";
import { readImage } from "./image-tools.ts";
import { newBoardWithImage } from "./simulate.ts";
import type { Target } from "./target/target.ts";

const TITLE = "a program finds every module, on a simulated board";
/** As many missing modules as are named. */
const SHOWN = 5;

/** The same verification with one more check; it is not reached when the device takes no image. */
export function withModuleLookups(verification: Verification, file: Uint8Array): Verification {
  const check = verification.accepted ? lookUp(file, verification.target) : NOT_REACHED;
  return {
    ...verification,
    beyond: [...verification.beyond, check],
    sound: verification.sound && check.outcome === "passed",
  };
}

const NOT_REACHED: Check = { name: "lookups", title: TITLE, outcome: "not reached" };

function lookUp(file: Uint8Array, target: Target): Check {
  const modules = readImage(file, { allowBadCode: true }).modules.map(({ name }) => name);
  const names = [...new Set(modules)];
  try {
    const found = namesFound(file, target, names);
    const missing = names.filter((name) => !found.has(name));
    return { name: "lookups", title: TITLE, ...outcomeOf(names, missing) };
  } catch (error) {
    if (!(error instanceof LuacrossError)) throw error;
    return { name: "lookups", title: TITLE, outcome: "failed", message: error.message };
  }
}

function outcomeOf(
  names: readonly LuaString[],
  missing: readonly LuaString[],
): Pick<Check, "outcome" | "detail"> {
  if (missing.length === 0) return { outcome: "passed", detail: `${names.length} modules` };
  const rest = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : "";
  return { outcome: "failed", detail: `not ${missing.slice(0, SHOWN).join(", ")}${rest}` };
}

/** @throws LuacrossError when the board does not take the image */
function namesFound(
  file: Uint8Array,
  target: Target,
  names: readonly LuaString[],
): ReadonlySet<LuaString> {
  let output: LuaString = "";
  const board = newBoardWithImage(file, {
    target,
    program: { chunk: toBytes(programFor(names)), chunkName: "=lookups" },
    isQuiet: true,
    output: (text) => {
      output += text;
    },
  });
  const start = output.length;
  board.powerOn();
  board.run();
  const lines = output.slice(start).split("\n");
  return new Set(names.filter((_, i) => lines.includes(`found ${i}`)));
}

/** Each in a call of its own, for a function has room for so many constants only. */
function programFor(names: readonly LuaString[]): LuaString {
  const lookups = names.map((name, i) => `(function() look(${quoted(name)}, ${i}) end)()`);
  return `
    local find = node.LFS and node.LFS.get or node.flashindex
    local function look(name, i)
      local ok, module = pcall(find, name)
      if ok and type(module) == "function" then print("found " .. i) end
    end
    ${lookups.join(";\n")}`;
}

function quoted(name: LuaString): LuaString {
  const toEscape = (byte: string) => `\\${byte.charCodeAt(0).toString().padStart(3, "0")}`;
  return `"${name.replace(/[^\w.-]/g, toEscape)}"`;
}
