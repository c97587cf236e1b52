/** The table of the programs that were run: a row for each, and what others took for one of ours. */
import { runningRatio } from "./goals.ts";
import { LUACROSS, type RunnerResult, type RunningResult } from "./running.ts";
import { factor, figure, table } from "./words.ts";

export function runningLines(result: RunningResult): string[] {
  const { target, programs, runners, problems } = result;
  const running = runners.filter(({ absent }) => absent === undefined);
  const others = running.filter(({ name }) => name !== LUACROSS);
  const names = [...running, ...others].map(({ name }) => name);
  const head = [
    ["", ...names.map((_, i) => (i < running.length ? "" : "luacross to"))],
    ["", ...names],
  ];
  const means = others.map(({ name }) => inWords(runningRatio(result, name)));
  const rows = [
    ...programs.map((program) => [
      program,
      ...running.map(({ times }) => millisecondsOf(times.get(program)?.best)),
      ...others.map((other) => inWords(ratioOf(program, running[0], other))),
    ]),
    ["geometric mean", ...running.map(() => ""), ...means],
  ];
  return [
    "",
    `   for ${target}`,
    ...table(["left", ...names.map(() => "right" as const)], head, rows),
    ...runners.flatMap(({ name, absent }) =>
      absent ? [`   ${name}: not measured: ${absent}`] : [],
    ),
    "   times are the processor's; the reference's are by the clock, with the start of its process",
    `   checked: all print the same: ${problems.length > 0 ? "NO" : "yes"}`,
  ];
}

function ratioOf(program: string, ours: RunnerResult, other: RunnerResult): number | undefined {
  const one = ours.times.get(program);
  const theirs = other.times.get(program);
  return one && theirs && theirs.best / one.best;
}

function millisecondsOf(time: number | undefined): string {
  return time === undefined ? "-" : figure(time);
}

function inWords(ratio: number | undefined): string {
  return ratio === undefined ? "-" : factor(ratio);
}
