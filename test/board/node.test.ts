/** The module `node` of each generation: the chip, its starts and sleep, tasks, settings. */
import { describe, expect, test } from "vitest";
import { GENERATIONS, printed, trial } from "./trial.ts";

const [FIRMWARE_22, FIRMWARE_30, NEWER_CHIP] = GENERATIONS;
const OLDER_CHIP = [FIRMWARE_22, FIRMWARE_30];

/** The message of an error, without where it is. */
const FAILS = `
local function fails(...)
  local results = { pcall(...) }
  print(results[1] and "no error" or results[2])
end
`;

describe("what is in the module", () => {
  const names =
    "for name in pairs(node) do uart_line = (uart_line or '') .. name .. ' ' end print(uart_line)";

  test("firmware 2.2", () => {
    expect(printed(FIRMWARE_22, names)).toBe(
      "heap info task flashreload flashindex restart dsleep dsleepMax sleep chipid flashid flashsize " +
        "input output compile CPU80MHZ CPU160MHZ setcpufreq getcpufreq bootreason restore random " +
        "stripdebug egc \n",
    );
  });

  test("firmware 3.0", () => {
    expect(printed(FIRMWARE_30, names)).toBe(
      "heap info task flashreload flashindex LFS setonerror startupcommand startup restart dsleep " +
        "dsleepMax sleep chipid flashid flashsize input output compile CPU80MHZ CPU160MHZ setcpufreq " +
        "getcpufreq bootreason restore random stripdebug egc getpartitiontable setpartitiontable \n",
    );
  });

  test("the newer chip", () => {
    expect(printed(NEWER_CHIP, names)).toBe(
      "bootreason chipid chipmodel compile dsleep egc flashreload flashindex LFS heap info input " +
        "output osprint restart setonerror sleep stripdebug task uptime wakeup \n",
    );
  });

  test.each(GENERATIONS)("cannot be changed on %s", (target) => {
    expect(printed(target, "print(pcall(function() node.heap = 1 end))")).toMatch(/^false\t/);
  });
});

describe("the chip", () => {
  test.each(OLDER_CHIP)("has numbers and two speeds on %s", (target) => {
    const program = `
      print(type(node.chipid()), type(node.flashid()), node.flashsize())
      print(node.getcpufreq(), node.setcpufreq(node.CPU160MHZ), node.getcpufreq(), node.setcpufreq(7))
      print(node.dsleepMax())`;
    expect(printed(target, program)).toBe(
      "number\tnumber\t4194304\n80\t160\t160\t80\n12884901882\n",
    );
  });

  test("has a model on the newer one", () => {
    expect(printed(NEWER_CHIP, "print(node.chipmodel(), node.chipid())")).toMatch(
      /^esp32\t0x[0-9a-f]+\n$/,
    );
  });

  test.each(GENERATIONS)("has as much memory as it is given on %s", (target) => {
    expect(printed(target, "print(node.heap() <= 30000)", { freeHeap: 30_000 })).toBe("true\n");
  });

  test("counts the time in one number, or in two of 31 bits", () => {
    expect(printed(NEWER_CHIP, "print(node.uptime())")).toMatch(/^\d+\t0\n$/);
    const program =
      "node.sleep{ secs = 2150 } local low, high = node.uptime() print(high, low < 10^8)";
    const result = printed("esp32-lua51-int", program.replace("10^8", "100000000"));
    expect(result).toBe("1\ttrue\n");
  });
});

describe("node.info", () => {
  const all =
    "local t = {...} for k, v in pairs(node.info(GROUP)) do t[#t + 1] = k .. '=' .. tostring(v) end table.sort(t) print(table.concat(t, ' '))";
  const group = (name: string) => all.replace("GROUP", `"${name}"`);

  test("is eight numbers in firmware 2.2", () => {
    expect(printed(FIRMWARE_22, "print(select('#', node.info()), node.info('hw'))")).toMatch(
      /^8\t2\t2\t1\t\d+\t\d+\t4096\t2\t40000000\n$/,
    );
  });

  test("has groups in firmware 3.0, and warns without one", () => {
    expect(printed(FIRMWARE_30, group("hw"))).toMatch(
      /^chip_id=\d+ flash_id=\d+ flash_mode=2 flash_size=4096 flash_speed=40000000\n$/,
    );
    expect(printed(FIRMWARE_30, group("sw_version"))).toContain(
      "git_release=3.0.0-release_20240225 node_version_major=3",
    );
    expect(printed(FIRMWARE_30, group("build_config"))).toMatch(
      /^lfs_size=\d+ modules=bit,\S*,node,pipe,\S* number_type=float ssl=false\n$/,
    );
    expect(printed(FIRMWARE_30, "print(select('#', node.info()))")).toBe(
      "Warning, deprecated API! node.info() without parameter. It will be removed in the next " +
        "version. See documentation for details.\n8\n",
    );
    expect(printed(FIRMWARE_30, `${FAILS} fails(node.info, "x")`)).toBe(
      "bad argument #1 to '?' (invalid option 'x')\n",
    );
  });

  test("has others on the newer chip, and none without a name", () => {
    expect(printed(NEWER_CHIP, group("hw"))).toContain("chip_model=esp32 cpu_cores=2");
    expect(printed(NEWER_CHIP, "print(next(node.info()))")).toBe("nil\n");
  });
});

describe("node.bootreason", () => {
  const program = (first: string) => `
    local reasons = { node.bootreason() }
    print(unpack(reasons))
    if reasons[2] == 0 or reasons[2] == 8 then ${first} end`;

  test.each([
    [FIRMWARE_22, "1\t0\n2\t4\n"],
    [FIRMWARE_30, "1\t0\n2\t4\n"],
    [NEWER_CHIP, "1\t8\n2\t19\t0\n"],
  ])("tells of a restart on %s", (target, expected) => {
    expect(printed(target, program("node.restart() print('not reached')"))).toBe(expected);
  });

  test.each([
    [FIRMWARE_22, "1\t0\n2\t5\n"],
    [FIRMWARE_30, "1\t0\n2\t5\n"],
    [NEWER_CHIP, "1\t8\n3\t12\n"],
  ])("tells of deep sleep on %s", (target, expected) => {
    expect(printed(target, program("node.dsleep(5000000)"))).toBe(expected);
  });

  test.each([
    [FIRMWARE_22, "2\t3\n"],
    [FIRMWARE_30, "2\t4\n"],
    [NEWER_CHIP, "2\t19\t0\n"],
  ])("tells of an error on %s", (target, expected) => {
    const fail = program("node.task.post(function() error('late') end)");
    const result = printed(target, fail);
    expect(result).toContain("late");
    expect(result.endsWith(expected)).toBe(true);
  });
});

describe("deep sleep", () => {
  test.each(GENERATIONS)(
    "lasts as long as it should on %s, and nothing goes on in it",
    (target) => {
      const { board, output } = trial(target, {
        "init.lua": `
        if select(2, node.bootreason()) % 7 == 5 then return end
        node.task.post(function() print("lost") end)
        node.dsleep(60000000)`,
      });
      board.run(30_000_000);
      expect(board.restarts).toBe(0);
      expect(board.run().kind).toBe("idle");
      expect(board.restarts).toBe(1);
      expect(board.now).toBeGreaterThanOrEqual(60_000_000);
      expect(output()).toBe("");
    },
  );

  test.each([
    [FIRMWARE_22, "node.dsleep(0)"],
    [FIRMWARE_30, "node.dsleep(0, 1)"],
    [NEWER_CHIP, "node.dsleep{ gpio = { 4, 33 } }"],
  ])("is for ever without a time on %s", (target, program) => {
    const { board } = trial(target, { "init.lua": program });
    expect(board.run().kind).toBe("asleep");
    expect(board.restarts).toBe(0);
  });

  test.each(OLDER_CHIP)("only sets options when there is no number on %s", (target) => {
    expect(printed(target, "node.dsleep() node.dsleep(nil, 4) print('awake')")).toBe("awake\n");
  });

  test("refuses what firmware refuses", () => {
    expect(printed(FIRMWARE_22, `${FAILS} fails(node.dsleep, nil, 5)`)).toBe("wrong arg range\n");
    expect(printed(FIRMWARE_30, `${FAILS} fails(node.dsleep, nil, 5)`)).toBe("no error\n");
    expect(printed(NEWER_CHIP, `${FAILS} fails(node.dsleep, {gpio = 5}) fails(node.dsleep)`)).toBe(
      "Pin 5 is not an RTC GPIO and cannot be used for wakeup\n" +
        "bad argument #1 to '?' (Expected integer or table)\n",
    );
  });
});

describe("light sleep", () => {
  test.each(OLDER_CHIP)("is not built into %s", (target) => {
    expect(printed(target, `${FAILS} fails(node.sleep, {})`)).toBe("node.sleep() is unavailable\n");
  });

  test("takes its time on the newer chip", () => {
    const program = `
      local before = node.uptime()
      print(node.sleep{ us = 500, secs = 3, gpio = true } == node.wakeup.TIMER)
      print(node.uptime() - before >= 3000500)`;
    expect(printed(NEWER_CHIP, program)).toBe("true\ntrue\n");
  });

  test("says what it cannot do, and what is wrong", () => {
    const program = `${FAILS}
      fails(node.sleep, { gpio = true })
      fails(node.sleep, { us = "soon" })
      fails(node.sleep, { uart = true })
      fails(node.sleep)`;
    expect(printed(NEWER_CHIP, program)).toBe(
      "node.sleep: only time wakes a simulated board; give 'us' or 'secs'\n" +
        "bad option us to '?' (number expected, got string)\n" +
        "bad option uart to '?' (must be integer or table)\n" +
        "bad argument #1 to '?' (table expected, got no value)\n",
    );
  });
});

describe.each(GENERATIONS)("tasks on %s", (target) => {
  test("run by priority, each with its own", () => {
    const program = `
      for priority = node.task.LOW_PRIORITY, node.task.HIGH_PRIORITY do
        node.task.post(priority, function(p) print("priority", p) end)
      end
      node.task.post(function(p) print("usual", p) end)
      print("first")`;
    expect(printed(target, program)).toBe(
      "first\npriority\t2\npriority\t1\nusual\t1\npriority\t0\n",
    );
  });

  test("are kept by a collection, and count for memory until they ran", () => {
    const program = `
      local function memory() collectgarbage() return node.heap() end
      local before = memory()
      do
        local big = ("x"):rep(5000)
        node.task.post(0, function() print("ran", #big) big = nil end)
      end
      print(before - memory() > 5000)
      node.task.post(0, function() print(before - memory() < 1000) end)`;
    expect(printed(target, program)).toBe("true\nran\t5000\ntrue\n");
  });

  test("cannot wait in any number", () => {
    const program = `
      local function none() end
      node.task.post(0, function()
        local count = 0
        local ok, message
        repeat
          ok, message = pcall(node.task.post, 0, none)
          if ok then count = count + 1 end
        until not ok
        print(count, message)
        node.task.post(1, function() print(pcall(node.task.post, 0, none)) end)
        node.task.post(0, none)
      end)`;
    const count = target === NEWER_CHIP ? 25 : 8;
    const result = printed(target, program);
    const [first, ...rest] = result.split("\n");
    expect(first).toBe(`${count}\tTask queue overflow. Task not posted`);
    expect(rest.join()).toMatch(/init\.lua:\d+: Task queue overflow/);
    // The queue is still full when the task with the higher priority runs.
    if (target !== FIRMWARE_22)
      expect(rest).toContain("false\tTask queue overflow. Task not posted");
  });

  test("refuse what is no priority and no function", () => {
    const program = `${FAILS} fails(node.task.post, 3, print) fails(node.task.post, 1)`;
    const noFunction =
      target === FIRMWARE_30 ? "function expected, got no value" : "invalid function";
    expect(printed(target, program)).toBe(
      `bad argument #1 to '?' (invalid  priority)\nbad argument #2 to '?' (${noFunction})\n`,
    );
  });
});

describe.each([FIRMWARE_30, NEWER_CHIP])("node.setonerror on %s", (target) => {
  test("gets the error of a task instead of a restart", () => {
    const program = `
      node.setonerror(function(message) print("caught", (message:match("[^\\n]+"))) end)
      node.task.post(function() error("late") end)`;
    const { board, output } = trial(target, { "init.lua": program });
    board.run();
    expect(output()).toMatch(/^caught\tinit\.lua:3: late\n$/);
    expect(board.restarts).toBe(0);
  });

  test("is undone by anything else", () => {
    const program = `
      if select(2, node.bootreason()) ~= 0 and select(2, node.bootreason()) ~= 8 then return end
      node.setonerror(function() print("not called") end)
      node.setonerror()
      node.task.post(function() error("late") end)`;
    const { board, output } = trial(target, { "init.lua": program });
    board.run();
    expect(output()).toContain("late");
    expect(output()).not.toContain("not called");
    expect(board.restarts).toBe(1);
  });
});

describe("node.random", () => {
  test.each(OLDER_CHIP)("keeps to its interval on %s", (target) => {
    const program = `${FAILS}
      local seen = {}
      for _ = 1, 200 do
        local x = node.random(3, 5)
        assert(x >= 3 and x <= 5)
        seen[x] = true
        local y = node.random()
        assert(y >= 0 and y < 1)
        assert(node.random(1) == 1)
      end
      print(seen[3], seen[4], seen[5])
      print(node.random(-2147483648, 2147483647) ~= node.random(-2147483648, 2147483647))
      fails(node.random, 2, 1)
      fails(node.random, 1, 2, 3)`;
    expect(printed(target, program)).toBe(
      "true\ttrue\ttrue\ntrue\nbad argument #2 to '?' (interval is empty)\n" +
        "wrong number of arguments\n",
    );
  });

  test("is 0 without arguments where there are no fractions, and the same in every run", () => {
    const program = "print(node.random(), node.random(1000000))";
    const first = printed("esp8266-lua51-int", program);
    expect(first).toMatch(/^0\t\d+\n$/);
    expect(printed("esp8266-lua51-int", program)).toBe(first);
  });
});

describe("node.egc", () => {
  test.each(GENERATIONS)("checks its modes on %s", (target) => {
    const program = `${FAILS}
      node.egc.setmode(node.egc.ALWAYS, 4096)
      fails(node.egc.setmode, 8)
      fails(node.egc.setmode, node.egc.ON_MEM_LIMIT)
      print(node.egc.NOT_ACTIVE, node.egc.ON_ALLOC_FAILURE, node.egc.ON_MEM_LIMIT, node.egc.ALWAYS)
      print(node.egc.meminfo and select("#", node.egc.meminfo()))`;
    const info = target === NEWER_CHIP ? "nil" : "2";
    expect(printed(target, program)).toBe(
      "bad argument #1 to '?' (invalid mode)\nbad argument #1 to '?' (limit must be non-zero)\n" +
        `0\t1\t2\t4\n${info}\n`,
    );
  });
});

describe("the next start of firmware 3.0", () => {
  test("runs a command instead of init.lua", () => {
    const files = {
      "init.lua": "print('init') node.startupcommand('@other.lua') node.restart()",
      "other.lua": "print('other', node.startup().command) node.startup{} node.restart()",
    };
    const { board, output } = trial(FIRMWARE_30, files);
    while (board.restarts < 3) board.step();
    expect(output().startsWith("init\nother\t@other.lua\ninit\n")).toBe(true);
  });

  test("runs a chunk", () => {
    const files = {
      "init.lua": "node.startup{ command = 'print(\"chunk\")' } node.restart()",
    };
    const { board, output } = trial(FIRMWARE_30, files);
    board.run();
    expect(output()).toBe("chunk\n");
  });

  test("keeps options", () => {
    const program = `
      local function show(t) print(t.command, t.banner, t.frequency, t.delay_mount) end
      if node.getcpufreq() == 160 then show(node.startup()) show(node.startup{}) return end
      show(node.startup())
      show(node.startup{ banner = false, frequency = node.CPU160MHZ, delay_mount = true })
      node.restart()`;
    expect(printed(FIRMWARE_30, program)).toBe(
      "nil\ttrue\t80\tfalse\nnil\tfalse\t160\ttrue\nnil\tfalse\t160\ttrue\nnil\ttrue\t80\tfalse\n",
    );
  });
});

describe("partitions of firmware 3.0", () => {
  test("are told, and changed with a restart by the watchdog", () => {
    const program = `
      local t = node.getpartitiontable()
      print(t.lfs_addr, t.lfs_size, t.spiffs_addr > t.lfs_addr, t.spiffs_size > 0)
      if t.lfs_size ~= 0x10000 then
        node.setpartitiontable{ lfs_size = 0x10000 }
        print("not reached")
      end
      print(node.bootreason())
      print(node.LFS.config.lfs_size, node.LFS.config.lfs_base == t.lfs_addr)`;
    expect(printed(FIRMWARE_30, program)).toMatch(
      /^\d+\t262144\ttrue\ttrue\n\d+\t65536\ttrue\ttrue\n2\t3\n65536\ttrue\n$/,
    );
  });

  test("can be taken away from the flash store, which then takes no images", () => {
    const program = `
      if node.getpartitiontable().lfs_size ~= 0 then node.setpartitiontable{ lfs_size = 0 } end
      print(node.LFS.reload("lfs.img"))`;
    expect(printed(FIRMWARE_30, program)).toBe("No LFS partition allocated\n");
  });

  test("are checked", () => {
    const program = `${FAILS}
      fails(node.setpartitiontable, { lfs_size = 1000 })
      fails(node.setpartitiontable, { lfs_size = "much" })
      fails(node.setpartitiontable, { other = 1 })
      fails(node.setpartitiontable)`;
    expect(printed(FIRMWARE_30, program)).toBe(
      "Partition value out of range\nbad argument #1 to '?' (invalid partition setting)\n" +
        "bad argument #1 to '?' (invalid partition setting)\nbad argument #1 to '?' (must be table)\n",
    );
  });
});
