/**
 * The main function that `luac.cross` writes around several chunks. Source: lua51.md §6.2.
 *
 * There are two kinds. The *call* kind runs one chunk after another. The *lookup* kind is asked
 * for a module by name and returns its chunk as a function; for any other name it returns when it
 * was built and the list of names.
 */

import { type LuaString, untilNul } from "../base/lua-string.ts";
import type { Constant } from "../base/number-model.ts";
import {
  encodeABC,
  encodeABx,
  encodeAsBx,
  RK_CONSTANT,
  toFloatingByte,
} from "../bytecode/instruction.ts";
import { Op51 } from "../bytecode/opcodes51.ts";
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

/**
 * A main function that finds one of `protos` by its {@link moduleName}; of two that share a name
 * the first is found.
 *
 * @param protos 1–50 chunks: their names fill one SETLIST batch
 * @param time seconds since 1970, a value of the target's number model
 */
export function combineLookup51(protos: readonly Proto[], time: number): Proto {
  const names = protos.map((proto) => moduleName(proto.source));
  const constants: Constant[] = [...names, time];
  const code = [...lookupCode(protos.length), ...namesCode(protos.length)];
  return wrap(protos, {
    parameterCount: 1,
    maxStackSize: protos.length + 3,
    code: Int32Array.from(code),
    constants,
  });
}

/** `if name == K[i] then return closure i end`, for each chunk. */
function lookupCode(count: number): number[] {
  const code: number[] = [];
  for (let i = 0; i < count; i++) {
    code.push(
      encodeABC(Op51.EQ, 0, 0, RK_CONSTANT + i),
      encodeAsBx(Op51.JMP, 0, 2),
      encodeABx(Op51.CLOSURE, 1, i),
      encodeABC(Op51.RETURN, 1, 2, 0),
    );
  }
  return code;
}

/** `return time, { names }`; the time follows the names in the constant table. */
function namesCode(count: number): number[] {
  const code = [
    encodeABx(Op51.LOADK, 1, count),
    encodeABC(Op51.NEWTABLE, 2, toFloatingByte(count), 0),
  ];
  for (let i = 0; i < count; i++) code.push(encodeABx(Op51.LOADK, i + 3, i));
  code.push(
    encodeABC(Op51.SETLIST, 2, count, 1),
    encodeABC(Op51.RETURN, 1, 3, 0),
    encodeABC(Op51.RETURN, 0, 1, 0),
  );
  return code;
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
