/** What the library exports: these names, with the types of `surface.types.ts`, and no others. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import * as luacross from "../../src/index.ts";
import { exportsOf } from "./exports.ts";
import { ROOT, readProjectFile, sourceFile } from "./sources.ts";

const VALUES = [
  "ChunkError",
  "CompileError",
  "DEFAULT_TARGET_NAME",
  "EncodeError",
  "ImageError",
  "ImageSizeError",
  "LuaFloat",
  "LuaMock",
  "LuacrossError",
  "buildImage",
  "chunkKind",
  "compareSizes",
  "compile",
  "convertImage",
  "createBoard",
  "decode",
  "decodeLines",
  "encode",
  "findTarget",
  "fromBytes",
  "fromText",
  "list",
  "measureImage",
  "measureRam",
  "moduleName",
  "powerCuts",
  "readImage",
  "results",
  "targets",
  "toBytes",
  "toText",
  "verify",
  "verifyImage",
];

const TYPES = [
  "BadCode",
  "BoardStatus",
  "BootOutcome",
  "BuildImageOptions",
  "Check",
  "ChunkKind",
  "CompileOptions",
  "CompressionName",
  "Constant",
  "ConstantPlace",
  "ConvertOptions",
  "CreateBoardOptions",
  "CutOutcome",
  "DecodeOptions",
  "EncodeOptions",
  "ErrorCode",
  "FlashImage",
  "FlashOperation",
  "FunctionChange",
  "FunctionSizes",
  "ImageBuild",
  "ImageChange",
  "ImageHeader",
  "ImageModule",
  "ImageSizes",
  "LfsRegion",
  "ListOptions",
  "LocalVariable",
  "LuaNumber",
  "LuaString",
  "Mock",
  "MockBoard",
  "MockObject",
  "MockValue",
  "ModuleChange",
  "ModuleSize",
  "ModuleSizes",
  "NamedSource",
  "PartChanges",
  "PartSizes",
  "PinWrite",
  "PowerCutReport",
  "Proto",
  "RamUse",
  "ReadImageOptions",
  "RefusedCopy",
  "SimulatedBoard",
  "SizeChange",
  "SizePart",
  "SourcePlace",
  "Target",
  "TargetChoice",
  "TargetOption",
  "TargetRow",
  "UpvalueSource",
  "Verification",
  "VerifyImageOptions",
];

describe("the exported names", () => {
  const { values, types } = exportsOf(sourceFile("src/index.ts", readProjectFile("src/index.ts")));

  test("are the ones documented", () => {
    expect(Object.keys(luacross).sort()).toEqual(VALUES);
    expect(values).toEqual(VALUES);
    expect(types).toEqual(TYPES);
  });

  test("are those of the bundle", async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: ["src/index.ts"],
      bundle: true,
      write: false,
      outfile: "index.js",
      format: "esm",
      metafile: true,
    });
    expect(metafile.outputs["index.js"].exports.sort()).toEqual(VALUES);
  });

  test("each have their types written out", () => {
    const types = readProjectFile("test/structure/surface.types.ts");
    const named = new Set([...types.matchAll(/\bluacross\.(\w+)/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual([...VALUES, ...TYPES].sort());
  });

  test("of every form of export are seen", () => {
    const text = `export { a, type B, c as d } from "./a.ts"; export type { E, F as G } from "./b.ts";
      export interface H {} export type I<T> = T; export const j = 1, k = { l: 2 };
      export async function m(n) {} export class O {} export abstract class P {}
      export enum Q {} export { r }; const s = 1; export function* t() {} export declare let u;`;
    expect(exportsOf(sourceFile("a.ts", text))).toEqual({
      values: ["O", "P", "Q", "a", "d", "j", "m", "r", "t", "u"],
      types: ["B", "E", "G", "H", "I"],
    });
  });
});

/** Changes of the sources that a user's program would notice, and the export each concerns. */
const CHANGES = [
  ["src/index.ts", "options: EncodeOptions = {}", "options: EncodeOptions", "encode"],
  ["src/index.ts", "full?: boolean | undefined", "full: boolean", "ListOptions"],
  ["src/bytecode/proto.ts", "readonly lineInfo: Uint8Array", "lineInfo: Uint8Array", "Proto"],
  ["src/base/errors.ts", '| "limit"', '| "limits"', "ErrorCode"],
  ["src/base/errors.ts", "readonly field: string", "readonly field: unknown", "ChunkError"],
  ["src/formats/chunk.ts", "export type ChunkKind =", 'export type ChunkKind = "new"', "ChunkKind"],
] as const;

describe("the types", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "luacross-types-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("are as written out, and every change of them is noticed", () => {
    const types = "test/structure/surface.types.ts";
    for (const part of ["package.json", "src", types]) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    for (const [path, from, to] of CHANGES) {
      const file = join(folder, path);
      const text = readFileSync(file, "utf8");
      expect(text).toContain(from);
      writeFileSync(file, text.replace(from, to));
    }
    const errors = typeErrors([join(ROOT, types), join(folder, types)]);
    expect(errors.filter((error) => error.startsWith(join(ROOT, types)))).toEqual([]);
    const lines = readProjectFile(types).split("\n");
    const noticed = errors
      .filter((error) => error.startsWith(join(folder, types)))
      .map((error) => lines.slice(Number(/\((\d+),/.exec(error)?.[1]) - 1).join("\n"))
      .map((rest) => /luacross\.(\w+)/.exec(rest)?.[1]);
    const expected = CHANGES.map(([, , , name]) => name);
    expect([...new Set(noticed)].sort()).toEqual([...expected].sort());
  });

  /** What the type checker says of some files: one line for each error, with its path in full. */
  function typeErrors(files: readonly string[]): string[] {
    const config = join(folder, "tsconfig.json");
    const options = { types: [], lib: ["ES2023", "WebWorker"] };
    const settings = { extends: join(ROOT, "tsconfig.json"), compilerOptions: options, files };
    writeFileSync(config, JSON.stringify({ ...settings, include: [] }));
    const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
    const tsc = join(manifest, "../bin/tsc");
    const args = [tsc, "-p", config, "--pretty", "false"];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    expect(stderr).toBe("");
    return stdout
      .split(/\r?\n/)
      .flatMap((line) => (/^\S/.test(line) ? [resolve(folder, line)] : []));
  }
});
