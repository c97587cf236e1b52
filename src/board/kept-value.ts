/**
 * A place for a Lua value that a module keeps, such as a callback. The value lies in the registry, as
 * on the device, so that collections see it and the memory count has it.
 */
import { keep, kept, release } from "../vm/references.ts";
import type { MachineState } from "../vm/state.ts";
import type { Value } from "../vm/values.ts";

/** One place, for one value at a time. */
export class KeptValue {
  private readonly state: MachineState;
  private place: number | undefined;

  /** @param value what is kept at first; nil for nothing */
  constructor(state: MachineState, value?: Value) {
    this.state = state;
    this.set(value);
  }

  /** Nil when nothing is kept. */
  get(): Value {
    return this.place === undefined ? undefined : kept(this.state, this.place);
  }

  /** Keeps another value; nil for none. */
  set(value: Value): void {
    if (this.place !== undefined) release(this.state, this.place);
    this.place = value === undefined ? undefined : keep(this.state, value);
  }

  /** Keeps nothing any more, and returns what was kept. */
  take(): Value {
    const value = this.get();
    this.set(undefined);
    return value;
  }
}
