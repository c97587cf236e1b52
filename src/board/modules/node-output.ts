/**
 * The console in the module `node`: `input` and `output`. Source: the NodeMCU manual, "node.input",
 * "node.output"; the firmwares' module.
 *
 *     call     firmware 2.2 calls the function with each piece while it is being printed
 *     pipe     firmware 3.0 writes to a pipe, and the function reads that as a task
 *     tasks    the newer chip's posts a task for each piece of up to 127 bytes
 */
import { type LuaString, untilNul } from "../../base/lua-string.ts";
import type { Call, Native } from "../../vm/call.ts";
import { LuaError } from "../../vm/errors.ts";
import { pipeLibrary } from "../../vm/library/pipe.ts";
import { light } from "../../vm/library.ts";
import { isNumber } from "../../vm/numbers.ts";
import { LuaFunction, type ProtectedResult } from "../../vm/state.ts";
import { Table } from "../../vm/table.ts";
import { TString, type Value } from "../../vm/values.ts";
import { Priority } from "../event-loop.ts";
import { KeptValue } from "../kept-value.ts";
import type { ModuleContext } from "../module.ts";
import { numberIfAny } from "./node-common.ts";
import { postTask, QUEUE_OVERFLOW } from "./node-tasks.ts";
import type { NativesByName } from "./pick.ts";

/** Takes what is printed. */
type Writer = (text: LuaString) => void;

export function consoleFunctions(context: ModuleContext): NativesByName {
  const { longestInput, output } = context.target.node;
  const makers = { call: callOutput, pipe: pipeOutput, tasks: taskOutput };
  return {
    input(call) {
      const text = call.text(1);
      if (longestInput === undefined || text.length <= longestInput) submit(context, text);
      return call.giveNothing();
    },
    output: makers[output](context),
  };
}

/** Firmware 2.2 takes what it is given for a line, whether it ends like one or not. */
function submit({ interpret, target }: ModuleContext, text: LuaString): void {
  const isLine = target.node.output === "call" && !text.endsWith("\n");
  interpret(isLine ? `${text}\n` : text);
}

/** Whether what is printed goes to the serial port, too; it does unless the argument is 0. */
function echoes(call: Call): boolean {
  const number = numberIfAny(call, 2);
  return number === undefined || Math.trunc(number) !== 0;
}

/** Calls a function while another one may be running. */
function callNow({ state }: ModuleContext, fn: Value, args: readonly Value[]): ProtectedResult {
  return state.engine.protectedCall(state.current, fn, args);
}

// By calls

function callOutput(context: ModuleContext): Native {
  const current = new KeptValue(context.state);
  return (call) => {
    const fn = call.get(1);
    const echo = echoes(call);
    const writer: Writer = (text) => {
      if (echo) context.serial.send(text);
      const piece = new TString(untilNul(text));
      if (context.state.current.depth === 0) context.run(fn, [piece]);
      else {
        const result = callNow(context, fn, [piece]);
        if (!result.ok) throw result.error;
      }
    };
    current.set(fn instanceof LuaFunction ? fn : undefined);
    context.redirectOutput(fn instanceof LuaFunction ? writer : undefined);
    return call.giveNothing();
  };
}

// By a pipe

function pipeOutput(context: ModuleContext): Native {
  const { create } = pipeLibrary(context.state, (task, priority) => {
    if (!postTask(context, task, priority)) {
      throw LuaError.of(QUEUE_OVERFLOW);
    }
  }).functions;
  const current = new KeptValue(context.state);
  return (call) => {
    const fn = call.get(1);
    current.set(undefined);
    if (!(fn instanceof LuaFunction) || typeof create !== "function") {
      context.redirectOutput(undefined);
      return call.giveNothing();
    }
    const echo = echoes(call);
    const medium = call.numbers.fromInteger(Priority.Medium);
    const pipe = call.call(light(create, "create"), fn, medium);
    current.set(pipe);
    if (pipe instanceof Table) context.redirectOutput(pipeWriter(context, pipe, echo));
    return call.giveNothing();
  };
}

/** An error while a text is written cannot be printed, for that would write again. */
function pipeWriter(context: ModuleContext, pipe: Table, echo: boolean): Writer {
  return (text) => {
    if (echo) context.serial.send(text);
    const result = callNow(context, pipe.getNumber(1), [pipe, new TString(text)]);
    if (result.ok) return;
    context.serial.send(`error calling stdout:write(${result.error.message ?? ""})\n`);
    context.restart("restart");
  };
}

// By tasks

const LONGEST_PIECE = 127;
const OVERFLOW = "E: output overflow\n";

function taskOutput(context: ModuleContext): Native {
  const current = new KeptValue(context.state);
  let echo = false;
  const runTask = (text: LuaString) => {
    const fn = current.get();
    if (fn !== undefined) context.run(fn, [new TString(text)]);
  };
  const writer: Writer = (text) => {
    for (let at = 0; at < text.length; at += LONGEST_PIECE) {
      const piece = text.slice(at, at + LONGEST_PIECE);
      const { loop, target } = context;
      if (loop.waiting(Priority.High) >= target.node.taskQueues[Priority.High]) {
        if (echo) context.serial.send(OVERFLOW);
        return;
      }
      loop.post(() => runTask(piece), Priority.High);
      if (echo) context.serial.send(piece);
    }
  };
  return (call) => {
    const fn = call.get(1);
    // Only the first function of several gets an echo on the serial port.
    echo = fn instanceof LuaFunction && current.get() === undefined && echoesThere(call);
    current.set(fn instanceof LuaFunction ? fn : undefined);
    context.redirectOutput(fn instanceof LuaFunction ? writer : undefined);
    return call.giveNothing();
  };
}

/** Something that is no number is taken for 0 there. */
function echoesThere(call: Call): boolean {
  return call.isNoneOrNil(2) || (isNumber(call.get(2)) && call.number(2) !== 0);
}
