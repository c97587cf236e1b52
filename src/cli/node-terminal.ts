/** The {@link Terminal} of a real process: lines can be edited where a person types them. */
import * as readline from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fromText, type LuaString, toBytes, toText } from "../base/lua-string.ts";
import { errorCode, errorReason } from "./node-errors.ts";
import type { Terminal } from "./terminal.ts";

export function nodeTerminal(): Terminal {
  const { stdin, stdout } = process;
  stdout.on("error", endWithoutOutput);
  return stdin.isTTY && stdout.isTTY ? new EditingTerminal(stdin, stdout) : new PlainTerminal();
}

/** Nobody takes what the board prints; a reader that has gone, as of `| head`, need not be told. */
function endWithoutOutput(error: Error): never {
  const code = errorCode(error) ?? "EIO";
  if (code !== "EPIPE") {
    process.stderr.write(`luacross: cannot write stdout: ${errorReason(code)}\n`);
  }
  process.exit(1);
}

/** What both kinds do with time. */
abstract class TimedTerminal {
  private waiting: NodeJS.Timeout | undefined;

  now(): number {
    return performance.now();
  }

  wait(milliseconds: number, then: () => void): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(then, Math.min(milliseconds, LONGEST_WAIT));
  }

  protected end(status: number): void {
    clearTimeout(this.waiting);
    process.exitCode = status;
  }
}

/** Timers of the system wait no longer. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** Input and output that no person sees, or that a program feeds: as it is. */
class PlainTerminal extends TimedTerminal implements Terminal {
  private rest: LuaString = "";

  listen(listener: (line: LuaString | undefined) => void): void {
    process.stdin.on("data", (data: Buffer) => {
      const lines = `${this.rest}${data.toString("latin1")}`.split(/(?<=\n)/);
      this.rest = lines.at(-1)?.endsWith("\n") ? "" : (lines.pop() ?? "");
      for (const line of lines) listener(line);
    });
    process.stdin.on("end", () => {
      if (this.rest !== "") listener(`${this.rest}\n`);
      listener(undefined);
    });
  }

  write(text: LuaString): void {
    process.stdout.write(toBytes(text));
  }

  prompt(text: LuaString): void {
    this.write(text);
  }

  close(status: number): void {
    process.stdin.destroy();
    this.end(status);
  }
}

/** How long a piece of a line waits for the rest of it, in milliseconds. */
const PATIENCE = 50;

/** A person's terminal. */
export class EditingTerminal extends TimedTerminal implements Terminal {
  private readonly input: Readable;
  private readonly output: Writable;
  /** Made when somebody listens: as long as it is there, Ctrl-C is a key and stops nothing. */
  private lines: readline.Interface | undefined;
  private isPrompting = false;
  /** What was shown last does not end its line. */
  private isWithinLine = false;
  /** What is to be shown above the prompt when its line is complete. */
  private held: LuaString = "";
  private holding: NodeJS.Timeout | undefined;

  constructor(input: Readable, output: Writable) {
    super();
    this.input = input;
    this.output = output;
  }

  listen(listener: (line: LuaString | undefined) => void, onInterrupt: () => boolean): void {
    const { input, output } = this;
    const lines = readline.createInterface({ input, output, prompt: "", terminal: true });
    this.lines = lines;
    lines.on("line", (line) => {
      this.leavePrompt();
      listener(`${fromText(line)}\n`);
    });
    lines.on("close", () => {
      if (this.isPrompting) this.show("\n");
      this.leavePrompt();
      this.lines = undefined;
      listener(undefined);
    });
    lines.on("SIGINT", () => {
      if (lines.line !== "") clearInput(lines);
      else if (!onInterrupt()) lines.close();
    });
  }

  write(text: LuaString): void {
    if (!this.isPrompting) {
      this.show(text);
      return;
    }
    // What lines are made of comes in pieces, and a prompt cannot be put behind a piece.
    const pieces = `${this.held}${text}`;
    const end = pieces.lastIndexOf("\n") + 1;
    if (end > 0) this.showAbove(pieces.slice(0, end));
    this.held = pieces.slice(end);
    clearTimeout(this.holding);
    if (this.held !== "") this.holding = setTimeout(() => this.showHeld(), PATIENCE);
  }

  prompt(text: LuaString): void {
    this.showHeld();
    if (!this.lines) return;
    // A prompt clears its line.
    if (this.isWithinLine) this.show("\n");
    this.isPrompting = true;
    this.lines.setPrompt(toText(text));
    this.lines.prompt(true);
  }

  close(status: number): void {
    const { lines } = this;
    // Nobody is told of the end who has asked for it.
    lines?.removeAllListeners("close");
    if (this.isPrompting) this.show("\n");
    this.leavePrompt();
    this.lines = undefined;
    lines?.close();
    this.input.destroy();
    this.end(status);
  }

  private leavePrompt(): void {
    this.isPrompting = false;
    this.isWithinLine = false;
    this.showHeld();
  }

  private showHeld(): void {
    const { held } = this;
    clearTimeout(this.holding);
    this.held = "";
    if (held === "") return;
    if (this.isPrompting) this.showAbove(`${held}\n`);
    else this.show(held);
  }

  /** Writes whole lines where the prompt is, and shows it again below, with what has been typed. */
  private showAbove(text: LuaString): void {
    const { lines } = this;
    if (!lines) return;
    const { rows } = lines.getCursorPos();
    readline.moveCursor(this.output, 0, -rows);
    readline.cursorTo(this.output, 0);
    readline.clearScreenDown(this.output);
    this.show(text);
    // The editor goes up by the rows that it thinks it has used, and it does not count those that a
    // line grew by while it was typed.
    Object.assign(lines, { prevRows: 0 });
    lines.prompt(true);
  }

  private show(text: LuaString): void {
    if (text === "") return;
    this.output.write(toBytes(text));
    this.isWithinLine = !text.endsWith("\n");
  }
}

/** As if a person had gone to the end of the line and deleted all before. */
function clearInput(lines: readline.Interface): void {
  lines.write(null, { ctrl: true, name: "e" });
  lines.write(null, { ctrl: true, name: "u" });
}
