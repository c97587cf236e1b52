/** Looking for the file of a module along a path of templates. Source: the manuals' §5.3 and §6.3. */
import { type LuaString, untilNul } from "../../base/lua-string.ts";
import { type Surroundings, SystemRefusal } from "./surroundings.ts";

const SEPARATOR = ";";
const MARK = "?";

/** A file that can be read, or the list of those that cannot. */
export type Found =
  | { readonly ok: true; readonly path: LuaString }
  | { readonly ok: false; readonly tried: LuaString };

/**
 * @param name of the module, with the separators of directories that file names have
 * @param path templates with `?` in the place of the name, separated by semicolons
 */
export function searchPath({ files }: Surroundings, name: LuaString, path: LuaString): Found {
  let tried = "";
  for (const template of untilNul(path).split(SEPARATOR)) {
    if (template === "") continue;
    const file = replaceAll(template, MARK, name);
    try {
      files.open(file, "r").close();
      return { ok: true, path: file };
    } catch (error) {
      if (!(error instanceof SystemRefusal)) throw error;
      tried += `\n\tno file '${file}'`;
    }
  }
  return { ok: false, tried };
}

/** Replaces every occurrence of a text, which is not empty. */
export function replaceAll(text: LuaString, part: LuaString, by: LuaString): LuaString {
  return untilNul(text).split(part).join(by);
}
