/** What a package must not have, and what it must: rules for its files and its manifest. */
import { importsOf, resolveImport } from "./imports.ts";
import { finding, sourceFile } from "./sources.ts";

/** What of `package.json` these rules read. */
export interface Manifest {
  readonly files: readonly string[];
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly types: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Every file of the package that its manifest promises, without `./`. */
export function promisedFiles({ bin, exports, types }: Manifest): string[] {
  const entries = Object.values(exports).flatMap((entry) =>
    typeof entry === "string" ? [entry] : Object.values(entry),
  );
  const paths = [...Object.values(bin), ...entries, types];
  return [...new Set(paths.map((path) => path.replace(/^\.\//, "")))].sort();
}

/** Promised files that the manifest's `files` leave out; npm itself adds the manifest. */
export function uncoveredFiles(manifest: Manifest): string[] {
  const patterns = manifest.files.map((entry) => {
    const literal = entry.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
    return new RegExp(`^${literal}(?:/.*)?$`);
  });
  const isCovered = (path: string) => patterns.some((pattern) => pattern.test(path));
  return promisedFiles(manifest).filter((path) => path !== "package.json" && !isCovered(path));
}

/**
 * Declaration files that one of the package's names and that are not in it, followed from file to
 * file. A declaration file names others by their source, `./a.ts` for `./a.d.ts`.
 */
export function missingTypes(
  entry: string,
  packed: ReadonlySet<string>,
  read: (path: string) => string,
): string[] {
  const missing: string[] = [];
  const queue = [entry];
  // The list grows while it is walked.
  for (const path of queue) {
    if (!packed.has(path)) missing.push(path);
    else {
      const named = importsOf(sourceFile(path, read(path))).map(({ specifier }) =>
        resolveImport(path, specifier).replace(/(?:\.d)?\.ts$/, ".d.ts"),
      );
      queue.push(...new Set(named.filter((each) => !queue.includes(each))));
    }
  }
  return missing;
}

/** The paths of the entries in a lock file that say where they were downloaded from. */
export function resolvedPackages(lock: string): string[] {
  const { packages } = JSON.parse(lock) as { packages: Record<string, object> };
  return Object.entries(packages).flatMap(([path, entry]) => ("resolved" in entry ? [path] : []));
}

/** Folders that are nobody's but one machine's. */
const MACHINE_FOLDERS = ["work", "root", "tmp", "home", "Users", "mnt", "private"];
/** Paths in them; a blank folder such as `/home/` alone says nothing. */
const MACHINE_PATH = new RegExp(
  `(?<![\\w.})~-]|\\b[A-Z]:)/(?:${MACHINE_FOLDERS.join("|")})/[\\w.@-]+`,
  "g",
);
const DRIVE_PATH = /\b[A-Z]:[\\/]{1,2}(?:Users|work|temp)\b/gi;

/** Absolute paths in a file that exist on one machine only. */
export function machinePaths(path: string, text: string): string[] {
  return text.split("\n").flatMap((line, i) => {
    const found = [...line.matchAll(MACHINE_PATH), ...line.matchAll(DRIVE_PATH)];
    return found.map(([match]) => finding({ path }, i + 1, `names ${match}`));
  });
}

/** Files in a tarball that are of no use to those who install it. */
export function uselessFiles(paths: readonly string[]): string[] {
  return paths.filter((path) => /\.(?:cache|tmp|tgz|test\.\w+)$|^(?:src|test|build)\//.test(path));
}
