/**
 * The measurements as a person reads them, beside the goals they are held against. Every section
 * has its table, then in words who could not take part and what was checked.
 */
import type { Verdict } from "./check.ts";
import {
  type Goal,
  imageGoal,
  inspectionGoal,
  memoryGoal,
  packingGoals,
  ratioToReference,
  runningGoals,
  speedGoal,
  startUpGoal,
} from "./goals.ts";
import type { ImageResult } from "./images.ts";
import type { InspectionResult } from "./inspection.ts";
import { type Machine, machineInWords } from "./machine.ts";
import type { MemoryResult } from "./memory.ts";
import type { PackingResult } from "./packing.ts";
import type { RaceResult, RaceRules, Standing } from "./race.ts";
import type { RunningResult } from "./running.ts";
import { runningLines } from "./running-report.ts";
import { NODE_ALONE, type StartUpResult } from "./start-up.ts";
import type { Times } from "./statistics.ts";
import { type Align, factor, figure, files, megabytes, table, whole } from "./words.ts";

/** One race, over one set of sources. */
export interface RaceReport extends RaceResult {
  readonly rules: RaceRules;
  readonly name: string;
  readonly detail: string;
  readonly files: number;
  readonly bytes: number;
  readonly verdict: Verdict;
}

/** Everything that one run of the benchmark found. */
export interface Report {
  readonly date: string;
  readonly machine: Machine;
  readonly target: string;
  readonly quick: boolean;
  readonly races: readonly RaceReport[];
  readonly startUp: StartUpResult;
  readonly memory: MemoryResult;
  readonly images: ImageResult;
  readonly inspection: InspectionResult;
  readonly packing: PackingResult;
  readonly running: readonly RunningResult[];
  /** Wrong results, in words. */
  readonly problems: readonly string[];
}

/** In the order of the sections. */
export function goalsOf(report: Report): Goal[] {
  const { races, startUp, memory, images, inspection, packing, running } = report;
  return [
    ...races.map(({ name, rules, standings }) => speedGoal(name, rules, standings)),
    startUpGoal(startUp),
    memoryGoal(memory),
    imageGoal(images),
    inspectionGoal(inspection),
    ...packingGoals(packing),
    ...running.flatMap(runningGoals),
  ];
}

/** Rows that come later go into the section of their kind, or into one of their own after these. */
export function reportLines(report: Report): string[] {
  return [
    `luacross, speed${report.quick ? " (quick run: few rounds)" : ""}, ${report.date.slice(0, 10)}`,
    ...machineInWords(report.machine),
    `target ${report.target}; MB are 1,000,000 bytes`,
    "",
    "1. Source to bytecode in process, warm, in MB of source per second",
    ...report.races.flatMap(raceLines),
    "",
    ...startUpLines(report.startUp),
    "",
    ...memoryLines(report.memory),
    "",
    ...imageLines(report.images),
    "",
    ...inspectionLines(report.inspection),
    "",
    ...packingLines(report.packing),
    "",
    "7. Running programs, compiling included; times are of the best round, in milliseconds",
    ...report.running.flatMap(runningLines),
    "",
    "Goals",
    ...goalLines(goalsOf(report)),
    "",
    ...problemLines(report.problems),
  ];
}

/** Name and kind of work, then figures. */
const RACE_COLUMNS: readonly Align[] = [
  ...(["left", "left"] as const),
  ...(["right", "right", "right", "right", "right", "right"] as const),
];
const RACE_HEAD = [
  ["", "", "best", "median", "best to", "", "", ""],
  ["", "", "MB/s", "MB/s", "reference", "rounds", "MB", "files"],
];

function raceLines({
  rules,
  name,
  detail,
  files: count,
  bytes,
  standings,
  verdict,
}: RaceReport): string[] {
  const rows = standings
    .filter(({ figures }) => figures)
    .map((standing) => raceRow(standing, ratioToReference(standing, standings)));
  return [
    "",
    `   for ${rules.target}; ${name}${detail}: ${files(count)}, ${megabytes(bytes)} MB`,
    ...table(RACE_COLUMNS, RACE_HEAD, rows),
    ...standings.flatMap(remarks),
    `   checked, ${files(verdict.files)}: ${verdict.how}: ${verdict.problems.length ? "NO" : "yes"}`,
  ];
}

/** @param ratio to the reference */
function raceRow({ name, what, figures }: Standing, ratio: number | undefined): string[] {
  const { bestRate, medianRate, times, bytes, files: count } = figures!;
  return [
    name,
    what,
    figure(bestRate),
    figure(medianRate),
    ratio === undefined ? "-" : factor(ratio),
    whole(times.rounds),
    megabytes(bytes),
    whole(count),
  ];
}

/** What the figures of one contender do not say. */
function remarks({ name, absent, figures, isReference }: Standing): string[] {
  if (!figures) return [`   ${name}: not measured: ${absent}`];
  if (isReference) return [`   ${name}: its start and the reading of the files are in its time`];
  return figures.refused > 0
    ? [`   ${name}: ${files(figures.refused)} left out, which it cannot take`]
    : [];
}

/** Ratios to `node -e 0` in both measures: on a busy machine only the best rounds tell much. */
function startUpLines({ file, fileBytes, rows }: StartUpResult): string[] {
  const node = rows.find(({ name }) => name === NODE_ALONE)?.times;
  const measured = rows.flatMap(({ name, times }) => {
    if (!times || !node) return [];
    const { best, median, rounds } = times;
    const ratios = [factor(best / node.best), factor(median / node.median)];
    return [[name, figure(best), figure(median), ...ratios, whole(rounds)]];
  });
  const head = [
    ["", "best", "median", "best to", "median to", ""],
    ["", "ms", "ms", NODE_ALONE, NODE_ALONE, "rounds"],
  ];
  return [
    `2. One small file as a process: ${file}, ${whole(fileBytes)} bytes`,
    "",
    ...table(["left", "right", "right", "right", "right", "right"], head, measured),
    ...rows.flatMap(({ name, absent }) => (absent ? [`   ${name}: not measured: ${absent}`] : [])),
  ];
}

function memoryLines({ sourceBytes, modules, peak, nodePeak, runs }: MemoryResult): string[] {
  const rows = [
    ["node bin/luac.cross", inMegabytes(peak)],
    [NODE_ALONE, inMegabytes(nodePeak)],
  ];
  return [
    `3. Memory for one source of ${megabytes(sourceBytes)} MB: ${whole(modules)} modules in it`,
    "",
    ...table(["left", "right"], [["", "peak MB"]], rows),
    `   the most of ${runs === 1 ? "1 run" : `${runs} runs`}`,
  ];
}

function imageLines(result: ImageResult): string[] {
  const { modules, sourceBytes, size, fileSize, ours, reference, absent, problems } = result;
  const row = (name: string, { best, median, rounds }: Times, ratio: string): string[] => [
    name,
    figure(best),
    figure(median),
    ratio,
    whole(rounds),
  ];
  const rows = [
    row("luacross, in process", ours, reference ? factor(ours.best / reference.best) : "-"),
  ];
  if (reference) rows.push(row("reference executable", reference, factor(1)));
  const head = [
    ["", "best", "median", "best to", ""],
    ["", "ms", "ms", "reference", "rounds"],
  ];
  const checked = problems.length > 0 ? "NO" : "yes";
  return [
    `4. Sources to a compact flash image: ${modules} modules, ${whole(sourceBytes)} bytes`,
    "",
    ...table(["left", "right", "right", "right", "right"], head, rows),
    `   ${whole(size)} bytes of flash in a file of ${whole(fileSize)}; ours are loaded by a simulated device, too`,
    absent === undefined
      ? `   checked: byte for byte the reference's: ${checked}`
      : `   reference executable: not measured: ${absent}`,
  ];
}

function inspectionLines({ size, rows, problems }: InspectionResult): string[] {
  const cells = rows.map(({ name, first, times: { best, median, rounds } }) => {
    return [name, figure(best), figure(median), figure(first), whole(rounds)];
  });
  const head = [
    ["", "best", "median", "first", ""],
    ["", "ms", "ms", "ms", "rounds"],
  ];
  return [
    `5. Looking into a compact flash image of ${whole(size)} bytes, in process`,
    "",
    ...table(["left", "right", "right", "right", "right"], head, cells),
    `   checked: modules, sums, and that it loads: ${problems.length > 0 ? "NO" : "yes"}`,
  ];
}

function packingLines(result: PackingResult): string[] {
  const { size, reference, zlib, best, first, times, referenceTimes, problems } = result;
  const sizes = [
    ["reference", reference],
    ["zlib, level 9, window 16 KB", zlib],
    ["best", best],
  ] as const;
  const figures = new Map<string, string[]>([
    ["reference", [figure(referenceTimes.best), figure(referenceTimes.median), "-"]],
    ["best", [figure(times.best), figure(times.median), figure(first)]],
  ]);
  const rows = sizes.map(([name, bytes]) => {
    const ratio = (bytes / reference).toFixed(3);
    return [name, whole(bytes), ratio, ...(figures.get(name) ?? ["-", "-", "-"])];
  });
  const head = [
    ["", "file", "to", "best", "median", "first"],
    ["compressor", "bytes", "reference", "ms", "ms", "ms"],
  ];
  return [
    `6. Packing a compact flash image of ${whole(size)} bytes; times are of whole builds, in process`,
    "",
    ...table(["left", "right", "right", "right", "right", "right"], head, rows),
    `   checked: same content, and that it loads: ${problems.length > 0 ? "NO" : "yes"}`,
  ];
}

/** @param bytes undefined when the command failed */
function inMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? "failed" : megabytes(bytes);
}

function goalLines(goals: readonly Goal[]): string[] {
  const rows = goals.map(({ what, aim, inWords, met }) => [
    what,
    aim,
    inWords,
    met === undefined ? "not measured" : met ? "met" : "not met",
  ]);
  return table(["left", "left", "right", "left"], [["what", "goal", "result", ""]], rows);
}

function problemLines(problems: readonly string[]): string[] {
  if (problems.length === 0) return ["All results are right."];
  return ["WRONG RESULTS", ...problems.map((problem) => `   ${problem}`)];
}
