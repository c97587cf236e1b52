/** `luacross repl`: the serial console of a simulated board, in real time. */
import { fromText, type LuaString } from "../../base/lua-string.ts";
import type { Board, BoardState } from "../../board/board.ts";
import type { Host } from "../host.ts";
import type { Terminal } from "../terminal.ts";
import { BoardClock } from "./board-clock.ts";
import { BOARD_OPTIONS, boardOf, stopMessage } from "./board-options.ts";
import { FINE, REFUSED, type Tool, type ToolRequest } from "./tool.ts";

export const REPL: Tool = {
  name: "repl",
  brief: "",
  argumentsInWords: "[options] [FILE.lua | FILE.lc]",
  summary: "type Lua on the console of a simulated board",
  description: `Starts a simulated board of the target, and runs what is typed, as on its serial
console; '=1+1' shows a value. It runs in real time until the input ends. FILE, or
'init.lua' of its files, is run at the start. Ctrl-C drops what was typed; with
nothing typed it ends the input, and so does Ctrl-D.`,
  options: BOARD_OPTIONS,
  refusal: "the board was stopped",
  examples: ["", "--target esp32-lua51-int", "--lfs app.img --fs files"],
  operands: { least: 0, most: 1, what: "the program" },
  run,
};

function run(host: Host, request: ToolRequest): number {
  new Session(host, request).start();
  return FINE;
}

/** A board at a terminal. Returns to the command at once; the terminal goes on. */
class Session {
  private readonly host: Host;
  private readonly board: Board;
  private readonly terminal: Terminal;
  private readonly clock: BoardClock;
  /** Lines that the board has not been given. */
  private readonly typed: LuaString[] = [];
  private isPrompting = false;
  private isFeeding = false;
  private isAtEnd = false;
  private isClosed = false;

  constructor(host: Host, request: ToolRequest) {
    this.host = host;
    this.board = boardOf(host, request, {
      command: "repl",
      output: (text) => this.terminal.write(text),
      onPrompt: (prompt) => this.prompt(prompt),
      hasPrompt: true,
    });
    this.terminal = host.openTerminal();
    this.clock = new BoardClock(this.board, this.terminal, {
      isOver: () => this.isClosed,
      onEnd: (state) => this.end(state),
      onPause: () => this.feed(),
    });
  }

  start(): void {
    const { board, terminal } = this;
    terminal.write(fromText(`${board.target.name}, simulated\n`));
    board.powerOn();
    terminal.listen(
      (line) => this.receive(line),
      () => board.forgetInput(),
    );
    this.clock.advance();
  }

  private prompt(prompt: LuaString): void {
    this.isPrompting = true;
    this.terminal.prompt(prompt);
  }

  private receive(line: LuaString | undefined): void {
    if (line === undefined) this.isAtEnd = true;
    else this.typed.push(line);
    this.clock.advance();
  }

  /** Gives the board what was typed, line by line. */
  private feed(): void {
    if (this.isFeeding) return;
    this.isFeeding = true;
    for (let line = this.next(); line !== undefined; line = this.next()) {
      this.isPrompting = false;
      this.board.serial.receive(line);
      this.clock.advance();
    }
    this.isFeeding = false;
    const isDone = this.isAtEnd && this.typed.length === 0;
    if (isDone && this.board.state.kind !== "busy") this.close(FINE);
  }

  private next(): LuaString | undefined {
    return this.mayType() ? this.typed.shift() : undefined;
  }

  /** A line waits for the board to be done with the one before: that may have restarted it. */
  private mayType(): boolean {
    const { board } = this;
    if (this.isClosed || !board.serial.isRead) return false;
    return this.isPrompting || board.state.kind !== "busy";
  }

  private end(state: BoardState): void {
    if (this.isClosed) return;
    this.close(state.kind === "stopped" ? REFUSED : FINE);
    if (state.kind === "stopped") {
      this.host.writeStderr(`luacross repl: ${stopMessage(state)}\n`);
    }
  }

  private close(status: number): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.terminal.close(status);
  }
}
