/** Images as inputs of `luac.cross`: listed and looked at like `.lc` files, and nothing else. */
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../src/base/lua-string.ts";
import { PAIRS } from "../device/fixtures.ts";
import { absoluteOf, compactOf, TARGET_30 } from "../device/support.ts";
import { runInMemory } from "./support.ts";

describe.each(PAIRS.map(({ target }) => target))("an image for %s", (target) => {
  const files = {
    "c.img": fromBytes(compactOf(target)),
    "a.img": fromBytes(absoluteOf(target)),
    "a.lua": "print(1)\n",
  };

  test("is listed, its functions like those of a source", () => {
    for (const level of [["-l"], ["-l", "-l"]]) {
      const list = (name: string, ...more: string[]) =>
        runInMemory(["--target", target, ...level, "-p", ...more, name], { files });
      const image = list("c.img");
      expect([image.status, image.stderr, image.files]).toEqual([0, "", {}]);
      expect(list("a.img").stdout).toBe(image.stdout);
      const [, ofSource] = list("a.lua", "-i").stdout.split(/\n(?=main <@?a\.lua)/);
      expect(ofSource).toMatch(/GETGLOBAL[\s\S]*print/);
      const withoutAddresses = (text: string) => text.replace(/ at 0x[0-9a-f]+|0x[0-9a-f]+/g, "");
      const first = withoutAddresses(ofSource).split("\n\n")[0];
      expect(withoutAddresses(image.stdout)).toContain(first);
      expect(image.stdout.match(/^(main|function) </gm)).toHaveLength(4);
    }
  });

  test("is only looked at with -p", () => {
    expect(runInMemory(["--target", target, "-p", "c.img"], { files })).toMatchObject({
      status: 0,
      stdout: "",
      files: {},
    });
  });

  test("becomes no part of an output", () => {
    for (const args of [["c.img"], ["-l", "c.img"], ["-i", "a.lua", "a.img"]]) {
      const { status, stdout, stderr, files: written } = runInMemory(args, { files });
      expect([status, stdout, written]).toEqual([1, "", {}]);
      expect(stderr).toMatch(
        /^luac\.cross: [ac]\.img: this is a flash image, not Lua; list it with -l -p, or look into it with 'luacross inspect'\n$/,
      );
    }
  });
});

test("an image for another target says for which it is", () => {
  const files = { "c.img": fromBytes(compactOf("esp8266-2.2-packed")) };
  const { status, stdout, stderr } = runInMemory(["-l", "-p", "c.img"], { files });
  expect([status, stdout, stderr]).toEqual([
    1,
    "",
    "luac.cross: c.img: this image is for esp8266-2.2-packed; list it with --target esp8266-2.2-packed\n",
  ]);
});

test("a damaged image says where", () => {
  const damaged = absoluteOf(TARGET_30);
  damaged[40] ^= 1;
  const files = {
    "a.img": fromBytes(damaged),
    "c.img": fromBytes(compactOf(TARGET_30).slice(0, 99)),
  };
  for (const name of ["a.img", "c.img"]) {
    const { status, stderr } = runInMemory(["-l", "-p", name], { files });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^luac\\.cross: ${name}: [^\\n]+ at offset \\d+: [^\\n]+\\n$`),
    );
  }
});
