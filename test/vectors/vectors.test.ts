/**
 * Every case, for each of its targets, against what the reference answered (see README.md). Each
 * test runs one case for all its targets and compares exit status, output, messages and files.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { targetsOf } from "./answers.ts";
import { readRecords, reasonsOf, replay } from "./replay.ts";
import { TOPICS, topicTitle } from "./topics.ts";

/** A few cases are megabytes long, and eight targets compile each. */
const TIME_LIMIT = 120_000;

/** Thousands of tests without a pause would keep the runner from hearing of any. */
beforeEach(() => new Promise((resolve) => setImmediate(resolve)));

for (const topic of TOPICS) {
  describe(topicTitle(topic), () => {
    const records = readRecords(topic);

    test("there is an answer for every case, and no other", () => {
      expect(Object.keys(records)).toEqual(topic.cases.map(({ name }) => name));
    });

    for (const vector of topic.cases) {
      test(vector.name, { timeout: TIME_LIMIT }, () => {
        const failures = targetsOf(vector).flatMap((target) =>
          replay(vector, records[vector.name], target).map(
            (difference) => `${target}${reasonsOf(vector, target)}: ${difference}`,
          ),
        );
        expect(failures).toEqual([]);
      });
    }
  });
}
