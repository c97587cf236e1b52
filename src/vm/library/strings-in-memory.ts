/** The strings that a program can reach. */

import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { Closure, type Code, NativeFunction, Thread } from "../state.ts";
import { Table } from "../table.ts";
import { TString, Userdata, type Value } from "../values.ts";

/** A new list of them, in order, without those that lie in flash. */
export function stringsInMemory(call: Call): Table {
  const walk = new Walk();
  const { state } = call;
  walk.visit(state.registry);
  walk.visit(state.globals);
  walk.visit(state.mainThread);
  walk.visit(call.thread);
  for (const metatable of state.typeMetatables.values()) walk.visit(metatable);
  walk.run();
  const texts = [...walk.texts].sort(compare);
  const list = call.newTable(texts.length, 0);
  for (const [i, text] of texts.entries()) list.setNumber(i + 1, call.make(text));
  return list;
}

/** By bytes, as Lua compares strings. */
function compare(left: LuaString, right: LuaString): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Goes through all that can be reached. */
class Walk {
  readonly texts = new Set<LuaString>();
  private readonly seen = new Set<object>();
  private readonly waiting: object[] = [];

  visit(value: Value | null | Code): void {
    if (value instanceof TString) this.texts.add(value.text);
    else if (typeof value === "object" && value !== null && !this.seen.has(value)) {
      this.seen.add(value);
      this.waiting.push(value);
    }
  }

  run(): void {
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) {
      if (next instanceof Table) this.visitTable(next);
      else if (next instanceof Closure) this.visitClosure(next);
      else if (next instanceof NativeFunction) for (const each of next.upvalues) this.visit(each);
      else if (next instanceof Userdata) this.visitUserdata(next);
      else if (next instanceof Thread) this.visitThread(next);
      else this.visitCode(next as Code);
    }
  }

  private visitTable(table: Table): void {
    this.visit(table.metatable);
    if (table.readOnly) return;
    for (let at = table.placeAfter(0); at >= 0; at = table.placeAfter(at)) {
      this.visit(table.keyAt(at));
      this.visit(table.valueAt(at));
    }
  }

  private visitClosure({ code, environment, upvalues }: Closure): void {
    this.visit(code);
    this.visit(environment);
    for (const { array, index } of upvalues) this.visit(array[index]);
  }

  private visitUserdata({ metatable, uservalue }: Userdata): void {
    if (metatable instanceof Table) this.visit(metatable);
    this.visit(uservalue);
  }

  private visitThread(thread: Thread): void {
    this.visit(thread.globals);
    const { top } = thread.frames[thread.depth];
    for (let i = 0; i < top; i++) this.visit(thread.stack[i]);
  }

  private visitCode({ proto, constants, nested }: Code): void {
    if (proto.source !== null) this.texts.add(proto.source);
    for (const constant of constants) this.visit(constant);
    for (const each of nested) this.visit(each);
    for (const { name } of proto.locals) if (name !== null) this.texts.add(name);
    for (const name of proto.upvalueNames) if (name !== null) this.texts.add(name);
  }
}
