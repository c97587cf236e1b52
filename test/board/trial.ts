/** A board with files in memory, whose output is kept: for tests of its modules. */
import { fromText, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import type { Board } from "../../src/board/board.ts";
import { MemoryFiles } from "../../src/board/files.ts";
import { newBoard, type SimulationOptions } from "../../src/simulate.ts";
import { findTarget } from "../../src/target/targets.ts";

type Options = Partial<Omit<SimulationOptions, "target" | "files" | "output">>;

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
  target: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Options = {},
): Trial {
  let text = "";
  const contents = Object.entries(files).map(([name, content]) => {
    return [name, typeof content === "string" ? toBytes(fromText(content)) : content] as const;
  });
  const memory = new MemoryFiles(contents);
  const board = newBoard({
    isQuiet: true,
    ...options,
    target: findTarget(target),
    files: memory,
    output: (piece) => {
      text += piece;
    },
  });
  board.powerOn();
  return { board, files: memory, output: () => text };
}

const MOST_RESTARTS = 5;

/** What a program prints until the board has nothing to do any more, or starts again and again. */
export function printed(target: string, program: string, options: Options = {}): LuaString {
  const { board, output } = trial(target, { "init.lua": program }, options);
  for (;;) {
    const { state } = board;
    if (state.kind === "busy") board.step();
    else if (state.kind === "waiting") board.run(state.due);
    else return state.kind === "stopped" ? `${output()}stopped: ${state.message}` : output();
    if (board.restarts > MOST_RESTARTS) return output();
  }
}
