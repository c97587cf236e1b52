/**
 * The interpreter on the serial line: lines come in, chunks are compiled and run, results are printed.
 * A chunk that is not complete goes on with the next line. Source: the NodeMCU manual, "Getting
 * started"; observed in the firmware's main program.
 */
import type { LuaString } from "../base/lua-string.ts";

const PROMPT = "> ";
const PROMPT_WITHIN = ">> ";
/** How messages about a chunk end that is not complete. */
const INCOMPLETE = /<eof>'?$/;

/** What the console needs of the board that it sits on. */
export interface Interpreter {
  /** Compiles a chunk and runs it; returns why it cannot be compiled. */
  interpret(source: LuaString): LuaString | undefined;
  /** Shows why a chunk was not compiled. */
  report(message: LuaString): void;
  /** A text that programs can put in the place of a prompt; undefined when they did not. */
  promptOf(name: LuaString): LuaString | undefined;
  /** Runs something when its turn has come. */
  later(job: () => void): void;
  write(text: LuaString): void;
}

/** The interpreter for one start of the board. */
export class Console {
  private readonly board: Interpreter;
  private readonly hasPrompt: boolean;
  /** What came in since the last end of a line. */
  private line: LuaString = "";
  /** The lines of a chunk that is not complete. */
  private begun: LuaString | undefined;

  /** @param hasPrompt whether it shows prompts, as for a person at a terminal */
  constructor(board: Interpreter, hasPrompt: boolean) {
    this.board = board;
    this.hasPrompt = hasPrompt;
  }

  /** Takes bytes from the serial port; each line is run in its own turn. */
  receive(text: LuaString): void {
    const lines = `${this.line}${text}`.split(/\r\n|\r|\n/);
    this.line = lines.pop() ?? "";
    for (const line of lines) this.board.later(() => this.run(line));
  }

  /** Drops what there is of a chunk that is not complete; returns false when there is nothing. */
  forget(): boolean {
    if (this.line === "" && this.begun === undefined) return false;
    this.line = "";
    this.begun = undefined;
    this.prompt();
    return true;
  }

  /** Shows that it waits for input. */
  prompt(): void {
    if (!this.hasPrompt) return;
    const [name, usual] =
      this.begun === undefined ? ["_PROMPT", PROMPT] : ["_PROMPT2", PROMPT_WITHIN];
    this.board.write(this.board.promptOf(name) ?? usual);
  }

  private run(line: LuaString): void {
    const source = this.begun === undefined ? firstLine(line) : `${this.begun}\n${line}`;
    const message = this.board.interpret(source);
    if (message !== undefined && INCOMPLETE.test(message)) this.begun = source;
    else {
      this.begun = undefined;
      if (message !== undefined) this.board.report(message);
    }
    this.prompt();
  }
}

/** `=expression` shows the value of the expression. */
function firstLine(line: LuaString): LuaString {
  return line.startsWith("=") ? `return ${line.slice(1)}` : line;
}
