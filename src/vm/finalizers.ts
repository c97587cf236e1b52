/**
 * Objects with finalizers (`__gc`). They are kept here, so that JavaScript keeps them until a
 * collection finds that the program cannot reach them any more. The youngest is finalized first.
 *
 * Lua 5.1 finalizes userdata whose metatable has `__gc` by then, and each once. Lua 5.3 finalizes
 * what had such a metatable when it was set, tables too, as often as it is set.
 * Source: the manuals' §2.10.1 and §2.5.1; observed.
 */
import type { CollectorFacts } from "../target/memory-facts.ts";
import type { EventNames } from "./event-names.ts";
import { Table } from "./table.ts";
import { type LuaObject, Userdata, type Value } from "./values.ts";

export class Finalizers {
  /** Those whose finalizers are to be called next, in this order. */
  readonly due: LuaObject[] = [];
  /** The youngest comes last. */
  private readonly waiting = new Set<LuaObject>();
  private readonly finalized = new WeakSet<LuaObject>();
  private readonly facts: CollectorFacts;
  private readonly events: EventNames;

  constructor(facts: CollectorFacts, events: EventNames) {
    this.facts = facts;
    this.events = events;
  }

  /** To be called for every table and userdata that gets a metatable. */
  noteMetatable(object: Table | Userdata): void {
    if (this.mayBeFinalized(object)) this.waiting.add(object);
  }

  private mayBeFinalized(object: Table | Userdata): boolean {
    const { metatable } = object;
    if (!(metatable instanceof Table)) return false;
    if (metatable.getString(this.events.gc) !== undefined) {
      return this.facts.marksFinalizers || object instanceof Userdata;
    }
    // A metatable in memory may get a finalizer later.
    return !this.facts.marksFinalizers && object instanceof Userdata && !metatable.readOnly;
  }

  /**
   * Takes the objects that are to be finalized, and adds them to {@link due}.
   *
   * @param isDead tells those that the program cannot reach; all others stay
   */
  separate(isDead: (object: LuaObject) => boolean): readonly LuaObject[] {
    const dead = [...this.waiting].filter(isDead).reverse();
    for (const object of dead) this.waiting.delete(object);
    const { marksFinalizers } = this.facts;
    const due = dead.filter((object) => marksFinalizers || this.hasFinalizer(object));
    if (!marksFinalizers) for (const object of due) this.finalized.add(object);
    this.due.push(...due);
    return due;
  }

  private hasFinalizer(object: LuaObject): boolean {
    const metatable = object instanceof Userdata ? object.metatable : undefined;
    return metatable instanceof Table && metatable.getString(this.events.gc) !== undefined;
  }

  /** Lua 5.1 remembers it, Lua 5.3 does not. */
  wasFinalized(value: Value): boolean {
    return value instanceof Userdata && this.finalized.has(value);
  }
}
