/** `luacross repl`: the serial console of a simulated board, in real time. */
import type { LuaString } from "../../base/lua-string.ts";
import { fromText } from "../../base/lua-string.ts";
import type { Host } from "../host.ts";
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
  const output = (text: LuaString) => terminal.write(text);
  const onPrompt = (prompt: LuaString) => {
    isPrompting = true;
    terminal.prompt(prompt);
  };
  const board = boardOf(host, request, { command: "repl", output, onPrompt, hasPrompt: true });
  const terminal = host.openTerminal();
  const typed: LuaString[] = [];
  let isPrompting = false;
  let isFeeding = false;
  let isAtEnd = false;
  let isClosed = false;
  const close = (status: number): void => {
    if (isClosed) return;
    isClosed = true;
    terminal.close(status);
  };
  /** A line waits for the board to be done with the one before: that may have restarted it. */
  const mayType = (): boolean =>
    !isClosed && board.serial.isRead && (isPrompting || board.state.kind !== "busy");
  const next = (): LuaString | undefined => (mayType() ? typed.shift() : undefined);
  const feed = (): void => {
    if (isFeeding) return;
    isFeeding = true;
    for (let line = next(); line !== undefined; line = next()) {
      isPrompting = false;
      board.serial.receive(line);
      clock.advance();
    }
    isFeeding = false;
    if (isAtEnd && typed.length === 0 && board.state.kind !== "busy") close(FINE);
  };
  const clock = new BoardClock(board, terminal, {
    isOver: () => isClosed,
    onEnd: (state) => {
      if (isClosed) return;
      close(state.kind === "stopped" ? REFUSED : FINE);
      if (state.kind === "stopped") host.writeStderr(`luacross repl: ${stopMessage(state)}\n`);
    },
    onPause: feed,
  });
  terminal.write(fromText(`${board.target.name}, simulated\n`));
  board.powerOn();
  const receive = (line: LuaString | undefined): void => {
    if (line === undefined) isAtEnd = true;
    else typed.push(line);
    clock.advance();
  };
  terminal.listen(receive, () => board.forgetInput());
  clock.advance();
  return FINE;
}
