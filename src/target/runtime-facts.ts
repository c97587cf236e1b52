/**
 * Where firmware generations of one Lua version behave differently while a program runs. Data only.
 * Source: lua53.md §8; observed with the reference's `-e`.
 */

export interface RuntimeFacts {
  /** What `type` says of tables in flash. */
  readonly readOnlyTableType: string;
  /** What `type` says of functions in flash. */
  readonly readOnlyFunctionType: string;
  /** What `type` says of light userdata. */
  readonly lightUserdataType: string;
  /** The error of a write to a table in flash. */
  readonly readOnlyTable: string;
}

/** Firmware 2.2 has types of their own for what lies in flash. */
export const RUNTIME_22: RuntimeFacts = {
  readOnlyTableType: "romtable",
  readOnlyFunctionType: "lightfunction",
  lightUserdataType: "userdata",
  readOnlyTable: "invalid write to ROM variable",
};

export const RUNTIME_51: RuntimeFacts = {
  readOnlyTableType: "table",
  readOnlyFunctionType: "function",
  // A table of names of firmware 3.0 is off by one there.
  lightUserdataType: "lightfunction",
  readOnlyTable: "table is readonly",
};

export const RUNTIME_53: RuntimeFacts = {
  readOnlyTableType: "table",
  readOnlyFunctionType: "function",
  lightUserdataType: "userdata",
  readOnlyTable: "table is Readonly",
};
