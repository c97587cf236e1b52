/**
 * The library `debug` of Lua 5.3, as the reference's host build has it. Hooks can be asked for and
 * taken away, but not set: the machine has none. Source: the manual, §6.10; observed.
 */
import { toBytes, untilNul } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import { metatableOf } from "../events.ts";
import type { Library } from "../library.ts";
import { isNumber } from "../numbers.ts";
import { Closure } from "../state.ts";
import { Table } from "../table.ts";
import { TString, typeName, Userdata, type Value } from "../values.ts";
import { optionalThread } from "./debug-arguments.ts";
import { getregistry, getstrings } from "./debug-common.ts";
import { getinfo } from "./debug-info53.ts";
import {
  getlocal,
  getupvalue,
  setlocal,
  setupvalue,
  upvalueidFunction,
  upvaluejoin,
} from "./debug-variables53.ts";
import { Stream } from "./stream.ts";
import type { Surroundings } from "./surroundings.ts";
import { intArgument } from "./words.ts";

/** Makes the library for one machine of the reference's host. */
export function debug53(surroundings: Surroundings): Library {
  const { name, functions } = boardDebug53();
  return { name, functions: { debug: debugFunction(surroundings), ...functions } };
}

/** The same for a board, which has no standard input to debug with. */
export function boardDebug53(): Library {
  return {
    name: "debug",
    functions: {
      getuservalue,
      gethook,
      getinfo,
      getlocal,
      getregistry,
      getstrings,
      getmetatable,
      getupvalue,
      upvaluejoin,
      upvalueid: upvalueidFunction(),
      setuservalue,
      sethook,
      setlocal,
      setmetatable,
      setupvalue,
      traceback,
    },
  };
}

/** Runs lines of standard input until there are no more, or one that says `cont`. */
function debugFunction({ stdin, stderr }: Surroundings): Native {
  return (call) => {
    const input = new Stream(stdin);
    for (;;) {
      stderr.write("lua_debug> ");
      const line = input.takeLine();
      if (line === "" || line === "cont\n") return call.giveNothing();
      const main = call.state.loadChunk(toBytes(line), "=(debug command)");
      if (!(main instanceof Closure)) {
        stderr.write(`${main}\n`);
        continue;
      }
      const result = call.protectedCall(main, []);
      if (!result.ok) stderr.write(`${result.error.message ?? "(null)"}\n`);
    }
  };
}

/** A message with a traceback behind it; what is no text comes back as it is. */
function traceback(call: Call): number {
  const { thread, skipped } = optionalThread(call);
  const message = call.get(skipped + 1);
  const isText = message instanceof TString || isNumber(message);
  if (message !== undefined && !isText) return call.give(message);
  const level = intArgument(call, skipped + 2, thread === call.thread ? 1 : 0);
  const prefix = isText ? `${untilNul(call.text(skipped + 1))}\n` : "";
  // There is no level below 0, and none behind.
  const from = level < 0 ? thread.depth : level;
  return call.giveText(prefix + call.state.engine.traceback(thread, from));
}

// Metatables and user values

function getmetatable(call: Call): number {
  return call.give(metatableOf(call.state, call.any(1)));
}

/** Sets that of any value, which most types share. */
function setmetatable(call: Call): number {
  const value = call.get(1);
  const metatable = call.get(2);
  if (!call.has(2) || !(metatable === undefined || metatable instanceof Table)) {
    throw call.argumentError(2, "nil or table expected");
  }
  if (value instanceof Table) {
    // What lies in flash keeps what it has; the reference crashes.
    if (!value.readOnly) value.metatable = metatable;
  } else if (value instanceof Userdata && value.kind !== undefined) value.metatable = metatable;
  else if (metatable === undefined) call.state.typeMetatables.delete(typeName(value));
  else call.state.typeMetatables.set(typeName(value), metatable);
  if (value instanceof Table || value instanceof Userdata) {
    call.state.finalizers.noteMetatable(value);
  }
  return call.give(value);
}

function getuservalue(call: Call): number {
  const value = call.get(1);
  return call.give(value instanceof Userdata ? value.uservalue : undefined);
}

function setuservalue(call: Call): number {
  const userdata: Value = call.get(1);
  if (!(userdata instanceof Userdata) || userdata.kind === undefined) {
    throw call.typeError(1, "userdata");
  }
  userdata.uservalue = call.any(2);
  return call.give(userdata);
}

// Hooks

/** No hook, its mask, and its count. */
function gethook(call: Call): number {
  return call.giveThree(undefined, call.make(""), call.numbers.fromInteger(0));
}

function sethook(call: Call): number {
  const { skipped } = optionalThread(call);
  if (call.isNoneOrNil(skipped + 1)) return call.giveNothing();
  call.text(skipped + 2);
  call.callable(skipped + 1);
  throw call.error("hooks cannot be set here");
}
