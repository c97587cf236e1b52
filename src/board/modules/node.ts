/**
 * The firmware's module `node`: what each generation has of it, put together from its parts. Functions
 * that a simulated board cannot do anything sensible for raise errors that say so.
 * Source: the NodeMCU manual, "node"; the firmwares' module.
 */
import type { LuaString } from "../../base/lua-string.ts";
import { flashTable, light } from "../../vm/library.ts";
import type { Value } from "../../vm/values.ts";
import type { BoardModule, ModuleContext } from "../module.ts";
import { startupOptions } from "../startup-settings.ts";
import { CPU_80_MHZ, CPU_160_MHZ, chipFunctions, WAKEUP } from "./node-chip.ts";
import { collectorTable, compileFunctions } from "./node-compile.ts";
import { lfsFunctions, lfsTable } from "./node-lfs.ts";
import { consoleFunctions } from "./node-output.ts";
import { randomFunction } from "./node-random.ts";
import { sleepFunctions } from "./node-sleep.ts";
import { startupFunctions } from "./node-startup.ts";
import { taskFunctions, taskTable } from "./node-tasks.ts";
import { constants, type NativesByName, pickOne } from "./pick.ts";

export const NODE: BoardModule = {
  name: "node",
  open: (context) => ({
    name: "node",
    functions: {},
    fields: () => fieldsOf(context),
  }),
};

/** Everything that the generation has, in its order. @throws Error when we do not know an entry */
function fieldsOf(context: ModuleContext): Record<LuaString, Value> {
  const functions = functionsOf(context);
  const tables = tablesOf(context);
  const fields: Record<LuaString, Value> = {};
  for (const name of context.target.node.entries) {
    const make = tables[name];
    fields[name] = make ? make() : light(pickOne(functions, name), name);
  }
  return fields;
}

function functionsOf(context: ModuleContext): NativesByName {
  return {
    ...chipFunctions(context, startupOptions(context.kept).isFast),
    ...compileFunctions(context),
    ...consoleFunctions(context),
    ...lfsFunctions(context),
    ...sleepFunctions(context),
    ...startupFunctions(context),
    ...taskFunctions(context),
    // The chip's makers print nothing here, so that there is nothing to be switched on.
    osprint: (call) => call.giveNothing(),
    random: randomFunction(context),
  };
}

/** Entries that are no functions. */
function tablesOf(context: ModuleContext): Readonly<Record<LuaString, (() => Value) | undefined>> {
  const { fromInteger } = context.state.numbers;
  return {
    CPU80MHZ: () => fromInteger(CPU_80_MHZ),
    CPU160MHZ: () => fromInteger(CPU_160_MHZ),
    egc: () => collectorTable(context),
    LFS: () => lfsTable(context),
    task: () => taskTable(context),
    wakeup: () => flashTable(context.state, constants(context.state, WAKEUP)),
  };
}
