/** A board with files in memory, whose output is kept: for tests of its modules. */
import { fromText, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import type { Board } from "../../src/board/board.ts";
import { MemoryFiles } from "../../src/board/files.ts";
import { buildImage } from "../../src/index.ts";
import { newBoard, newBoardWithImage, type SimulationOptions } from "../../src/simulate.ts";
import type { Target } from "../../src/target/target.ts";
import { findTarget } from "../../src/target/targets.ts";

export type TrialOptions = Partial<Omit<SimulationOptions, "target" | "files">> & {
  /** What lies in the flash store. */
  readonly image?: Uint8Array;
};

/** One target of each generation. */
export const GENERATIONS = ["esp8266-2.2-float", "esp8266-lua51-float", "esp32-lua51-float"];

export interface Trial {
  readonly board: Board;
  readonly files: MemoryFiles;
  /** Everything that the board has sent. */
  readonly output: () => LuaString;
}

/** A board that is switched on, with files that are texts or bytes. */
export function trial(
  target: string | Target,
  files: Readonly<Record<string, string | Uint8Array>>,
  options: TrialOptions = {},
): Trial {
  let text = "";
  const contents = Object.entries(files).map(([name, content]) => {
    return [name, typeof content === "string" ? toBytes(fromText(content)) : content] as const;
  });
  const memory = new MemoryFiles(contents);
  const { image, output, ...others } = options;
  const parts: SimulationOptions = {
    isQuiet: true,
    ...others,
    target: typeof target === "string" ? findTarget(target) : target,
    files: memory,
    output: (piece) => {
      text += piece;
      output?.(piece);
    },
  };
  const board = image === undefined ? newBoard(parts) : newBoardWithImage(image, parts);
  board.powerOn();
  return { board, files: memory, output: () => text };
}

/** When {@link imageOf} builds its images. */
export const IMAGE_TIME = 1_500_000_000;

/** The image of modules, by their names. */
export function imageOf(target: string, modules: Readonly<Record<string, string>>): Uint8Array {
  const sources = Object.entries(modules).map(([name, source]) => ({
    name: `${name}.lua`,
    source,
  }));
  return buildImage(sources, { target, timestamp: IMAGE_TIME }).bytes;
}

const MOST_RESTARTS = 5;

/** What a program prints until the board has nothing to do any more, or starts again and again. */
export function printed(target: string, program: string, options: TrialOptions = {}): LuaString {
  const { board, output } = trial(target, { "init.lua": program }, options);
  for (;;) {
    const { state } = board;
    if (state.kind === "busy") board.step();
    else if (state.kind === "waiting") board.run(state.due);
    else return state.kind === "stopped" ? `${output()}stopped: ${state.message}` : output();
    if (board.restarts > MOST_RESTARTS) return output();
  }
}
