/** What programs will not find in an image of Lua 5.3 (lua53.md §9.2, §9.4). */
import { describe, expect, test } from "vitest";
import type { Proto } from "../../src/bytecode/proto.ts";
import { runTimeWarnings53 } from "../../src/device/warnings53.ts";
import { combineLookup53 } from "../../src/formats/combine53.ts";
import { buildImage53 } from "../../src/image/build53.ts";
import { makeProto53, target53 } from "../support/targets53.ts";

function warningsOf(...protos: Proto[]) {
  const image = buildImage53(combineLookup53(protos, 0), {
    target: target53("esp8266-lua53"),
    seed: 0,
  });
  return runTimeWarnings53(image.main);
}

const named = (name: string) => makeProto53({ source: `@${name}.lua` });
const brief = (...protos: Proto[]) =>
  warningsOf(...protos).map(({ code, module }) => `${code} ${module}`);

test("there is nothing to say about an ordinary image", () => {
  expect(warningsOf(named("init"), named("n".repeat(40)), makeProto53())).toEqual([]);
});

test("long names", () => {
  expect(brief(named("n".repeat(41)))).toEqual([`long-name ${"n".repeat(41)}`]);
});

test("names that begin with underscores", () => {
  expect(brief(named("__a"), named("__b"), named("c"))).toEqual([]);
  expect(brief(named("__a"), named("c"), named("__b"), named("_d"), named("__e"))).toEqual([
    "late-metamethod-name __b",
    "late-metamethod-name __e",
  ]);
});

describe("many modules", () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => named(`m${i}`));

  test("up to 255 are found", () => {
    expect(warningsOf(...many(255))).toEqual([]);
  });

  test.each([
    [256, "m0", "256 modules, from 'm0' on, cannot be found: of 256, the device knows none"],
    [
      300,
      "m44",
      "256 modules, from 'm44' on, cannot be found: of 300, the device knows the first 44",
    ],
    [513, "m1", "512 modules, from 'm1' on, cannot be found: of 513, the device knows the first 1"],
  ])("of %i not all are, which is said once", (count, module, message) => {
    expect(warningsOf(...many(count))).toEqual([{ code: "uncounted-module", module, message }]);
  });
});

describe("strings that are not what they were", () => {
  test("in code", () => {
    const inner = makeProto53({ lineDefined: 7, constants: ["proto", "function"] });
    const main = makeProto53({ constants: ["userdata", "thread", "x"], protos: [inner] });
    expect(warningsOf(main).map(({ message }) => message)).toEqual([
      "module 'a': the string 'userdata' is not equal to 'userdata' from elsewhere",
      "module 'a': the string 'thread' will be 'userdata'",
      "module 'a', in the function of line 7: the string 'proto' will be 'thread'",
    ]);
  });

  test("as names", () => {
    expect(warningsOf(named("thread"), named("proto"), named("userdata"))).toMatchObject([
      {
        code: "shifted-string",
        module: "thread",
        message: "module 'thread' is found as 'userdata'",
      },
      { code: "shifted-string", module: "proto", message: "module 'proto' is found as 'thread'" },
    ]);
  });
});
