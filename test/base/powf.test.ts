/** x^y of 32-bit floats against glibc's answers. Each vector is `x y result`, as their bits. */
import { describe, expect, test } from "vitest";
import { powf } from "../../src/base/powf.ts";
import vectors from "./powf.vectors.json" with { type: "json" };

const bytes = new DataView(new ArrayBuffer(4));

function bitsOf(value: number): string {
  bytes.setFloat32(0, Number.isNaN(value) ? Number.NaN : value);
  return bytes.getUint32(0).toString(16).padStart(8, "0");
}

function floatOf(bits: string): number {
  bytes.setUint32(0, Number.parseInt(bits, 16));
  return bytes.getFloat32(0);
}

/** The vectors with their results computed anew. */
function computed(rows: readonly string[], power: (x: number, y: number) => number): string[] {
  return rows.map((row) => {
    const [x, y] = row.split(" ");
    return `${x} ${y} ${bitsOf(power(floatOf(x), floatOf(y)))}`;
  });
}

describe.each(Object.entries(vectors))("%s", (_, rows) => {
  test("agree with the C library", () => {
    expect(computed(rows, powf)).toEqual(rows);
  });
});

test("the vectors tell this algorithm from one that rounds correctly", () => {
  const rows = vectors["rounded unlike the engine's"];
  const correct = computed(rows, (x, y) => Math.fround(x ** y));
  expect(correct.filter((row, i) => row !== rows[i]).length).toBe(rows.length);
});

test("integer powers of 2 are exact, and those that are none of a float's are 0 or infinite", () => {
  for (let y = -149; y <= 127; y++) expect(powf(2, y), `2^${y}`).toBe(2 ** y);
  expect(powf(2, -150)).toBe(0);
  expect(powf(-2, -151)).toBe(-0);
  expect(powf(2, 128)).toBe(Number.POSITIVE_INFINITY);
  expect(powf(-2, 129)).toBe(Number.NEGATIVE_INFINITY);
});

test("known values of small integers", () => {
  expect(powf(17, 6)).toBe(24137570);
  expect(bitsOf(powf(58, 5))).toBe("4e1c7cd7");
  expect(bitsOf(powf(71, 4))).toBe("4bc1e031");
});
