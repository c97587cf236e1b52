/** The page about what code asks for; see `requirements.ts`. */
import type { Ask, FirmwareUse, Requirements } from "../../requirements.ts";
import type { Target } from "../../target/target.ts";
import { type Column, type Style, shortened, shown, table } from "./page.ts";
import { counted } from "./quantities.ts";
import { missingCount } from "./requirements.ts";

const COLUMNS: readonly Column[] = [
  { title: "module", align: "left" },
  { title: "line", align: "right" },
  { title: "asks for", align: "left" },
  { title: "found", align: "left" },
];
/** Lines that are shown of one question. */
const MOST_LINES = 3;
const WIDEST_NAME = 24;
const WIDEST_WORDS = 48;
const NOBODY = "NOBODY provides it";

/** What is missing comes first. */
export function requirementsPage(requirements: Requirements, target: Target, style: Style): string {
  const { asks, firmwareModules, notInFirmware, notes } = requirements;
  const isMissing = ({ found }: Ask) => found === undefined;
  const sorted = [...asks.filter(isMissing), ...asks.filter((ask) => !isMissing(ask))];
  const rows = sorted.map((ask) => rowOf(ask, style));
  return [
    rows.length > 0
      ? `What the code asks for:\n\n${table(COLUMNS, rows, style)}`
      : "The code asks for no module and no file by a name that is written out.\n",
    `\nNeeds firmware modules: ${listOf(firmwareModules)}\n`,
    ...notInFirmware.map(({ name, programs }) => {
      const users = programs.map(shown).join(", ");
      return `  ${style.bad("warn")}  ${target.firmware} has no '${shown(name)}', which ${users} reads\n`;
    }),
    ...notes.map((note) => `  ${style.bad("note")}  ${note}\n`),
    `\n${verdict(requirements, style)}\n`,
  ].join("");
}

function rowOf({ program, lines, words, found }: Ask, { bad }: Style) {
  const shownLines = lines.slice(0, MOST_LINES).join(", ");
  return {
    cells: [
      shortened(shown(program), WIDEST_NAME),
      lines.length === 0 ? "?" : `${shownLines}${lines.length > MOST_LINES ? ", …" : ""}`,
      shortened(shown(words), WIDEST_WORDS),
      found === undefined ? NOBODY : shown(found),
    ],
    ...(found === undefined && { paint: bad }),
  };
}

function listOf(uses: readonly FirmwareUse[]): string {
  return uses.length === 0 ? "none" : uses.map(({ name }) => shown(name)).join(", ");
}

function verdict(requirements: Requirements, { good, bad, strong }: Style): string {
  const missing = missingCount(requirements);
  if (missing === 0) return strong(good("All that the code asks for is there."));
  const cure = "say with '--provides' or '--fs' what is there besides";
  return strong(
    bad(
      `${counted(missing, "thing")} that the code asks for ${missing === 1 ? "is" : "are"} not there; ${cure}.`,
    ),
  );
}
