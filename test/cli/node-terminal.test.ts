/** A person's terminal, on a screen in memory. */
import { PassThrough } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { EditingTerminal } from "../../src/cli/node-terminal.ts";

const COLUMNS = 20;

/** Understands what line editing writes: text, ends of lines, and moving and clearing. */
class Screen {
  private readonly rows: string[] = [""];
  private row = 0;
  private column = 0;

  write(text: string): void {
    const [plain, ...others] = text.split("\x1b");
    for (const character of plain) this.put(character);
    for (const piece of others) {
      const [order, count, command] = /^\[(\d*)([A-Z])/.exec(piece) ?? [];
      if (order === undefined) throw new Error(`the screen does not know ESC ${piece}`);
      this.obey(command, Number(count));
      for (const character of piece.slice(order.length)) this.put(character);
    }
  }

  get text(): string {
    return this.rows.map((row) => row.trimEnd()).join("\n");
  }

  private put(character: string): void {
    if (character === "\r") this.column = 0;
    else if (character === "\n") this.newLine();
    else {
      if (this.column === COLUMNS) this.newLine();
      const row = this.rows[this.row].padEnd(COLUMNS);
      this.rows[this.row] = row.slice(0, this.column) + character + row.slice(this.column + 1);
      this.column++;
    }
  }

  private newLine(): void {
    this.row++;
    this.column = 0;
    if (this.row === this.rows.length) this.rows.push("");
  }

  private obey(command: string, count: number): void {
    if (command === "A") this.row -= count;
    else if (command === "B") this.row += count;
    else if (command === "C") this.column += count;
    else if (command === "D") this.column -= count;
    else if (command === "G") this.column = count - 1;
    else if (command === "K") this.rows[this.row] = this.rows[this.row].slice(0, this.column);
    else if (command === "J") {
      this.rows[this.row] = this.rows[this.row].slice(0, this.column);
      this.rows.length = this.row + 1;
    } else throw new Error(`the screen does not know ESC [ ${command}`);
  }
}

const ENDS: (() => void)[] = [];
afterEach(() => {
  for (const end of ENDS.splice(0)) end();
});

function opened({ isWithinChunk = false } = {}) {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { columns: COLUMNS, isTTY: true });
  const screen = new Screen();
  output.on("data", (data: Buffer) => screen.write(data.toString()));
  const terminal = new EditingTerminal(input, output);
  const lines: (string | undefined)[] = [];
  const { exitCode } = process;
  let isOpen = true;
  const close = () => {
    if (isOpen) terminal.close(0);
    isOpen = false;
    process.exitCode = exitCode;
  };
  ENDS.push(close);
  terminal.listen(
    (line) => lines.push(line),
    () => isWithinChunk,
  );
  const type = async (text: string) => {
    input.write(text);
    await pause(5);
  };
  return { terminal, lines, type, screen, close };
}

describe("what a board writes", () => {
  test("goes above the line that is being typed", async () => {
    const { terminal, type, screen, lines } = opened();
    terminal.prompt("> ");
    await type("=1");
    terminal.write("tick");
    terminal.write("\n");
    await type("+1");
    expect(screen.text).toBe("tick\n> =1+1");
    await type("\r");
    expect(lines).toEqual(["=1+1\n"]);
  });

  test("goes above a line that takes several rows", async () => {
    const { terminal, type, screen } = opened();
    const long = "x".repeat(2 * COLUMNS);
    terminal.write("before\n");
    terminal.prompt("> ");
    await type(long);
    for (const text of ["one\n", "two\nthree\n"]) terminal.write(text);
    const typed = `> ${long}`.match(/.{1,20}/g)?.join("\n");
    expect(screen.text).toBe(`before\none\ntwo\nthree\n${typed}`);
  });

  test("is shown soon when its line does not end", async () => {
    const { terminal, type, screen } = opened();
    terminal.prompt("> ");
    await type("a");
    terminal.write(".");
    expect(screen.text).toBe("> a");
    await pause(150);
    expect(screen.text).toBe(".\n> a");
  });

  test("is not overwritten by a prompt", async () => {
    const { terminal, type, screen } = opened();
    terminal.write("abc");
    terminal.prompt("> ");
    await type("1");
    expect(screen.text).toBe("abc\n> 1");
  });

  test("leaves alone what was typed ahead", async () => {
    const { terminal, type, screen, lines } = opened();
    terminal.prompt("> ");
    await type("go\r=4");
    terminal.write("done\n");
    terminal.prompt("> ");
    await type("2\r");
    expect(lines).toEqual(["go\n", "=42\n"]);
    expect(screen.text.endsWith("> =42\n")).toBe(true);
  });
});

describe("the end", () => {
  test("comes with Ctrl-D, and leaves the prompt's line", async () => {
    const { terminal, type, screen, lines } = opened();
    terminal.prompt("> ");
    await type("\x04");
    terminal.write("late\n");
    terminal.prompt("> ");
    expect(lines).toEqual([undefined]);
    expect(screen.text).toBe(">\nlate\n");
  });

  test("comes with Ctrl-C when nothing is typed; else that clears the line", async () => {
    const { terminal, type, screen, lines } = opened();
    terminal.prompt("> ");
    await type("=1\x03");
    expect(screen.text).toBe(">");
    await type("=2\r");
    terminal.prompt("> ");
    await type("\x03");
    expect(lines).toEqual(["=2\n", undefined]);
  });

  test("does not come with Ctrl-C while there is something else to drop", async () => {
    const { terminal, type, lines } = opened({ isWithinChunk: true });
    terminal.prompt(">> ");
    await type("\x03");
    await type("=2\r");
    expect(lines).toEqual(["=2\n"]);
  });

  test("that was asked for is not told of", async () => {
    const { terminal, screen, lines, close } = opened();
    terminal.prompt("> ");
    close();
    await pause(5);
    expect(lines).toEqual([]);
    expect(screen.text).toBe(">\n");
  });
});
