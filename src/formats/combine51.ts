/**
 * The main function that `luac.cross` writes around several chunks. Source: lua51.md §6.2.
 *
 * There are two kinds. The *call* kind runs one chunk after another. The *lookup* kind is asked
 * for a module by name and returns its chunk as a function; for any other name it returns when it
 * was built and the list of names.
 */
import { LuacrossError } from "../base/errors.ts";
import { type LuaString, untilNul } from "../base/lua-string.ts";
import type { Constant } from "../base/number-model.ts";
import {
  encodeABC,
  encodeABx,
  encodeAsBx,
  FIELDS_PER_FLUSH,
  MAX_BX,
  MAX_RK_CONSTANT,
  RK_CONSTANT,
  toFloatingByte,
} from "../bytecode/instruction.ts";
import { MAX_SETLIST_BATCH, Op51 } from "../bytecode/opcodes51.ts";
import type { Proto } from "../bytecode/proto.ts";

const COMBINED_SOURCE: LuaString = "=(luac)";

/** The facts in which the two kinds differ. */
type Wrapper = Pick<Proto, "parameterCount" | "maxStackSize" | "code" | "constants">;

/**
 * A main function that calls each of `protos` in order, without arguments. The frame has a single
 * register, as in the reference; the calls need no more.
 */
export function combineCall51(protos: readonly Proto[]): Proto {
  const code: number[] = [];
  protos.forEach((_, i) => {
    code.push(encodeABx(Op51.CLOSURE, 0, i), encodeABC(Op51.CALL, 0, 1, 1));
  });
  code.push(encodeABC(Op51.RETURN, 0, 1, 0));
  return wrap(protos, {
    parameterCount: 0,
    maxStackSize: 1,
    code: Int32Array.from(code),
    constants: [],
  });
}

/** The most modules whose names, and the time after them, LOADK can name. */
export const MAX_LOOKUP_MODULES = MAX_BX;

/**
 * A main function that finds one of `protos` by its {@link moduleName}; of two that share a name
 * the first is found. The reference knows at most 50 modules, whose names fill one SETLIST batch;
 * more of them take several, and no more registers.
 *
 * @param protos 1 to {@link MAX_LOOKUP_MODULES} chunks
 * @param time seconds since 1970, a value of the target's number model
 * @throws LuacrossError `limit` for more chunks
 */
export function combineLookup51(protos: readonly Proto[], time: number): Proto {
  const { length } = protos;
  if (length > MAX_LOOKUP_MODULES) {
    throw new LuacrossError("limit", `${length} modules; there can be ${MAX_LOOKUP_MODULES}`);
  }
  const names = protos.map((proto) => moduleName(proto.source));
  const constants: Constant[] = [...names, time];
  return wrap(protos, {
    parameterCount: 1,
    maxStackSize: Math.min(length, FIELDS_PER_FLUSH) + 3,
    code: Int32Array.from([...lookupCode(length), ...namesCode(length)]),
    constants,
  });
}

/** `if name == K[i] then return closure i end`, for each chunk. */
function lookupCode(count: number): number[] {
  const code: number[] = [];
  for (let i = 0; i < count; i++) {
    code.push(
      ...equalsName(i),
      encodeAsBx(Op51.JMP, 0, 2),
      encodeABx(Op51.CLOSURE, 1, i),
      encodeABC(Op51.RETURN, 1, 2, 0),
    );
  }
  return code;
}

/** A constant beyond the reach of an operand goes through a register. */
function equalsName(i: number): number[] {
  if (i <= MAX_RK_CONSTANT) return [encodeABC(Op51.EQ, 0, 0, RK_CONSTANT + i)];
  return [encodeABx(Op51.LOADK, 1, i), encodeABC(Op51.EQ, 0, 0, 1)];
}

/** `return time, { names }`; the time follows the names in the constant table. */
function namesCode(count: number): number[] {
  const code = [
    encodeABx(Op51.LOADK, 1, count),
    encodeABC(Op51.NEWTABLE, 2, toFloatingByte(count), 0),
  ];
  for (let first = 0; first < count; first += FIELDS_PER_FLUSH) {
    code.push(...batchCode(first, Math.min(count - first, FIELDS_PER_FLUSH)));
  }
  code.push(encodeABC(Op51.RETURN, 1, 3, 0), encodeABC(Op51.RETURN, 0, 1, 0));
  return code;
}

/** Sets `size` names in the list, from name `first` on. */
function batchCode(first: number, size: number): number[] {
  const code: number[] = [];
  for (let i = 0; i < size; i++) code.push(encodeABx(Op51.LOADK, i + 3, first + i));
  const batch = first / FIELDS_PER_FLUSH + 1;
  if (batch <= MAX_SETLIST_BATCH) code.push(encodeABC(Op51.SETLIST, 2, size, batch));
  else code.push(encodeABC(Op51.SETLIST, 2, size, 0), batch);
  return code;
}

/** A module that a lookup does not find, because one before it has the same name. */
export interface HiddenModule {
  readonly name: LuaString;
  /** Its place among the modules, and that of the one that is found. */
  readonly hidden: number;
  readonly found: number;
}

/** In the order of the modules. */
export function hiddenModules51(protos: readonly Proto[]): HiddenModule[] {
  const places = new Map<LuaString, number>();
  return protos.flatMap(({ source }, hidden) => {
    const name = moduleName(source);
    const found = places.get(name);
    if (found === undefined) places.set(name, hidden);
    return found === undefined ? [] : [{ name, hidden, found }];
  });
}

function wrap(protos: readonly Proto[], wrapper: Wrapper): Proto {
  return {
    source: COMBINED_SOURCE,
    lineDefined: 0,
    lastLineDefined: 0,
    upvalueCount: 0,
    upvalueSources: [],
    varargFlags: 0,
    protos,
    lineInfo: new Uint8Array(0),
    locals: [],
    upvalueNames: [],
    ...wrapper,
  };
}

/**
 * The name under which a lookup finds a chunk: its file name without folder, leading dots and
 * extensions, e.g. `init` for `@src/init.lua`. A name of nothing else is kept whole.
 *
 * @param source chunk name; its first unit, `@` or `=`, is dropped unseen
 */
export function moduleName(source: LuaString): LuaString {
  const path = untilNul(source).slice(1);
  // A backslash separates folders only where no slash does.
  const separator = path.includes("/") ? "/" : "\\";
  const file = path.slice(path.lastIndexOf(separator) + 1).replace(/^\.+/, "");
  const [name] = file.split(".", 1);
  return name === "" ? path : name;
}
