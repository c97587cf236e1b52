/**
 * Lua values that JavaScript holds, such as the callbacks of timers: a collection sees them only in the
 * registry. They lie there under numbers, as those of C code do on the device, and numbers that became
 * free are used again. Source: the manuals' §4 (auxiliary library), `luaL_ref`.
 */
import type { MachineState } from "./state.ts";
import type { Value } from "./values.ts";

/** Where the registry has the number that became free last; each free one has the one before it. */
const FREE = 0;

/** Keeps a value; the number it gets is at least 1. */
export function keep({ registry }: MachineState, value: Value): number {
  const free = registry.getNumber(FREE);
  if (typeof free === "number" && free !== 0) {
    registry.setNumber(FREE, registry.getNumber(free));
    registry.setNumber(free, value);
    return free;
  }
  const next = registry.length() + 1;
  registry.setNumber(next, value);
  return next;
}

export function kept({ registry }: MachineState, reference: number): Value {
  return registry.getNumber(reference);
}

/** Gives a number back; the value is not kept any more. */
export function release({ registry }: MachineState, reference: number): void {
  registry.setNumber(reference, registry.getNumber(FREE));
  registry.setNumber(FREE, reference);
}
