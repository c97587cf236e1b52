/** `luacross run` and `luacross repl`, in memory and as processes. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fromBytes } from "../../src/base/lua-string.ts";
import { buildImage, compile, encode } from "../../src/index.ts";
import { InstalledPackage } from "./support.ts";
import { run } from "./tools-support.ts";

const IS_ROOT = process.getuid?.() === 0;
const MODULE = "return { twice = function(x) return 2 * x end }";
const imageOf = (target: string) =>
  fromBytes(buildImage([{ name: "m", source: "return 7" }], { target }).bytes);

describe("a program", () => {
  test("is a file, which finds those beside it", () => {
    const files = { "app/main.lua": "print(require('m').twice(21))", "app/m.lua": MODULE };
    expect(run(["run", "app/main.lua"], { files })).toMatchObject({ status: 0, stdout: "42\n" });
  });

  test("is a text", () => {
    expect(run(["run", "-e", "print(_VERSION)"])).toMatchObject({ status: 0, stdout: "Lua 5.1\n" });
  });

  test("is init.lua of the files", () => {
    const files = { "fs/init.lua": "dofile('other.lua')", "fs/other.lua": "print('other')" };
    expect(run(["run", "--fs", "fs"], { files })).toMatchObject({ status: 0, stdout: "other\n" });
  });

  test("that fails gives status 1, its message where the board puts it", () => {
    const outcome = run(["run", "-e", "error('boom', 0)"]);
    expect(outcome).toMatchObject({ status: 1, stderr: "" });
    expect(outcome.stdout).toMatch(/^boom\nstack traceback:\n/);
  });

  test("that never ends is stopped", () => {
    const outcome = run(["run", "--steps", "1000", "-e", "while true do end"]);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toBe(
      "luacross run: the program ran for too many steps; '--steps COUNT' changes that\n",
    );
  });
});

describe("mocks", () => {
  const files = {
    "mocks/wifi.lua":
      "local M = { sta = {} } function M.sta.getip() return '10.0.0.7' end return M",
    "mocks/notes.txt": "not one of them",
    "wrong/net.lua": "return 1",
    "none/notes.txt": "",
  };
  const program = "print(wifi.sta.getip())";

  test("stand for modules", () => {
    expect(run(["run", "--mocks", "mocks", "-e", program], { files })).toMatchObject({
      status: 0,
      stdout: "10.0.0.7\n",
      stderr: "",
    });
  });

  test.each(["esp8266-lua51-float", "esp8266-2.2-int", "esp8266-lua53", "esp32-lua53-64"])(
    "are recommended for modules of %s that are missing",
    (target) => {
      const outcome = run(["run", "--target", target, "-e", program], { files });
      expect(outcome.status).toBe(1);
      expect(outcome.stderr).toBe(
        "luacross run: the board has no module 'wifi'; '--mocks DIR' takes a stand-in for it\n",
      );
    },
  );

  test.each([
    ["prints the error", `print(pcall(function() ${program} end))`],
    ["asks for them by name", "print(pcall(require, 'wifi'))"],
  ])("are recommended when the program %s itself", (_, code) => {
    const outcome = run(["run", "-e", code], { files });
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain("wifi");
    expect(outcome.stderr).toContain("the board has no module 'wifi'");
  });

  test("are recommended where others are", () => {
    const outcome = run(["run", "--mocks", "mocks/", "-e", "net.createServer()"], { files });
    expect(outcome.stderr).toBe(
      "luacross run: the board has no module 'net'; mocks/net.lua would stand in for it\n",
    );
  });

  test.each(["print(other.x)", "print(pcall(require, 'other'))", "print('wifi')"])(
    "are not recommended for what is no module: %s",
    (code) => {
      expect(run(["run", "-e", code]).stderr).toBe("");
    },
  );

  test("that fail, or are not there, are told of", () => {
    const failing = run(["run", "--mocks", "wrong/", "-e", program], { files });
    expect(failing.status).toBe(1);
    expect(failing.stderr).toContain(
      "the mock of 'net' failed: wrong/net.lua must return a table, not number",
    );
    const none = run(["run", "--mocks", "none", "-e", program], { files });
    expect(none.status).toBe(1);
    expect(none.stderr).toContain(
      "none: there are no mocks here; 'wifi.lua' would be one of 'wifi'",
    );
  });
});

// The start of the board takes some of it.
test.each([
  ["0.5", 2],
  ["2", 17],
])("a run takes %s seconds when told so", (time, count) => {
  const code = "tmr.create():alarm(100, tmr.ALARM_AUTO, function() print('tick') end)";
  const { status, stdout, stderr } = run(["run", "--time", time, "-e", code]);
  expect([status, stdout, stderr]).toEqual([0, "tick\n".repeat(count), ""]);
});

test("a program that fills the RAM is told how to have more", () => {
  const code = "local t = {} for i = 1, 1e6 do t[i] = i .. '' end";
  const outcome = run(["run", "--heap", "20K", "-e", code]);
  expect(outcome.status).toBe(1);
  expect(outcome.stdout).toBe("not enough memory\n");
  expect(outcome.stderr).toBe(
    "luacross run: the RAM of the board was full; '--heap BYTES' gives it more\n",
  );
});

test("a file that is not for this board is told what it is", () => {
  const chunk = compile("return 1", { chunkName: "@m.lua", target: "esp8266-lua53" });
  const files = {
    "m.lc": fromBytes(encode(chunk, { target: "esp8266-lua53" })),
    "app.img": imageOf("esp8266-lua51-float"),
  };
  expect(run(["run", "m.lc"], { files })).toMatchObject({
    status: 1,
    stdout: "m.lc: bad header in precompiled chunk\n",
    stderr:
      "luacross run: m.lc: this is a chunk of Lua 5.3, and target esp8266-lua51-float is Lua 5.1\n",
  });
  expect(run(["run", "--target", "esp8266-lua53", "m.lc"], { files })).toMatchObject({
    status: 0,
    stderr: "",
  });
  expect(run(["run", "app.img"], { files })).toMatchObject({
    status: 1,
    stderr: "luacross run: app.img is a flash image; '--lfs app.img' loads it\n",
  });
});

describe("a board that restarts", () => {
  const late = "tmr.create():alarm(10, tmr.ALARM_SINGLE, function() error('late') end)";

  test("because of an error is stopped", () => {
    const outcome = run(["run", "-e", late]);
    expect(outcome.status).toBe(1);
    expect(outcome.stdout.match(/late/g)).toHaveLength(1);
    expect(outcome.stderr).toContain("'--restarts COUNT' lets it");
  });

  test("may do so as often as one likes", () => {
    const outcome = run(["run", "--restarts", "2", "-e", late]);
    expect(outcome.status).toBe(1);
    expect(outcome.stdout.match(/late/g)).toHaveLength(3);
    expect(outcome.stderr).toBe(
      "luacross run: stopped, for the board would restart more than 2 times; '--restarts COUNT' allows more\n",
    );
  });

  test.each([0, 1, 5])("starts once more than the %i restarts it may", (count) => {
    const outcome = run(["run", "--restarts", `${count}`, "-e", "print('start') node.restart()"]);
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toBe("start\n".repeat(count + 1));
    expect(outcome.stderr).toContain(`would restart more than ${count} time`);
  });
});

describe("an image", () => {
  test("tells the target", () => {
    const files = { "app.img": imageOf("esp8266-lua51-int") };
    const outcome = run(["run", "--lfs", "app.img", "-e", "print(7 / 2)"], { files });
    expect(outcome).toMatchObject({ status: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/(^|\n)3\n$/);
  });

  test("for another target is refused with the firmware's words", () => {
    const files = { "app.img": imageOf("esp8266-lua51-int") };
    const args = ["run", "--lfs", "app.img", "--target", "esp8266-lua51-float", "-e", "x = 1"];
    const outcome = run(args, { files });
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toMatch(/^luacross run: app.img: the board refuses it: \w/);
    expect(outcome.stderr).toMatch(/; it is built for .*esp8266-lua51-int.*\n$/);
  });
});

describe("what cannot be", () => {
  test.each([
    [["run"], 2, "there is nothing to run"],
    [["run", "gone.lua"], 1, "cannot open gone.lua: No such file or directory"],
    [["run", "fs"], 1, "fs is a folder; '--fs fs' runs its init.lua"],
    [["run", "--fs", "gone"], 1, "cannot open gone: No such file or directory"],
    [["run", "--fs", "a.lua"], 1, "cannot open a.lua: Not a directory"],
    [["run", "--lfs", "a.lua", "-e", "x = 1"], 1, "a.lua: this is no flash image"],
    [["run", "a.lua", "-e", "x = 1"], 2, "two programs"],
    [["run", "--heap", "much", "a.lua"], 2, "'--heap much' is no size"],
    [["run", "--heap", "-e", "print(1)"], 2, "'--heap -e' is no size"],
    [["run", "--time", "0", "a.lua"], 2, "'--time 0' is no time; write it like 60 or 0.5"],
    [["run", "--time", "1e3", "a.lua"], 2, "'--time 1e3' is no time"],
    [["run", "--target", "esp", "a.lua"], 2, "unknown target 'esp'"],
    [["run", "--colour", "a.lua"], 2, "there is no option '--colour'"],
  ])("%j", (args, status, message) => {
    const outcome = run(args, { files: { "a.lua": "", "fs/init.lua": "" } });
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stdout).toBe("");
  });
});

describe("as a process", () => {
  const installed = new InstalledPackage();
  afterAll(() => installed.remove());

  test("repl runs what it reads", () => {
    const { stdout, status } = installed.run("luacross", ["repl"], { input: "x = 2\n=x * 21" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/> 42\n> $/);
  });

  test("repl keeps lines for a board that restarts", () => {
    const input = "node.restart()\nprint('again')\nnode.dsleep(1000)\nprint('awake')\n";
    const { stdout, status } = installed.run("luacross", ["repl"], { input });
    expect(status).toBe(0);
    expect(stdout).toMatch(/> again\n(.*\n)*> awake\n> $/);
  });

  test("repl says once why it ends", () => {
    const { stderr, status } = installed.run("luacross", ["repl", "--steps", "1000"], {
      input: "while true do end\nprint(2)\n",
    });
    expect(status).toBe(1);
    expect(stderr).toBe(
      "luacross repl: the program ran for too many steps; '--steps COUNT' changes that\n",
    );
  });

  const nowhere = "/dev/full";
  test.skipIf(!fs.existsSync(nowhere)).each([
    ["luacross", ["run", "-e", "print(1)"]],
    ["luacross", ["run", "--realtime", "-e", "print(1)"]],
    ["luacross", ["repl"]],
  ])("a full disk is told of: %s %j (no /dev/full)", (name, args) => {
    const full = fs.openSync(nowhere, "w");
    const bin = path.join(installed.folder, "bin", name);
    const outcome = spawnSync(process.execPath, [bin, ...args], {
      stdio: ["ignore", full, "pipe"],
      encoding: "latin1",
    });
    fs.closeSync(full);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toMatch(
      /^luacross[ a-z]*: cannot \w+ stdout: No space left on device\n$/,
    );
  });

  test.skipIf(process.platform === "win32")("readers may leave a board in real time", () => {
    const bin = path.join(installed.folder, "bin/luacross");
    const code = "tmr.create():alarm(10, 1, function() print('x') end)";
    const line = `"$0" "$1" run --realtime --time 9 -e "$2" | head -n 1`;
    const outcome = spawnSync("sh", ["-c", line, process.execPath, bin, code], {
      encoding: "latin1",
    });
    expect(outcome).toMatchObject({ status: 0, stdout: "x\n", stderr: "" });
  });

  test.skipIf(!IS_ROOT)(
    "what the system refuses in the board's folder is said (needs root)",
    () => {
      fs.mkdirSync(installed.at("locked"));
      fs.writeFileSync(installed.at("locked/secret"), "x", { mode: 0o600 });
      const code = "file.putcontents('new', '1') file.getcontents('secret') file.open('none')";
      const args = ["run", "--fs", "locked", "-e", code];
      const { status, stderr } = installed.run("luacross", args, { uid: 65534 });
      expect(status).toBe(0);
      expect(stderr).toBe(
        `luacross run: cannot open locked/new: Permission denied
luacross run: cannot open locked/secret: Permission denied
`,
      );
      fs.chmodSync(installed.at("locked"), 0o700);
      const mocks = installed.run("luacross", ["run", "--mocks", "locked", "-e", "x = 1"], {
        uid: 65534,
      });
      expect(mocks.stderr).toBe("luacross run: cannot read locked: Permission denied\n");
    },
  );

  test("run keeps pace with real time when asked, and ends when idle", () => {
    const args = ["run", "--realtime", "-e", "print('paced')"];
    expect(installed.run("luacross", args)).toMatchObject({ status: 0, stdout: "paced\n" });
  });
});
