/** The sizes of objects against those the device's C compiler gives for the firmware's records. */
import { describe, expect, test } from "vitest";
import { closureSize, stringSize, tableSize, threadSize } from "../../src/target/object-sizes.ts";
import { TARGETS } from "../../src/target/targets.ts";

/**
 * What a compiler with the chip's alignment answered: value, table node, upvalue, userdata with the
 * alignment of its content, proto, thread.
 */
const ANSWERED: Readonly<Record<string, readonly number[]>> = {
  "esp8266-2.2-float": [16, 32, 32, 24, 72, 120],
  "esp8266-2.2-int": [8, 20, 20, 24, 72, 104],
  "esp8266-2.2-packed": [12, 32, 24, 24, 72, 112],
  "esp8266-lua51-float": [12, 32, 24, 24, 72, 112],
  "esp8266-lua51-int": [8, 20, 20, 24, 72, 104],
  "esp8266-lua51-aligned": [12, 32, 24, 24, 72, 112],
  "esp8266-lua53": [8, 20, 16, 24, 76, 124],
  "esp8266-lua53-64": [12, 32, 20, 24, 76, 124],
  "esp32-lua51-float": [12, 32, 24, 24, 72, 112],
  "esp32-lua51-int": [8, 20, 20, 24, 72, 104],
  "esp32-lua53": [8, 20, 16, 24, 76, 124],
  "esp32-lua53-64": [12, 32, 20, 24, 76, 124],
  "esp32-lua53-int64": [12, 32, 20, 24, 76, 124],
  "esp32-lua53-double": [12, 32, 20, 24, 76, 124],
};

describe("object sizes", () => {
  test.each(TARGETS)("of $name are the device's", ({ name, memory }) => {
    const { value, tableNode, upvalue, userdata, proto, thread } = memory.objects;
    expect([value, tableNode, upvalue, userdata, proto, thread]).toEqual(ANSWERED[name]);
  });

  test("add up", () => {
    const sizes = TARGETS[3].memory.objects;
    expect(stringSize(sizes, "")).toBe(17);
    expect(stringSize(sizes, "hello")).toBe(22);
    expect(tableSize(sizes, 0, 0)).toBe(32);
    expect(tableSize(sizes, 4, 8)).toBe(32 + 4 * 12 + 8 * 32);
    expect(closureSize(sizes, 0)).toBe(20);
    expect(closureSize(sizes, 3)).toBe(32);
    expect(threadSize(sizes)).toBe(112 + 45 * 12 + 8 * 24);
  });
});

describe("the strings of a fresh interpreter", () => {
  /** As the interpreters answered: strings in the table. */
  const COUNTS = { "esp8266-2.2-float": 46, "esp8266-lua51-float": 50, "esp32-lua51-float": 47 };

  test.each(Object.entries(COUNTS))("%s holds %i", (name, count) => {
    const present = TARGETS.find((row) => row.name === name)?.memory.strings.present ?? [];
    expect(new Set(present).size).toBe(count);
    expect(present.length).toBe(count);
  });

  test("of Lua 5.3 include its reserved words and number 101 and 98", () => {
    const present = TARGETS.filter(({ dialect }) => dialect.chunkVersion === 0x53).map(
      ({ memory }) => memory.strings.present,
    );
    expect(new Set(present.map((list) => list.length))).toEqual(new Set([101, 98]));
    for (const list of present) expect(list).toContain("goto");
  });
});
