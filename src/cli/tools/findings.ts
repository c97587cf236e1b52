/** What was found out about a file, and pieces of the pages that show it. */
import type { Proto } from "../../bytecode/proto.ts";
import type { Target } from "../../target/target.ts";
import { bar, type Column, type Style, table } from "./page.ts";
import { grouped, percent } from "./quantities.ts";

/** Both manners of telling it. */
export interface Finding {
  readonly json: unknown;
  readonly page: (style: Style) => string;
}

export interface Counts {
  readonly functions: number;
  readonly instructions: number;
  readonly constants: number;
}

/** Of a function with all within. */
export function countsOf({ protos, code, constants }: Proto): Counts {
  const counts = { functions: 1, instructions: code.length, constants: constants.length };
  for (const nested of protos.map(countsOf)) {
    counts.functions += nested.functions;
    counts.instructions += nested.instructions;
    counts.constants += nested.constants;
  }
  return counts;
}

export function namesOf(targets: readonly Target[]): string {
  return targets.map(({ name }) => name).join(" or ");
}

const PART_COLUMNS: readonly Column[] = [
  { title: "part", align: "left" },
  { title: "bytes", align: "right" },
  { title: "%", align: "right" },
  { title: "", align: "left" },
];
const BAR_WIDTH = 30;

/** Parts of something and their share of it; those of no bytes are left out. */
export function partTable(parts: readonly (readonly [string, number])[], style: Style): string {
  const total = parts.reduce((sum, [, size]) => sum + size, 0);
  const most = Math.max(...parts.map(([, size]) => size));
  const rows = parts
    .filter(([, size]) => size > 0)
    .map(([part, size]) => ({
      cells: [part, grouped(size), percent(size, total), bar(size, most, BAR_WIDTH)],
    }));
  return table(PART_COLUMNS, rows, style);
}
