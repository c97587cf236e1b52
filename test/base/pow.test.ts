/** x^y against glibc's answers, bit for bit. Each vector is `x y bits`, the bits in hexadecimal. */
import { describe, expect, test } from "vitest";
import { pow } from "../../src/base/pow.ts";
import vectors from "./pow.vectors.json" with { type: "json" };

const bytes = new DataView(new ArrayBuffer(8));

function bitsOf(value: number): string {
  bytes.setFloat64(0, Number.isNaN(value) ? Number.NaN : value);
  return bytes.getBigUint64(0).toString(16).padStart(16, "0");
}

const operands = (row: string): number[] => row.split(" ").slice(0, 2).map(Number);

describe.each(Object.entries(vectors))("%s", (_, rows) => {
  test("agree with the C library", () => {
    const computed = rows.map((row) => {
      const [x, y] = operands(row);
      return `${row.slice(0, row.lastIndexOf(" "))} ${bitsOf(pow(x, y))}`;
    });
    expect(computed).toEqual(rows);
  });
});

test("the vectors tell this algorithm from the engine's", () => {
  const rows = Object.values(vectors).flat();
  const wrong = rows.filter((row) => {
    const [x, y] = operands(row);
    return !row.endsWith(bitsOf(x ** y));
  });
  expect(wrong.length).toBeGreaterThan(50);
});

test("integer powers that fit a double are exact", () => {
  for (let x = 2; x <= 50; x++) {
    for (let y = 0, exact = 1n; exact < 2n ** 53n; y++, exact *= BigInt(x)) {
      expect(pow(x, y), `${x}^${y}`).toBe(Number(exact));
      expect(pow(-x, y), `(-${x})^${y}`).toBe(Number((-1n) ** BigInt(y) * exact));
    }
  }
});
