/** What of a module's functions a firmware has, in its order. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Constants } from "../../target/module-facts.ts";
import type { Native } from "../../vm/call.ts";
import { type Entries, ITSELF } from "../../vm/library.ts";
import type { MachineState } from "../../vm/state.ts";
import type { Value } from "../../vm/values.ts";

/** All functions of a module, by name. */
export type NativesByName = Readonly<Record<LuaString, Native | undefined>>;

/** @throws Error when there is no function of such a name: the facts and the module disagree */
export function pick(all: NativesByName, names: readonly LuaString[]): Entries {
  const entries = names.map((name) => {
    return [name, name === "__index" ? ITSELF : pickOne(all, name)] as const;
  });
  return Object.fromEntries(entries);
}

/** @throws Error like {@link pick} */
export function pickOne(all: NativesByName, name: LuaString): Native {
  const native = all[name];
  if (native === undefined) throw new Error(`there is no function '${name}' to pick`);
  return native;
}

/** Constants as values of a machine. */
export function constants({ numbers }: MachineState, all: Constants): Record<LuaString, Value> {
  const entries = Object.entries(all).map(([name, value]) => [name, numbers.fromInteger(value)]);
  return Object.fromEntries(entries);
}
