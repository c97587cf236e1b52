/** The commands for images as the processes that people start, from the bundle that is shipped. */
import * as fs from "node:fs";
import { Script } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAIRS } from "../device/fixtures.ts";
import { absoluteOf, compactOf, TARGET_30 } from "../device/support.ts";
import { InstalledPackage } from "./support.ts";

let installed: InstalledPackage;
beforeAll(() => {
  installed = new InstalledPackage();
});
afterAll(() => installed.remove());

function run(...args: string[]) {
  const { status, stdout, stderr } = installed.run("luacross", args);
  return { status, stdout, stderr };
}

describe("images in files", () => {
  test.each(PAIRS.map(({ target }) => target))("%s: converted, either way and round", (target) => {
    fs.writeFileSync(installed.at("c.img"), compactOf(target));
    expect(run("convert", "c.img", "--absolute", "0x40250000", "-o", "a.img").stderr).toBe("");
    expect(new Uint8Array(fs.readFileSync(installed.at("a.img")))).toEqual(absoluteOf(target));
    expect(run("convert", "a.img", "--compact", "-o", "b.img").stderr).toBe("");
    expect(new Uint8Array(fs.readFileSync(installed.at("b.img")))).toEqual(compactOf(target));
  });

  test("inspected, tried, measured, compared, listed", () => {
    fs.writeFileSync(installed.at("c.img"), compactOf(TARGET_30));
    fs.writeFileSync(installed.at("a.img"), absoluteOf(TARGET_30));
    expect(run("inspect", "c.img", "a.img")).toMatchObject({ status: 0, stderr: "" });
    expect(run("verify", "--power-cuts", "c.img").status).toBe(0);
    expect(run("verify", "--lfs-addr", "0x40260000", "a.img").status).toBe(1);
    expect(run("size", "--budget", "800", "c.img").status).toBe(1);
    expect(run("diff", "c.img", "a.img").status).toBe(0);
    expect(run("diff", "c.img")).toMatchObject({ status: 2, stdout: "" });
    const { stdout } = installed.run("luac.cross", ["-l", "-p", "a.img"]);
    expect(stdout.match(/^(main|function) </gm)).toHaveLength(4);
    expect(fs.readdirSync(installed.work)).not.toContain("luac.out");
  });

  test("the page holds a script that runs, as the bundler left it", () => {
    fs.writeFileSync(installed.at("c.img"), compactOf(TARGET_30));
    expect(run("size", "--html", "p.html", "c.img").status).toBe(0);
    const page = fs.readFileSync(installed.at("p.html"), "utf8");
    const [, script] = /<script>([\s\S]*)<\/script>/.exec(page) ?? [];
    // Every function that the script calls must be in it: with a document that has nothing, it gets
    // as far as looking for the first element.
    const looked: string[] = [];
    const document = {
      getElementById(id: string) {
        looked.push(id);
        return {
          clientWidth: 600,
          clientHeight: 400,
          addEventListener() {},
          replaceChildren() {},
        };
      },
      createElement: () => ({
        style: { setProperty() {} },
        dataset: {},
        append() {},
        setAttribute() {},
        addEventListener() {},
      }),
      addEventListener() {},
    };
    const globals = { document, window: { addEventListener() {} } };
    new Script(script).runInNewContext(globals, { timeout: 5000 });
    expect(looked).toEqual(["map", "trail", "tip"]);
  });
});
