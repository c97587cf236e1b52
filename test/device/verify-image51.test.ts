/** Trying images before they meet a device: the verdict is the device's, and what it overlooks. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Verification } from "../../src/device/verification.ts";
import { isAbsolute51, powerCuts51, verifyImage51 } from "../../src/device/verify-image51.ts";
import { findTarget } from "../../src/target/targets.ts";
import { damage, extremeHeaders } from "./damage.ts";
import { PAIR_ADDRESS, PAIRS } from "./fixtures.ts";
import { absoluteOf, compactOf, payloadOf, REGION_SIZE, TARGET_22, TARGET_30 } from "./support.ts";

const TARGETS = PAIRS.map(({ target }) => target);

function verify(target: string, file: Uint8Array, mapped = PAIR_ADDRESS, size = REGION_SIZE) {
  return verifyImage51(file, findTarget(target), { offset: 0, size, mapped });
}

function outcomes({ checks, beyond }: Verification): Record<string, string> {
  return Object.fromEntries([...checks, ...beyond].map(({ name, outcome }) => [name, outcome]));
}

/** Names of what failed. */
function failed(verification: Verification): string[] {
  return Object.entries(outcomes(verification)).flatMap(([name, outcome]) =>
    outcome === "failed" ? [name] : [],
  );
}

describe.each(TARGETS)("the reference's images for %s", (target) => {
  test("the compact one loads, with every check passed", () => {
    const verification = verify(target, compactOf(target));
    expect(verification).toMatchObject({ way: "load", accepted: true, sound: true, hazards: [] });
    expect(new Set(Object.values(outcomes(verification)))).toEqual(new Set(["passed"]));
    expect(verification.checks).toHaveLength(18);
  });

  test("the absolute one starts at its address", () => {
    const verification = verify(target, absoluteOf(target));
    expect(verification).toMatchObject({ way: "flash", accepted: true, sound: true });
    expect(failed(verification)).toEqual([]);
  });

  test("the absolute one a little off starts, too, and is found out all the same", () => {
    const verification = verify(target, absoluteOf(target), PAIR_ADDRESS + 0x100);
    expect(verification).toMatchObject({ accepted: true, sound: false });
    expect(failed(verification)).toEqual(["base"]);
  });

  test("the absolute one far off is refused in the firmware's words", () => {
    const verification = verify(target, absoluteOf(target), PAIR_ADDRESS + 0x10000);
    expect(verification).toMatchObject({ accepted: false, sound: false });
    expect(verification.message).toMatch(/^Flash size check failed: /);
  });

  test("every cut of power leaves the old image, the new one, or none", () => {
    const file = compactOf(target);
    const region = { offset: 0, size: REGION_SIZE, mapped: PAIR_ADDRESS };
    const { operations, ranges } = powerCuts51(file, findTarget(target), region);
    expect(ranges.map(({ holds, boot }) => `${holds}: ${boot.state}`)).toEqual([
      "old: loaded",
      "neither: empty",
      "neither: refused",
      "new: loaded",
    ]);
    expect(ranges.at(-1)).toMatchObject({ first: operations, last: operations });
    let next = 0;
    for (const { first, last } of ranges) {
      expect(first).toBe(next);
      next = last + 1;
    }
    expect(next).toBe(operations + 1);
  });
});

describe("an image of another firmware", () => {
  test("is refused where the signature tells", () => {
    const verification = verify("esp8266-lua51-int", compactOf(TARGET_30));
    expect(verification).toMatchObject({ message: "Incorrect LFS build type", accepted: false });
    expect(failed(verification)).toEqual(["build", "target"]);
    expect(outcomes(verification)).toMatchObject({ signature: "not reached", boot: "not reached" });
  });

  test("is loaded, and found out, where only the tags tell", () => {
    const verification = verify(TARGET_30, compactOf("esp8266-2.2-packed"));
    expect(verification).toMatchObject({ accepted: true, sound: false });
    expect(failed(verification)).toEqual(["target"]);
    expect(failed(verify("esp32-lua51-float", compactOf(TARGET_30)))).toEqual([]);
  });
});

test("a region that is too small", () => {
  expect(verify(TARGET_30, compactOf(TARGET_30), PAIR_ADDRESS, 4096).sound).toBe(true);
  const large = new Uint8Array(8192).fill(0xff);
  large.set(absoluteOf(TARGET_30));
  new DataView(large.buffer).setUint32(4, 8192, true);
  const flashed = verify(TARGET_30, large, PAIR_ADDRESS, 4096);
  expect(failed(flashed)).toContain("fit");
  expect(flashed.sound).toBe(false);
});

describe("damaged files", () => {
  const path = new URL("corrupt51.answers.json", import.meta.url);
  const { legend, answers } = JSON.parse(readFileSync(path, "utf8")) as {
    legend: Record<string, string>;
    answers: Record<string, Record<string, string>>;
  };

  test.each(Object.keys(answers))("%s: the verdict is the device's", (target) => {
    const files = {
      ...damage(compactOf(target)),
      "extreme headers": extremeHeaders(payloadOf(target)),
    };
    let accepted = 0;
    for (const [kind, damaged] of Object.entries(files)) {
      damaged.forEach((file, i) => {
        const expected = legend[answers[target][kind][i]];
        const found = verify(target, file);
        if (isAbsolute51(file)) return;
        expect(found.accepted).toBe(expected.endsWith(" loaded") && !expected.includes(" not "));
        if (!found.accepted) expect(found.sound).toBe(false);
        expect(expected.startsWith(found.message ?? "stuck")).toBe(true);
        accepted += Number(found.accepted);
      });
    }
    expect(accepted).toBeGreaterThan(10);
  });

  test.each([TARGET_30, TARGET_22])(
    "absolute, %s: it comes to an end, and damage shows",
    (target) => {
      const good = absoluteOf(target);
      let unsound = 0;
      for (let at = 0; at < good.length; at++) {
        const file = good.slice();
        file[at] ^= 1 << (at % 8);
        const { accepted, sound, way } = verify(target, file);
        if (sound) expect([accepted, way]).toEqual([true, "flash"]);
        unsound += Number(!sound);
      }
      // The rest are numbers, lines and the like, which may be anything.
      expect(unsound).toBeGreaterThan(good.length / 2);
      for (let size = 0; size < good.length; size++) {
        expect(verify(target, good.slice(0, size)).sound).toBe(false);
      }
    },
  );
});
