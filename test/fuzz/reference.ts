/**
 * Asks a reference executable. Starting a process costs more than compiling a program, so many
 * programs are asked about at a time: as several inputs that end up in one output, or by a Lua
 * script (option `-e`) that loads one file after another and writes down the messages.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromBytes, type LuaString } from "../../src/base/lua-string.ts";

/** How one run of the reference ended. */
export interface Answer {
  /** Exit status, or null when a signal ended the process. */
  readonly status: number | null;
  /** Stderr without the program's name and the last line end. */
  readonly message: LuaString;
  readonly stdout: LuaString;
  /** The output file, if one was to be written and was. */
  readonly output: Uint8Array | undefined;
}

const MAX_OUTPUT = 1 << 29;
const TIMEOUT = 60_000;

/**
 * Kilobytes of memory a reference may have. A damaged chunk can ask it for gigabytes; then it is to
 * give up rather than to fill them.
 */
const MEMORY_LIMIT = 128_000;
const WITH_LIMIT = `ulimit -v ${MEMORY_LIMIT} 2>/dev/null; exec "$0" "$@"`;

/** What a reference says when it gave up for lack of memory. */
export const OUT_OF_MEMORY = "not enough memory";

const OUTPUT = "out.lc";
const SCRIPT = "ask.lua";
const ANSWERS = "answers";

/** Something that knows the right answers. Files are named relative to a folder agreed on before. */
export interface Oracle {
  /** Compiles files into one output. */
  compile(files: readonly string[], options: readonly string[]): Answer;
  /** The full listing of the files' combination. */
  list(files: readonly string[]): Answer;
  /**
   * What it says of each file: the message, or "" when it loads the file. Undefined when one of the
   * files made it crash.
   */
  messages(files: readonly string[]): LuaString[] | undefined;
}

export class Reference implements Oracle {
  private readonly executable: string;
  private readonly folder: string;
  /** Some cannot run scripts; undefined until it was tried (lua53.md §6.1). */
  private runsScripts: boolean | undefined;

  /**
   * @param folder where the input files are, and where answers may be written
   * @throws when there is no such executable
   */
  constructor(executable: string, folder: string) {
    accessSync(executable, constants.X_OK);
    this.executable = executable;
    this.folder = folder;
  }

  compile(files: readonly string[], options: readonly string[]): Answer {
    rmSync(join(this.folder, OUTPUT), { force: true });
    const answer = this.run([...options, "-o", OUTPUT, ...files]);
    return { ...answer, output: this.read(OUTPUT) };
  }

  list(files: readonly string[]): Answer {
    return this.run(["-l", "-l", "-p", ...files]);
  }

  messages(files: readonly string[]): LuaString[] | undefined {
    this.runsScripts ??= this.ask([]) !== undefined;
    return this.runsScripts ? this.ask(files) : this.messagesOneByOne(files);
  }

  private messagesOneByOne(files: readonly string[]): LuaString[] | undefined {
    const answers = files.map((file) => this.compile([file], ["-p"]));
    const gaveUp = answers.some(({ status }) => status === null);
    return gaveUp ? undefined : answers.map(({ message }) => message);
  }

  /** The same from a script. */
  private ask(files: readonly string[]): LuaString[] | undefined {
    writeFileSync(join(this.folder, SCRIPT), askingScript(files));
    rmSync(join(this.folder, ANSWERS), { force: true });
    const { status } = this.run(["-p", "-e", SCRIPT]);
    const answers = this.read(ANSWERS);
    return status === null || answers === undefined ? undefined : splitAnswers(fromBytes(answers));
  }

  private run(options: readonly string[]): Answer {
    const { status, stdout, stderr } = spawnSync(
      "/bin/sh",
      ["-c", WITH_LIMIT, this.executable, ...options],
      {
        cwd: this.folder,
        maxBuffer: MAX_OUTPUT,
        timeout: TIMEOUT,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const prefix = `${this.executable}: `;
    const said = fromBytes(stderr).replace(/\n$/, "");
    const message = said.startsWith(prefix) ? said.slice(prefix.length) : said;
    return { status, message, stdout: fromBytes(stdout), output: undefined };
  }

  private read(name: string): Uint8Array | undefined {
    try {
      return readFileSync(join(this.folder, name));
    } catch {
      return undefined;
    }
  }
}

/** A Lua script that loads each file and writes the length of the message, a line end, the message. */
function askingScript(files: readonly string[]): string {
  return `local out = io.open("${ANSWERS}", "wb")
for file in ("${files.join(" ")}"):gmatch("%S+") do
  local loaded, message = loadfile(file)
  message = loaded and "" or message
  out:write(#message .. "\\n" .. message)
end
out:close()`;
}

/** The messages that the script wrote. */
function splitAnswers(text: LuaString): LuaString[] {
  const answers: LuaString[] = [];
  for (let at = 0; at < text.length; ) {
    const lineEnd = text.indexOf("\n", at);
    const end = lineEnd + 1 + Number(text.slice(at, lineEnd));
    answers.push(text.slice(lineEnd + 1, end));
    at = end;
  }
  return answers;
}
