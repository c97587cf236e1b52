/**
 * The firmware's module `file`: files by their names. What is done to an open file is in
 * `file-object.ts`. Source: the NodeMCU manual, "file"; the firmwares' module.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { FileFacts } from "../../target/module-facts.ts";
import type { Call } from "../../vm/call.ts";
import type { LuaError } from "../../vm/errors.ts";
import { intArgument } from "../../vm/library/words.ts";
import type { Library } from "../../vm/library.ts";
import { LuaFunction } from "../../vm/state.ts";
import type { Table } from "../../vm/table.ts";
import type { Value } from "../../vm/values.ts";
import { isFilePath, LONGEST_NAME, nameOfPath } from "../file-names.ts";
import { KeptValue } from "../kept-value.ts";
import type { BoardModule, ModuleContext } from "../module.ts";
import { fileMode, type OpenFile, type OpenFiles } from "../open-files.ts";
import type { Storage } from "../storage.ts";
import { FILE_OBJECT, FileObjects, giveRead } from "./file-object.ts";
import { type NativesByName, pick } from "./pick.ts";

const MOST_BYTES = 0x7fffffff;
/** C's number for what a file system cannot do. */
const NOT_SUPPORTED = 134;
/** Permissions of a new folder when a program does not say. */
const ALL_MAY = 0o777;
const FLAGS = ["is_dir", "is_rdonly", "is_hidden", "is_sys", "is_arch"];
/** SPIFFS keeps no times; this one stands for none. */
const NO_TIME: readonly (readonly [name: LuaString, value: number])[] = [
  ["year", 1970],
  ["mon", 1],
  ["day", 1],
  ["hour", 0],
  ["min", 0],
  ["sec", 0],
];

export const FILE: BoardModule = {
  name: "file",
  open: (context) => new FileModule(context).library(),
};

class FileModule {
  private readonly context: ModuleContext;
  private readonly facts: FileFacts;
  private readonly storage: Storage;
  private readonly files: OpenFiles;
  private readonly objects: FileObjects;
  /** The function that tells the time to file systems that want it; this one does not. */
  private readonly clock: KeptValue;

  constructor(context: ModuleContext) {
    const { openFiles, state, target } = context;
    this.context = context;
    this.facts = target.board.modules.file;
    this.files = openFiles;
    this.storage = openFiles.storage;
    this.objects = new FileObjects(state, this.facts);
    this.clock = new KeptValue(state);
  }

  library(): Library {
    const natives = { ...this.objects.functions(), ...this.functions() };
    const { functions, methods } = this.facts;
    return {
      name: "file",
      functions: pick(natives, functions),
      userdata: [{ kind: FILE_OBJECT, metatable: pick(natives, methods) }],
    };
  }

  private functions(): NativesByName {
    return {
      open: (call) => this.open(call),
      list: (call) => this.list(call),
      exists: (call) => call.give(this.sizeOf(this.name(call, 1)) !== undefined),
      remove: (call) => this.remove(call),
      rename: (call) => this.rename(call),
      stat: (call) => this.stat(call),
      getcontents: (call) => this.getContents(call),
      putcontents: (call) => this.putContents(call),
      fsinfo: (call) => this.info(call),
      fscfg: (call) => this.configuration(call),
      format: (call) => this.format(call),
      on: (call) => this.on(call),
      mkdir: (call) => makeFolder(call),
      rmdir: (call) => removeFolder(call),
    };
  }

  // One file

  /** The name of a file on this drive; undefined when it is another drive's. */
  private name(call: Call, n: number): LuaString | undefined {
    const path = call.text(n);
    const { checksNames } = this.facts;
    if (checksNames && !isFilePath(path)) throw badName(call, n);
    return nameOfPath(path, checksNames);
  }

  private sizeOf(name: LuaString | undefined): number | undefined {
    return name === undefined ? undefined : this.context.files.sizeOf(name);
  }

  private opened(name: LuaString | undefined, letters: LuaString): OpenFile | undefined {
    return name === undefined ? undefined : this.files.openFile(name, fileMode(letters));
  }

  private open(call: Call): number {
    this.objects.letGo();
    const name = this.name(call, 1);
    return call.give(this.objects.remember(call, this.opened(name, call.text(2, "r"))));
  }

  private remove(call: Call): number {
    const name = this.name(call, 1);
    if (name !== undefined) this.files.remove(name);
    return call.giveNothing();
  }

  private rename(call: Call): number {
    const from = this.name(call, 1);
    const to = this.name(call, 2);
    return call.give(from !== undefined && to !== undefined && this.files.rename(from, to));
  }

  private stat(call: Call): number {
    if (call.text(1).length > LONGEST_NAME) throw badName(call, 1);
    const name = this.name(call, 1);
    const size = this.sizeOf(name);
    if (name === undefined || size === undefined) return call.give(undefined);
    const stat = call.newTable(0, 7);
    setField(call, stat, "size", call.numbers.fromInteger(size));
    setField(call, stat, "name", call.make(name));
    for (const flag of FLAGS) setField(call, stat, flag, false);
    const time = call.newTable(0, 6);
    for (const [key, value] of NO_TIME) setField(call, time, key, call.numbers.fromInteger(value));
    setField(call, stat, "time", time);
    return call.give(stat);
  }

  /** The whole content; nil for an empty file, nothing where there is none. */
  private getContents(call: Call): number {
    this.objects.letGo();
    const name = this.name(call, 1);
    const file = this.opened(name, "r");
    if (this.objects.remember(call, file) === undefined) return call.giveNothing();
    const results = giveRead(call, file, MOST_BYTES, undefined);
    this.objects.closeLast();
    return results;
  }

  private putContents(call: Call): number {
    this.objects.letGo();
    const file = this.opened(this.name(call, 1), "w+");
    if (this.objects.remember(call, file) === undefined) return call.give(undefined);
    if (!call.has(2)) throw call.argumentError(2, "string expected, got nil");
    const isWritten = file?.write(call.text(2));
    this.objects.closeLast();
    return call.give(isWritten || undefined);
  }

  // All files

  private list(call: Call): number {
    const table = call.newTable();
    for (const name of this.context.files.names()) {
      const shown = call.isNoneOrNil(1) ? name : this.shown(call, name);
      if (shown === undefined) continue;
      setField(call, table, shown, call.numbers.fromInteger(this.sizeOf(name) ?? 0));
    }
    return call.give(table);
  }

  /** How a list shows a name; undefined when it is not wanted there. */
  private shown(call: Call, name: LuaString): LuaString | undefined {
    const given = call.string(1);
    if (this.facts.listTakes === "folder") return inFolder(name, given.text);
    const found = call.call(call.metafield(given, "match"), call.make(name), given);
    return found === undefined ? undefined : name;
  }

  private info(call: Call): number {
    const { total, used } = this.storage;
    if (used > total) throw call.error("file system error");
    const values = [total - used, used, total];
    return call.giveAll(values.map((value) => call.numbers.fromInteger(value)));
  }

  private configuration(call: Call): number {
    const { offset, size } = this.storage.region;
    return call.giveTwo(call.numbers.fromInteger(offset), call.numbers.fromInteger(size));
  }

  private format(call: Call): number {
    this.objects.close(call);
    if (!this.files.format()) throw call.error("Failed to format file system");
    this.context.serial.send("format done.\n");
    return call.giveNothing();
  }

  private on(call: Call): number {
    call.option(1, ["rtc"], "rtc");
    const callback = call.get(2);
    if (callback instanceof LuaFunction) this.clock.set(callback);
    else {
      this.clock.set(undefined);
      const isRefused = callback !== undefined || !call.has(2);
      if (isRefused && this.facts.refusesOtherCallbacks) {
        throw call.error("Callback should be function or nil");
      }
    }
    return call.giveNothing();
  }
}

function badName(call: Call, n: number): LuaError {
  return call.argumentError(n, "filename invalid");
}

function setField(call: Call, table: Table, name: LuaString, value: Value): void {
  table.setString(call.state.intern(name), value);
}

/** There are no folders, but names may look as if there were; undefined: not in this one. */
function inFolder(name: LuaString, folder: LuaString): LuaString | undefined {
  const start = folder.replace(/^\/|\/$/g, "");
  if (start === "") return name;
  return name.startsWith(`${start}/`) ? name.slice(start.length + 1) : undefined;
}

function makeFolder(call: Call): number {
  const path = call.text(1);
  intArgument(call, 2, ALL_MAY);
  throw call.error(`failed to create directory '${path}'; code ${NOT_SUPPORTED}`);
}

function removeFolder(call: Call): number {
  throw call.error(`failed to remove directory '${call.text(1)}'; code ${NOT_SUPPORTED}`);
}
