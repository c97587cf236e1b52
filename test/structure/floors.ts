/**
 * Who may import whom. Every file stands on a floor; it imports its own folder and the floors
 * below, never upward, never in a cycle. Below the command line nothing knows of Node.
 */
import { type Import, importsOf, resolveImport } from "./imports.ts";
import { finding, type SourceFile } from "./sources.ts";

/** The floor of each folder of `src/`, and of the files beside them. */
const FLOORS: Readonly<Record<string, number>> = {
  "src/base": 0,
  "src/bytecode": 1,
  "src/target": 2,
  "src/compiler": 3,
  "src/formats": 3,
  "src/image": 3,
  "src/vm": 3,
  "src/device": 4,
  "src/ram": 4,
  "src/board": 5,
  "src/index.ts": 6,
  "src/image-builder.ts": 6,
  "src/toolchain.ts": 6,
  "src/image-formats.ts": 6,
  "src/image-tools.ts": 6,
  "src/recognise.ts": 6,
  "src/requirements.ts": 6,
  "src/run-script.ts": 6,
  "src/board-api.ts": 6,
  "src/simulate.ts": 6,
  "src/module-lookups.ts": 6,
  "src/cli": 7,
};

/** Folders on one floor that may see each other, one way: an image holds chunks. */
const MAY_REACH: Readonly<Record<string, string>> = { "src/image": "src/formats" };

/** The public API, for users of the package; it alone passes on what other files export. */
const BARREL = "src/index.ts";

/** The only folder that knows of the system it runs on. */
const SYSTEM_FOLDER = "src/cli";

/** What only a system provides, unless a file declares the name for something of its own. */
const SYSTEM_NAMES = new Set(
  "process Buffer console require module __dirname __filename window document navigator".split(" "),
);

interface Place {
  /** The folder, or the file itself when it is in none. */
  readonly unit: string;
  readonly floor: number;
}

/** Everything that breaks the order of the floors, one line each. */
export function checkFloors(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  const findings = files.flatMap((file) => {
    const place = placeOf(file.path);
    if (!place) return [finding(file, 1, "is on no floor")];
    return [
      ...importsOf(file).flatMap((imported) => {
        const message = checkImport(file.path, place, imported, paths);
        return message ? [finding(file, imported.line, message)] : [];
      }),
      ...defaultExports(file),
      ...(place.unit === SYSTEM_FOLDER ? [] : systemNames(file)),
    ];
  });
  return [...findings, ...cycles(files)];
}

function placeOf(path: string): Place | undefined {
  const folder = path.split("/").slice(0, 2).join("/");
  const floor = FLOORS[folder];
  return floor === undefined ? undefined : { unit: folder, floor };
}

/** What is wrong with an import, or undefined. */
function checkImport(
  from: string,
  place: Place,
  { kind, specifier }: Import,
  paths: ReadonlySet<string>,
): string | undefined {
  if (kind === "dynamic" || kind === "require") return `loads ${specifier} while it runs`;
  if (kind === "re-export" && from !== BARREL) return `passes on ${specifier}`;
  if (specifier.startsWith("node:")) {
    return place.unit === SYSTEM_FOLDER ? undefined : `imports Node's ${specifier}`;
  }
  if (!specifier.startsWith(".")) return `depends on the package ${specifier}`;
  const path = resolveImport(from, specifier);
  if (!paths.has(path)) return `imports ${path}, which is not there`;
  if (path === BARREL) return "imports the barrel instead of what it needs";
  return checkReach(place, path);
}

function checkReach(from: Place, path: string): string | undefined {
  const to = placeOf(path);
  if (!to || to.unit === from.unit) return undefined;
  if (to.floor > from.floor) return `imports upward: ${path}`;
  const together = from.unit.endsWith(".ts") && to.unit.endsWith(".ts");
  if (to.floor < from.floor || together || MAY_REACH[from.unit] === to.unit) return undefined;
  return `reaches into a sibling: ${path}`;
}

function defaultExports(file: SourceFile): string[] {
  const { code } = file;
  return code.flatMap((token, i) => {
    const before = code[i - 1]?.text;
    const isDefault = token.text === "default" && (before === "export" || before === "as");
    return isDefault ? [finding(file, token.line, "exports a default")] : [];
  });
}

function systemNames(file: SourceFile): string[] {
  const { code } = file;
  const uses = code.flatMap(({ kind, text, line }, i) => {
    const isMember = /^\??\.$/.test(code[i - 1]?.text ?? "");
    if (kind !== "word" || !SYSTEM_NAMES.has(text) || isMember) return [];
    const isDeclared = /^(?:const|let|function)$/.test(code[i - 1]?.text ?? "");
    // A parameter, a property, a class member.
    return [{ text, line, isOwn: isDeclared || /^[:?]$/.test(code[i + 1]?.text ?? "") }];
  });
  const own = new Set(uses.filter(({ isOwn }) => isOwn).map(({ text }) => text));
  const foreign = uses.filter(({ text }) => !own.has(text));
  return foreign.map(({ text, line }) => finding(file, line, `knows of ${text}`));
}

/** A line for each import that closes a cycle, of types too, with the way back. */
function cycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const trail: string[] = [];
  const found: string[] = [];

  const visit = (file: SourceFile): void => {
    trail.push(file.path);
    for (const { specifier, line } of importsOf(file)) {
      const target = byPath.get(resolveImport(file.path, specifier));
      if (!target) continue;
      const start = trail.indexOf(target.path);
      if (start >= 0) {
        const way = [...trail.slice(start), target.path].join(" → ");
        found.push(finding(file, line, `closes a cycle: ${way}`));
      } else if (!done.has(target.path)) visit(target);
    }
    trail.pop();
    done.add(file.path);
  };

  for (const file of files) if (!done.has(file.path)) visit(file);
  return found;
}
