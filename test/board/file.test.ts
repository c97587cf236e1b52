/** The module `file`: what the manual says of it, and what SPIFFS does behind it. */
import { expect, test } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { lines, onBoards, outputOf, started, textOf } from "./boards.ts";

onBoards(
  "files by name",
  (target, generation) => {
    const run = (program: string) => outputOf(target, program);

    test("a file is made, found, measured, renamed and removed", () => {
      const program = `
        local f = file.open("a.txt", "w")
        print(f:write("hello"), f:writeline(" world"))
        f:close()
        print(file.exists("a.txt"), file.exists("b.txt"), file.list()["a.txt"])
        print(file.rename("a.txt", "b.txt"), file.exists("a.txt"), file.exists("b.txt"))
        print(file.rename("a.txt", "c.txt"))
        file.open("c.txt", "w"):close()
        print(file.rename("b.txt", "c.txt"))
        file.remove("b.txt") file.remove("never there")
        print(file.exists("b.txt"))`;
      expect(run(program)).toBe(
        lines("true\ttrue", "true\tfalse\t12", "true\tfalse\ttrue", "false", "false", "false"),
      );
    });

    test("names begin with the drive or not, and have 31 bytes at most", () => {
      const program = `
        local long = ("n"):rep(31)
        file.open("/FLASH/" .. long, "w"):close()
        print(file.exists(long), file.exists("/FLASH/" .. long), file.exists("/SD0/x"))
        print(file.open("/SD0/x", "w"), file.rename(long, "/SD0/x"))
        for _, name in ipairs{long .. "n", "a\\0b"} do
          print(select(2, pcall(function() file.open(name, "w") end)))
        end
        print(select(2, pcall(function() file.rename("a", long .. "n") end)))
        print(select(2, pcall(function() file.stat("/FLASH/" .. long) end)))
        print(file.open(long .. "/" .. "x", "w"))`;
      const wrong = (n: number, name: string) =>
        `test.lua: bad argument #${n} to '${name}' (filename invalid)`;
      const output = run(program).replaceAll(/test\.lua:\d+/g, "test.lua");
      expect(output).toBe(
        lines(
          "true\ttrue\tfalse",
          "nil\tfalse",
          wrong(1, "open"),
          wrong(1, "open"),
          wrong(2, "rename"),
          wrong(1, "stat"),
          "nil",
        ),
      );
    });

    test("list takes a pattern, and passes on its errors", () => {
      const program = `
        for _, name in ipairs{"a.lua", "b.lua", "c.txt"} do file.open(name, "w"):close() end
        local names = {}
        for name in pairs(file.list("%.lua$")) do names[#names + 1] = name end
        table.sort(names)
        print(#names, names[1], names[2])
        print(pcall(file.list, "%"))`;
      expect(run(program)).toBe(
        lines("2\ta.lua\tb.lua", "false\tmalformed pattern (ends with '%')"),
      );
    });

    test("stat tells size and name, and a time that means none", () => {
      const program = `
        local f = file.open("x", "w") f:write("123") f:close()
        local s = file.stat("/FLASH/x")
        print(s.size, s.name, s.is_dir, s.is_rdonly, s.is_hidden, s.is_sys, s.is_arch)
        local t = s.time
        print(t.year, t.mon, t.day, t.hour, t.min, t.sec)
        print(file.stat("y"))`;
      expect(run(program)).toBe(
        lines("3\tx\tfalse\tfalse\tfalse\tfalse\tfalse", "1970\t1\t1\t0\t0\t0", "nil"),
      );
    });

    test("format removes all, closes all and says so", () => {
      const program = `
        local f = file.open("x", "w")
        file.open("y", "w")
        file.format()
        print(next(file.list()), f:write("a"))`;
      expect(run(program)).toBe(lines("format done.", "nil\tnil"));
    });

    test("on takes a function for the clock", () => {
      const program = `
        print(select("#", file.on("rtc", function() end)))
        print(select("#", file.on("rtc", nil)))
        print(pcall(file.on, "rtc", 1))
        print(select(2, pcall(file.on, "alarm")))`;
      const refused = generation === "2.2" ? "true" : "false\tCallback should be function or nil";
      expect(run(program)).toBe(
        lines("0", "0", refused, "bad argument #1 to '?' (invalid option 'alarm')"),
      );
    });
  },
  ["2.2", "3.0"],
);

onBoards(
  "open files",
  (target, generation) => {
    const run = (program: string) => outputOf(target, program);

    test("modes", () => {
      const program = `
        print(file.open("x"), file.open("x", "r+"))
        local function all(mode, text)
          local f = file.open("x", mode)
          local wrote = f:write(text)
          f:seek("set")
          local read = f:read()
          f:close()
          print(mode, wrote, read)
        end
        all("w", "one") all("r", "-") all("a", "two") all("r+", "O") all("a+", "!")
        all("nonsense", "-") all("w+", "new")`;
      expect(run(program)).toBe(
        lines(
          "nil\tnil",
          "w\ttrue\tnil",
          "r\tnil\tone",
          "a\ttrue\tnil",
          "r+\ttrue\tOnetwo",
          "a+\ttrue\tOnetwo!",
          "nonsense\tnil\tOnetwo!",
          "w+\ttrue\tnew",
        ),
      );
    });

    test("read goes up to a number of bytes, a character, 1024 bytes or the end", () => {
      const program = `
        local f = file.open("x", "w+")
        f:write("line 1\\nline 2\\n" .. ("x"):rep(2000))
        f:seek("set", 0)
        print(f:read(4), f:read(" "), f:readline())
        print(f:readline())
        print(#f:read(), #f:read("y"), f:read(), f:readline())
        f:seek("set")
        print(#f:read(1500))
        print(pcall(f.read, f, "ab"))`;
      // The object is given as an argument, so the message does not name a method.
      expect(run(program)).toBe(
        lines("line\t \t1\n", "line 2\n", "1024\t976\tnil\tnil", "1500", "false\twrong arg range"),
      );
    });

    test("reading nothing, or less", () => {
      const program = `
        local f = file.open("x", "w+")
        f:write("abc") f:seek("set")
        print(f:read(0), f:read(-1))`;
      expect(run(program)).toBe(lines(generation === "2.2" ? "abc\tnil" : "\t"));
    });

    test("seek goes to the end at most, and tells when that is not far enough", () => {
      const program = `
        local f = file.open("x", "w+")
        f:write("0123456789")
        print(f:seek(), f:seek("set", 3), f:read(1), f:seek("cur", 2), f:seek("end", -1))
        print(f:seek("set", 11), f:seek(), f:seek("set", -1), f:seek())
        print(pcall(f.seek, f, "begin"))`;
      expect(run(program)).toBe(
        lines(
          "10\t3\t3\t6\t9",
          "nil\t10\tnil\t10",
          "false\tbad argument #2 to '?' (invalid option 'begin')",
        ),
      );
    });

    test("the functions of the module are for the file that was opened last", () => {
      const program = `
        print(select("#", file.close()))
        print(pcall(file.read))
        local a = file.open("a", "w")
        local b = file.open("b", "w")
        print(file.write("in b"), file.writeline("!"), file.flush())
        a:write("in a")
        file.close()
        print(pcall(b.write, b, "more"))
        a:close()
        file.open("b") print(file.read(4), file.readline(), file.seek("set", 3), file.read())
        file.close()
        print(pcall(file.seek))
        file.open("none") print(pcall(file.write, "x"))`;
      expect(run(program)).toBe(
        lines(
          "0",
          "false\topen a file first",
          "true\ttrue\ttrue",
          "false\topen a file first",
          "in b\t!\n\t3\tb!\n",
          "false\topen a file first",
          "false\topen a file first",
        ),
      );
    });

    test("closing any file lets the last one go, which stays open", () => {
      const program = `
        local a, b = file.open("a", "w"), file.open("b", "w")
        a:close()
        file.close()
        print(file.write("still"))`;
      expect(run(program)).toBe(lines("true"));
    });

    test("at most four are open; to rename and to remove takes one more", () => {
      const program = `
        file.open("x", "w"):close()
        local open = {}
        for i = 1, 4 do open[i] = file.open("f" .. i, "w") end
        print(file.open("f5", "w"), file.rename("x", "y"))
        file.remove("x")
        print(file.exists("x"), file.exists("f5"))
        open[2]:close()
        print(file.rename("x", "y"), file.open("f5", "w") ~= nil)`;
      expect(run(program)).toBe(lines("nil\tfalse", "true\tfalse", "true\ttrue"));
    });

    test("openings of one file share its content", () => {
      const program = `
        local w, r = file.open("x", "w"), file.open("x", "r")
        w:write("abc")
        print(r:read(2))
        w:write("def")
        print(r:read())
        file.remove("x")
        print(w:write("more"), r:seek("set"), r:read(), w:flush())`;
      expect(run(program)).toBe(lines("ab", "cdef", "nil\tnil\tnil\tnil"));
    });

    test("a file that is renamed stays open", () => {
      const { board, files } = started(
        target,
        `local f = file.open("x", "w") f:write("a") file.rename("x", "y") f:write("b") f:close()`,
      );
      board.run();
      expect([textOf(files, "x"), textOf(files, "y")]).toEqual([undefined, "ab"]);
    });

    test("small writes wait: others do not see them, and a restart loses them", () => {
      const program = `
        local f = file.open("x", "w")
        f:write(("a"):rep(200)) print(file.list().x)
        f:write(("b"):rep(100)) print(file.list().x)
        f:flush() print(file.list().x)
        f:write(("c"):rep(300)) print(file.list().x)
        f:write("lost")`;
      const { board, output, files } = started(target, program);
      board.run();
      expect(output()).toBe(lines("0", "200", "300", "600"));
      board.powerOn();
      expect(textOf(files, "x")).toBe("a".repeat(200) + "b".repeat(100) + "c".repeat(300));
    });

    test("files that a program forgot are closed, and what waited is written", () => {
      const program = `
        for i = 1, 10 do file.open("f" .. i, "w"):write("text " .. i) end
        local function forgets() local f = file.open("g", "w") f:write("more") end
        forgets()
        kept = file.open("h", "w") kept:write("waits") file.open("i", "w")
        tmr.create():alarm(10, tmr.ALARM_SINGLE, function()
          print(file.list().f1, file.list().f10, file.list().g, file.list().h)
        end)`;
      expect(run(program)).toBe(lines("6\t7\t4\t0"));
    });

    test("one that was forgotten is closed when the program pauses", () => {
      const program = `
        local function forgets() local f = file.open("g", "w") f:write("more") end
        forgets()
        -- The one that was opened last is kept.
        file.open("none")
        tmr.create():alarm(10, tmr.ALARM_SINGLE, function() print(file.list().g) end)`;
      expect(run(program)).toBe(lines("4"));
    });

    test("appends that wait are not in the position that seek tells", () => {
      const program = `
        local f = file.open("x", "a+")
        f:write("abc") f:write("def")
        print(f:seek(), f:seek("end"))`;
      expect(run(program)).toBe(lines("3\t6"));
    });

    test("chunks are loaded from the drive, with what still waits to be written", () => {
      const program = `
        local f = file.open("x.lua", "w")
        f:write("print('loaded', ...)")
        dofile("/FLASH/x.lua")
        print(pcall(dofile, "/SD0/x.lua"))
        print(loadfile("x.lua")(1))`;
      const end = generation === "2.2" ? "" : ": ";
      expect(run(program)).toBe(
        lines("loaded", `false\tcannot open /SD0/x.lua${end}`, "loaded\t1", ""),
      );
    });

    test("writes in the middle change what was there", () => {
      const program = `
        local f = file.open("x", "w+")
        f:write(("0123456789"):rep(60))
        f:seek("set", 5) f:write("abc") f:write("def")
        f:seek("set", 599) f:write("XY")
        f:close()`;
      const { board, files } = started(target, program);
      board.run();
      const text = "0123456789".repeat(60);
      expect(textOf(files, "x")).toBe(`01234abcdef${text.slice(11, 599)}XY`);
    });

    test("when there is no room left, write gives nil and nothing is written", () => {
      const program = `
        local left = file.fsinfo()
        local f = file.open("x", "w")
        local piece = ("x"):rep(25100)
        local n = 0
        while f:write(piece) do n = n + 1 end
        f:close()
        print(file.list().x == n * #piece, left - n * #piece < 2 * #piece + 20000)
        f = file.open("x", "a") print(f:write(piece)) f:close()
        file.remove("x")
        f = file.open("y", "w") print(f:write(piece))`;
      expect(run(program)).toBe(lines("true\ttrue", "nil", "true"));
    });
  },
  ["2.2", "3.0"],
);

onBoards(
  "whole files",
  (target) => {
    test("getcontents and putcontents", () => {
      const program = `
        print(file.putcontents("x", "all of it\\0"), #file.getcontents("x"))
        print(file.putcontents("x", ""), file.getcontents("x"))
        print(select("#", file.getcontents("none")))
        print(file.putcontents("x", ("y"):rep(5000)), #file.getcontents("x"))
        print(pcall(file.putcontents, "x"))`;
      expect(outputOf(target, program)).toBe(
        lines(
          "true\t10",
          "true\tnil",
          "0",
          "true\t5000",
          "false\tbad argument #2 to '?' (string expected, got nil)",
        ),
      );
    });
  },
  ["3.0"],
);

onBoards(
  "files of the newer chip",
  (target) => {
    test("only names and sizes: contents are for other modules", () => {
      const program = `
        print(file.open, file.exists("/a"), file.exists("a"), file.exists("b"))
        print(file.rename("a", "sub/b"), file.exists("a"))
        print(file.list()["sub/b"], file.list("/sub").b, next(file.list("other")))
        file.remove("sub/b")
        print(next(file.list()))
        print(pcall(file.mkdir, "d"))
        print(pcall(file.rmdir, "d"))`;
      const { board, output, files } = started(target, program);
      files.write("a", toBytes("12345"));
      board.run();
      expect(output()).toBe(
        lines(
          "nil\ttrue\ttrue\tfalse",
          "true\tfalse",
          "5\t5\tnil",
          "nil",
          "false\tfailed to create directory 'd'; code 134",
          "false\tfailed to remove directory 'd'; code 134",
        ),
      );
    });
  },
  ["ESP32"],
);

onBoards("the room for files", (target, generation) => {
  test("fsinfo counts pages of 251 bytes", () => {
    const program = `
      local free, used, total = file.fsinfo()
      print(free, used, total)`;
    const { board, output, files } = started(target, program);
    files.write("empty", toBytes(""));
    files.write("small", toBytes("x".repeat(251)));
    files.write("large", toBytes("x".repeat(252)));
    board.run();
    const total = { "2.2": 3011498, "3.0": 3081527, ESP32: 414401 }[generation];
    // One page for each name, and one and two for what is in them.
    const used = (1 + 2 + 3) * 251;
    expect(output()).toBe(lines([total - used, used, total].join("\t")));
  });
});

onBoards(
  "more files than fit",
  (target) => {
    test("do not count: there is as much room as on an empty board", () => {
      const program = `
        local free, used, total = file.fsinfo()
        print(free == total, used)
        local f = file.open("x", "w")
        print(f:write(("x"):rep(1000)))
        f:close()
        print((select(2, file.fsinfo())))`;
      const { board, output, files } = started(target, program);
      files.write("huge", new Uint8Array(4_000_000));
      board.run();
      expect(output()).toBe(lines("true\t0", "true", "1255"));
    });
  },
  ["2.2", "3.0"],
);

onBoards(
  "the partition table",
  (target) => {
    test("says where the files are", () => {
      const program = `
        print(file.fscfg())
        if node.bootreason() == 1 or file.fscfg() ~= 0x200000 then
          node.setpartitiontable{ spiffs_addr = 0x200000, spiffs_size = 0x40000 }
        end`;
      expect(outputOf(target, program, { lfsSize: 0 })).toBe(
        lines("655360\t3522560", "2097152\t262144"),
      );
    });
  },
  ["3.0"],
);

onBoards(
  "where the files are",
  (target, generation) => {
    test("fscfg tells address and size, which follow the flash store", () => {
      const read = (lfsSize: number) => outputOf(target, "print(file.fscfg())", { lfsSize });
      const expected = {
        "2.2": ["851968\t3317760", "720896\t3448832"],
        "3.0": ["786432\t3391488", "655360\t3522560"],
        ESP32: ["", ""],
      }[generation];
      expect([read(0x20000), read(0)]).toEqual(expected.map((text) => lines(text)));
    });
  },
  ["2.2", "3.0"],
);
