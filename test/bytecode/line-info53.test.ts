/** Packed line info of Lua 5.3 (lua53.md §2.3). */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeLines53, LineInfoEncoder53 } from "../../src/bytecode/line-info53.ts";

/** A line emitted, or, when negative, the line the last instruction is amended to. */
type Step = number;

function encode(steps: readonly Step[]): number[] {
  const encoder = new LineInfoEncoder53();
  let pc = 0;
  for (const step of steps) {
    if (step < 0) encoder.amend(-step);
    else encoder.emit(pc++, step);
  }
  return [...encoder.finish()];
}

function repeat(count: number, line: number): number[] {
  return new Array<number>(count).fill(line);
}

describe("encoding", () => {
  const cases: readonly [what: string, steps: readonly Step[], bytes: readonly number[]][] = [
    ["no instruction", [], [0]],
    ["the first line", [1], [1, 0]],
    ["the second line", [2], [0x80, 1, 0]],
    ["the next line", [1, 1, 2], [2, 1, 0]],
    ["a line left out", [1, 3], [1, 0x80, 1, 0]],
    ["65 lines on, one byte", [1, 66], [1, 0xbf, 1, 0]],
    ["66 lines on, two bytes", [1, 67], [1, 0x80, 0x81, 1, 0]],
    ["one line back", [2, 1], [0x80, 1, 0xc1, 1, 0]],
    ["63 lines back", [64, 1], [0xbe, 1, 0xff, 1, 0]],
    ["64 lines back", [65, 1], [0xbf, 1, 0xc0, 0x81, 1, 0]],
    ["127 instructions on a line", repeat(127, 1), [127, 0]],
    ["128 instructions on a line", repeat(128, 1), [127, 0xc0, 1, 0]],
    ["255 instructions on a line", repeat(255, 1), [127, 0xc0, 127, 0xc0, 1, 0]],
    ["amended to the same line", [1, 2, -2], [1, 1, 0]],
    ["amended, others on the line", [2, 2, -1], [0x80, 1, 0xc1, 1, 0]],
    ["amended back to the line before", [1, 2, -1], [2, 0]],
    ["amended twice", [1, 5, -3, -2], [1, 1, 0]],
    ["amended after a line that went back", [9, 3, -9], [0x87, 2, 0]],
    ["the first instruction, amended", [5, -3], [0x81, 1, 0]],
    // for k in f do <69 lines> g() end / x = 1
    [
      "the mistake: two bytes are taken back as one",
      [1, 1, 1, 70, 70, 70, -1, 70, -1, 72, 72],
      [3, 0x83, 0x81, 2, 0xc5, 0x81, 1, 0xc0, 0x81, 1, 0x85, 0x81, 2, 0],
    ],
  ];
  test.each(cases)("%s", (_, steps, bytes) => {
    expect(encode(steps)).toEqual(bytes);
  });

  test("an instruction that takes the place of a removed one", () => {
    const encoder = new LineInfoEncoder53();
    encoder.emit(0, 1);
    encoder.emit(1, 2);
    encoder.emit(1, 3);
    expect([...encoder.finish()]).toEqual([1, 0x80, 1, 0]);
  });

  test("where the reference writes out of bounds, the line counts from 0", () => {
    expect(encode([100, -64])).toEqual(encode([64]));
    expect(encode([100, -64, 65])).toEqual(encode([64, 65]));
  });

  test("a reset encoder starts anew", () => {
    const encoder = new LineInfoEncoder53();
    encoder.emit(0, 700);
    encoder.reset();
    encoder.emit(0, 1);
    expect([...encoder.finish()]).toEqual([1, 0]);
  });
});

describe("decoding", () => {
  test("the lines that the mistake leads to", () => {
    const bytes = [3, 0x83, 0x81, 2, 0xc5, 0x81, 1, 0xc0, 0x81, 1, 0x85, 0x81, 2, 0];
    const lines = decodeLines53(Uint8Array.from(bytes), 9);
    expect([...lines]).toEqual([1, 1, 1, 70, 70, 1, -63, 8, 8]);
  });

  const short: readonly [what: string, bytes: readonly number[]][] = [
    ["no line info", []],
    ["only the terminator", [0]],
    ["a delta before the terminator", [0x85, 0]],
    ["a delta at the end", [0x85]],
  ];
  test.each(short)("%s: no line is known", (_, bytes) => {
    expect([...decodeLines53(Uint8Array.from(bytes), 2)]).toEqual([0, 0]);
  });

  test("what lies behind the terminator is not looked at", () => {
    expect([...decodeLines53(Uint8Array.of(1, 0, 5), 3)]).toEqual([1, 0, 0]);
  });

  test("a count beyond the code", () => {
    expect([...decodeLines53(Uint8Array.of(127, 0), 2)]).toEqual([1, 1]);
  });

  test("gives back the lines that were emitted", () => {
    const line = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.integer({ min: 1, max: 4 })), { maxLength: 300 }),
        (lines) => {
          const bytes = Uint8Array.from(encode(lines));
          expect([...decodeLines53(bytes, lines.length)]).toEqual(lines);
        },
      ),
    );
  });

  test("gives back amended lines as long as no delta has two bytes", () => {
    const line = fc.integer({ min: 1, max: 63 });
    const step = fc.record({ line, amended: fc.option(line, { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const calls = steps.flatMap((s) =>
          s.amended === undefined ? [s.line] : [s.line, -s.amended],
        );
        const bytes = Uint8Array.from(encode(calls));
        const lines = steps.map((s) => s.amended ?? s.line);
        expect([...decodeLines53(bytes, steps.length)]).toEqual(lines);
      }),
    );
  });
});
