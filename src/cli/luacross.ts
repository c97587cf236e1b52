/**
 * The `luacross` command: one word says what to do. `compile` takes the options of `luac.cross`;
 * everything the original cannot do is a command of its own.
 */

import { fromText } from "../base/lua-string.ts";
import type { Host, Invocation } from "./host.ts";
import { runLuacCross } from "./luac-cross.ts";
import { print, statusOf } from "./report.ts";
import { CONVERT } from "./tools/convert.ts";
import { DIFF } from "./tools/diff.ts";
import { INSPECT } from "./tools/inspect.ts";
import { RAM } from "./tools/ram.ts";
import { REPL } from "./tools/repl.ts";
import { RUN } from "./tools/run.ts";
import { SIZE } from "./tools/size.ts";
import { runTool, type Tool, WRONG_USE } from "./tools/tool.ts";
import { VERIFY } from "./tools/verify.ts";
import { PRODUCT_VERSION } from "./usage.ts";

interface Command {
  readonly name: string;
  /** What stands behind the name on the help page. */
  readonly argumentsInWords: string;
  readonly summary: string;
  /** @param call the arguments after the command's name, and both names as typed */
  run(host: Host, call: Invocation): number;
  /** It has a page of its own behind `--help`. */
  readonly hasHelp?: boolean;
}

/** The commands with options of their own. */
export const TOOLS: readonly Tool[] = [INSPECT, VERIFY, CONVERT, SIZE, DIFF, RAM, RUN, REPL];

function commandOf(tool: Tool): Command {
  const { name, brief: argumentsInWords, summary } = tool;
  const run = (host: Host, call: Invocation): number => runTool(tool, host, call);
  return { name, argumentsInWords, summary, run, hasHelp: true };
}

const COMMANDS: readonly Command[] = [
  {
    name: "compile",
    argumentsInWords: "FILE ...",
    summary: "compile Lua to .lc or a flash image, as luac.cross",
    run: runLuacCross,
    hasHelp: true,
  },
  ...TOOLS.map(commandOf),
  {
    name: "targets",
    argumentsInWords: "",
    summary: "list the firmware builds to compile for",
    run: (host, call) => answer(host, call, "--targets"),
  },
  {
    name: "version",
    argumentsInWords: "",
    summary: "show the version of luacross",
    run: (host, call) => answer(host, call, "--version"),
  },
  {
    name: "help",
    argumentsInWords: "[COMMAND]",
    summary: "show this page, or the options of a command",
    run: runHelp,
  },
];

/** Other words for a command. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["-h", "help"],
  ["--help", "help"],
  ["-v", "version"],
  ["--version", "version"],
  ["--targets", "targets"],
]);

/** Runs the command and returns its exit status; never throws on account of its input. */
export function runLuacross(host: Host): number {
  const [word = "help", ...args] = host.args;
  const command = findCommand(word);
  if (!command) return refuse(host, word);
  return command.run(host, { args, programName: `${host.programName} ${command.name}` });
}

function findCommand(word: string): Command | undefined {
  const name = ALIASES.get(word) ?? word;
  return COMMANDS.find((command) => command.name === name);
}

/** A command that is an option of `luac.cross`, and takes nothing but a call for help. */
function answer(host: Host, call: Invocation, option: string): number {
  const [word] = call.args;
  if (word === undefined) return runLuacCross(host, { ...call, args: [option] });
  if (ALIASES.get(word) === "help") return runHelp(host, { ...call, args: [] });
  const { programName } = call;
  const advice = `see '${host.programName} help'`;
  host.writeStderr(fromText(`${programName}: there is no use for '${word}'; ${advice}\n`));
  return WRONG_USE;
}

function runHelp(host: Host, call: Invocation): number {
  const [word] = call.args;
  const command = word === undefined ? undefined : findCommand(word);
  if (word !== undefined && !command) return refuse(host, word);
  if (command?.hasHelp) {
    const programName = `${host.programName} ${command.name}`;
    return command.run(host, { args: ["--help"], programName });
  }
  return statusOf(host, call, () => print(host, fromText(helpPage(host.programName))));
}

function helpPage(programName: string): string {
  const rows = COMMANDS.map(({ name, argumentsInWords, summary }) => {
    return `  ${`${name} ${argumentsInWords}`.padEnd(20)}${summary}\n`;
  });
  return [
    `luacross ${PRODUCT_VERSION}: the Lua cross-compiler for NodeMCU firmware\n\n`,
    `usage: ${programName} COMMAND ...\n\n`,
    ...rows,
    "\nFor example:\n\n",
    `  ${programName} compile -o init.lc init.lua\n`,
    `  ${programName} compile --target esp32-lua51-int -s -o app.lc app.lua\n`,
    "\nThe command luac.cross takes the same options as 'compile', without the word.\n",
  ].join("");
}

function refuse(host: Host, word: string): number {
  const { programName } = host;
  const meant = /^-|\.(lua|lc)$/.test(word)
    ? `did you mean '${programName} compile ${word}'?`
    : `see '${programName} help'`;
  host.writeStderr(fromText(`${programName}: unknown command '${word}'; ${meant}\n`));
  return WRONG_USE;
}
