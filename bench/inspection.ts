/**
 * Looking into a large flash image: what `luacross inspect`, `size` and `verify` do, in process. The
 * first call of each is timed apart: a command is always at its first.
 */
import { inspectImage } from "../src/cli/tools/inspect-image.ts";
import { PLAIN } from "../src/cli/tools/page.ts";
import { openFile } from "../src/cli/tools/subjects.ts";
import { applicationOf, SOURCE_BYTES } from "./images.ts";
import type { Library } from "./library.ts";
import { type Times, timesOf } from "./statistics.ts";

/** The row that is all of `luacross inspect`: reading, measuring, and the page. */
export const INSPECTION = "inspect it: read, measure, make the page";

export interface InspectionResult {
  /** Bytes in flash. */
  readonly size: number;
  readonly rows: readonly InspectionRow[];
  readonly problems: readonly string[];
}

export interface InspectionRow {
  readonly name: string;
  /** Milliseconds. */
  readonly first: number;
  readonly times: Times;
}

/** What is done with an image, and whether its result is right. */
interface Look {
  readonly name: string;
  run(): boolean;
}

/** @param rounds how often each is run, after as many to get warm */
export function measureInspection(library: Library, rounds: number): InspectionResult {
  const modules = applicationOf(30, SOURCE_BYTES);
  const { bytes, size } = library.buildImage(modules, { timestamp: 0 });
  const looks: Look[] = [
    {
      name: "read it",
      run: () => library.readImage(bytes).modules.length === modules.length,
    },
    {
      name: "read it, and measure where its bytes go",
      run: () => {
        const { total, parts } = library.measureImage(bytes);
        return total === size && Object.values(parts).reduce((a, b) => a + b) === size;
      },
    },
    {
      name: INSPECTION,
      run: () => {
        const page = inspectImage(openFile("app.img", bytes)).page(PLAIN);
        return modules.every(({ name }) => page.includes(`  ${name.replace(/\.lua$/, "")} `));
      },
    },
    {
      name: "try it on the simulated device",
      run: () => library.verifyImage(bytes).sound,
    },
  ];
  const problems: string[] = [];
  const time = ({ name, run }: Look): number => {
    const start = performance.now();
    const isRight = run();
    const end = performance.now();
    if (!isRight) problems.push(`flash image: ${name}: the result is wrong`);
    return end - start;
  };
  const rows = looks.map((look) => {
    const first = time(look);
    for (let round = 1; round < rounds; round++) time(look);
    const times = timesOf(Array.from({ length: rounds }, () => time(look)));
    return { name: look.name, first, times };
  });
  return { size, rows, problems: [...new Set(problems)] };
}
