/** The compiler under test: the library and the command as they are shipped, from `dist/`. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type Library = typeof import("../src/index.ts");

/** The same places seen from `bench/` and, bundled, from `build/`. */
const LIBRARY = new URL("../dist/index.js", import.meta.url);
export const COMMAND = fileURLToPath(new URL("../bin/luac.cross", import.meta.url));
export const EXAMPLE = fileURLToPath(new URL("../examples/weather-station/", import.meta.url));

/** @throws when the package is not built */
export async function loadLibrary(): Promise<Library> {
  if (!existsSync(LIBRARY)) throw new Error("the package is not built; run: npm run build");
  return import(LIBRARY.href);
}

/** The library as one who works for that target only sees it. */
export function forTarget(library: Library, target: string): Library {
  return {
    ...library,
    compile: (source, options) => library.compile(source, { target, ...options }),
    encode: (proto, options) => library.encode(proto, { target, ...options }),
    decode: (chunk, options) => library.decode(chunk, { target, ...options }),
  };
}

/** What `luac.cross NAME` writes for that source. */
export function compiled(library: Library, name: string, source: Uint8Array): Uint8Array {
  return library.encode(library.compile(source, { chunkName: `@${name}` }), { strip: false });
}

/** Whether the default target takes this source. Anything but a plain refusal is passed on. */
export function compiles(library: Library, source: Uint8Array): boolean {
  try {
    library.encode(library.compile(source));
    return true;
  } catch (error) {
    if (error instanceof library.LuacrossError) return false;
    throw error;
  }
}
