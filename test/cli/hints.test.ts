import { describe, expect, it } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { explanationOf, runInMemory } from "./support.ts";

function hintFor(source: string, target?: string): string {
  const explanation = explanationOf(source, target);
  return /^hint: (.*)\n$/m.exec(explanation)?.[1] ?? "";
}

describe("hints on sources", () => {
  it.each([
    ["\ufeffx = 1", /byte order mark, which Lua 5\.1 does not read; save it as UTF-8 without BOM/],
    ["<!DOCTYPE html>\n<p>", /web page/],
    [
      "x = 8 // 2",
      /^this is Lua 5\.3 syntax, and esp8266-lua51-float is Lua 5\.1; use math\.floor/,
    ],
    ["x = a & b", /^this is Lua 5\.3 syntax.*bit\.band/],
    ["x = a | b", /bit\.bor/],
    ["x = a ~ b", /bit\.bxor/],
    ["x = ~a", /bit\.bnot/],
    ["x = a << 2", /bit\.lshift/],
    ["x = a >> 2", /bit\.rshift/],
    ["goto done", /^this is Lua 5\.3 syntax.*break/],
    ["::done::", /^this is Lua 5\.3 syntax/],
    ["local x <const> = 5", /^this is Lua 5\.4 syntax/],
    ["// comment", /comment begins with --/],
    ["f() // comment", /comment begins with --/],
    ["/* comment */", /--\[\[/],
    ["if a != b then end", /~=/],
    ["if !a then end", /not x/],
    ["if a && b then end", /'and'/],
    ["if a || b then end", /'or'/],
    ["x += 1", /x = x \+ 1/],
    ["x ..= 'a'", /x = x \+ 1/],
    ["x = y += 1", /x = x \+ 1/],
    ["x++", /\+\+/],
    ["if a == 1 { b() }", /then \.\.\. end/],
    ["print(\u201chi\u201d)", /typographic quotes/],
    ["x\u00a0= 1", /invisible/],
    ["größe = 1", /names consist of/],
  ])("%j", (source, hint) => {
    expect(hintFor(source)).toMatch(hint);
  });

  it.each([
    ["if a && b then end", /'and'/],
    ["if a || b then end", /'or'/],
    ["if a != b then end", /~=/],
    ["// comment", /comment begins with --/],
    ["x += 1", /x = x \+ 1/],
    ["local x <const> = 5", /^this is Lua 5\.4 syntax, and esp8266-lua53 is Lua 5\.3/],
  ])("for Lua 5.3: %j", (source, hint) => {
    expect(hintFor(source, "esp8266-lua53")).toMatch(hint);
  });

  it("does not explain to Lua 5.3 what it has", () => {
    for (const source of [
      "goto done",
      "::done",
      "x = a & ~",
      "x = a // ]",
      "x = 1 >> >> 2",
      "x =",
    ]) {
      expect(explanationOf(source, "esp8266-lua53")).not.toContain("hint");
    }
  });

  it("tells UTF-16 in either order, marked or not", () => {
    const little = [...'print("x")'].map((letter) => `${letter}\0`).join("");
    const forms = [little, `\xff\xfe${little}`, `\xfe\xff\0${little}`];
    for (const source of forms) {
      const files = { "x.lua": source };
      const { stderr } = runInMemory(["-p", "x.lua"], { files, terminal: true });
      expect(stderr).toContain("\nhint: the file is UTF-16; save it as UTF-8 without BOM\n");
    }
  });

  it("names the target that reads a fraction", () => {
    expect(hintFor("x = 0.5", "esp8266-lua51-int")).toBe(
      "target esp8266-lua51-int has integers only; esp8266-lua51-float accepts 0.5",
    );
    expect(hintFor("x = 1e3", "esp8266-2.2-int")).toContain("esp8266-2.2-float accepts 1e3");
    expect(hintFor("x = 1e3", "esp32-lua51-int")).toContain("esp32-lua51-float accepts 1e3");
    // No target reads these.
    expect(hintFor("x = 3x", "esp8266-lua51-int")).toBe("");
    expect(hintFor("x = 3..2")).toBe("");
  });

  it("explains the limit of local variables", () => {
    const names = Array.from({ length: 51 }, (_, i) => `a${i}`).join(", ");
    expect(hintFor(`local ${names}`)).toMatch(/^NodeMCU allows 50 local variables.*do \.\.\. end/);
  });

  it("says nothing where it knows nothing better", () => {
    for (const source of ["x = = 1", "x = (1", "end", "f(", "x = 'abc", "break"]) {
      expect(explanationOf(source)).not.toContain("hint");
    }
  });

  it("is silent when no one reads", () => {
    const files = { "x.lua": "x += 1" };
    const { stderr } = runInMemory(["-p", "x.lua"], { files });
    expect(stderr).toBe("luac.cross: x.lua:1: '=' expected near '+'\n");
  });
});

describe("hints on chunks", () => {
  const CHUNK_SOURCE = { "a.lua": "return 7, 'seven'" };
  const made = (target: string) =>
    runInMemory(["--target", target, "a.lua"], { files: CHUNK_SOURCE }).files["luac.out"];
  const changed = (chunk: string, at: number, byte: number) =>
    chunk.slice(0, at) + String.fromCharCode(byte) + chunk.slice(at + 1);
  const read = (chunk: string, target: string) =>
    runInMemory(["-p", "--target", target, "a.lc"], { files: { "a.lc": chunk }, terminal: true })
      .stderr;

  it("tells which target a chunk was made for", () => {
    expect(read(made("esp8266-2.2-float"), "esp8266-lua51-float")).toBe(
      "luac.cross: a.lc: bad constant in precompiled chunk\n" +
        "hint: this chunk was made for esp8266-2.2-float, or a target like it\n",
    );
    expect(read(made("esp8266-lua51-float"), "esp8266-2.2-float")).toContain(
      "made for esp8266-lua51-float",
    );
    expect(read(made("esp32-lua51-float"), "esp32-lua51-int")).toBe(
      "luac.cross: a.lc: bad header in precompiled chunk\n" +
        "hint: this chunk was made for esp32-lua51-float, or a target like it\n",
    );
  });

  it.each([
    [(chunk: string) => changed(chunk, 8, 8), /plain luac on a 64-bit system/],
    [(chunk: string) => changed(chunk, 4, 0x53), /this is a chunk of Lua 5\.3, and target esp8266/],
    [(chunk: string) => changed(chunk, 4, 0x52), /this is a chunk of Lua 5\.2/],
    [(chunk: string) => changed(chunk, 1, 0x45), /neither Lua nor a chunk/],
    [(chunk: string) => chunk.slice(0, 40), /damaged/],
  ])("case %#", (damage, hint) => {
    const stderr = read(damage(made("esp8266-lua51-float")), "esp8266-lua51-float");
    expect(stderr).toMatch(hint);
    expect(stderr.split("\n")).toHaveLength(3);
  });
});

describe("hints on files and targets", () => {
  it.each([
    [["a.lua", "-s"], /hint: options come before the first file name/],
    [["src/*.lua"], /hint: nothing has expanded this pattern/],
    [["--target", "esp32"], /hint: the option --targets lists them all/],
  ])("%j", (args, hint) => {
    const outcome = runInMemory(args, { files: { "a.lua": "" }, terminal: true });
    expect(outcome.stderr).toMatch(hint);
    expect(runInMemory(args, { files: { "a.lua": "" } }).stderr).not.toContain("hint");
  });
});

describe("the helper of these tests", () => {
  it("can tell that there is no hint", () => {
    expect(hintFor("return 1")).toBe("");
    expect(toBytes(explanationOf("return 1"))).toHaveLength(0);
  });
});
