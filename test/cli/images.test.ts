/** Flash images on the command line: what luacross adds to the reference, and what people see. */
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { fromText, toBytes } from "../../src/base/lua-string.ts";
import { readImage51 } from "../../src/image/read51.ts";
import { LUA51_TARGETS } from "../vectors/case.ts";
import { runInMemory } from "./support.ts";

const FILES = {
  "a.lua": "print(1)\n",
  "b.lua": "local t = {}\nfunction t.f(x)\n  local y = x\n  return y\nend\nreturn t\n",
  "x/a.lua": "return 2",
};

function run(...args: string[]) {
  return runInMemory(args, { files: FILES });
}

/** The image that was written. */
function imageIn({ files }: { files: Readonly<Record<string, string>> }, name = "luac.out") {
  return readImage51(toBytes(files[name]));
}

function manyFiles(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}.lua`, `return ${i}`]));
}

describe("the build time", () => {
  it.each([
    [["--timestamp", "1700000000"], {}, 1_700_000_000],
    [["--timestamp=0"], {}, 0],
    [["--timestamp", "5"], { SOURCE_DATE_EPOCH: "6" }, 5],
    [[], { SOURCE_DATE_EPOCH: "6" }, 6],
    [[], { SOURCE_DATE_EPOCH: "" }, 1_600_000_000],
    [[], {}, 1_600_000_000],
  ])("%j %j", (options, env, time) => {
    const outcome = runInMemory(["-f", ...options, "a.lua"], { files: FILES, env });
    expect(imageIn(outcome).time).toBe(time);
    const lookup = runInMemory(["-i", "-l", "-l", ...options, "a.lua"], { files: FILES, env });
    expect(lookup.stdout).toContain(`\t${time}\n`);
  });

  it.each(["", "now", "-1", "1.5", "1e9", "99999999999999999999"])("not %j", (value) => {
    const outcome = run("-f", "a.lua", `--timestamp=${value}`);
    const message = value === "" ? "'--timestamp' needs argument" : "--timestamp must be a whole";
    expect(outcome).toMatchObject({ status: 1, files: {} });
    expect(outcome.stderr).toContain(message);
  });
});

describe("--strip", () => {
  it.each(LUA51_TARGETS)(
    "leaves out debug information for %s, and says what it saves",
    (target) => {
      const usual = run("--target", target, "-f", "b.lua");
      const stripped = run("--target", target, "-f", "--strip", "b.lua");
      const sizes = [usual, stripped].map((outcome) => imageIn(outcome).header.size);
      const saved = sizes[0] - sizes[1];
      expect(saved).toBeGreaterThan(0);
      const { main } = imageIn(stripped);
      expect(main.protos[0].lineInfo).toHaveLength(0);
      expect(main.protos[0].source).toBe("@b.lua");
      const share = ((100 * saved) / sizes[0]).toFixed(1);
      expect(stripped.stderr).toBe(
        `luac.cross: note: stripped: ${sizes[1]} bytes of flash instead of ${sizes[0]}, ${saved} (${share} %) less\n`,
      );
    },
  );

  it("is -s for chunks", () => {
    expect(run("--strip", "b.lua")).toEqual(run("-s", "b.lua"));
  });

  it("is for the ESP32 what -s is", () => {
    const target = ["--target", "esp32-lua51-float"];
    expect(run(...target, "-f", "--strip", "b.lua").files).toEqual(
      run(...target, "-f", "-s", "b.lua").files,
    );
    expect(run(...target, "-f", "-s", "b.lua").stderr).toBe("");
  });
});

describe("warnings", () => {
  const hidden =
    "luac.cross: warning: a.lua and x/a.lua are both module 'a'; only a.lua will be found\n";

  it("do not stop a build", () => {
    const outcome = run("-f", "a.lua", "b.lua", "x/a.lua");
    expect(outcome).toMatchObject({ status: 0, stderr: hidden });
    expect(imageIn(outcome).modules).toHaveLength(3);
  });

  it("stop it with --strict, before anything is written", () => {
    expect(run("--strict", "-l", "-f", "a.lua", "b.lua", "x/a.lua")).toEqual({
      status: 1,
      stdout: "",
      stderr: `${hidden}luac.cross: stopped by a warning (--strict)\n`,
      files: {},
    });
  });

  it("are none where the names do not matter", () => {
    expect(run("--strict", "a.lua", "x/a.lua")).toMatchObject({ status: 0, stderr: "" });
    expect(run("--strict", "-f", "a.lua", "b.lua")).toMatchObject({ status: 0, stderr: "" });
  });

  it("name what --exact keeps", () => {
    const files = { "a.lua": 'return "\\084\\161\\250 and more of it"' };
    const kept = runInMemory(["-f", "--exact", "a.lua"], { files });
    expect(kept.status).toBe(0);
    expect(kept.stderr).toMatch(
      /^luac\.cross: warning: the device will refuse this image: invalid dictionary offset .*\n$/,
    );
    const strict = runInMemory(["-f", "--exact", "--strict", "a.lua"], { files });
    expect(strict).toMatchObject({ status: 1, files: {} });
    const other = runInMemory(["-f", "a.lua"], { files });
    expect(other.stderr).toMatch(
      /^luac\.cross: note: the device would refuse the original's bytes: .*; wrote others of the same content\n$/,
    );
    expect(gunzipSync(toBytes(other.files["luac.out"]))).toEqual(
      gunzipSync(toBytes(kept.files["luac.out"])),
    );
    expect(other.files).not.toEqual(kept.files);
  });

  it("show names beyond ASCII", () => {
    const files = { "é.lua": "", "x/é.lua": "" };
    const { stderr } = runInMemory(["-f", ...Object.keys(files)], { files });
    expect(stderr).toBe(
      fromText(
        "luac.cross: warning: é.lua and x/é.lua are both module 'é'; only é.lua will be found\n",
      ),
    );
  });
});

describe("--many-modules", () => {
  it.each([51, 60, 300])("%i modules", (count) => {
    const files = manyFiles(count);
    const outcome = runInMemory(["-f", "--many-modules", ...Object.keys(files)], { files });
    expect(outcome).toMatchObject({ status: 0, stderr: "" });
    expect(imageIn(outcome).modules.map(({ name }) => name)).toEqual(
      Array.from({ length: count }, (_, i) => `m${i}`),
    );
  });

  it("changes nothing for 50", () => {
    const files = manyFiles(50);
    const names = Object.keys(files);
    const plain = runInMemory(["-f", ...names], { files });
    expect(runInMemory(["-f", "--many-modules", ...names], { files })).toEqual(plain);
  });

  it("is named at a terminal when there are more without it", () => {
    const files = manyFiles(51);
    const args = ["-f", ...Object.keys(files)];
    const { status, stderr } = runInMemory(args, { files, terminal: true });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^luac\.cross: '-f': Number of modules > 50\nusage: /);
    expect(stderr).toMatch(/\nhint: the option --many-modules [^\n]*\n$/);
    expect(runInMemory(args, { files }).stderr).not.toContain("hint");
  });
});

describe("an image that is too large", () => {
  it("leaves the old output alone and says what is largest", () => {
    const files = {
      "big.lua": `return "${"x".repeat(5000)}"`,
      "small.lua": "return 1",
      "mid.lua": `return "${"y".repeat(500)}"`,
      "app.img": "old",
    };
    const args = ["-o", "app.img", "-m", "4096", "small.lua", "mid.lua", "big.lua"];
    const outcome = runInMemory(args, { files });
    expect(outcome).toMatchObject({ status: 1, files: {} });
    const [message, sentence, end] = outcome.stderr.split("\n");
    expect(message).toBe("luac.cross: The image is too large for specfied LFS size");
    const size = Number(/^Image size: (\d+)\n$/.exec(outcome.stdout)?.[1]);
    expect(sentence).toMatch(
      new RegExp(
        `^The image has ${size} bytes; to fit into 4096 it must shrink by ${size - 4096}\\. Largest modules: big \\(5\\d\\d\\d bytes\\), mid \\(\\d+ bytes\\), small \\(\\d+ bytes\\)\\.$`,
      ),
    );
    expect(end).toBe("");
  });

  it("is told of at a terminal what --strip would make of it", () => {
    const lines = "\nf()".repeat(200);
    const hint = (limit: number, text: string) => {
      const args = ["-m", String(limit), "a.lua"];
      const { stderr } = runInMemory(args, { files: { "a.lua": text }, terminal: true });
      return stderr.split("\n")[2];
    };
    const text = `return "${"x".repeat(250)}", function()${lines} end`;
    const long = text.replace("x", "x".repeat(5000));
    expect(hint(4096, long)).toMatch(/^hint: --strip leaves out [a-z ]+: \d+ bytes$/);
    const size = imageIn(runInMemory(["-f", "--strip", "a.lua"], { files: { "a.lua": text } }));
    const fitting = Math.ceil(size.header.size / 4096) * 4096;
    const padding = fitting - size.header.size - 1;
    const padded = text.replace("x", "x".repeat(padding));
    expect(hint(fitting, padded)).toBe(
      `hint: --strip leaves out line numbers and names of locals: ${fitting} bytes, which fits`,
    );
    const stripped = ["--strip", "-m", "4096", "a.lua"];
    const { stderr } = runInMemory(stripped, { files: { "a.lua": long }, terminal: true });
    expect(stderr).toContain("must shrink");
    expect(stderr).not.toContain("hint");
  });

  it.each(["0", "abc", "0x"])(
    "for a limit of %s: the size is called wrong, not the image",
    (limit) => {
      for (const target of ["esp8266-2.2-int", "esp8266-lua51-float", "esp32-lua53-64"]) {
        const args = ["--target", target, "-m", limit, "a.lua"];
        const { status, stderr, files } = runInMemory(args, {
          files: { "a.lua": "return 1" },
          terminal: true,
        });
        expect([status, files]).toEqual([1, {}]);
        expect(stderr.split("\n").slice(1)).toEqual([
          `'-m ${limit}' leaves no room for any image; -m takes bytes: 64 KB are 65536 or 0x10000.`,
          "",
        ]);
      }
    },
  );

  it("for the addresses that there are is refused, and the last ones can be used", () => {
    for (const target of ["esp32-lua51-float", "esp32-lua53", "esp32-lua53-int64"]) {
      const build = (...args: string[]) =>
        runInMemory(["--target", target, "--timestamp", "1", ...args, "a.lua"], {
          files: { "a.lua": `return "${"x".repeat(4000)}"`, "luac.out": "old" },
        });
      expect(build("-a", "0xffffe000").status).toBe(0);
      const { status, stderr, files } = build("-a", "0xfffff000");
      expect([status, files]).toEqual([1, {}]);
      expect(stderr).toMatch(
        /^luac\.cross: an image of \d+ bytes at 0xfffff000 would reach beyond the last address, 0xffffffff\n$/,
      );
    }
  });

  it("is not, when it fits exactly", () => {
    const inputs = (length: number) => ({ "a.lua": `return "${"x".repeat(length)}"` });
    const size = (length: number) =>
      imageIn(runInMemory(["-f", "a.lua"], { files: inputs(length) })).header.size;
    const length = 8192 - size(0) + 3;
    expect(size(length)).toBe(8192);
    expect(runInMemory(["-m", "8192", "a.lua"], { files: inputs(length) }).status).toBe(0);
    expect(runInMemory(["-m", "8192", "a.lua"], { files: inputs(length + 1) }).status).toBe(1);
  });
});

describe("hints at a terminal", () => {
  it.each([
    [["-a", "0x50000"], "-a takes an address from 0x40210000 to 0x40310000"],
    [["-m", "64k"], "-m takes bytes: 64 KB are 65536 or 0x10000"],
  ])("%j", (args, hint) => {
    const { stderr } = runInMemory([...args, "a.lua"], { files: FILES, terminal: true });
    expect(stderr).toContain(`\nhint: ${hint}`);
    expect(run(...args, "a.lua").stderr).not.toContain("hint");
  });
});

describe("options of our own", () => {
  it("may stand after files, but not after --", () => {
    const usual = run("-f", "--timestamp", "7", "a.lua");
    expect(run("-f", "a.lua", "--timestamp", "7")).toEqual(usual);
    expect(run("-f", "--", "a.lua", "--timestamp", "7").stderr).toContain(
      "cannot open --timestamp",
    );
    expect(run("-o", "--strict", "a.lua").files).toHaveProperty("--strict");
  });

  it.each([
    [["--compress"], "'--compress' needs argument"],
    [["--compress", "worst", "a.lua"], "'--compress' takes reference or best"],
    [["--timestamp"], "'--timestamp' needs argument"],
    [["--strict=yes", "a.lua"], "unrecognized option '--strict=yes'"],
  ])("%j: %s", (args, message) => {
    const { status, stderr, files } = run(...args);
    expect({ status, files }).toEqual({ status: 1, files: {} });
    expect(stderr).toContain(`luac.cross: ${message}`);
    expect(stderr).toContain("usage: luac.cross [options]");
  });

  it("--compress best packs the same image into a smaller file", () => {
    const usual = run("-f", "b.lua");
    const best = run("-f", "--compress", "best", "b.lua");
    expect({ ...best, files: {} }).toEqual({ ...usual, files: {} });
    expect(imageIn(best).image).toEqual(imageIn(usual).image);
    expect(best.files["luac.out"].length).toBeLessThan(usual.files["luac.out"].length);
  });

  it("--compress reference is what is used without it", () => {
    expect(run("-f", "--compress", "reference", "a.lua")).toEqual(run("-f", "a.lua"));
  });
});
