/**
 * What a program can reach, found as the device's collector finds it: from the threads, the registry
 * and the metatables of types, through everything but weak references. A key whose value is nil keeps
 * nothing alive, nor does a register above the running function. What lies in flash is not gone into.
 * Source: the manuals' §2.10 and §2.5; observed.
 */
import { type LuaString, untilNul } from "../base/lua-string.ts";
import { namesOf } from "./proto-texts.ts";
import {
  Closure,
  Code,
  type Frame,
  type MachineState,
  NativeFunction,
  type Slot,
  Thread,
  Upvalue,
} from "./state.ts";
import { Node, Table } from "./table.ts";
import { LuaObject, TString, Userdata, type Value } from "./values.ts";

/** A table that holds its keys, its values or both weakly. */
export interface WeakTable {
  readonly table: Table;
  readonly keys: boolean;
  readonly values: boolean;
}

/** What takes memory on the device, strings excepted. */
export type HeapObject = LuaObject | Code | Upvalue;

export class Reachable {
  readonly objects = new Set<HeapObject>();
  /** Strings of which there is one each; those in flash, too. */
  readonly texts = new Set<LuaString>();
  /** Strings that are too long to be shared, each by itself; names by their text. */
  readonly longStrings = new Set<TString | LuaString>();
  readonly weakTables: WeakTable[] = [];
  private readonly state: MachineState;
  private readonly waiting: HeapObject[] = [];
  /** Weak tables whose values go with their keys. */
  private readonly ephemerons: Table[] = [];

  constructor(state: MachineState) {
    this.state = state;
    this.mark(state.mainThread);
    this.mark(state.current);
    this.mark(state.globals);
    this.mark(state.registry);
    for (const metatable of state.typeMetatables.values()) this.mark(metatable);
    for (const object of state.finalizers.due) this.mark(object);
    this.finish();
  }

  /** Goes on from what was marked since. */
  finish(): void {
    do {
      for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) {
        this.visit(next);
      }
    } while (this.markEphemerons());
  }

  /** Can a value be collected, and is not reached. */
  isDead(value: Value): value is LuaObject {
    return value instanceof LuaObject && !this.objects.has(value) && !isInFlash(value);
  }

  mark(value: Slot): void {
    if (value instanceof TString) this.markString(value);
    else if (value instanceof LuaObject && !isInFlash(value)) this.add(value);
  }

  private add(object: HeapObject): void {
    if (this.objects.has(object)) return;
    this.objects.add(object);
    this.waiting.push(object);
  }

  // Strings

  private markString(string: TString): void {
    if (string.text.length <= this.longestShared) this.texts.add(string.text);
    else this.longStrings.add(string);
  }

  private markName(text: LuaString): void {
    if (text.length <= this.longestShared) this.texts.add(text);
    else this.longStrings.add(text);
  }

  private get longestShared(): number {
    return this.state.target.memory.strings.longestShared;
  }

  // Objects

  private visit(object: HeapObject): void {
    if (object instanceof Table) this.visitTable(object);
    else if (object instanceof Closure) this.visitClosure(object);
    else if (object instanceof Upvalue) this.mark(object.array[object.index]);
    else if (object instanceof Code) this.visitCode(object);
    else if (object instanceof NativeFunction) for (const each of object.upvalues) this.mark(each);
    else if (object instanceof Userdata) this.visitUserdata(object);
    else if (object instanceof Thread) this.visitThread(object);
  }

  private visitClosure({ code, environment, upvalues }: Closure): void {
    this.mark(environment);
    if (!this.state.flash.holdsProto(code.proto)) this.add(code);
    for (const upvalue of upvalues) this.add(upvalue);
  }

  private visitCode({ proto, constants, nested }: Code): void {
    for (const name of namesOf(proto)) this.markName(name);
    for (const constant of constants) this.mark(constant);
    for (const each of nested) this.add(each);
  }

  private visitUserdata({ kind, content, metatable, uservalue }: Userdata): void {
    if (metatable instanceof Table) this.mark(metatable);
    this.mark(uservalue);
    for (const held of kind?.valuesIn(content) ?? []) this.mark(held);
  }

  private visitThread(thread: Thread): void {
    this.mark(thread.globals);
    for (let i = 0; i <= thread.depth; i++) this.mark(thread.frames[i].fn);
    const end = endOfStack(thread);
    for (let i = 0; i < end; i++) this.mark(thread.stack[i]);
  }

  // Tables

  private visitTable(table: Table): void {
    const { metatable } = table;
    this.mark(metatable);
    const mode = modeOf(metatable?.getString(this.state.events.mode));
    const keys = mode.includes("k");
    const values = mode.includes("v");
    if (keys || values) this.weakTables.push({ table, keys, values });
    if (!values) for (let i = 1; i < table.array.length; i++) this.mark(table.array[i]);
    if (keys && !values && this.state.target.memory.collector.hasEphemerons) {
      this.ephemerons.push(table);
    } else this.markNodes(table, !keys, !values);
  }

  private markNodes({ nodes }: Table, keys: boolean, values: boolean): void {
    for (let at = 0; at < nodes.length; at += Node.Size) {
      const value = nodes[at + Node.Value];
      if (value === undefined) continue;
      if (keys) this.mark(nodes[at]);
      if (values) this.mark(value);
    }
  }

  /** Marks the values whose keys are reached; false when there was nothing to mark. */
  private markEphemerons(): boolean {
    for (const { nodes } of this.ephemerons) {
      for (let at = 0; at < nodes.length; at += Node.Size) {
        if (!this.isDead(nodes[at])) this.mark(nodes[at + Node.Value]);
      }
    }
    return this.waiting.length > 0;
  }
}

/** Flash holds tables that cannot be changed, functions without upvalues, and light userdata. */
function isInFlash(object: LuaObject): boolean {
  if (object instanceof Table) return object.readOnly;
  if (object instanceof NativeFunction) return object.light;
  return object instanceof Userdata && object.kind === undefined;
}

function modeOf(mode: Value): LuaString {
  return mode instanceof TString ? untilNul(mode.text) : "";
}

/** Behind the last value of a thread. A thread that was suspended has handed over what it yielded. */
function endOfStack(thread: Thread): number {
  const frame: Frame = thread.frames[thread.depth];
  if (thread.status !== "suspended") return frame.top;
  // The function of a thread that was not resumed yet.
  if (thread.depth === 0) return 2;
  return frame.fn instanceof NativeFunction ? frame.top - frame.count : frame.top;
}
