/**
 * The flash store in the module `node`: its functions, and `node.LFS`. Source: the NodeMCU manual,
 * "node.LFS" and "node.flashindex"; observed.
 */
import { untilNul } from "../../base/lua-string.ts";
import type { Proto } from "../../bytecode/proto.ts";
import type { Call, Native } from "../../vm/call.ts";
import { flashTable } from "../../vm/library.ts";
import { isNumber } from "../../vm/numbers.ts";
import { LuaFunction } from "../../vm/state.ts";
import { Table } from "../../vm/table.ts";
import { TString, type Value } from "../../vm/values.ts";
import type { ModuleContext } from "../module.ts";
import { tableOf, warnOfOld } from "./node-common.ts";
import type { NativesByName } from "./pick.ts";

export function lfsFunctions(context: ModuleContext): NativesByName {
  const { node } = context.target;
  const get: Native = (call) => call.give(moduleFunction(call, context, call.get(1)));
  const reload: Native = (call) => reloadImage(call, context);
  return {
    flashindex: node.indexTellsAll ? (call) => index(call, context) : get,
    flashreload(call) {
      if (node.warnsOfOldFunctions) {
        warnOfOld(context, "node.flashreload", "soon. Use node.LFS interface instead");
      }
      return reload(call);
    },
    get,
    reload,
    list: (call) => call.give(list(call, context)),
  };
}

/** `node.LFS`: three functions, and every other name is looked up. */
export function lfsTable(context: ModuleContext): Table {
  const { state } = context;
  const { list, get, reload } = lfsFunctions(context);
  const table = flashTable(state, { list, get, reload });
  table.metatable = flashTable(state, {
    __index: (call: Call) => call.give(indexed(call, context, call.get(2))),
  });
  return table;
}

function indexed(call: Call, context: ModuleContext, key: Value): Value {
  if (!(key instanceof TString || isNumber(key))) return undefined;
  const name = call.make(call.text(2));
  if (untilNul(name.text) === "config") return lfsConfig(context);
  if (untilNul(name.text) === "time") return buildTime(context);
  return moduleFunction(call, context, name);
}

/** The main function of a module, made anew each time; nil when there is no such module. */
function moduleFunction(call: Call, context: ModuleContext, name: Value): Value {
  const { image } = context.lfs;
  if (image === undefined) return undefined;
  if (context.target.node.mainFindsModules) {
    const found = call.call(context.closureOf(image.main), name);
    return found instanceof LuaFunction ? found : undefined;
  }
  if (!(name instanceof TString)) return undefined;
  const module = image.modules.find((candidate) => candidate.name === name.text);
  return module && context.closureOf(module.proto);
}

/** Firmware 2.2: a module's function, or all there is to tell of the store. */
function index(call: Call, { lfs, state, closureOf }: ModuleContext): number {
  const { image, region } = lfs;
  const { numbers } = state;
  const mapped = numbers.fromInteger(region?.mapped ?? 0);
  const offset = numbers.fromInteger(region?.offset ?? 0);
  if (image === undefined) return call.giveThree(undefined, mapped, offset);
  const found = call.callAll(closureOf(image.main), call.values(1));
  if (found.length === 1) return call.give(found[0]);
  const [time, modules] = found;
  return call.giveAll([time, mapped, offset, numbers.fromInteger(image.size), modules]);
}

function reloadImage(call: Call, { lfs, state }: ModuleContext): number {
  const name = call.get(1);
  const isText = name instanceof TString || isNumber(name);
  const message = lfs.reload(isText ? untilNul(call.text(1)) : "");
  return call.give(message === undefined ? undefined : state.intern(message));
}

/** The names of the modules, sorted by the program's own `table.sort`; nil without an image. */
function list(call: Call, { lfs }: ModuleContext): Value {
  if (lfs.image === undefined) return undefined;
  const names = call.newTable(lfs.image.modules.length);
  lfs.image.modules.forEach(({ name }, i) => {
    names.setNumber(i + 1, call.make(name));
  });
  const library = call.index(call.state.globals, call.make("table"));
  if (library instanceof Table) call.call(call.index(library, call.make("sort")), names);
  return names;
}

/** When the image was built, in seconds since 1970. */
function buildTime({ lfs, state, target }: ModuleContext): Value {
  const time = lfs.image?.time;
  if (time !== undefined) return state.numbers.fromInteger(time);
  return target.node.mainFindsModules ? undefined : state.numbers.fromInteger(0);
}

/** What `node.info("lfs")` and `node.LFS.config` give. */
export function lfsConfig({ lfs, state }: ModuleContext): Table {
  const { image, region } = lfs;
  return tableOf(state, {
    lfs_mapped: region?.mapped ?? 0,
    lfs_base: region?.offset ?? 0,
    lfs_size: region?.size ?? 0,
    lfs_used: image?.size ?? 0,
  });
}

/** Whether a function lies in flash, where nothing can be taken out of it. */
export function isInFlash({ lfs }: ModuleContext, proto: Proto): boolean {
  return lfs.image !== undefined && isWithin(lfs.image.main, proto);
}

function isWithin(main: Proto, proto: Proto): boolean {
  return main === proto || main.protos.some((nested) => isWithin(nested, proto));
}
