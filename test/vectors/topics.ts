/** All topics, each with a file of cases and a file of answers. */
import type { Topic } from "./case.ts";
import { binaryCode } from "./lua51/binary-code.cases.ts";
import { binaryDamage } from "./lua51/binary-damage.cases.ts";
import { binaryFiles } from "./lua51/binary-files.cases.ts";
import { binaryInput } from "./lua51/binary-input.cases.ts";
import { closures } from "./lua51/closures.cases.ts";
import { combination } from "./lua51/combination.cases.ts";
import { commandLine } from "./lua51/command-line.cases.ts";
import { constants } from "./lua51/constants.cases.ts";
import { expressions } from "./lua51/expressions.cases.ts";
import { folding } from "./lua51/folding.cases.ts";
import { imageInputs } from "./lua51/image-inputs.cases.ts";
import { imageOptions } from "./lua51/image-options.cases.ts";
import { lexer } from "./lua51/lexer.cases.ts";
import { limits } from "./lua51/limits.cases.ts";
import { lineInfo } from "./lua51/line-info.cases.ts";
import { listing } from "./lua51/listing.cases.ts";
import { literals } from "./lua51/literals.cases.ts";
import { wholePrograms } from "./lua51/programs.cases.ts";
import { runningScripts } from "./lua51/scripts.cases.ts";
import { statements } from "./lua51/statements.cases.ts";
import { brokenConstructs, syntaxErrors } from "./lua51/syntax-errors.cases.ts";
import { tables } from "./lua51/tables.cases.ts";
import { LUA53_TOPICS } from "./lua53/topics.ts";

/** Where a topic's answers lie, seen from the project's root, in which npm runs its scripts. */
export function answersPath({ name, folder = "lua51" }: Topic): string {
  return `test/vectors/${folder}/${name}.answers.json`;
}

/** What tells a topic from all others. */
export function topicTitle({ name, folder = "lua51" }: Topic): string {
  return `${folder}/${name}`;
}

export const TOPICS: readonly Topic[] = [
  literals,
  lexer,
  syntaxErrors,
  brokenConstructs,
  constants,
  folding,
  expressions,
  statements,
  tables,
  closures,
  lineInfo,
  limits,
  wholePrograms,
  binaryInput,
  binaryDamage,
  binaryFiles,
  binaryCode,
  listing,
  combination,
  commandLine,
  ...LUA53_TOPICS,
  imageOptions,
  imageInputs,
  runningScripts,
];
