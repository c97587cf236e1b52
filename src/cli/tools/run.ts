/**
 * `luacross run`: a program on a simulated board, from its start until nothing more will happen.
 * Board time is virtual, so that an hour of timers takes a moment.
 */
import { fromText, type LuaString } from "../../base/lua-string.ts";
import type { Board, BoardState } from "../../board/board.ts";
import type { Host } from "../host.ts";
import { BoardClock } from "./board-clock.ts";
import { MOCKS_OPTION, mayMissModule, missingModules } from "./board-mocks.ts";
import {
  BOARD_OPTIONS,
  type BoardExtras,
  boardOf,
  CODE_OPTION,
  countOption,
  FILES_OPTION,
  HEAP_OPTION,
  stopMessage,
} from "./board-options.ts";
import { bytes, counted, grouped } from "./quantities.ts";
import { FINE, REFUSED, type Tool, type ToolOption, type ToolRequest, WrongUse } from "./tool.ts";

const TIME_OPTION: ToolOption = {
  name: "--time",
  value: "SECONDS",
  help: "stop after so much board time; 60 without it",
};
const RESTARTS_OPTION: ToolOption = {
  name: "--restarts",
  value: "COUNT",
  help: "restarts to allow; without it 10, and none at errors",
};
const REALTIME_OPTION: ToolOption = {
  name: "--realtime",
  help: "keep pace with real time, and stop only when idle",
};
const RAM_OPTION: ToolOption = { name: "--ram", help: "show the RAM that is in use at the end" };

const FAILING = `stopped, for an error makes the board restart; '${RESTARTS_OPTION.name} COUNT' lets it`;
const OUT_OF_MEMORY = "not enough memory";
const LARGER = `the RAM of the board was full; '${HEAP_OPTION.name} BYTES' gives it more`;
const LOOPING = "stopped, for the board would restart more than";
const MORE = `; '${RESTARTS_OPTION.name} COUNT' allows more`;
const USUAL_SECONDS = 60;
const USUAL_RESTARTS = 10;
const MICROSECONDS = 1_000_000;

export const RUN: Tool = {
  name: "run",
  brief: "[FILE]",
  argumentsInWords: "[options] [FILE.lua | FILE.lc | -e CODE]",
  summary: "run a program on a simulated board",
  description: `Starts a simulated board of the target and runs a program on it: FILE, or the text of
-e, or 'init.lua' of its files. Tasks and timers run in virtual time until nothing
more will happen. Without --fs the board reads the files beside FILE, and what it
writes stays in memory.`,
  options: [
    CODE_OPTION,
    ...BOARD_OPTIONS,
    TIME_OPTION,
    RESTARTS_OPTION,
    REALTIME_OPTION,
    RAM_OPTION,
  ],
  refusal: "the program failed, or the board was stopped",
  examples: ["main.lua", "--lfs app.img --fs files", `-e "print(node.heap())"`],
  operands: { least: 0, most: 1, what: "the program" },
  run(host, request) {
    if (
      request.operands.length === 0 &&
      !request.has(CODE_OPTION.name) &&
      !request.has(FILES_OPTION.name)
    ) {
      throw new WrongUse("there is nothing to run: give a FILE, or '-e CODE', or '--fs DIR'");
    }
    return request.has(REALTIME_OPTION.name) ? runPaced(host, request) : runAtOnce(host, request);
  },
};

/** The limits of a run. */
interface Limits {
  /** Microseconds. */
  readonly time: number;
  readonly isTimeGiven: boolean;
  readonly restarts: number;
  /** Without a word about restarts, one because of an error ends the run. */
  readonly endsAtError: boolean;
}

function limitsOf(request: ToolRequest, usualSeconds: number): Limits {
  const seconds = secondsOption(request);
  return {
    time: (seconds ?? usualSeconds) * MICROSECONDS,
    isTimeGiven: seconds !== undefined,
    restarts: countOption(request, RESTARTS_OPTION, 0) ?? USUAL_RESTARTS,
    endsAtError: !request.has(RESTARTS_OPTION.name),
  };
}

/** A time that was given. @throws WrongUse */
function secondsOption(request: ToolRequest): number | undefined {
  const text = request.valueOf(TIME_OPTION.name);
  if (text === undefined) return undefined;
  const seconds = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (seconds > 0) return seconds;
  throw new WrongUse(`'${TIME_OPTION.name} ${text}' is no time; write it like 60 or 0.5`);
}

/** What a run came to. */
class Outcome {
  private hasFailed = false;
  private readonly messages = new Set<LuaString>();
  private readonly host: Host;
  private readonly request: ToolRequest;
  private readonly limits: Limits;

  constructor(host: Host, request: ToolRequest, limits: Limits) {
    this.host = host;
    this.request = request;
    this.limits = limits;
  }

  readonly fail = (message: LuaString): void => {
    this.hasFailed = true;
    this.messages.add(message);
  };

  /** Programs may print their errors themselves; that is no failure, but may deserve a hint. */
  readonly see = (output: LuaString): void => {
    if (mayMissModule(output)) this.messages.add(output);
  };

  /** Says why the run ended, where that is not plain; returns the exit status. */
  finish(board: Board, state: BoardState): number {
    const { time, isTimeGiven } = this.limits;
    const mocks = this.request.valueOf(MOCKS_OPTION.name);
    for (const hint of missingModules(this.messages, board.target, mocks)) this.say(hint);
    if ([...this.messages].some((message) => message.includes(OUT_OF_MEMORY))) this.say(LARGER);
    if (state.kind === "stopped") {
      this.say(stopMessage(state));
    }
    if (this.isLoop(board)) this.say(`${LOOPING} ${counted(this.limits.restarts, "time")}${MORE}`);
    else if (this.isFailing(board)) this.say(FAILING);
    const isCut = state.kind === "waiting" || state.kind === "busy";
    if (isCut && !this.isOver(board) && !isTimeGiven) {
      const seconds = counted(time / MICROSECONDS, "second");
      this.say(`stopped after ${seconds} of board time; '--time SECONDS' changes that`);
    }
    return this.hasFailed || state.kind === "stopped" || this.isOver(board) ? REFUSED : FINE;
  }

  /** A board that restarts again and again is stopped. */
  isOver(board: Board): boolean {
    return this.isLoop(board) || this.isFailing(board);
  }

  /** About to restart once too often. */
  private isLoop(board: Board): boolean {
    const { starting, restarts } = board;
    return starting !== undefined && starting !== "power on" && restarts >= this.limits.restarts;
  }

  private isFailing(board: Board): boolean {
    return this.limits.endsAtError && board.starting === "error";
  }

  private say(text: LuaString): void {
    this.host.writeStderr(`luacross run: ${text}\n`);
  }
}

function boardExtras(output: (text: LuaString) => void, outcome: Outcome): BoardExtras {
  return { command: "run", output, onFailure: outcome.fail, isQuiet: true };
}

function runAtOnce(host: Host, request: ToolRequest): number {
  const { host: system, flush } = host.scriptHost();
  const limits = limitsOf(request, USUAL_SECONDS);
  const outcome = new Outcome(host, request, limits);
  const output = (text: LuaString) => {
    outcome.see(text);
    system.writeOutput(text);
  };
  const board = boardOf(host, request, boardExtras(output, outcome));
  board.powerOn();
  const state = board.run(limits.time, () => outcome.isOver(board));
  flush();
  const status = outcome.finish(board, state);
  if (request.has(RAM_OPTION.name)) showMemory(host, board);
  return status;
}

function showMemory(host: Host, board: Board): void {
  const memory = board.memory();
  if (memory === undefined) return;
  const used = bytes(memory.used);
  host.writeStderr(fromText(`RAM: ${used} in use, ${grouped(memory.free)} free\n`));
}

/** Returns at once; the terminal goes on. */
function runPaced(host: Host, request: ToolRequest): number {
  const limits = limitsOf(request, Number.POSITIVE_INFINITY);
  const outcome = new Outcome(host, request, limits);
  const output = (text: LuaString) => {
    outcome.see(text);
    terminal.write(text);
  };
  const board = boardOf(host, request, boardExtras(output, outcome));
  const terminal = host.openTerminal();
  const end = (state: BoardState) => terminal.close(outcome.finish(board, state));
  board.powerOn();
  const clock = new BoardClock(board, terminal, {
    isOver: () => outcome.isOver(board) || board.now >= limits.time,
    onEnd: (state) => {
      end(state);
      if (request.has(RAM_OPTION.name)) showMemory(host, board);
    },
    onPause: (state) => {
      if (state.kind === "idle") end(state);
    },
  });
  clock.advance();
  return FINE;
}
