/**
 * What the commands for images have in common: options in GNU's manner, a help page made of their
 * description, and exit statuses that scripts can rely on.
 *
 *     arguments = { option | operand } [ "--" operand* ]
 *     option    = --name | --name value | --name=value | -o value
 *     status    = 0: all is well | 1: failed or refused | 2: the command line is wrong
 */
import { fromText } from "../../base/lua-string.ts";
import { Failure } from "../failure.ts";
import type { Host, Invocation } from "../host.ts";
import { print, statusOf } from "../report.ts";

export const FINE = 0;
export const REFUSED = 1;
export const WRONG_USE = 2;

export interface ToolOption {
  /** With its dashes. */
  readonly name: string;
  /** What the help calls its value; absent for an option without one. */
  readonly value?: string;
  readonly help: string;
}

export interface Tool {
  /** The word after `luacross`. */
  readonly name: string;
  /** What stands behind the name in the list of commands. */
  readonly brief: string;
  /** What stands behind the name on the help page. */
  readonly argumentsInWords: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** For the help page, which breaks the lines anew. */
  readonly description: string;
  readonly options: readonly ToolOption[];
  /** What status 1 means. */
  readonly refusal: string;
  /** Arguments, as one would type them. */
  readonly examples: readonly string[];
  /** Fewest and most operands, and what they are. */
  readonly operands: { readonly least: number; readonly most: number; readonly what: string };
  /** @returns the exit status; @throws Failure, LuacrossError, WrongUse */
  run(host: Host, request: ToolRequest): number;
}

export interface ToolRequest {
  readonly operands: readonly string[];
  /** Whether an option without value is given. */
  has(option: string): boolean;
  /** The value of an option, the last one if it is given more than once. */
  valueOf(option: string): string | undefined;
}

/** The command line is wrong; the message is a sentence in ordinary text. */
export class WrongUse extends Error {}

const HELP: ToolOption = { name: "--help", help: "show this page" };
const SHORT: ReadonlyMap<string, string> = new Map([["-h", "--help"]]);

/** Options that several tools have. */
export const JSON_OPTION: ToolOption = {
  name: "--json",
  help: "print the result for programs, as JSON",
};
export const TARGET_OPTION: ToolOption = {
  name: "--target",
  value: "NAME",
  help: "firmware; see 'luacross targets'",
};

/** Runs a tool and returns its exit status; never throws on account of its input. */
export function runTool(tool: Tool, host: Host, call: Invocation): number {
  let status = FINE;
  const failed = statusOf(host, call, () => {
    try {
      const request = parse(tool, call.args);
      if (request.has(HELP.name)) print(host, fromText(helpPage(tool, call.programName)));
      else status = tool.run(host, request);
    } catch (error) {
      if (!(error instanceof WrongUse)) throw error;
      const help = `'${call.programName} --help'`;
      // A question ends a sentence.
      const advice = error.message.endsWith("?") ? ` See ${help}` : `; see ${help}`;
      host.writeStderr(fromText(`${call.programName}: ${error.message}${advice}\n`));
      status = WRONG_USE;
    }
  });
  return failed === FINE ? status : failed;
}

/** @throws WrongUse */
function parse(tool: Tool, args: readonly string[]): ToolRequest {
  const options = [...tool.options, HELP];
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i];
    if (argument === "--") {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (argument === "-" || !argument.startsWith("-")) {
      operands.push(argument);
      continue;
    }
    const [word, attached] = split(argument);
    const option = findOption(options, word);
    if (option.value === undefined && attached !== undefined) {
      throw new WrongUse(`'${option.name}' takes no value`);
    }
    if (option.value === undefined) values.set(option.name, "");
    else values.set(option.name, required(option, attached ?? args[++i]));
  }
  const request: ToolRequest = {
    operands,
    has: (option) => values.has(option),
    valueOf: (option) => values.get(option),
  };
  if (!request.has(HELP.name)) checkOperands(tool, operands);
  return request;
}

/** `--name=value` in its two halves. */
function split(argument: string): [word: string, attached: string | undefined] {
  const at = argument.startsWith("--") ? argument.indexOf("=") : -1;
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

function findOption(options: readonly ToolOption[], word: string): ToolOption {
  const name = SHORT.get(word) ?? word;
  const option = options.find((candidate) => candidate.name === name);
  if (option) return option;
  const near = options.find(({ name: known }) => known.startsWith(word.slice(0, 4)));
  const meant = near && word.length > 3 ? `; did you mean '${near.name}'?` : "";
  throw new WrongUse(`there is no option '${word}'${meant}`);
}

function required({ name, value }: ToolOption, given: string | undefined): string {
  if (given) return given;
  throw new WrongUse(`'${name}' needs a value: ${name} ${value}`);
}

function checkOperands({ operands: { least, most, what } }: Tool, given: readonly string[]): void {
  if (given.length < least) throw new WrongUse(`${what} is missing`);
  if (given.length > most) {
    throw new WrongUse(`'${given[most]}' is one argument too many`);
  }
}

function helpPage(tool: Tool, programName: string): string {
  const { argumentsInWords, description, options, refusal, examples } = tool;
  const rows = [...options, HELP].map(({ name, value = "", help }) => {
    return `  ${`${name} ${value}`.padEnd(18)}${help}\n`;
  });
  return [
    `usage: ${programName} ${argumentsInWords}\n\n${wrapped(description)}\n`,
    ...rows,
    "\nExit status:\n\n",
    `  0  all is well\n  1  ${refusal}\n  2  the command line is wrong\n`,
    "\nFor example:\n\n",
    ...examples.map((example) => `${`  ${programName} ${example}`.trimEnd()}\n`),
  ].join("");
}

/** The words of a text in lines of less than 80 characters. */
function wrapped(text: string): string {
  let width = 0;
  const words = text.split(/\s+/).map((word) => {
    const fits = width > 0 && width + 1 + word.length < 80;
    const gap = fits ? " " : width > 0 ? "\n" : "";
    width = fits ? width + 1 + word.length : word.length;
    return gap + word;
  });
  return `${words.join("")}\n`;
}

/** Prints a value as JSON for programs. */
export function printJson(host: Host, value: unknown): void {
  print(host, fromText(`${JSON.stringify(value, undefined, 2)}\n`));
}

/** A failure whose message is ordinary text. */
export function failure(message: string): Failure {
  return new Failure(fromText(message));
}
