/** Native functions with long loops spend steps of the program, so that a limit stops them, too. */
import type { Call } from "../call.ts";

/** @throws Stop when there are none left */
export function spendStep({ state }: Call): void {
  if (--state.steps < 0) state.outOfSteps();
}
