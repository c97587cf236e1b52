/** Native functions with long loops spend steps of the program, so that a limit stops them, too. */
import type { Call } from "../call.ts";

/** @throws Stop when there are none left */
export function spendStep(call: Call): void {
  spendSteps(call, 1);
}

/** @throws Stop when there are not so many left */
export function spendSteps({ state }: Call, count: number): void {
  state.steps -= count;
  if (state.steps < 0) state.outOfSteps();
}
