/** `luacross size` and `luacross diff`: where bytes go, what is over the budget, what grew. */
import { describe, expect, test } from "vitest";
import { fromBytes, toBytes, toText } from "../../src/base/lua-string.ts";
import { compile, encode } from "../../src/index.ts";
import { PAIRS } from "../device/fixtures.ts";
import { absoluteOf, compactOf, TARGET_30 } from "../device/support.ts";
import { run } from "./tools-support.ts";

/** What the reference's images of `fixtures.ts` were made of. */
const SOURCES = {
  "a.lua": "print(1)\n",
  "mod.lua": `local function f(x, ...)
  return x, nil, true, "hello world", {...}
end
return f, f("a\\0b", -1)
`,
};

function json(args: readonly string[], files: Readonly<Record<string, string>>) {
  const { status, stdout } = run([...args, "--json"], { files });
  return { status, ...JSON.parse(stdout) };
}

describe.each(PAIRS.map(({ target }) => target))("%s", (target) => {
  const files = {
    ...SOURCES,
    "c.img": fromBytes(compactOf(target)),
    "a.img": fromBytes(absoluteOf(target)),
  };

  test("sources are measured as the reference's image of them", () => {
    const image = json(["size", "c.img"], files);
    const built = json(["size", "--target", target, "a.lua", "mod.lua"], files);
    expect(built).toMatchObject({ status: 0, target, flashBytes: absoluteOf(target).length });
    for (const field of ["flashBytes", "parts", "modules", "shared", "index"]) {
      expect(built[field]).toEqual(image[field]);
    }
    expect(json(["size", "a.img"], files).modules).toEqual(image.modules);
    expect(image.fileBytes).toBe(compactOf(target).length);
  });

  test("a .lc file counts like its source", () => {
    const options = { target, chunkName: "@mod.lua" };
    const lc = fromBytes(encode(compile(SOURCES["mod.lua"], options), { target }));
    const mixed = { ...files, "mod.lc": lc };
    const one = json(["size", "--target", target, "a.lua", "mod.lc"], mixed);
    expect(one.modules).toEqual(
      json(["size", "--target", target, "a.lua", "mod.lua"], mixed).modules,
    );
  });

  test("images of both formats do not differ", () => {
    const { status, stdout } = run(["diff", "c.img", "a.img"], { files });
    expect([status, stdout.includes("the same")]).toEqual([0, true]);
  });
});

const files = { ...SOURCES, "c.img": fromBytes(compactOf(TARGET_30)) };

test("the page has modules, functions, and sums", () => {
  const page = toText(run(["size", "c.img"], { files }).stdout);
  expect(page).toMatch(
    /^c\.img takes 884 bytes of flash, 469 in the compact file \(esp8266-lua51-float\)\n/,
  );
  expect(page).toMatch(
    /\n {2}module +bytes +% +code +constants +strings +line info +names +structure\n {2}mod /,
  );
  expect(page).toMatch(/\n {2}total +884 +100\.0 /);
  expect(page).toMatch(/\n {2}mod +function +1–3 /);
});

test("functions are few unless all are wanted", () => {
  const source = Array.from({ length: 30 }, (_, i) => `function f${i}() return ${i} end`).join(" ");
  const many = { "m.lua": source };
  const few = toText(run(["size", "m.lua"], { files: many }).stdout);
  expect(few).toContain("… and 21 smaller ones; '--all' lists them");
  const all = toText(run(["size", "--all", "m.lua"], { files: many }).stdout);
  for (let i = 0; i < 30; i++) expect(all).toContain(` f${i} `);
});

describe("a budget", () => {
  test("that is kept", () => {
    const { status, stdout, stderr } = run(["size", "--budget", "1K", "c.img"], { files });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/\nBudget 1,024: 140 bytes left\.\n$/);
    expect(json(["size", "--budget", "884", "c.img"], files)).toMatchObject({ status: 0, left: 0 });
  });

  test("that is not", () => {
    const { status, stdout, stderr } = run(["size", "--budget", "883", "c.img"], { files });
    expect(status).toBe(1);
    expect(stdout).toMatch(/\nBudget 883: over by 1 byte\.\n$/);
    expect(stderr).toBe(
      "luacross size: over the budget of 883 by 1 byte; biggest: mod (368), a (180); most of all is structure (396)\n",
    );
    expect(json(["size", "--budget", "0x100", "c.img"], files)).toMatchObject({
      status: 1,
      budget: 256,
      left: 256 - 884,
    });
  });
});

test("an image stands alone, and what does not compile is told as by the compiler", () => {
  const more = { ...files, "bad.lua": "x =" };
  const beside = run(["size", "a.lua", "c.img"], { files: more });
  expect([beside.status, beside.stderr.includes("'c.img' is an image already")]).toEqual([2, true]);
  const bad = run(["size", "bad.lua"], { files: more });
  expect([bad.status, bad.stderr]).toEqual([
    1,
    "luacross size: bad.lua:1: unexpected symbol near '<eof>'\n",
  ]);
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`m${i}.lua`, ""]));
  expect(run(["size", ...Object.keys(many)], { files: many }).stderr).toMatch(/at most 50 modules/);
});

test("the environment chooses the target for sources", () => {
  const env = { LUAC_CROSS_TARGET: "esp8266-2.2-int" };
  expect(run(["size", "a.lua"], { files, env }).stdout).toContain("(esp8266-2.2-int)");
});

test("stripping is measured when it is asked for", () => {
  const { parts } = json(["size", "--strip", "mod.lua"], files);
  expect(parts["line info"]).toBe(0);
  expect(json(["size", "mod.lua"], files).parts["line info"]).toBeGreaterThan(0);
});

describe("diff", () => {
  const both = {
    "old/m.lua": "function f() return 1 end\nfunction g() end",
    "new/m.lua": "\nfunction f() print() return 1 end\nfunction h() end",
  };

  test("names what grew and what is new or gone", () => {
    const { status, stdout } = run(["diff", "old/m.lua", "new/m.lua"], { files: both });
    const page = toText(stdout);
    expect(status).toBe(0);
    expect(page).toMatch(
      /^old\/m\.lua → new\/m\.lua: \d+ → \d+ bytes of flash, \+\d+ \(\+\d+\.\d %\)\n/,
    );
    expect(page).toMatch(/\n {2}m +f +2 +\d+ +\d+ +\+\d+\n/);
    expect(page).toMatch(/\n {2}m +h +3 +0 +\d+ +\+\d+ {2}new\n/);
    expect(page).toMatch(/\n {2}m +g +2 +\d+ +0 +-\d+ {2}gone\n/);
  });

  test("for programs", () => {
    const found = json(["diff", "old/m.lua", "new/m.lua"], both);
    expect(found.change).toBe(found.after.flashBytes - found.before.flashBytes);
    const only = Object.fromEntries(
      found.modules[0].functions.map((each: { name: string; only: string }) => [
        each.name,
        each.only,
      ]),
    );
    expect(only).toMatchObject({ f: null, g: "before", h: "after" });
  });

  test("between targets says so", () => {
    const images = {
      "a.img": fromBytes(compactOf("esp8266-2.2-float")),
      "b.img": fromBytes(compactOf("esp8266-lua51-int")),
    };
    const page = toText(run(["diff", "a.img", "b.img"], { files: images }).stdout);
    expect(page).toContain("\n  esp8266-2.2-float → esp8266-lua51-int\n");
    expect(page).toMatch(/\n {2}constants +\d+ +\d+ +-\d+\n/);
  });
});

test("nothing is written without being asked for", () => {
  expect(run(["size", "c.img"], { files }).files).toEqual({});
  const { files: written } = run(["size", "--html", "p.html", "c.img"], { files });
  expect(Object.keys(written)).toEqual(["p.html"]);
  expect(toText(fromBytes(toBytes(written["p.html"])))).toMatch(/^<!doctype html>/);
});

test("sources are measured as built at the time of the environment", () => {
  const at = (time: string, now: number) => {
    const env = { SOURCE_DATE_EPOCH: time };
    return run(["size", "mod.lua"], { files, env, now }).stdout;
  };
  const image = (time: string) => {
    const env = { SOURCE_DATE_EPOCH: time };
    return run(["compile", "-f", "-o", "x.img", "mod.lua"], { files, env }).files["x.img"];
  };
  // Two times whose digits compress differently.
  for (const time of ["0", "1700000000"]) {
    expect(toText(at(time, 1))).toContain(` ${image(time)?.length} in the compact file `);
    expect(at(time, 1)).toBe(at(time, 1234567890));
  }
  expect(image("0")?.length).not.toBe(image("1700000000")?.length);
  expect(run(["size", "mod.lua"], { files, env: { SOURCE_DATE_EPOCH: "soon" } })).toMatchObject({
    status: 1,
    stdout: "",
  });
});

test.each([
  ["-", "'--html' needs a file; '-' is none"],
  ["a.lua", "'--html a.lua' would overwrite an input"],
  ["./a.lua", "'--html ./a.lua' would overwrite an input"],
  ["d/..//a.lua", "'--html d/..//a.lua' would overwrite an input"],
])("--html %s is refused", (page, message) => {
  const {
    status,
    stdout,
    stderr,
    files: changed,
  } = run(["size", "--html", page, "a.lua"], {
    files: { ...files, "d/": "" },
  });
  expect({ status, stdout, changed }).toEqual({ status: 2, stdout: "", changed: {} });
  expect(stderr).toBe(`luacross size: ${message}; see 'luacross size --help'\n`);
});

test("more modules than the original takes can be measured as an image", () => {
  const names = Array.from({ length: 60 }, (_, i) => `m${i}.lua`);
  const sources = Object.fromEntries(names.map((name) => [name, "return 1"]));
  const { status, stderr } = run(["size", ...names], { files: sources });
  expect([status, stderr]).toEqual([
    1,
    "luacross size: an image holds at most 50 modules; with '--many-modules' it may hold more\n",
  ]);
  const many = run(["compile", "--many-modules", "-f", "-o", "m.img", ...names], {
    files: sources,
  }).files["m.img"];
  expect(json(["size", "m.img"], { "m.img": many ?? "" })).toMatchObject({
    status: 0,
    modules: names.map((name) => ({ name: name.slice(0, -4) })),
  });
  const built = json(["size", "--many-modules", ...names], sources);
  const image = json(["size", "m.img"], { "m.img": many ?? "" });
  for (const field of ["flashBytes", "parts", "modules", "shared", "index"]) {
    expect(built[field]).toEqual(image[field]);
  }
});
