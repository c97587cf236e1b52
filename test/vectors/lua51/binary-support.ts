/** What the cases with binary chunks as input share (lua51.md §5, §6.4). */
import {
  type ChunkForm,
  chunk,
  FLOAT_22,
  FLOAT_30,
  type FunctionShape,
  INT_22,
  INT_30,
} from "../../support/chunk-builder.ts";
import {
  type Deviation,
  DOUBLE_TARGETS,
  type Extra,
  INTEGER_TARGETS,
  program,
  TARGETS_22,
  TARGETS_22_DOUBLE,
  TARGETS_30,
  type VectorCase,
} from "../case.ts";

export const FORMS: Readonly<Record<string, ChunkForm>> = {
  "float 3.0": FLOAT_30,
  "int 3.0": INT_30,
  "float 2.2": FLOAT_22,
  "int 2.2": INT_22,
};

/** One chunk `a.lc` as input. */
export function input(name: string, contents: string, extra: Extra = {}): VectorCase {
  const args = ["-l", "-l", "-o", "out.lc", "a.lc"];
  return program(name, "", { args, files: { "a.lc": contents }, ...extra });
}

/** A shape as every generation and number model writes it; half of them are refused by a target. */
export function everyForm(name: string, shape: FunctionShape, extra: Extra = {}): VectorCase[] {
  return Object.entries(FORMS).map(([form, facts]) =>
    input(`${name}, ${form}`, chunk(shape, facts), extra),
  );
}

/** Without numbers and strings all targets read the integer form alike. */
export const plain = (name: string, shape: FunctionShape, extra: Extra = {}) =>
  input(name, chunk(shape, INT_30), extra);

const nested: FunctionShape = {
  source: null,
  lineDefined: 2,
  lastLineDefined: 4,
  upvalues: 2,
  parameters: 1,
  vararg: 0,
  code: ["GETUPVAL 1 0", "SETUPVAL 1 1", "RETURN 1 2", "RETURN 0 1"],
  lineInfo: [0x80, 4, 0],
  locals: [["p", 0, 4]],
  upvalueNames: ["up", "vp"],
};

// biome-ignore format: one shape per block
export const named: FunctionShape = {
  source: "@n.lua",
  stack: 4,
  code: ["LOADK 0 0", "LOADK 1 1", "CLOSURE 2 0", "MOVE 0 0", "MOVE 0 1", "RETURN 0 1"],
  constants: [7, "s"],
  functions: [nested],
  lineInfo: [2, 1, 3, 0],
  locals: [["a", 1, 6], ["b", 2, 6], ["(for index)", 3, 6]],
};

const constantCode = (count: number) => [
  ...Array.from({ length: count }, (_, i) => `LOADK 0 ${i}`),
  "RETURN 0 1",
];

/** A function that loads each of some constants. */
export function loading(constants: FunctionShape["constants"] = []): FunctionShape {
  return { code: constantCode(constants.length), constants, lineInfo: [constants.length + 1, 0] };
}

export function unwritable(targets: readonly string[]): Deviation {
  return {
    reason: "a chunk that cannot be written leaves no file",
    targets,
    expect: { files: {} },
  };
}

/** The targets that read a form's tags and numbers. */
export function readersOf({ integral, numberTag }: ChunkForm): readonly string[] {
  const era = numberTag === FLOAT_22.numberTag ? TARGETS_22 : TARGETS_30;
  return integral ? era : era.filter((target) => !INTEGER_TARGETS.includes(target));
}

/**
 * Integer builds take the numbers of an integer chunk to be 4 bytes; other sizes make them lose the
 * thread, and how that ends depends on the memory of the machine.
 */
export const CONVERTING_TARGETS = [...TARGETS_22_DOUBLE, ...DOUBLE_TARGETS];
