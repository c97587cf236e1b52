/** The bundled example on simulated boards, with the mocks that come with it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromText } from "../../src/base/lua-string.ts";
import {
  buildImage,
  compile,
  createBoard,
  encode,
  LuaMock,
  type SimulatedBoard,
  targets,
} from "../../src/index.ts";
import { run } from "../cli/tools-support.ts";
import { ROOT } from "../structure/sources.ts";

const EXAMPLE = join(ROOT, "examples/weather-station");
const MOCKS = join(EXAMPLE, "mocks");
const ON = targets.map(({ name }) => name).filter((name) => name.startsWith("esp8266-"));
const SECOND = 1000;

/** The Lua files of a folder, by name. */
function sourcesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".lua"));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

const sources = sourcesIn(EXAMPLE);
const { "init.lua": init, ...modules } = sources;
/** Fewer samples than usual, so that all of it fits into memory on every target. */
const site = { "site.json": '{"history": {"samples": 20}}' };

function imageFor(target: string): Uint8Array {
  const named = Object.entries(modules).map(([name, source]) => ({ name, source }));
  return buildImage(named, { target, timestamp: 0 }).bytes;
}

function compiledFor(target: string, strip = true): Record<string, Uint8Array> {
  const files = Object.entries(modules).filter(([name]) => name !== "_init.lua");
  return Object.fromEntries(
    files.map(([name, source]) => {
      const proto = compile(source, { chunkName: `@${name}`, target });
      return [name.replace(/\.lua$/, ".lc"), encode(proto, { target, strip })];
    }),
  );
}

/** The ways to bring the example to a board: what is on it, and how often it starts anew. */
const WAYS = {
  "as sources": (_: string) => ({ files: { ...sources, ...site }, restarts: 0 }),
  "as .lc files": (target: string) => ({
    files: { "init.lua": init, ...compiledFor(target), ...site },
    restarts: 0,
  }),
  "in LFS": (target: string) => ({
    files: { "init.lua": init },
    lfs: imageFor(target),
    restarts: 0,
  }),
  "with an image that it loads itself": (target: string) => ({
    files: { "init.lua": init, "lfs.new": imageFor(target) },
    restarts: 1,
  }),
};

interface Station {
  readonly board: SimulatedBoard;
  readonly output: () => string;
}

function station(
  target: string,
  parts: { files: Record<string, string | Uint8Array>; lfs?: Uint8Array },
): Station {
  let text = "";
  const mocks = Object.entries(sourcesIn(MOCKS)).map(
    ([file, source]) => [file.replace(/\.lua$/, ""), new LuaMock(source, `@${file}`)] as const,
  );
  const board = createBoard({
    target,
    ...parts,
    mocks: Object.fromEntries(mocks),
    onOutput: (piece) => {
      text += piece;
    },
    onError: (message) => expect.unreachable(message),
  });
  board.powerOn();
  return { board, output: () => text };
}

/** Lines of the log and of the broker, in order. */
const PROMISED = [
  /^boot: starting in 3 s; type boot:stop\(\) to prevent it$/,
  /^ {5}3 I web: listening on port 80$/,
  /^ {5}3 I app: station-[\da-f]{6} started, \d+ bytes free$/,
  /^ {5}7 I wifi: connected as 192\.168\.1\.57$/,
  /^ {5}9 I mqtt: connected to 192\.168\.1\.10$/,
  /^broker: home\/weather\/station-[\da-f]{6}\/status online$/,
  /\/reading {"temperature":21\.5,"humidity":48\.7,"light":50}$/,
  /\/reading {"temperature":21\.6,/,
  /\/reading {"temperature":21\.7,/,
  // Its first answer was damaged, so the station asked twice.
  /\/reading {"temperature":21\.9,/,
];

test("is for every build for the ESP8266", () => {
  expect(ON).toHaveLength(8);
});

describe.each(ON)("the example on %s", (target) => {
  test.each(Object.entries(WAYS))("runs %s", (_, way) => {
    const { restarts, ...parts } = way(target);
    const { board, output } = station(target, parts);
    board.run(200 * SECOND);
    expect(board.restarts).toBe(restarts);
    const lines = output().split("\n").slice(0, -1);
    const log = lines.slice(-PROMISED.length);
    expect(log.map((line, i) => PROMISED[i].test(line) || line)).toEqual(log.map(() => true));
    // Before them only the start that loaded the image.
    expect(lines.filter((line) => PROMISED[0].test(line))).toHaveLength(restarts + 1);
  });

  test("measures once a minute", () => {
    const { board, output } = station(target, WAYS["in LFS"](target));
    const count = () => output().match(/\/reading /g)?.length ?? 0;
    const counts = [0, 10, 62, 64, 122, 124].map((seconds) => {
      board.run(seconds * SECOND - board.now);
      return count();
    });
    expect(counts).toEqual([0, 1, 1, 2, 2, 3]);
  });

  test("stays at the prompt when it is told to", () => {
    const { board, output } = station(target, WAYS["in LFS"](target));
    board.run(1 * SECOND);
    board.send("boot:stop()\n");
    board.run(100 * SECOND);
    expect(output()).toMatch(/^boot: starting[^\n]*\n$/);
  });
});

describe("the mocks' own functions", () => {
  const [target] = ON;

  /** What the station says after a line on its console. */
  function afterLine(line: string, seconds = 5): string {
    const { board, output } = station(target, WAYS["in LFS"](target));
    board.run(100 * SECOND);
    const before = output().length;
    board.send(`${line}\n`);
    board.run(seconds * SECOND);
    return output().slice(before);
  }

  test("visit pages", () => {
    const page = afterLine("net.visit('/')");
    expect(page).toMatch(/^HTTP\/1\.0 200 OK\r\n/);
    expect(page).toContain("<td>21.6 °C</td><td>21.5 to 21.6 °C</td>");
    expect(page.endsWith("</html>\n")).toBe(true);
    expect(afterLine("net.visit('/history.json?n=1')")).toMatch(
      /\r\n\r\n\[\[\d+,21\.6,48\.6,\d+\]\]$/,
    );
    expect(afterLine("net.visit('/none')")).toContain("404 Not Found");
  });

  test("send commands", () => {
    expect(afterLine("mqtt.say('heap')")).toMatch(/ I app: \d+ bytes free\n$/);
    expect(afterLine("mqtt.say('dance')")).toMatch(/ W app: unknown command "dance"\n$/);
  });

  test("break connections, which come back", () => {
    const dropped = afterLine("mqtt.drop()");
    expect(dropped).toContain("/status offline\n");
    expect(dropped).toMatch(/W mqtt: connection lost, next attempt in 2 s\n.*I mqtt: connected/s);
    const lost = afterLine("wifi.lose()", 10);
    expect(lost).toMatch(/W wifi: not connected to my-network: BEACON_TIMEOUT\n/);
    expect(lost).toMatch(/I wifi: connected as .*I mqtt: connected to .*\/status online\n/s);
  });
});

test("the command of the example's README shows its log", () => {
  const texts = [
    ...Object.entries(sources),
    ...Object.entries(sourcesIn(MOCKS)).map(([file, source]) => [`mocks/${file}`, source]),
  ];
  const files = Object.fromEntries(texts.map(([name, source]) => [name, fromText(source)]));
  const args = ["run", "--target", "esp8266-lua51-int", "--mocks", "mocks", "--time", "200"];
  const outcome = run([...args, "init.lua"], { files });
  expect(outcome).toMatchObject({ status: 0, stderr: "" });
  expect(outcome.stdout.match(/\/reading /g)).toHaveLength(4);
});

/** Rows of the README's table: firmware, samples, and bytes that are free, in thousands. */
function figures(): (readonly [string, string, number[]])[] {
  let firmware = "";
  return readFileSync(join(EXAMPLE, "README.md"), "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, name, samples, ...free] = line.split("|").map((cell) => cell.trim());
      firmware = /^`(esp8266-[\w.-]+)`$/.exec(name ?? "")?.[1] ?? firmware;
      if (firmware === "" || !/^\d+$/.test(samples ?? "")) return [];
      return [
        [firmware, samples, free.slice(0, 3).map((text) => Number.parseFloat(text))] as const,
      ];
    });
}

test("the figures of the README's table are of four firmwares", () => {
  expect(figures()).toHaveLength(8);
});

test.each(figures())("what is free on %s with %s samples is as in the README", (...row) => {
  const [target, samples, expected] = row;
  const settings = { "site.json": `{"history": {"samples": ${samples}}}`, "init.lua": init };
  const ways = [
    { files: { ...compiledFor(target, false), ...settings } },
    { files: { ...compiledFor(target, true), ...settings } },
    { files: { ...settings, "lfs.new": imageFor(target) } },
  ];
  const free = ways.map((parts) => {
    const { board, output } = station(target, parts);
    board.run(200 * SECOND);
    return output().includes("not enough memory") ? Number.NaN : (board.memory?.free ?? 0) / 1000;
  });
  // A round number is within half a thousand; the other half is for what is still to be learnt.
  const isSame = free.map(
    (each, i) => Object.is(each, expected[i]) || Math.abs(each - expected[i]) < 1,
  );
  expect(isSame, `${free} for ${expected}`).toEqual([true, true, true]);
});
