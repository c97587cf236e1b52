/** What the bundler makes of the sources; measured, literal labels are several times faster. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { enumLabels, enumNames, memberReads, numberLabels } from "./bundle.ts";
import { ROOT, readProjectFile, type SourceFile, shippedSources, sourceFiles } from "./sources.ts";

const enums = enumNames(shippedSources());

/** The sources that a command is made of. */
async function bundledSources(entryPoint: string): Promise<SourceFile[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
  });
  return shippedSources().filter(({ path }) => path in metafile.inputs);
}

describe("the commands", () => {
  const outdir = mkdtempSync(join(tmpdir(), "luacross-bundle-"));
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));
  const args = ["scripts/build.mjs", "--commands-only", "--outdir", outdir];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: "pipe" });

  test.each([
    ["luac.cross.cjs", "src/cli/main-luac-cross.ts"],
    ["luac.cross-scripts.cjs", "src/cli/main-luac-cross-scripts.ts"],
    ["luacross.cjs", "src/cli/main-luacross.ts"],
  ])("%s has literal case labels", async (name, entryPoint) => {
    const bundle = readFileSync(join(outdir, name), "utf8");
    expect(enums).toEqual(expect.arrayContaining(["Op51", "Token", "ExprKind"]));
    expect(memberReads(bundle, enums)).toEqual([]);
    const labels = enumLabels(await bundledSources(entryPoint), enums);
    expect(labels).toBeGreaterThan(100);
    expect(numberLabels(bundle)).toBeGreaterThanOrEqual(labels);
  });
});

test("the command that runs no scripts is built without the machine", async () => {
  const machine = async (entryPoint: string) =>
    (await bundledSources(entryPoint)).filter(({ path }) => path.startsWith("src/vm/")).length;
  expect(await machine("src/cli/main-luac-cross.ts")).toBe(0);
  expect(await machine("src/cli/main-luac-cross-scripts.ts")).toBeGreaterThan(20);
});

describe("the check", () => {
  test("finds enums and their labels", () => {
    const files = sourceFiles({
      "a.ts": "export enum A { B, C } switch (a) { case A.B: case D.C: case 1: f('case A.B') }",
      "b.ts": "enum D { E } switch (d) { case D.E: f(A.B); }",
    });
    expect(enumNames(files)).toEqual(["A", "D"]);
    expect(enumLabels(files, ["A", "D"])).toBe(3);
  });

  test("tells reads of members from their declaration", () => {
    const bundle =
      'var A=(A2=>(A2[A2.B=0]="B",A2))(A||{});switch(x){case A.B:case 7:f(A[x],y.A.C,"A.D",A?.E)}';
    expect(memberReads(bundle, ["A"])).toEqual(["A.B", "A.E"]);
    expect(memberReads(bundle.replace("case A.B", "case 0"), ["A"])).toEqual(["A.E"]);
    expect(memberReads("f(A51.B,A5.B,A512.B)", ["A51"])).toEqual(["A51.B", "A512.B"]);
    expect(numberLabels(bundle)).toBe(1);
  });

  test("notices enums that the bundler does not see as such", async () => {
    const opcodes = "src/bytecode/opcodes51.ts";
    const { code } = await transform(readProjectFile(opcodes), { loader: "ts" });
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      entryPoints: ["src/bytecode/verify51.ts"],
      bundle: true,
      write: false,
      format: "cjs",
      minifySyntax: true,
      plugins: [
        {
          name: "opcodes as JavaScript",
          setup: ({ onLoad }) => onLoad({ filter: /opcodes51/ }, () => ({ contents: code })),
        },
      ],
    });
    expect(memberReads(outputFiles[0].text, enums)).toContain("Op51.LOADBOOL");
  });
});
