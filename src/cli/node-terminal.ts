/** The {@link Terminal} of a real process: lines can be edited where a person types them. */
import * as readline from "node:readline";
import { fromText, type LuaString, toBytes, toText } from "../base/lua-string.ts";
import type { Terminal } from "./terminal.ts";

export function nodeTerminal(): Terminal {
  return process.stdin.isTTY && process.stdout.isTTY ? new EditingTerminal() : new PlainTerminal();
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

/** A person's terminal. */
class EditingTerminal extends TimedTerminal implements Terminal {
  private readonly lines = readline.createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: "",
  });
  private isPrompting = false;

  listen(listener: (line: LuaString | undefined) => void): void {
    this.lines.on("line", (line) => {
      this.isPrompting = false;
      listener(`${fromText(line)}\n`);
    });
    this.lines.on("close", () => listener(undefined));
  }

  write(text: LuaString): void {
    if (this.isPrompting) {
      readline.clearLine(process.stdout, 0);
      readline.cursorTo(process.stdout, 0);
    }
    process.stdout.write(toBytes(text));
    if (!this.isPrompting) return;
    if (!text.endsWith("\n")) process.stdout.write("\n");
    this.lines.prompt(true);
  }

  prompt(text: LuaString): void {
    this.isPrompting = true;
    this.lines.setPrompt(toText(text));
    this.lines.prompt();
  }

  close(status: number): void {
    this.lines.close();
    process.stdin.destroy();
    this.end(status);
  }
}
