/** The one place where a Lua version picks its engine, its tables and its limits. */
import type { NumberModel } from "../base/number-model.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Dialect } from "../target/dialect.ts";
import type { Target } from "../target/target.ts";
import { ENGINE_51 } from "./engine51.ts";
import { DOUBLE_TABLES, INT32_TABLES } from "./growth51.ts";
import type { RuntimeNumbers } from "./numbers.ts";
import { numbers51 } from "./numbers51.ts";
import { prepare51 } from "./prepare51.ts";
import type { Code, Engine, Limits, MachineState } from "./state.ts";
import type { TableRules } from "./table.ts";

export interface Version {
  readonly engine: Engine;
  readonly limits: Limits;
  numbers(model: NumberModel, longBits: 32 | 64): RuntimeNumbers;
  tables(model: NumberModel): TableRules;
  /** Makes a prototype ready to run; undefined when its code is not safe. */
  prepare(state: MachineState, proto: Proto): Code | undefined;
}

const VERSION_51: Version = {
  engine: ENGINE_51,
  limits: {
    frames: 16_384,
    framesInOverflow: 32_768,
    framesAfterOverflow: 20_000,
    levels: 200,
    spareLevels: 25,
    slots: Number.POSITIVE_INFINITY,
  },
  numbers: numbers51,
  tables: ({ integral }) => (integral ? INT32_TABLES : DOUBLE_TABLES),
  prepare: prepare51,
};

const VERSIONS: Readonly<Partial<Record<Dialect["name"], Version>>> = {
  lua51: VERSION_51,
};

export function versionOf(target: Target): Version {
  const found = VERSIONS[target.dialect.name];
  if (found === undefined) throw new Error(`there is no machine for ${target.name}`);
  return found;
}
