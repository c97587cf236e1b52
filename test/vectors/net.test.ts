/** The vectors are a safety net; these tests show that it can fail, channel by channel. */
import { describe, expect, test } from "vitest";
import { type Answer, differences, expectedAnswer, recordedAnswer, toAnswer } from "./answers.ts";
import { LUA51_TARGETS, type Outcome, type VectorCase } from "./case.ts";
import { maskAddresses, maskChunkTime, maskListedTime } from "./masks.ts";
import { readRecords, replay, runProduct } from "./replay.ts";
import { TOPICS } from "./topics.ts";

const TARGET = "esp8266-lua51-float";
const vectors = TOPICS.flatMap((topic) =>
  topic.cases.map((vector) => ({ vector, record: readRecords(topic)[vector.name] })),
);

/** The first case whose answer has all of some channels. */
function caseWith(...channels: string[]): { vector: VectorCase; answer: Answer } {
  for (const { vector, record } of vectors) {
    const answer = recordedAnswer(record, TARGET);
    if (answer && channels.every((channel) => channel in answer)) return { vector, answer };
  }
  throw new Error(`no case with ${channels}`);
}

/** The differences that the product shows from an answer with one channel changed. */
function differencesFrom(vector: VectorCase, expected: Answer): string[] {
  return differences(expected, toAnswer(vector, runProduct(vector, TARGET)));
}

/** The same with one unit in its middle exchanged. */
function corrupted(value: unknown): unknown {
  const text = JSON.stringify(value);
  const digit = text.search(/[0-9](?=[^0-9]*$)/);
  const other = text[digit] === "1" ? "2" : "1";
  return JSON.parse(text.slice(0, digit) + other + text.slice(digit + 1));
}

describe("a corrupted answer is noticed", () => {
  const channelSets = [["exit"], ["stdout", "file out.lc"], ["exit", "stderr"], ["stdoutChunk"]];
  for (const channels of channelSets) {
    const channel = channels.at(-1)!;
    test(channel, () => {
      const { vector, answer } = caseWith(...channels);
      expect(differencesFrom(vector, answer)).toEqual([]);
      const wrong = { ...answer, [channel]: corrupted(answer[channel]) } as Answer;
      expect(differencesFrom(vector, wrong)).toEqual([expect.stringContaining(`${channel}:`)]);
    });
  }

  test("output where none was recorded", () => {
    const { vector, answer } = caseWith("stdout", "file out.lc");
    const { exit, stdout } = answer;
    expect(differencesFrom(vector, { exit })).toHaveLength(2);
    expect(differencesFrom(vector, { exit, stdout })).toHaveLength(1);
  });

  test("no output where some was recorded", () => {
    const { vector, answer } = caseWith("stdout", "file out.lc");
    const more = { ...answer, "file other.lc": { hex: "00" }, stderr: "warning\n" };
    expect(differencesFrom(vector, more)).toHaveLength(2);
  });

  test("a digest of a long output", () => {
    const long = vectors.find(({ record }) => {
      const value = recordedAnswer(record, TARGET)?.["file out.lc"];
      return typeof value === "object" && "sha256" in value;
    });
    const { vector, record } = long!;
    const answer = recordedAnswer(record, TARGET)!;
    const value = answer["file out.lc"] as { length: number; sha256: string };
    const shifted = {
      ...value,
      sha256: value.sha256.replace(/^./, (c) => (c === "0" ? "1" : "0")),
    };
    expect(differencesFrom(vector, answer)).toEqual([]);
    expect(differencesFrom(vector, { ...answer, "file out.lc": shifted })).toHaveLength(1);
  });

  test("no answer at all", () => {
    const [{ vector }] = vectors;
    expect(replay(vector, {}, TARGET)).toEqual(["no answer on record"]);
  });
});

describe("deviations", () => {
  const vector: VectorCase = {
    name: "deviating",
    args: ["w.lua"],
    files: {},
    deviations: [{ reason: "test", targets: [TARGET], expect: { exit: 1, files: {} } }],
  };
  const recorded: Answer = { exit: "SIGSEGV", stdout: "text", "file luac.out": { hex: "00" } };

  test("replace what they state and nothing else", () => {
    expect(expectedAnswer(vector, recorded, TARGET)).toEqual({ exit: 1, stdout: "text" });
  });

  test("hold only for the targets they name", () => {
    expect(expectedAnswer(vector, recorded, "esp32-lua51-int")).toEqual(recorded);
  });

  test("name only targets of their case, and say something new", () => {
    for (const {
      vector: { name, deviations = [], targets = LUA51_TARGETS },
      record,
    } of vectors) {
      for (const deviation of deviations) {
        for (const target of deviation.targets) {
          expect(targets, name).toContain(target);
          const answer = recordedAnswer(record, target)!;
          const stated = { name, args: [], files: {}, deviations: [deviation] };
          expect(differences(answer, expectedAnswer(stated, answer, target)), name).not.toEqual([]);
        }
      }
    }
  });
});

describe("the record", () => {
  test("has an answer of every target for every case", () => {
    for (const { vector, record } of vectors) {
      for (const target of vector.targets ?? LUA51_TARGETS) {
        expect(recordedAnswer(record, target), `${vector.name} for ${target}`).toBeDefined();
      }
    }
  });

  test("holds crashes only where a deviation says what happens instead", () => {
    for (const { vector, record } of vectors) {
      for (const target of vector.targets ?? LUA51_TARGETS) {
        const answer = expectedAnswer(vector, recordedAnswer(record, target)!, target);
        expect(typeof answer.exit, `${vector.name} for ${target}`).toBe("number");
      }
    }
  });
});

describe("masks", () => {
  const outcome: Outcome = { exit: 0, stdout: "", stderr: "", files: {} };

  test("addresses become ordinals in their three places only", () => {
    const listing = [
      "main <w.lua:0,0> (1 instruction, 4 bytes at 0x5f)",
      "\t1\t[1]\tCLOSURE  \t0 0\t; 0xab",
      '\t2\t[1]\tLOADK    \t0 -1\t; "for 0x5f:"',
      "constants (0) for 0x5f:",
    ];
    expect(maskAddresses(listing.join("\n")).split("\n")).toEqual([
      "main <w.lua:0,0> (1 instruction, 4 bytes at <1>)",
      "\t1\t[1]\tCLOSURE  \t0 0\t; <2>",
      listing[2],
      "constants (0) for <1>:",
    ]);
  });

  test("a wrong identity of addresses shows", () => {
    const listing = (second: string) => `constants (0) for 0x1:\nlocals (0) for ${second}:\n`;
    expect(maskAddresses(listing("0x1"))).not.toBe(maskAddresses(listing("0x2")));
  });

  test("the build time of a lookup function is hidden, nothing else", () => {
    const { vector } = caseWith("stdout", "file out.lc");
    const lookup = { ...vector, args: ["-i", "-l", "-l", "-o", "out.lc", "w.lua"] };
    const { stdout, files } = runProduct(lookup, TARGET);
    const chunk = files["out.lc"];
    const masked = maskChunkTime(chunk);
    const changed = [...chunk].filter((unit, i) => unit !== masked[i]);
    expect(masked).toHaveLength(chunk.length);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThanOrEqual(8);
    expect(stdout).toContain("1600000000");
    expect(maskListedTime(stdout)).toBe(stdout.replaceAll("1600000000", "TIME"));
    const answer = toAnswer(lookup, { ...outcome, files: { "out.lc": chunk } });
    expect(answer).toEqual(toAnswer(lookup, { ...outcome, files: { "out.lc": masked } }));
  });

  test("a chunk that is no lookup function is left alone", () => {
    const { vector } = caseWith("file out.lc");
    const chunk = runProduct(vector, TARGET).files["out.lc"];
    expect(maskChunkTime(chunk)).toBe(chunk);
  });
});
