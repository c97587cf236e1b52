/** The one place where a Lua version picks its engine, its tables and its limits. */
import type { NumberModel } from "../base/number-model.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Dialect } from "../target/dialect.ts";
import type { Target } from "../target/target.ts";
import { Tier51 } from "./compiled/tier51.ts";
import { ENGINE_51 } from "./engine51.ts";
import { ENGINE_53 } from "./engine53.ts";
import { DOUBLE_TABLES, INT32_TABLES } from "./growth51.ts";
import { tables53 } from "./growth53.ts";
import type { RuntimeNumbers } from "./numbers.ts";
import { numbers51 } from "./numbers51.ts";
import { numbers53 } from "./numbers53.ts";
import { prepare51 } from "./prepare51.ts";
import { prepare53 } from "./prepare53.ts";
import type { Code, Engine, Limits, MachineState, Tier } from "./state.ts";
import type { TableRules } from "./table.ts";

export interface Version {
  readonly engine: Engine;
  readonly limits: Limits;
  numbers(model: NumberModel, longBits: 32 | 64): RuntimeNumbers;
  tables(model: NumberModel): TableRules;
  /** True when the first upvalue of a chunk is the table of global variables. */
  readonly chunksGetEnvironment: boolean;
  /** Makes a prototype ready to run; undefined when its code is not safe. */
  prepare(state: MachineState, proto: Proto): Code | undefined;
  /**
   * What compiles functions of these numbers to JavaScript, where the version has that.
   *
   * @param hot entries or jumps backward after which it does
   */
  tier?(model: NumberModel, hot: number | undefined): Tier;
}

const VERSION_51: Version = {
  engine: ENGINE_51,
  limits: {
    frames: 16_384,
    framesInOverflow: 32_768,
    framesAfterOverflow: 20_000,
    levels: 200,
    levelsToResume: 200,
    spareLevels: 25,
    forgetsLevels: false,
    slots: Number.POSITIVE_INFINITY,
    slotsInOverflow: Number.POSITIVE_INFINITY,
    slotsOfHost: 1,
  },
  numbers: numbers51,
  tables: ({ integral }) => (integral ? INT32_TABLES : DOUBLE_TABLES),
  chunksGetEnvironment: false,
  prepare: prepare51,
  tier: ({ integral }, hot) => new Tier51(integral, hot),
};

const VERSION_53: Version = {
  engine: ENGINE_53,
  limits: {
    frames: Number.POSITIVE_INFINITY,
    framesInOverflow: Number.POSITIVE_INFINITY,
    framesAfterOverflow: Number.POSITIVE_INFINITY,
    levels: 200,
    levelsToResume: 199,
    spareLevels: 25,
    forgetsLevels: true,
    slots: 12_000,
    slotsInOverflow: 12_199,
    slotsOfHost: 11,
  },
  numbers: numbers53,
  tables: (model) => tables53(model),
  chunksGetEnvironment: true,
  prepare: prepare53,
};

const VERSIONS: Readonly<Record<Dialect["name"], Version>> = {
  lua51: VERSION_51,
  lua53: VERSION_53,
};

export function versionOf(target: Target): Version {
  return VERSIONS[target.dialect.name];
}
