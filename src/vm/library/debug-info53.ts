/** `debug.getinfo` of Lua 5.3. Source: the manual, §6.10 and §4.9; observed. */
import type { LuaString } from "../../base/lua-string.ts";
import { chunkId } from "../../bytecode/chunk-id.ts";
import { decodeLines53 } from "../../bytecode/line-info53.ts";
import type { Call } from "../call.ts";
import { currentLine53, functionName53 } from "../names53.ts";
import { Closure, type Frame, LuaFunction, NativeFunction, type Thread } from "../state.ts";
import type { Table } from "../table.ts";
import type { Value } from "../values.ts";
import { depthAt, optionalThread } from "./debug-arguments.ts";
import { intArgument } from "./words.ts";

/** What a program can ask for, a letter each. */
const LETTERS = /^[SlunLtf]*$/;
const ALL = "flnStu";

/** A function, and where it runs if it does. */
interface Subject {
  readonly fn: LuaFunction | undefined;
  readonly thread: Thread;
  /** 0 when it is not asked about a running one. */
  readonly depth: number;
}

export function getinfo(call: Call): number {
  const { thread, skipped } = optionalThread(call);
  const options = call.text(skipped + 2, ALL);
  const subject = subjectOf(call, thread, skipped + 1);
  if (subject === undefined) return call.give(undefined);
  if (!LETTERS.test(options)) throw call.argumentError(skipped + 2, "invalid option");
  const table = call.newTable();
  for (const letter of "SluntLf") {
    if (!options.includes(letter)) continue;
    const fields = fieldsOf(call, subject, letter);
    for (const name of Object.keys(fields)) {
      table.setString(call.state.intern(name), fields[name]);
    }
  }
  return call.give(table);
}

/** Undefined for a level that is not there. */
function subjectOf(call: Call, thread: Thread, n: number): Subject | undefined {
  const given = call.get(n);
  if (given instanceof LuaFunction) return { fn: given, thread, depth: 0 };
  const depth = depthAt(thread, intArgument(call, n));
  return depth === 0 ? undefined : { fn: thread.frames[depth].fn, thread, depth };
}

type Fields = Readonly<Record<string, Value>>;

function fieldsOf(call: Call, { fn, thread, depth }: Subject, letter: string): Fields {
  const frame: Frame | undefined = depth > 0 ? thread.frames[depth] : undefined;
  const integer = (value: number) => call.numbers.fromInteger(value);
  switch (letter) {
    case "S":
      return sourceFields(call, fn);
    case "l":
      return { currentline: integer(frame === undefined ? -1 : currentLine53(frame)) };
    case "u":
      return upvalueFields(call, fn);
    case "n":
      return nameFields(call, depth > 0 ? functionName53(thread, depth) : undefined);
    case "t":
      return { istailcall: frame !== undefined && frame.tailCalls > 0 };
    case "L":
      return { activelines: activeLines(call, fn) };
    default:
      return { func: fn };
  }
}

function sourceFields(call: Call, fn: LuaFunction | undefined): Fields {
  const integer = (value: number) => call.numbers.fromInteger(value);
  if (!(fn instanceof Closure)) {
    return {
      source: call.make("=[C]"),
      short_src: call.make("[C]"),
      linedefined: integer(-1),
      lastlinedefined: integer(-1),
      what: call.make("C"),
    };
  }
  const { source, lineDefined, lastLineDefined } = fn.code.proto;
  return {
    source: call.make(source ?? "=?"),
    short_src: call.make(chunkId(source ?? "=?", call.state.target.dialect.chunkId)),
    linedefined: integer(lineDefined),
    lastlinedefined: integer(lastLineDefined),
    what: call.make(lineDefined === 0 ? "main" : "Lua"),
  };
}

function upvalueFields(call: Call, fn: LuaFunction | undefined): Fields {
  const isLua = fn instanceof Closure;
  const count = isLua ? fn.upvalues.length : fn instanceof NativeFunction ? fn.upvalues.length : 0;
  return {
    nups: call.numbers.fromInteger(count),
    nparams: call.numbers.fromInteger(isLua ? fn.code.parameterCount : 0),
    isvararg: isLua ? fn.code.isVararg : true,
  };
}

function nameFields(call: Call, name: { kind: LuaString; name: LuaString } | undefined): Fields {
  return {
    name: name === undefined ? undefined : call.make(name.name),
    namewhat: call.make(name?.kind ?? ""),
  };
}

/** The lines that have code, as keys; nil for a native function. */
function activeLines(call: Call, fn: LuaFunction | undefined): Table | undefined {
  if (!(fn instanceof Closure)) return undefined;
  const table = call.newTable();
  const { lineInfo, code } = fn.code.proto;
  if (lineInfo.length === 0) return table;
  for (const line of decodeLines53(lineInfo, code.length)) table.setNumber(line, true);
  return table;
}
