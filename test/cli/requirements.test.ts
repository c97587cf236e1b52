/** `luacross verify --require`: what an application asks for, and what scripts can rely on. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromBytes, toText } from "../../src/base/lua-string.ts";
import { buildImage, targets } from "../../src/index.ts";
import { ROOT } from "../structure/sources.ts";
import { run } from "./tools-support.ts";

const USUAL = "esp8266-lua51-float";
const EXAMPLE = join(ROOT, "examples/weather-station");
const MODULES = readdirSync(EXAMPLE).filter((file) => /\.lua$/.test(file) && file !== "init.lua");

const sourceOf = (file: string) => fromBytes(readFileSync(join(EXAMPLE, file)));

/** What people take for the `_init` of their LFS: modules as fields of a global, and for `require`. */
const INIT = `
local find = node.LFS and node.LFS.get or node.flashindex
local modules = setmetatable({}, { __index = function(_, name)
  local found = find(name)
  return type(found) == "function" and found or nil
end })
local globals = _ENV or getfenv()
globals.LFS = modules
package.loaders[3] = function(name) return modules[name] end
local before = loadfile
globals.loadfile = function(name)
  if file.exists(name) then return before(name) end
  return find(name:match("(.*)%.l[uc]a?$"))
end
globals.dofile = function(name) return assert(loadfile(name))() end
`;

function image(
  sources: Readonly<Record<string, string>>,
  target = USUAL,
  options: { readonly address?: number; readonly strip?: boolean } = {},
): string {
  const modules = Object.entries(sources).map(([name, source]) => ({ name, source }));
  return fromBytes(buildImage(modules, { target, timestamp: 1, ...options }).bytes);
}

function verify(files: Readonly<Record<string, string>>, ...args: string[]) {
  const { stdout, ...rest } = run(["verify", "--require", ...args], { files });
  return { ...rest, page: toText(stdout) };
}

function json(files: Readonly<Record<string, string>>, ...args: string[]) {
  const { status, page } = verify(files, "--json", ...args);
  return { status, ...JSON.parse(page) };
}

describe.each(targets.map(({ name }) => name))("%s", (target) => {
  const sources = Object.fromEntries(
    MODULES.map((name) => [name, readFileSync(join(EXAMPLE, name), "utf8")]),
  );
  const files = {
    "c.img": image(sources, target),
    "a.img": image(sources, target, { address: 0x40210000 }),
    "init.lua": sourceOf("init.lua"),
  };

  test.each(["c.img", "a.img"])("the example in %s has all that it asks for", (name) => {
    const { status, requirements } = json(files, "--target", target, name, "init.lua");
    expect(status).toBe(0);
    const { missing, asks, firmwareModules, notInFirmware, notes } = requirements;
    expect([missing, notInFirmware, notes]).toEqual([0, [], []]);
    expect(asks).toHaveLength(19);
    expect(asks).toContainEqual({
      module: "app",
      lines: [10],
      kind: "require",
      name: "wifi_link",
      words: 'require "wifi_link"',
      found: "in LFS",
    });
    expect(asks.filter(({ kind }: { kind: string }) => kind === "LFS")).toMatchObject([
      { module: "init.lua", lines: [45], words: 'node.LFS.get "_init"', found: "in LFS" },
      { module: "init.lua", lines: [45], words: 'node.flashindex "_init"', found: "in LFS" },
    ]);
    expect(firmwareModules.map(({ name: needed }: { name: string }) => needed)).toEqual(
      "adc dht file mqtt net node rtcmem sjson tmr wifi".split(" "),
    );
  });

  test("without one of its modules, that one is missing everywhere", () => {
    const { "log.lua": _, ...others } = sources;
    const found = json({ "f.img": image(others, target) }, "f.img");
    expect([found.status, found.sound, found.requirements.missing]).toEqual([1, true, 6]);
    const { asks } = found.requirements;
    const missing = asks.filter(({ found: by }: { found: unknown }) => by === null);
    expect(missing.map(({ name }: { name: string }) => name)).toEqual(Array(6).fill("log"));
    expect(json({ "f.img": image(others, target) }, "--provides", "log", "f.img").status).toBe(0);
  });

  test("the usual _init", () => {
    const app = 'LFS.part(1); dofile("part.lua"); require("part"); LFS.gone()';
    const found = json(
      {
        "f.img": image({ "_init.lua": INIT, "app.lua": app, "part.lua": "" }, target),
      },
      "--target",
      target,
      "f.img",
    );
    const { asks, notes } = found.requirements;
    expect(notes).toEqual([]);
    expect(asks.map(({ words, found: by }: Record<string, unknown>) => [words, by])).toEqual([
      ["LFS.part", "in LFS"],
      ['dofile "part.lua"', "in LFS"],
      ['require "part"', "in LFS"],
      ["LFS.gone", null],
    ]);
  });
});

test("a page says what is missing first, and where", () => {
  const app =
    'local a = require "a"\nlocal function f() return require "gone" end\nreturn tmr, pwm2, f, a';
  const files = { "f.img": image({ "app.lua": app, "a.lua": "" }) };
  const { status, page } = verify(files, "--target", "esp32-lua51-float", "f.img");
  expect(status).toBe(1);
  expect(page.slice(page.indexOf("What the code"))).toBe(`What the code asks for:

  module  line  asks for        found
  app        2  require "gone"  NOBODY provides it
  app        1  require "a"     in LFS

Needs firmware modules: tmr
  warn  ESP32, NodeMCU dev-esp32 has no 'pwm2', which app reads
  note  require finds modules in LFS once something adds LFS to package.loaders; none of this code does

1 thing that the code asks for is not there; say with '--provides' or '--fs' what is there besides.
`);
  expect(page).toMatch(/^f\.img on esp32-lua51-float\n/);
});

test("stripped code tells no lines", () => {
  const files = { "f.img": image({ "app.lua": 'require "gone"' }, USUAL, { strip: true }) };
  expect(verify(files, "f.img").page).toContain('\n  app        ?  require "gone"  NOBODY');
  expect(json(files, "f.img").requirements.asks[0].lines).toEqual([]);
});

test("an image that the device refuses is told with what its code asks for", () => {
  const files = { "f.img": image({ "app.lua": "return 1" }) };
  const { status, page } = verify(files, "--target", "esp8266-lua51-int", "f.img");
  expect(status).toBe(1);
  expect(page).toMatch(/Refused: [\s\S]*All that the code asks for is there\.\n$/);
});

describe("sources and .lc files", () => {
  const files = {
    "src/a.lua": 'require "b"; LFS.c(); dofile("c.lua")',
    "src/b.lua": "",
    "c.lua": "x = 1",
    "fs/d.lc": "",
    "fs/lib/e.lua": "",
  };

  test("alone, they are what there is, in LFS or as files", () => {
    expect(json(files, "src/a.lua", "src/b.lua", "c.lua")).toMatchObject({
      status: 0,
      file: null,
      target: USUAL,
      requirements: { missing: 0 },
    });
    const { status, page, stderr } = verify(files, "src/a.lua", "src/b.lua");
    expect([status, stderr]).toEqual([1, ""]);
    expect(page).toMatch(/^For esp8266-lua51-float:\n\nWhat the code asks for:\n/);
  });

  test("beside an image, they are files", () => {
    const all = { ...files, "f.img": image({ "b.lua": "", "x.lua": 'require "a"' }) };
    const { asks } = json(all, "f.img", "src/a.lua", "c.lua").requirements;
    expect(asks.map(({ words, found }: Record<string, unknown>) => [words, found])).toEqual([
      ['require "a"', "file a.lua"],
      ['require "b"', "in LFS"],
      ["LFS.c", null],
      ['dofile "c.lua"', "file c.lua"],
    ]);
  });

  test("a folder with files", () => {
    const all = { ...files, "x.lua": 'require "d" require "lib.e" require "e"' };
    const { asks } = json(all, "--fs", "fs", "x.lua").requirements;
    const answers = asks.map(({ found }: Record<string, unknown>) => found);
    expect(answers).toEqual(["file d.lc", "file lib/e.lua", null]);
  });

  test("what is wrong with them", () => {
    expect(verify({ "x.lua": "x =" }, "x.lua")).toMatchObject({
      status: 1,
      page: "",
      stderr: "luacross verify: x.lua:1: unexpected symbol near '<eof>'\n",
    });
    expect(verify({ "f.img": `\xa0${"\0".repeat(99)}` }, "f.img")).toMatchObject({
      status: 1,
      stderr: "luacross verify: f.img: this is no Lua source, no .lc file and no LFS image\n",
    });
    expect(verify({ "x.lua": "" }, "--fs", "none", "x.lua")).toMatchObject({
      status: 1,
      stderr: "luacross verify: cannot open none: No such file or directory\n",
    });
  });
});

test.each([
  [["f.img", "f.img"], /'f\.img' is one argument too many; with '--require' there may be files/],
  [["--provides", "a", "f.img"], /'--provides' goes with '--require'/],
  [["--fs", "a", "f.img"], /'--fs' goes with '--require'/],
  [["--require", "f.img", "f.img"], /'f\.img' is a second image/],
  [["--require", "--power-cuts", "a.lua"], /'--power-cuts' is about an image, and no file is one/],
  [["--require", "--lfs-size", "4K", "a.lua"], /'--lfs-size' is about an image/],
])("wrong use: %j", (args, message) => {
  const files = { "f.img": image({ "a.lua": "" }), "a.lua": "" };
  const { status, stdout, stderr } = run(["verify", ...args], { files });
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});
