/** Building images: the specification's examples (lfs51.md §12), limits, and what stays out. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  absoluteImage51,
  buildImage51,
  compactImage51,
  compactPayload51,
  moduleSizes51,
} from "../../src/image/build51.ts";
import { ImageSizeError } from "../../src/image/errors.ts";
import { bitmapSize, bucketCount, factsOf } from "../../src/image/layout51.ts";
import { readImage51 } from "../../src/image/read51.ts";
import { LUA51 } from "../../src/target/dialect.ts";
import { findTarget, TARGETS } from "../../src/target/targets.ts";
import { makeProto } from "../support/make-proto.ts";
import { combine, imageOf } from "./subject.ts";

const TIME = 1_700_000_000;
const ADDRESS = 0x40210000;
const FLOAT = findTarget("esp8266-lua51-float");

const PRINT = "print(1)\n";
const MOD = `local function f(x, ...)
  return x, nil, true, "hello world", {...}
end
return f, f("a\\0b", -1)
`;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const withoutSpace = (text: string) => text.replace(/\s/g, "");

/** The parts of the first example, each with its offset in the specification. */
const EXAMPLE_ABSOLUTE = `
  55a1fafa ac010000 64012140 20002140 05000000 08000000 00000000 00000000
  40002140 00000000 00000000 00000000 00000000 6c002140 98002140 00000000
  00000000 04400000 80000000 01000000 61000000
  00000000 04400000 66f1ba73 06000000 40612e6c 75610000
  00000000 04400000 25000000 01000000 04000000
  54002140 04400000 06c05fbe 07000000 3d286c75 61632900
  80002140 04400000 46aeba11 05000000 7072696e 74000000
  98002140 00000000 04000000  00000000 0000f03f 03000000
  05000000 41400000 1c400001 1e008000
  00000000 00000000 b0002140 c8002140 00000000 7c002140 00000000 00000000
  54002140 00000000 02000000 04000000 00000000 00000000 00000000 00000000
  00000000 00000202
  d8002140
  40002140 00000000 04000000  00000040 fc54d941 03000000
  17004000 16400080 64000000 5e000001 41400000 8a008000 c1000000 a2408000
  5e008001 1e008000
  00000000 00000000 24012140 3c012140 20012140 00000000 00000000 00000000
  80002140 00000000 02000000 0a000000 01000000 00000000 00000000 00000000
  00000000 00010004`;

const EXAMPLE_COMPACT = `
  1f8b08000000000004030b59f8ebd71a460686480606060e206685d20c5020c08009a481226a48a22c0e0c0c0d402ed0
  188644a830482cede3ae623620d721512fa7341121ae0a55cb02a4458118a496ed40fc3e7620db5603a834599341012a
  eeb66e9720c84d054599792548f6b2c0adff60cf0c75b723d01c1907064639b06b20f23a40d208aa541ec9cda2502613
  c81e065c8089c90c28030b03a89d0e7f426e3a82ec14677060107360684801b2e3805e02d9df05b4fb2090bfc8a18121
  8ea101c52d9e40717f20f640b34d01c92d5cd0b0c1701023030b0f300c1d0518bc1998192c40ee06008efd1f30bc010000`;

describe("one file", () => {
  const image = imageOf({ "a.lua": PRINT }, FLOAT, TIME);

  test("absolute, word for word", () => {
    expect(hex(absoluteImage51(image, ADDRESS))).toBe(withoutSpace(EXAMPLE_ABSOLUTE));
  });

  test("compact, byte for byte", () => {
    expect(hex(compactImage51(image))).toBe(withoutSpace(EXAMPLE_COMPACT));
  });

  test("its refs are word offsets, marked in the bitmap", () => {
    const payload = hex(compactPayload51(image));
    expect(payload.slice(0, 32)).toBe(withoutSpace("54a1fafa ac010000 59000000 08000000"));
    expect(payload.slice(428 * 2)).toBe(withoutSpace("0c610000 4110004b 00030038 02000000"));
  });

  test("an address that wraps around, and an odd one", () => {
    for (const address of [0xffffff00, 0x40210001]) {
      const view = new DataView(absoluteImage51(image, address).buffer);
      expect(view.getUint32(12, true)).toBe((address + 32) >>> 0);
    }
  });
});

describe("two files, for every target", () => {
  const SHARED_FLOAT = [
    "469 b24c5cf74c15c2aee204f76bc7b3cd9a145e9890a1b74576ff1bde13cf96a91f",
    "884 465cb942a5cffe4204bc67fd62d6de07318a2bcc8d4f3e3f3654a8b540feae62",
  ];
  const SHARED_INT = [
    "463 580d5d309e3eaedcdbc5b30ecd4b42e14bcf2a9051804e33348d8404f89ed4de",
    "852 673a415515ff3104d6a1cd741d73144e4e084744b95928d3edc45799c89dafec",
  ];
  test.each([
    [
      "esp8266-2.2-float",
      "472 281225d077599e65e735f5669d3fab8d00b1a54238d07f8d29d1a4506b286027",
      "916 7ab8c094aa02f0842d139b0bd1faa757df7029f103502ca86a7076ebdef308d4",
    ],
    [
      "esp8266-2.2-int",
      "464 c653d3a00f9dc739cc59f6a8c3791f73e9927b43b9b490a4c97e3079f9db1918",
      "852 ee0c06853a35385156b8017ab8ee9516811b6dce5b71836e26aebc4dbdba9339",
    ],
    [
      "esp8266-2.2-packed",
      "469 f2fa1b9a186e6b4bd5f5375af93a8017ad4851baa2e93c69ece7f237a99c6ed9",
      "884 37d0ce69c08b20273ed070d7a5addc0ff6497caefc57fd308061cfe9f65216c4",
    ],
    ["esp8266-lua51-float", ...SHARED_FLOAT],
    ["esp32-lua51-float", ...SHARED_FLOAT],
    ["esp8266-lua51-int", ...SHARED_INT],
    ["esp32-lua51-int", ...SHARED_INT],
    [
      "esp8266-lua51-aligned",
      "472 9035dee61aa3b7ce8f621558fa27e21be1d0e5ad9c724e1a120495ebd8822829",
      "916 55d5ce4070b24b000e566b72a73b45b2715bd6d14812b8c5548dc57974005e4b",
    ],
  ])("%s", (name, compact, absolute) => {
    const image = imageOf({ "a.lua": PRINT, "mod.lua": MOD }, findTarget(name), TIME);
    const files = [compactImage51(image), absoluteImage51(image, ADDRESS)];
    expect(files.map((file) => `${file.length} ${sha256(file)}`)).toEqual([compact, absolute]);
  });
});

describe("limits", () => {
  const inputs = { "small.lua": PRINT, "big.lua": `return "${"x".repeat(5000)}"` };
  const main = combine(inputs, FLOAT, TIME);
  const { length } = buildImage51(main, { target: FLOAT }).body;

  test("an image of just the size allowed is built", () => {
    expect(buildImage51(main, { target: FLOAT, limit: length }).body.length).toBe(length);
  });

  test("a larger one is refused, and the largest modules are named", () => {
    const error = errorOf(() => buildImage51(main, { target: FLOAT, limit: 4096 }));
    expect(error).toMatchObject({
      code: "limit",
      size: length,
      limit: 4096,
      excess: length - 4096,
    });
    expect(error.message).toBe("The image is too large for specfied LFS size");
    expect(error.modules.map(({ name }) => name)).toEqual(["big", "small"]);
  });

  test("no limit allows more than 262144 bytes", () => {
    const huge = combine({ "h.lua": `return "${"x".repeat(262_144)}"` }, FLOAT, TIME);
    const error = errorOf(() => buildImage51(huge, { target: FLOAT, limit: 0xfffff000 }));
    expect(error.message).toBe("Out of Flash memory");
    expect(error.limit).toBe(262_144);
  });

  test("leaving out a module saves the size it is said to have", () => {
    const [biggest] = moduleSizes51(main, { target: FLOAT });
    const { "small.lua": small } = inputs;
    const rest = imageOf({ "small.lua": small }, FLOAT, TIME).body.length;
    // Its name, its ref, its constant and the four instructions that find it go as well.
    expect(length - biggest.size - rest).toBeLessThan(120);
    expect(length - biggest.size - rest).toBeGreaterThan(0);
  });
});

describe("stripping", () => {
  const inputs = { "a.lua": MOD };

  test("leaves out line info and makes the image smaller", () => {
    const full = imageOf(inputs, FLOAT, TIME);
    const stripped = imageOf(inputs, FLOAT, TIME, { strip: true });
    expect(stripped.body.length).toBeLessThan(full.body.length);
    const { main } = readImage51(absoluteImage51(stripped, ADDRESS));
    expect(main.protos[0].lineInfo.length).toBe(0);
    expect(main.protos[0].source).toBe("@a.lua");
  });

  test("drops names of locals and upvalues", () => {
    const main = makeProto({
      upvalueCount: 1,
      upvalueNames: ["up"],
      locals: [{ name: "l", startPc: 0, endPc: 1 }],
    });
    const image = buildImage51(main, { target: FLOAT, strip: true });
    const read = readImage51(compactImage51(image));
    expect(read.main).toEqual({ ...main, upvalueNames: [], locals: [] });
    expect(read.strings.map(({ text }) => text)).toEqual(["@a.lua"]);
  });

  test("is what the ESP32's compilers alone do", () => {
    const honouring = TARGETS.filter((row) => row.image.facts51?.honoursStrip);
    expect(honouring.map(({ name }) => name)).toEqual(["esp32-lua51-float", "esp32-lua51-int"]);
  });
});

describe("layout", () => {
  test("buckets are the least power of two above the strings, with more room on the ESP32", () => {
    const count = (target: string, strings: number) =>
      bucketCount(strings, factsOf(findTarget(target).image));
    expect([0, 1, 7, 8, 127].map((n) => count("esp8266-lua51-float", n))).toEqual([
      1, 2, 8, 16, 128,
    ]);
    expect([0, 1, 6, 7, 98, 99].map((n) => count("esp32-lua51-float", n))).toEqual([
      1, 2, 8, 16, 128, 256,
    ]);
  });

  test("a bit per word, in whole words", () => {
    expect([32, 128, 132, 262_144].map(bitmapSize)).toEqual([4, 4, 8, 8192]);
  });

  test("targets of another Lua have another format", () => {
    const others = TARGETS.filter(({ dialect }) => dialect !== LUA51);
    expect(others.length).toBeGreaterThan(0);
    for (const { image } of others) expect(() => factsOf(image)).toThrow("another format");
  });

  test("integers keep their full range", () => {
    const constants = [2_147_483_647, -2_147_483_648, -1];
    const target = findTarget("esp8266-lua51-int");
    const image = buildImage51(makeProto({ constants }), { target });
    expect(readImage51(compactImage51(image)).main.constants).toEqual(constants);
  });
});

function errorOf(run: () => unknown): ImageSizeError {
  try {
    run();
  } catch (error) {
    if (error instanceof ImageSizeError) return error;
    throw error;
  }
  return expect.fail("it was built");
}
