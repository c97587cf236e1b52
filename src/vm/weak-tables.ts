/**
 * Entries of weak tables whose key or value is collected. Strings and what lies in flash never are.
 * A userdata that was finalized stays as a key, but not as a value. Source: the manuals' §2.10.2 and
 * §2.5.2; observed.
 */
import type { Finalizers } from "./finalizers.ts";
import type { Reachable, WeakTable } from "./reachable.ts";
import { Node } from "./table.ts";
import type { Value } from "./values.ts";

/** Tells whether an entry, or an item of an array part (without a key), goes. */
type Goes = (value: Value, key?: Value) => boolean;

/** Counts the strings of the entries that stay, and changes nothing. */
export function markStrings(reach: Reachable, finalizers: Finalizers): void {
  const goes = rule(reach, finalizers);
  for (const { table } of reach.weakTables) {
    const { array, nodes } = table;
    for (const value of array) if (!goes(value)) reach.mark(value);
    for (let at = 0; at < nodes.length; at += Node.Size) {
      const value = nodes[at + Node.Value];
      if (value === undefined || goes(value, nodes[at])) continue;
      reach.mark(nodes[at]);
      reach.mark(value);
    }
  }
}

/** Removes the entries that go. */
export function clearEntries(reach: Reachable, finalizers: Finalizers): void {
  const goes = rule(reach, finalizers);
  for (const weak of reach.weakTables) clear(weak, goes);
}

/** Removes the entries whose values go by a weak reference. */
export function clearValues(reach: Reachable): void {
  for (const weak of reach.weakTables) if (weak.values) clear(weak, (value) => reach.isDead(value));
}

function rule(reach: Reachable, finalizers: Finalizers): Goes {
  return (value, key) => reach.isDead(value) || reach.isDead(key) || finalizers.wasFinalized(value);
}

function clear({ table, values }: WeakTable, goes: Goes): void {
  const { array, nodes } = table;
  table.knownEvents = 0;
  if (values) {
    for (let i = 1; i < array.length; i++) if (goes(array[i])) array[i] = undefined;
  }
  for (let at = 0; at < nodes.length; at += Node.Size) {
    const value = nodes[at + Node.Value];
    if (value !== undefined && goes(value, nodes[at])) nodes[at + Node.Value] = undefined;
  }
}
