/** The public API: what it says to callers who hand it the wrong thing. */
import { describe, expect, test } from "vitest";
import {
  ChunkError,
  CompileError,
  compile,
  decode,
  EncodeError,
  encode,
  LuacrossError,
  list,
  moduleName,
  targets,
  toText,
  verify,
} from "../src/index.ts";

function failure(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

describe("the library", () => {
  test("compiles, encodes, decodes and lists for every supported target", () => {
    for (const target of targets.filter(({ supported }) => supported)) {
      const proto = compile("local a = 7 return a", { chunkName: "@a.lua", target });
      const bytes = encode(proto, { target });
      const back = decode(bytes, { target });
      verify(back, { target });
      expect(encode(back, { target: target.name })).toEqual(bytes);
      expect(list(back, { target, full: true })).toContain("main <a.lua:0,0> (3 instructions");
    }
  });

  test("takes the default target, text and a # line", () => {
    const proto = compile("#!/usr/bin/lua\nreturn 1");
    expect(proto.source).toBe("=source");
    expect(moduleName("@dir/web.server.lua")).toBe("web");
  });

  test("gives compile errors a code, a place and the reference's message", () => {
    const error = failure(() => compile("x = = 1", { chunkName: "@t.lua" })) as CompileError;
    expect(error).toBeInstanceOf(CompileError);
    expect(error).toMatchObject({
      code: "syntax",
      message: "t.lua:1: unexpected symbol near '='",
      place: { line: 1, offset: 5 },
    });
    const limit = "function or expression too complex near 'a'";
    const deep = failure(() => compile(`f(${"a,".repeat(260)}a)`)) as CompileError;
    expect(deep).toMatchObject({ code: "limit", message: `source:1: ${limit}` });
    const beyond = failure(() => compile("é=1", { chunkName: "@漢.lua" })) as CompileError;
    expect(toText(beyond.message)).toMatch(/^漢\.lua:1: unexpected symbol near '/);
  });

  test("refuses numbers that the target cannot hold", () => {
    const target = "esp8266-lua51-int";
    for (const source of ["return 0.5", "return 3e9", "return 2147483647"]) {
      const error = failure(() => encode(compile(source), { target }));
      expect(error).toBeInstanceOf(EncodeError);
      expect(error).toMatchObject({ code: "number", place: { lineDefined: 0, constant: 0 } });
    }
  });

  test("tells chunks, sources and images apart", () => {
    const chunk = encode(compile("return 1"));
    expect(failure(() => compile(chunk))).toMatchObject({ code: "chunk-header" });
    const image = Uint8Array.of(0x1f, 0x8b, 8, 0);
    expect(failure(() => compile(image))).toMatchObject({ code: "chunk-header" });
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode("return 1"), image]) {
      const error = failure(() => decode(bytes));
      expect(error).toBeInstanceOf(ChunkError);
      expect(error).toMatchObject({ code: "chunk-header", offset: 0 });
    }
  });

  test("answers callers without types with a sentence", () => {
    const any = (value: unknown) => value as never;
    expect(() => compile(any(undefined))).toThrow("source must be a Uint8Array");
    expect(() => compile(any(new ArrayBuffer(3)))).toThrow("source must be a Uint8Array");
    expect(() => decode(any("x"))).toThrow("chunk must be a Uint8Array");
    for (const target of [null, 5, {}]) {
      expect(() => compile("x=1", any({ target }))).toThrow("target must be a row of targets");
    }
    expect(failure(() => compile("x=1", { target: "€" }))).toBeInstanceOf(LuacrossError);
  });

  test("has a table of targets that nobody can change", () => {
    expect(Object.isFrozen(targets)).toBe(true);
    expect(targets.every((row) => Object.isFrozen(row))).toBe(true);
  });
});
