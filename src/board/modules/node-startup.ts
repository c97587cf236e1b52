/**
 * What the module `node` of firmware 3.0 keeps for the next start: `startup`, `startupcommand`, and
 * the partition table. Source: the NodeMCU manual, "node.startup", "node.setpartitiontable"; the
 * firmware's module.
 */
import { LuacrossError } from "../../base/errors.ts";
import type { LuaString } from "../../base/lua-string.ts";
import {
  changePartitions,
  type Partition,
  type PartitionChanges,
  PartitionType,
  readPartitions,
  writePartitions,
} from "../../device/partitions.ts";
import type { Call } from "../../vm/call.ts";
import { isNumber, type NumberValue } from "../../vm/numbers.ts";
import type { Table } from "../../vm/table.ts";
import { isTruthy, TString, type Value } from "../../vm/values.ts";
import type { ModuleContext } from "../module.ts";
import {
  forgetStartup,
  keepStartupCommand,
  keepStartupOptions,
  type StartupOptions,
  startupCommand,
  startupOptions,
} from "../startup-settings.ts";
import { itemsOf } from "../table-items.ts";
import { CPU_80_MHZ, CPU_160_MHZ } from "./node-chip.ts";
import { tableOf } from "./node-common.ts";
import type { NativesByName } from "./pick.ts";

export function startupFunctions(context: ModuleContext): NativesByName {
  const { kept } = context;
  return {
    startupcommand(call) {
      return call.give(keepCommand(context, call.text(1)));
    },
    startup(call) {
      if (call.count > 0) changeStartup(call, context, call.table(1));
      const command = startupCommand(kept);
      const { banner, delayMount, isFast } = startupOptions(kept);
      const frequency = isFast ? CPU_160_MHZ : CPU_80_MHZ;
      const options = { banner, delay_mount: delayMount, frequency };
      return call.give(
        tableOf(call.state, command === undefined ? options : { command, ...options }),
      );
    },
    getpartitiontable: (call) => call.give(partitionTable(context)),
    setpartitiontable: (call) => setPartitions(call, context),
  };
}

// The next start

/** Words of a record in flash. */
const LONGEST_RECORD = 64 * 4;

/** Bytes are counted with a zero at the end, in a byte; what is longer loses its beginning to that. */
function keepCommand({ kept }: ModuleContext, command: LuaString): boolean {
  const size = (command.length + 1) % LONGEST_RECORD;
  keepStartupCommand(kept, command.slice(0, size).replace(/\0+$/, ""));
  return true;
}

function changeStartup(call: Call, context: ModuleContext, table: Table): void {
  let options = startupOptions(context.kept);
  let isEmpty = true;
  for (const [key, value] of itemsOf(table)) {
    if (!(key instanceof TString || isNumber(key))) continue;
    isEmpty = false;
    options = changed(call, context, options, key, value);
  }
  if (isEmpty) forgetStartup(context.kept);
  else keepStartupOptions(context.kept, options);
}

function changed(
  call: Call,
  context: ModuleContext,
  options: StartupOptions,
  key: TString | NumberValue,
  value: Value,
): StartupOptions {
  switch (key instanceof TString ? key.text : undefined) {
    case "command":
      keepCommand(context, commandText(call, value));
      return options;
    case "banner":
      return { ...options, banner: isTruthy(value) };
    case "frequency":
      return {
        ...options,
        isFast: isNumber(value) && call.numbers.toDouble(value) === CPU_160_MHZ,
      };
    case "delay_mount":
      return { ...options, delayMount: isTruthy(value) };
    default:
      return options;
  }
}

function commandText(call: Call, value: Value): LuaString {
  if (value instanceof TString) return value.text;
  if (isNumber(value)) return call.numbers.format(value);
  throw call.argumentError(1, `command: string expected, got ${call.typeName(value)}`);
}

// Partitions

/** What of the table programs see, by the names that they see it under. */
const PARTITION_FIELDS = {
  lfs_addr: "lfsOffset",
  lfs_size: "lfsSize",
  spiffs_addr: "spiffsOffset",
  spiffs_size: "spiffsSize",
} as const satisfies Record<LuaString, keyof PartitionChanges>;

function partitionTable({ flash, state }: ModuleContext): Table {
  const table = readPartitions(flash) ?? [];
  const lfs = partitionOf(table, PartitionType.Lfs0);
  const files = partitionOf(table, PartitionType.Spiffs0);
  return tableOf(state, {
    lfs_addr: lfs.offset,
    lfs_size: lfs.size,
    spiffs_addr: files.offset,
    spiffs_size: files.size,
  });
}

function partitionOf(table: readonly Partition[], type: PartitionType): Partition {
  return table.find((row) => row.type === type) ?? { type, offset: 0, size: 0 };
}

/** Writes the new table and waits for the watchdog to restart the board. */
function setPartitions(call: Call, context: ModuleContext): number {
  if (call.typeName(call.get(1)) !== "table") throw call.argumentError(1, "must be table");
  const changes = partitionChanges(call, call.table(1));
  try {
    const { flash } = context;
    const table = changePartitions(readPartitions(flash) ?? [], changes, flash.size);
    writePartitions(flash, table);
  } catch (error) {
    if (error instanceof LuacrossError) throw call.error(error.message);
    throw error;
  }
  return context.restart("watchdog");
}

function partitionChanges(call: Call, table: Table): PartitionChanges {
  const changes: Record<string, number> = {};
  const names: Readonly<Record<LuaString, string | undefined>> = PARTITION_FIELDS;
  for (const [key, value] of itemsOf(table)) {
    const field = key instanceof TString ? names[key.text] : undefined;
    const number = call.state.engine.toNumber(call.state, value);
    if (field === undefined || number === undefined) {
      throw call.argumentError(1, "invalid partition setting");
    }
    changes[field] = Math.trunc(call.numbers.toDouble(number)) >>> 0;
  }
  return changes;
}
