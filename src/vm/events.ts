/**
 * Metatables and events: which metamethod a value has. What a metatable lacks, and its `__index`, is
 * remembered in it, for most lookups ask just that.
 */
import type { EventNames } from "./event-names.ts";
import type { MachineState } from "./state.ts";
import { Table } from "./table.ts";
import { type TString, typeName, Userdata, type Value } from "./values.ts";

/** Bits of `Table.knownEvents`. */
const INDEX_KNOWN = 1;
const NO_NEWINDEX = 2;
const NO_EQ = 4;

export function metatableOf(state: MachineState, value: Value): Table | undefined {
  if (value instanceof Table) return value.metatable;
  if (value instanceof Userdata && value.metatable instanceof Table) return value.metatable;
  return state.typeMetatables.get(typeName(value));
}

/** A field of the value's metatable. */
export function metamethod(state: MachineState, value: Value, event: TString): Value {
  return metatableOf(state, value)?.getString(event);
}

/** `metatable.__index`. */
export function indexOf(metatable: Table, names: EventNames): Value {
  if ((metatable.knownEvents & INDEX_KNOWN) !== 0) return metatable.knownIndex;
  metatable.knownIndex = metatable.getString(names.index);
  metatable.knownEvents |= INDEX_KNOWN;
  return metatable.knownIndex;
}

/** `metatable.__newindex`. */
export function newindexOf(metatable: Table, names: EventNames): Value {
  return unlessKnown(metatable, names.newindex, NO_NEWINDEX);
}

/** `metatable.__eq`. */
export function eqOf(metatable: Table, names: EventNames): Value {
  return unlessKnown(metatable, names.eq, NO_EQ);
}

/** Whether `__eq` is asked for values that are not the same. */
export function mayBeEqual(left: Value, right: Value): boolean {
  return (
    (left instanceof Table && right instanceof Table) ||
    (left instanceof Userdata && right instanceof Userdata)
  );
}

function unlessKnown(metatable: Table, event: TString, absent: number): Value {
  if ((metatable.knownEvents & absent) !== 0) return undefined;
  const method = metatable.getString(event);
  if (method === undefined) metatable.knownEvents |= absent;
  return method;
}
