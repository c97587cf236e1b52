/**
 * The texts of the command line: usage, long help, version and the list of targets.
 * Source: lua51.md §6.1 and lua53.md §6 for the usage text, which is the reference's.
 */
import type { CommandLineRules, OptionRow } from "../target/command-line.ts";
import type { TargetRow } from "../target/target.ts";
import { DEFAULT_TARGET_NAME, TARGETS } from "../target/targets.ts";

declare const LUACROSS_VERSION: string | undefined;

/** The package's version; the build puts it in. */
export const PRODUCT_VERSION =
  typeof LUACROSS_VERSION === "string" ? LUACROSS_VERSION : "(development)";

const OWN_OPTIONS: readonly OptionRow[] = [
  ["--target name", `the firmware (default is "${DEFAULT_TARGET_NAME}")`],
  ["--targets", "list the targets"],
  ["--timestamp seconds", "build time for -f, -a and -i, in seconds since 1970"],
  ["--compress name", '"best" makes compact images smaller; or "reference"'],
  ["--strip", "strip images for every firmware; say what it saves"],
  ["--many-modules", "allow more than 50 modules in an image"],
  ["--strict", "take warnings for errors"],
  ["--exact", "keep an image's bytes even where the device refuses them"],
  ["--seed number", "seed of the hashes in images of Lua 5.3 (or random)"],
  ["--trust-bytecode", "load .lc files of Lua 5.3 unchecked, as the original"],
  ["-h", "show the options of the original luac.cross"],
  ["--help", "show this text"],
  ["--version", "show the version of luacross"],
];

const ENVIRONMENT: readonly OptionRow[] = [
  ["LUAC_CROSS_TARGET", "target when there is no --target"],
  ["SOURCE_DATE_EPOCH", "build time when there is no --timestamp (default: now)"],
];

/** The reference's usage text. */
export function usageText(programName: string, rules: CommandLineRules): string {
  const head = `usage: ${programName} ${rules.usageTail}\nAvailable options are:\n`;
  return head + columns(rules.options, 9);
}

/** The usage text and all that luacross adds. */
export function helpText(programName: string, rules: CommandLineRules): string {
  return [
    usageText(programName, rules),
    "Options of luacross; most may stand anywhere before --, also after file names:\n",
    columns(OWN_OPTIONS, 21),
    "Environment variables:\n",
    columns(ENVIRONMENT, 19),
  ].join("");
}

/**
 * Every target with what it is for, one per line.
 *
 * @param chosen name of the target that is used when none is given; it is marked
 */
export function targetsText(chosen: string): string {
  const head = ["  target", "firmware", "Lua", "numbers", "settings of the firmware"];
  return `${TARGETS_HEAD}\n${table([head, ...TARGETS.map((target) => describe(target, chosen))])}`;
}

const TARGETS_HEAD = "Targets for --target; * marks the one that is used when none is given.\n";

function describe(target: TargetRow, chosen: string): string[] {
  const { name, firmware, dialect, numbersInWords, settings, supported } = target;
  const mark = name === chosen ? "* " : "  ";
  const note = supported ? "" : " (not supported yet)";
  return [mark + name, firmware, dialect.title, numbersInWords, settings + note];
}

/** Lines of cells, each column as wide as its widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] + 2))
          .join("")
          .trimEnd()}\n`,
    )
    .join("");
}

function columns(rows: readonly OptionRow[], width: number): string {
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join("");
}
