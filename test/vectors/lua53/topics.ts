/**
 * The topics of Lua 5.3: its own, and those of Lua 5.1 whose programs are asked of its compilers,
 * too. What is no Lua 5.3 any more then shows as an error.
 */
import { LUA53_TARGETS, type Topic, type VectorCase } from "../case.ts";
import { closures } from "../lua51/closures.cases.ts";
import { constants } from "../lua51/constants.cases.ts";
import { expressions } from "../lua51/expressions.cases.ts";
import { folding } from "../lua51/folding.cases.ts";
import { lexer } from "../lua51/lexer.cases.ts";
import { lineInfo } from "../lua51/line-info.cases.ts";
import { listing } from "../lua51/listing.cases.ts";
import { literals } from "../lua51/literals.cases.ts";
import { wholePrograms } from "../lua51/programs.cases.ts";
import { statements } from "../lua51/statements.cases.ts";
import { brokenConstructs, syntaxErrors } from "../lua51/syntax-errors.cases.ts";
import { tables } from "../lua51/tables.cases.ts";
import { commandLine } from "./command-line.cases.ts";
import { constantSlots } from "./constant-slots.cases.ts";
import { environment } from "./environment.cases.ts";
import { gotos } from "./goto.cases.ts";
import { libraries53, librariesEsp32 } from "./libraries.cases.ts";
import { limits } from "./limits.cases.ts";
import { lines } from "./lines.cases.ts";
import { messages } from "./messages.cases.ts";
import { numbers } from "./numbers.cases.ts";
import { operators } from "./operators.cases.ts";
import { scripts53, scriptsEsp32 } from "./scripts.cases.ts";
import { strings } from "./strings.cases.ts";
import { syntax } from "./syntax.cases.ts";

const OWN: readonly Topic[] = [
  gotos,
  operators,
  numbers,
  strings,
  environment,
  syntax,
  constantSlots,
  lines,
  limits,
  messages,
  commandLine,
  scripts53,
  scriptsEsp32,
  libraries53,
  librariesEsp32,
];

const SHARED: readonly Topic[] = [
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
  wholePrograms,
  listing,
];

/** Two targets that differ in everything, for cases that few targets are asked. */
const FEW = ["esp8266-lua53", "esp32-lua53-64"];

function forLua53(topic: Topic): Topic {
  return { ...topic, folder: "lua53", cases: topic.cases.map(caseForLua53) };
}

function caseForLua53({ deviations: _, targets, ...vector }: VectorCase): VectorCase {
  return { ...vector, targets: targets === undefined ? LUA53_TARGETS : FEW };
}

export const LUA53_TOPICS: readonly Topic[] = [
  ...SHARED.map(forLua53),
  ...OWN.map((topic) => ({
    ...topic,
    folder: "lua53" as const,
    cases: topic.cases.map((vector) => ({ targets: LUA53_TARGETS, ...vector })),
  })),
];
