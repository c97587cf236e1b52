/**
 * Where firmware generations of one Lua version behave differently while a program runs. Data only.
 * Source: lua53.md §8; observed with the reference's `-e`.
 */

export interface RuntimeFacts {
  /** What `type` says of tables in flash. */
  readonly readOnlyTableType: string;
  /** What `type` says of functions in flash. */
  readonly readOnlyFunctionType: string;
  /** The error of a write to a table in flash. */
  readonly readOnlyTable: string;
}

/** Firmware 2.2 has types of their own for what lies in flash. */
export const RUNTIME_22: RuntimeFacts = {
  readOnlyTableType: "romtable",
  readOnlyFunctionType: "lightfunction",
  readOnlyTable: "invalid write to ROM variable",
};

export const RUNTIME_51: RuntimeFacts = {
  readOnlyTableType: "table",
  readOnlyFunctionType: "function",
  readOnlyTable: "table is readonly",
};

export const RUNTIME_53: RuntimeFacts = {
  readOnlyTableType: "table",
  readOnlyFunctionType: "function",
  readOnlyTable: "table is Readonly",
};
