/** `luacross verify`: the device's checks as a page and for programs, and what scripts can rely on. */
import { describe, expect, test } from "vitest";
import { fromBytes, toText } from "../../src/base/lua-string.ts";
import { damage } from "../device/damage.ts";
import { PAIR_ADDRESS, PAIRS } from "../device/fixtures.ts";
import { absoluteOf, compactOf, TARGET_30 } from "../device/support.ts";
import { run } from "./tools-support.ts";

const TARGETS = PAIRS.map(({ target }) => target);

function verify(file: Uint8Array, ...args: string[]) {
  return run(["verify", "f.img", ...args], { files: { "f.img": fromBytes(file) } });
}

function json(file: Uint8Array, ...args: string[]) {
  const { stdout, status } = verify(file, "--json", ...args);
  return { status, ...JSON.parse(stdout) };
}

describe.each(TARGETS)("%s", (target) => {
  test("the target is recognised, and images of either format are sound", () => {
    for (const file of [compactOf(target), absoluteOf(target)]) {
      const found = json(file);
      expect(found).toMatchObject({ status: 0, accepted: true, sound: true });
      expect(found.targetRecognised).toBe(true);
      expect(json(file, "--target", target)).toMatchObject({ target, targetRecognised: false });
    }
  });

  test("a region of just the size is enough", () => {
    expect(json(compactOf(target), "--lfs-size", "4K")).toMatchObject({
      status: 0,
      region: { address: 0x40210000, bytes: 4096 },
    });
  });

  test("power cuts", () => {
    const { status, stdout } = verify(compactOf(target), "--power-cuts");
    const page = toText(stdout);
    expect(status).toBe(0);
    expect(page).toMatch(/Power cuts: \d+ erases and writes, a cut before or after each\.\n/);
    expect(page).toMatch(/\n +0 {2}none +the old image\n/);
    expect(page).toMatch(/\n +1 {2}erase sector 0 +nothing: No LFS image loaded\n/);
    expect(page).toMatch(
      /\n +2–\d+ {2}write 0x0 … write 0x[0-9a-f]+ +no image it takes: .*sig not correct: /,
    );
    expect(page).toMatch(/\n +\d+ {2}write 0x0 +the new image\n$/);
  });
});

test.each(TARGETS)("--run lets a program look up the modules on %s", (target) => {
  for (const file of [compactOf(target), absoluteOf(target)]) {
    const found = json(file, "--run");
    expect(found).toMatchObject({ status: 0, sound: true });
    const lookups = found.beyond.at(-1);
    expect(lookups).toMatchObject({ name: "lookups", outcome: "passed" });
    expect(lookups.detail).toMatch(/^[1-9]\d* modules$/);
    expect(json(file).beyond).not.toContainEqual(lookups);
  }
});

test("--run does not get far with an image that is refused", () => {
  const found = json(compactOf(TARGET_30), "--run", "--target", "esp8266-lua51-int");
  expect(found).toMatchObject({ status: 1, sound: false });
  expect(found.beyond.at(-1)).toMatchObject({ name: "lookups", outcome: "not reached" });
});

test("a page says what it is about and how it ends", () => {
  const { stdout } = verify(compactOf(TARGET_30), "--lfs-size", "64K");
  const page = toText(stdout);
  expect(page).toMatch(
    /^f\.img on esp8266-lua51-float, recognised from the image; it may as well be for esp32-lua51-float\nLFS region: 65,536 bytes at 0x40210000\n/,
  );
  expect(page.match(/\n {2}ok {4}/g)).toHaveLength(20);
  expect(page).toMatch(/\nThe device runs this image\. Loading takes [\d,]+ bytes of RAM\.\n$/);
});

test("a refusal has the device's own words, and status 1", () => {
  const file = compactOf(TARGET_30);
  file[120] ^= 4;
  const { status, stdout, stderr } = verify(file, "--target", TARGET_30);
  expect([status, stderr]).toEqual([1, ""]);
  const page = toText(stdout);
  expect(page).toMatch(/\n {2}FAIL {2}[^\n]+\n {8}the device says: [^\n]+\n/);
  expect(page).toMatch(/\nRefused: [^\n]+\n$/);
});

test("without a target, a file that tells none is explained", () => {
  const file = compactOf(TARGET_30).slice(0, 300);
  const { status, stdout, stderr } = verify(file);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^luacross verify: f\.img: .+\n$/);
  expect(json(file, "--target", TARGET_30)).toMatchObject({ status: 1, accepted: false });
});

describe("absolute images", () => {
  test("at another address than theirs", () => {
    const off = json(absoluteOf(TARGET_30), "--lfs-addr", "0x40250100");
    expect(off).toMatchObject({ status: 1, way: "flash", accepted: true, sound: false });
    expect(off.region.address).toBe(PAIR_ADDRESS + 0x100);
    const { stdout } = verify(absoluteOf(TARGET_30), "--lfs-addr", "0x40250100");
    expect(stdout).toContain("made for 0x40250000, the region is at 0x40250100");
    expect(stdout).toMatch(/The device takes this image, and should not: see above\.\n$/);
  });

  test("are not loaded, so that power cuts are no question", () => {
    const { status, stderr } = verify(absoluteOf(TARGET_30), "--power-cuts");
    expect(status).toBe(2);
    expect(stderr).toContain("a tool flashes f.img, an absolute image");
  });
});

test.each([
  [["--lfs-size", "5000"], /no multiple of 4,096/],
  [["--lfs-size", "0"], /no multiple of 4,096/],
  [["--lfs-size", "64M"], /more than any device has/],
  [["--lfs-size", "big"], /is no size/],
  [["--lfs-addr", "0x40210001"], /no multiple of 4/],
  [["--lfs-addr", "here"], /is no address/],
])("wrong use: %j", (args, message) => {
  const { status, stdout, stderr } = verify(compactOf(TARGET_30), ...args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});

test("power cuts of a load that is refused leave everything as it was", () => {
  const { stdout } = verify(compactOf(TARGET_30), "--target", "esp8266-lua51-int", "--power-cuts");
  expect(stdout).toContain("nothing is erased or written, so each leaves what was there before");
});

test("any damage: status and verdict agree, nothing is thrown", () => {
  const kinds = Object.values(damage(compactOf(TARGET_30)));
  for (const file of kinds.flatMap((files) => files.filter((_, i) => i % 3 === 0))) {
    const found = json(file, "--target", TARGET_30);
    expect(found.status).toBe(found.sound ? 0 : 1);
    if (!found.accepted) expect(found.sound).toBe(false);
  }
});

test("of a file that tells no target, the way to the loader's checks is told", () => {
  const cut = fromBytes(compactOf(TARGET_30).slice(0, 300));
  const { status, stdout, stderr } = run(["verify", "cut.img"], { files: { "cut.img": cut } });
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^luacross verify: cut\.img: unpacked length at offset 296: \d+ bytes are over the limit of \d+; the file may be cut off; '--target NAME' shows what that firmware's loader says\n$/,
  );
  const told = run(["verify", "--target", TARGET_30, "cut.img"], { files: { "cut.img": cut } });
  expect([told.status, told.stdout.includes("LFS length mismatch")]).toEqual([1, true]);
});
