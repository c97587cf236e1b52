/** One board of each firmware generation and Lua version, and programs that run on them. */
import { describe } from "vitest";
import { fromBytes, fromText, type LuaString } from "../../src/base/lua-string.ts";
import type { MemoryFiles } from "../../src/board/files.ts";
import type { BoardModule } from "../../src/board/module.ts";
import type { Target } from "../../src/target/target.ts";
import { findTarget } from "../../src/target/targets.ts";
import { type Trial, type TrialOptions, trial } from "./trial.ts";

type Generation = "2.2" | "3.0" | "ESP32";

const BOARDS: readonly (readonly [Generation, string])[] = [
  ["2.2", "esp8266-2.2-float"],
  ["2.2", "esp8266-2.2-int"],
  ["3.0", "esp8266-lua51-float"],
  ["3.0", "esp8266-lua51-int"],
  ["3.0", "esp8266-lua53"],
  ["3.0", "esp8266-lua53-64"],
  ["ESP32", "esp32-lua51-float"],
  ["ESP32", "esp32-lua53"],
  ["ESP32", "esp32-lua53-64"],
];

/** Runs a suite on boards of some generations; on all when left out. */
export function onBoards(
  name: string,
  suite: (target: Target, generation: Generation) => void,
  generations: readonly Generation[] = ["2.2", "3.0", "ESP32"],
): void {
  for (const [generation, targetName] of BOARDS) {
    if (!generations.includes(generation)) continue;
    const target = findTarget(targetName);
    describe(`${name}, ${targetName}`, () => suite(target, generation));
  }
}

/** A board that has been switched on, with a program at its start. */
export function started(target: Target, program: string, options: TrialOptions = {}): Trial {
  const chunk = new TextEncoder().encode(program);
  return trial(target, {}, { program: { chunk, chunkName: "@test.lua" }, ...options });
}

/**
 * What a program has sent when the board is idle, or after a minute. Lua 5.3 finds names of functions
 * that have none where they are called; in messages about arguments they are left out here.
 */
export function outputOf(target: Target, program: string, options?: TrialOptions): LuaString {
  const { board, output } = started(target, program, options);
  board.run(60_000_000);
  return output().replaceAll(/ to '\w+\.\w+' \(/g, " to '?' (");
}

/** A module with a function that tells a board's first start from others. */
export function startCounter(): BoardModule {
  let starts = 0;
  return {
    name: "starts",
    open() {
      const isFirst = starts++ === 0;
      return { name: "starts", functions: { isFirst: (call) => call.give(isFirst) } };
    },
  };
}

/** The text of a file; undefined when there is none. */
export function textOf(files: MemoryFiles, name: string): string | undefined {
  const content = files.read(fromText(name));
  return content && fromBytes(content);
}

/** Lines as a board sends them. */
export function lines(...texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
