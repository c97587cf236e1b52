/**
 * The dispatch loop of Lua 5.3: runs Lua functions until one returns to where it was called from
 * outside. It is long because every instruction's common case is written out in it, where the
 * compiler of the JavaScript engine sees the types; all else is in `slow53.ts` and its neighbours.
 *
 * A register is `stack[base + n]`: an integer is a number there (or a bigint), and null stands for
 * the float `floats[base + n]`. A float that was read from a table or is a constant is a LuaFloat,
 * and stays one until something is computed with it. Integers wrap around at 32 bits, or at 64 where
 * `isWide`; floats are rounded to 32 bits where `isSingle`.
 *
 * Lua calls push a frame and stay in the loop, and so do metamethods: what is left to do of their
 * instruction is done when the loop comes back to its frame (`Frame.pending`), be that after a yield.
 * Code was checked (`prepare53.ts`): operands are within the frame. Source: the manual of Lua 5.3;
 * lua53.md §0.
 *
 * A compiler to JavaScript would attach where a closure is entered, as in `execute51.ts`.
 */
import { LuaFloat } from "../base/number-model.ts";
import { getField53, getTable53, newTable53, setList53, setTable53 } from "./access53.ts";
import { subtypesOf } from "./arithmetic53.ts";
import { UPVALUE } from "./failures53.ts";
import {
  ALL_RESULTS,
  addFrame,
  callAt,
  closeUpvalues,
  continueNative,
  copyVarargs,
  enterClosure,
  enterLevel,
  enterTailCall,
  findUpvalue,
  LEVEL_RESULTS,
  leave,
} from "./frames.ts";
import { prepareLoop53, stepLoop53 } from "./loops53.ts";
import { METHOD, Pending } from "./methods53.ts";
import { Run53 } from "./run-ops53.ts";
import {
  concat53,
  equals53,
  finish53,
  invoke53,
  length53,
  less53,
  lessOrEqual53,
  makeCallable53,
  runArithmetic53,
} from "./slow53.ts";
import { Called, Closure, NativeFunction, type Thread, type Upvalue } from "./state.ts";
import { Node, Table } from "./table.ts";
import { TString } from "./values.ts";

const { fround } = Math;

/** Numbers of the instruction word, and others. (An enum, like {@link Node}.) */
enum Word {
  /** RK operands from here on are constants. */
  Constant = 256,
  /** What is added to Bx for the distance of a jump. */
  Jump = -131_071,
  /** The same for a jump behind a test, which is read at its own place. */
  JumpBehindTest = -131_070,
  /** The bits of A. */
  MaskOfA = 0x3fc0,
  /** The greatest integer that is kept as a number. */
  MaxSafe = 9_007_199_254_740_991,
}

/**
 * Runs the current frame, which is a Lua function's.
 *
 * @param stop the depth of the frame that waits for it
 * @returns Done when that frame is the current one again, or Yielded
 */
export function execute53(thread: Thread, stop: number): Called {
  const { state, stack, frames } = thread;
  const subtypes = subtypesOf(state);
  const isWide = subtypes.integers.size === 8;
  const isSingle = subtypes.floats.size === 4;

  for (;;) {
    const current = frames[thread.depth];
    if (current.pending !== 0) {
      const outcome = finish53(thread, current);
      if (outcome === Called.Yielded) return outcome;
      if (outcome === Called.Entered) continue;
    }
    let floats = thread.floats;
    let frame = current;
    let closure = frame.fn as Closure;
    let { words, constants } = closure.code;
    let { base } = frame;
    let { pc } = frame;

    // Leaving this loop goes on with the frame that is the current one then.
    run: for (;;) {
      const word = words[pc++];
      const ra = base + ((word >>> 6) & 0xff);
      // A case that does not continue has called something, and says what came of it.
      let called: Called;
      switch (word & 0x3f) {
        case Run53.MOVE: {
          const rb = base + (word >>> 23);
          const value = stack[rb];
          stack[ra] = value;
          if (value === null) floats[ra] = floats[rb];
          continue;
        }

        case Run53.LOADK:
          stack[ra] = constants[word >>> 14];
          continue;

        case Run53.LOADKX:
          stack[ra] = constants[words[pc++] >>> 6];
          continue;

        case Run53.LOADBOOL:
          stack[ra] = word >>> 23 !== 0;
          if (((word >>> 14) & 0x1ff) !== 0) pc++;
          continue;

        case Run53.LOADNIL: {
          const last = ra + (word >>> 23);
          for (let i = ra; i <= last; i++) stack[i] = undefined;
          continue;
        }

        case Run53.GETUPVAL: {
          const upvalue = closure.upvalues[word >>> 23];
          const value = upvalue.array[upvalue.index];
          stack[ra] = value;
          if (value === null) floats[ra] = upvalue.thread.floats[upvalue.index];
          continue;
        }

        case Run53.SETUPVAL: {
          const upvalue = closure.upvalues[word >>> 23];
          const value = stack[ra];
          upvalue.array[upvalue.index] = value === null ? new LuaFloat(floats[ra]) : value;
          continue;
        }

        case Run53.GETGLOBAL: {
          const b = word >>> 23;
          const key = constants[((word >>> 14) & 0x1ff) - Word.Constant] as TString;
          const upvalue = closure.upvalues[b];
          const slot = upvalue.array[upvalue.index];
          const object = slot === null ? upvalue.thread.valueAt(upvalue.index) : slot;
          if (object instanceof Table) {
            const { nodes } = object;
            const { hash } = key;
            let at = (hash & object.mask) * Node.Size;
            do {
              if (nodes[at + Node.Hash] === hash && nodes[at] === key) {
                const value = nodes[at + Node.Value];
                if (value === undefined) break;
                stack[ra] = value;
                continue run;
              }
              at = nodes[at + Node.Next] as number;
            } while (at >= 0);
          }
          frame.pc = pc;
          const found = getField53(thread, object, key, UPVALUE + b);
          if (found !== METHOD) {
            stack[ra] = found;
            continue;
          }
          called = invoke53(thread, Pending.Result);
          break;
        }

        case Run53.GETTABUP: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const key = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          const upvalue = closure.upvalues[b];
          const slot = upvalue.array[upvalue.index];
          const object = slot === null ? upvalue.thread.valueAt(upvalue.index) : slot;
          frame.pc = pc;
          const found = getTable53(
            thread,
            object,
            key === null ? new LuaFloat(floats[base + c]) : key,
            UPVALUE + b,
          );
          if (found !== METHOD) {
            stack[ra] = found;
            continue;
          }
          called = invoke53(thread, Pending.Result);
          break;
        }

        case Run53.GETFIELD: {
          const b = word >>> 23;
          const key = constants[((word >>> 14) & 0x1ff) - Word.Constant] as TString;
          const object = stack[base + b];
          if (object instanceof Table) {
            const { nodes } = object;
            const { hash } = key;
            let at = (hash & object.mask) * Node.Size;
            do {
              if (nodes[at + Node.Hash] === hash && nodes[at] === key) {
                const value = nodes[at + Node.Value];
                if (value === undefined) break;
                stack[ra] = value;
                continue run;
              }
              at = nodes[at + Node.Next] as number;
            } while (at >= 0);
          }
          frame.pc = pc;
          const found = getField53(
            thread,
            object === null ? new LuaFloat(floats[base + b]) : object,
            key,
            b,
          );
          if (found !== METHOD) {
            stack[ra] = found;
            continue;
          }
          called = invoke53(thread, Pending.Result);
          break;
        }

        case Run53.GETTABLE: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const object = stack[base + b];
          const key = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (object instanceof Table) {
            if (typeof key === "number") {
              const { array } = object;
              if (key > 0 && key < array.length) {
                const value = array[key];
                if (value !== undefined) {
                  stack[ra] = value;
                  continue;
                }
              }
            } else if (key instanceof TString) {
              const value = object.getString(key);
              if (value !== undefined) {
                stack[ra] = value;
                continue;
              }
            }
          }
          frame.pc = pc;
          const found = getTable53(
            thread,
            object === null ? new LuaFloat(floats[base + b]) : object,
            key === null ? new LuaFloat(floats[base + c]) : key,
            b,
          );
          if (found !== METHOD) {
            stack[ra] = found;
            continue;
          }
          called = invoke53(thread, Pending.Result);
          break;
        }

        case Run53.SETGLOBAL: {
          const c = (word >>> 14) & 0x1ff;
          const key = constants[(word >>> 23) - Word.Constant] as TString;
          const given = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          const value = given === null ? new LuaFloat(floats[base + c]) : given;
          const upvalue = closure.upvalues[(word >>> 6) & 0xff];
          const slot = upvalue.array[upvalue.index];
          const object = slot === null ? upvalue.thread.valueAt(upvalue.index) : slot;
          if (object instanceof Table) {
            const { nodes } = object;
            const { hash } = key;
            let at = (hash & object.mask) * Node.Size;
            do {
              if (nodes[at + Node.Hash] === hash && nodes[at] === key) {
                if (nodes[at + Node.Value] === undefined || object.readOnly) break;
                nodes[at + Node.Value] = value;
                object.knownEvents = 0;
                continue run;
              }
              at = nodes[at + Node.Next] as number;
            } while (at >= 0);
          }
          frame.pc = pc;
          if (setTable53(thread, object, key, value, UPVALUE + ra - base) === undefined) continue;
          called = invoke53(thread, Pending.Result, 3, 0);
          break;
        }

        case Run53.SETTABUP: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const key = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const value = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          const upvalue = closure.upvalues[(word >>> 6) & 0xff];
          const slot = upvalue.array[upvalue.index];
          const object = slot === null ? upvalue.thread.valueAt(upvalue.index) : slot;
          frame.pc = pc;
          const outcome = setTable53(
            thread,
            object,
            key === null ? new LuaFloat(floats[base + b]) : key,
            value === null ? new LuaFloat(floats[base + c]) : value,
            UPVALUE + ra - base,
          );
          if (outcome === undefined) continue;
          called = invoke53(thread, Pending.Result, 3, 0);
          break;
        }

        case Run53.SETFIELD: {
          const c = (word >>> 14) & 0x1ff;
          const key = constants[(word >>> 23) - Word.Constant] as TString;
          const slot = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          const value = slot === null ? new LuaFloat(floats[base + c]) : slot;
          const object = stack[ra];
          if (object instanceof Table) {
            const { nodes } = object;
            const { hash } = key;
            let at = (hash & object.mask) * Node.Size;
            do {
              if (nodes[at + Node.Hash] === hash && nodes[at] === key) {
                if (nodes[at + Node.Value] === undefined || object.readOnly) break;
                nodes[at + Node.Value] = value;
                object.knownEvents = 0;
                continue run;
              }
              at = nodes[at + Node.Next] as number;
            } while (at >= 0);
          }
          frame.pc = pc;
          const outcome = setTable53(
            thread,
            object === null ? new LuaFloat(floats[ra]) : object,
            key,
            value,
            ra - base,
          );
          if (outcome === undefined) continue;
          called = invoke53(thread, Pending.Result, 3, 0);
          break;
        }

        case Run53.SETTABLE: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const key = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const slot = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          const value = slot === null ? new LuaFloat(floats[base + c]) : slot;
          const object = stack[ra];
          if (object instanceof Table && typeof key === "number") {
            const { array } = object;
            if (key > 0 && key < array.length) {
              if (object.metatable === undefined || array[key] !== undefined) {
                array[key] = value;
                continue;
              }
            }
          }
          frame.pc = pc;
          const outcome = setTable53(
            thread,
            object === null ? new LuaFloat(floats[ra]) : object,
            key === null ? new LuaFloat(floats[base + b]) : key,
            value,
            ra - base,
          );
          if (outcome === undefined) continue;
          called = invoke53(thread, Pending.Result, 3, 0);
          break;
        }

        case Run53.NEWTABLE:
          stack[ra] = newTable53(thread, word >>> 23, (word >>> 14) & 0x1ff);
          continue;

        case Run53.SELF: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const slot = stack[base + b];
          const key = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          const object = slot === null ? new LuaFloat(floats[base + b]) : slot;
          stack[ra + 1] = object;
          frame.pc = pc;
          const found =
            key instanceof TString
              ? getField53(thread, object, key, b)
              : getTable53(thread, object, key === null ? new LuaFloat(floats[base + c]) : key, b);
          if (found !== METHOD) {
            stack[ra] = found;
            continue;
          }
          called = invoke53(thread, Pending.Result);
          break;
        }

        case Run53.ADD: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number") {
            const sum = x + y;
            if (!isWide) {
              stack[ra] = sum | 0;
              continue;
            }
            if (sum <= Word.MaxSafe && sum >= -Word.MaxSafe) {
              stack[ra] = sum;
              continue;
            }
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          let left: number;
          let right: number;
          if (x === null) left = floats[base + b];
          else if (typeof x === "number") left = isSingle ? fround(x) : x;
          else if (x instanceof LuaFloat) left = x.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          if (y === null) right = floats[base + c];
          else if (typeof y === "number") right = isSingle ? fround(y) : y;
          else if (y instanceof LuaFloat) right = y.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          stack[ra] = null;
          floats[ra] = isSingle ? fround(left + right) : left + right;
          continue;
        }

        case Run53.SUB: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number") {
            const difference = x - y;
            if (!isWide) {
              stack[ra] = difference | 0;
              continue;
            }
            if (difference <= Word.MaxSafe && difference >= -Word.MaxSafe) {
              stack[ra] = difference;
              continue;
            }
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          let left: number;
          let right: number;
          if (x === null) left = floats[base + b];
          else if (typeof x === "number") left = isSingle ? fround(x) : x;
          else if (x instanceof LuaFloat) left = x.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          if (y === null) right = floats[base + c];
          else if (typeof y === "number") right = isSingle ? fround(y) : y;
          else if (y instanceof LuaFloat) right = y.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          stack[ra] = null;
          floats[ra] = isSingle ? fround(left - right) : left - right;
          continue;
        }

        case Run53.MUL: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number") {
            if (!isWide) {
              stack[ra] = Math.imul(x, y);
              continue;
            }
            const product = x * y;
            if (product <= Word.MaxSafe && product >= -Word.MaxSafe) {
              stack[ra] = product + 0; // not -0
              continue;
            }
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          let left: number;
          let right: number;
          if (x === null) left = floats[base + b];
          else if (typeof x === "number") left = isSingle ? fround(x) : x;
          else if (x instanceof LuaFloat) left = x.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          if (y === null) right = floats[base + c];
          else if (typeof y === "number") right = isSingle ? fround(y) : y;
          else if (y instanceof LuaFloat) right = y.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          stack[ra] = null;
          floats[ra] = isSingle ? fround(left * right) : left * right;
          continue;
        }

        case Run53.DIV: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let left: number;
          let right: number;
          if (x === null) left = floats[base + b];
          else if (typeof x === "number") left = isSingle ? fround(x) : x;
          else if (x instanceof LuaFloat) left = x.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          if (y === null) right = floats[base + c];
          else if (typeof y === "number") right = isSingle ? fround(y) : y;
          else if (y instanceof LuaFloat) right = y.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          stack[ra] = null;
          floats[ra] = isSingle ? fround(left / right) : left / right;
          continue;
        }

        case Run53.MOD: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number") {
            if (y > 0) {
              const rest = x % y;
              stack[ra] = rest < 0 ? rest + y : rest + 0; // not -0
              continue;
            }
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          let left: number;
          let right: number;
          if (x === null) left = floats[base + b];
          else if (typeof x === "number") left = isSingle ? fround(x) : x;
          else if (x instanceof LuaFloat) left = x.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          if (y === null) right = floats[base + c];
          else if (typeof y === "number") right = isSingle ? fround(y) : y;
          else if (y instanceof LuaFloat) right = y.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          stack[ra] = null;
          floats[ra] = subtypes.floats.modulo(left, right);
          continue;
        }

        case Run53.IDIV: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number") {
            if (y > 0) {
              stack[ra] = Math.floor(x / y);
              continue;
            }
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          let left: number;
          let right: number;
          if (x === null) left = floats[base + b];
          else if (typeof x === "number") left = isSingle ? fround(x) : x;
          else if (x instanceof LuaFloat) left = x.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          if (y === null) right = floats[base + c];
          else if (typeof y === "number") right = isSingle ? fround(y) : y;
          else if (y instanceof LuaFloat) right = y.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          stack[ra] = null;
          floats[ra] = subtypes.floats.floorDivide(left, right);
          continue;
        }

        case Run53.POW: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let left: number;
          let right: number;
          if (x === null) left = floats[base + b];
          else if (typeof x === "number") left = isSingle ? fround(x) : x;
          else if (x instanceof LuaFloat) left = x.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          if (y === null) right = floats[base + c];
          else if (typeof y === "number") right = isSingle ? fround(y) : y;
          else if (y instanceof LuaFloat) right = y.value;
          else {
            frame.pc = pc;
            called = runArithmetic53(thread, frame, word);
            break;
          }
          stack[ra] = null;
          floats[ra] = subtypes.floats.power(left, right);
          continue;
        }

        case Run53.BAND: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number") {
            const x32 = x | 0;
            const y32 = y | 0;
            if (x32 === x && y32 === y) {
              stack[ra] = x32 & y32;
              continue;
            }
          }
          frame.pc = pc;
          called = runArithmetic53(thread, frame, word);
          break;
        }

        case Run53.BOR: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number") {
            const x32 = x | 0;
            const y32 = y | 0;
            if (x32 === x && y32 === y) {
              stack[ra] = x32 | y32;
              continue;
            }
          }
          frame.pc = pc;
          called = runArithmetic53(thread, frame, word);
          break;
        }

        case Run53.BXOR: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number") {
            const x32 = x | 0;
            const y32 = y | 0;
            if (x32 === x && y32 === y) {
              stack[ra] = x32 ^ y32;
              continue;
            }
          }
          frame.pc = pc;
          called = runArithmetic53(thread, frame, word);
          break;
        }

        case Run53.SHL: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number" && y >= 0 && y < 32) {
            if (!isWide) {
              stack[ra] = x << y;
              continue;
            }
            const scaled = x * 2 ** y;
            if (scaled <= Word.MaxSafe && scaled >= -Word.MaxSafe) {
              stack[ra] = scaled;
              continue;
            }
          }
          frame.pc = pc;
          called = runArithmetic53(thread, frame, word);
          break;
        }

        case Run53.SHR: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number" && y >= 0 && y < 32) {
            if (!isWide) {
              stack[ra] = (x >>> y) | 0;
              continue;
            }
            if (x >= 0) {
              stack[ra] = Math.floor(x / 2 ** y);
              continue;
            }
          }
          frame.pc = pc;
          called = runArithmetic53(thread, frame, word);
          break;
        }

        case Run53.UNM: {
          const b = word >>> 23;
          const value = stack[base + b];
          if (typeof value === "number") {
            stack[ra] = isWide ? 0 - value : (0 - value) | 0;
            continue;
          }
          if (value === null) {
            stack[ra] = null;
            floats[ra] = -floats[base + b];
            continue;
          }
          frame.pc = pc;
          called = runArithmetic53(thread, frame, word);
          break;
        }

        case Run53.BNOT: {
          const value = stack[base + (word >>> 23)];
          if (typeof value === "number" && (value | 0) === value) {
            stack[ra] = ~value;
            continue;
          }
          frame.pc = pc;
          called = runArithmetic53(thread, frame, word);
          break;
        }

        case Run53.NOT: {
          const value = stack[base + (word >>> 23)];
          stack[ra] = value === undefined || value === false;
          continue;
        }

        case Run53.LEN: {
          const b = word >>> 23;
          const value = stack[base + b];
          if (value instanceof Table && value.metatable === undefined && !value.readOnly) {
            stack[ra] = value.length();
            continue;
          }
          frame.pc = pc;
          const found = length53(
            thread,
            value === null ? new LuaFloat(floats[base + b]) : value,
            b,
          );
          if (found !== METHOD) {
            stack[ra] = found;
            continue;
          }
          called = invoke53(thread, Pending.Result);
          break;
        }

        case Run53.CONCAT:
          frame.pc = pc;
          called = concat53(thread, frame, word);
          break;

        case Run53.JMP: {
          if ((word & Word.MaskOfA) !== 0) closeUpvalues(thread, ra - 1);
          const distance = (word >>> 14) + Word.Jump;
          pc += distance;
          if (distance < 0 && --state.steps < 0) {
            frame.pc = pc;
            state.outOfSteps();
          }
          continue;
        }

        case Run53.EQ: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let equal: boolean;
          if (typeof x === "number" && typeof y === "number") equal = x === y;
          else if (x instanceof TString && y instanceof TString) {
            equal = x === y || x.text === y.text;
          } else if (y === undefined) equal = x === undefined;
          else if (x === null && typeof y === "number") equal = floats[base + b] === y;
          else if (x === null && y === null) equal = floats[base + b] === floats[base + c];
          else {
            frame.pc = pc;
            const answer = equals53(
              thread,
              x === null ? new LuaFloat(floats[base + b]) : x,
              y === null ? new LuaFloat(floats[base + c]) : y,
            );
            if (answer === METHOD) {
              called = invoke53(thread, Pending.Result);
              break;
            }
            equal = answer;
          }
          if (equal !== ((word & Word.MaskOfA) !== 0)) {
            pc++;
            continue;
          }
          const jump = words[pc];
          if ((jump & Word.MaskOfA) !== 0) {
            closeUpvalues(thread, base + ((jump >>> 6) & 0xff) - 1);
          }
          const distance = (jump >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0 && --state.steps < 0) {
            frame.pc = pc;
            state.outOfSteps();
          }
          continue;
        }

        case Run53.LT: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let less: boolean;
          if (typeof x === "number" && typeof y === "number") less = x < y;
          else if (x === null && y === null) less = floats[base + b] < floats[base + c];
          else if (x === null && typeof y === "number") less = floats[base + b] < y;
          else if (y === null && typeof x === "number") less = x < floats[base + c];
          else {
            frame.pc = pc;
            const answer = less53(
              thread,
              x === null ? new LuaFloat(floats[base + b]) : x,
              y === null ? new LuaFloat(floats[base + c]) : y,
            );
            if (answer === METHOD) {
              called = invoke53(thread, Pending.Result);
              break;
            }
            less = answer;
          }
          if (less !== ((word & Word.MaskOfA) !== 0)) {
            pc++;
            continue;
          }
          const jump = words[pc];
          if ((jump & Word.MaskOfA) !== 0) {
            closeUpvalues(thread, base + ((jump >>> 6) & 0xff) - 1);
          }
          const distance = (jump >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0 && --state.steps < 0) {
            frame.pc = pc;
            state.outOfSteps();
          }
          continue;
        }

        case Run53.LE: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let lessOrEqual: boolean;
          if (typeof x === "number" && typeof y === "number") lessOrEqual = x <= y;
          else if (x === null && y === null) lessOrEqual = floats[base + b] <= floats[base + c];
          else if (x === null && typeof y === "number") lessOrEqual = floats[base + b] <= y;
          else if (y === null && typeof x === "number") lessOrEqual = x <= floats[base + c];
          else {
            frame.pc = pc;
            const answer = lessOrEqual53(
              thread,
              x === null ? new LuaFloat(floats[base + b]) : x,
              y === null ? new LuaFloat(floats[base + c]) : y,
            );
            if (typeof answer !== "boolean") {
              called = invoke53(thread, answer);
              break;
            }
            lessOrEqual = answer;
          }
          if (lessOrEqual !== ((word & Word.MaskOfA) !== 0)) {
            pc++;
            continue;
          }
          const jump = words[pc];
          if ((jump & Word.MaskOfA) !== 0) {
            closeUpvalues(thread, base + ((jump >>> 6) & 0xff) - 1);
          }
          const distance = (jump >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0 && --state.steps < 0) {
            frame.pc = pc;
            state.outOfSteps();
          }
          continue;
        }

        case Run53.TEST: {
          const value = stack[ra];
          const isFalse = value === undefined || value === false;
          if (isFalse === (((word >>> 14) & 0x1ff) !== 0)) {
            pc++;
            continue;
          }
          const jump = words[pc];
          if ((jump & Word.MaskOfA) !== 0) {
            closeUpvalues(thread, base + ((jump >>> 6) & 0xff) - 1);
          }
          const distance = (jump >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0 && --state.steps < 0) {
            frame.pc = pc;
            state.outOfSteps();
          }
          continue;
        }

        case Run53.TESTSET: {
          const rb = base + (word >>> 23);
          const value = stack[rb];
          const isFalse = value === undefined || value === false;
          if (isFalse === (((word >>> 14) & 0x1ff) !== 0)) {
            pc++;
            continue;
          }
          stack[ra] = value;
          if (value === null) floats[ra] = floats[rb];
          const jump = words[pc];
          if ((jump & Word.MaskOfA) !== 0) {
            closeUpvalues(thread, base + ((jump >>> 6) & 0xff) - 1);
          }
          const distance = (jump >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0 && --state.steps < 0) {
            frame.pc = pc;
            state.outOfSteps();
          }
          continue;
        }

        case Run53.CALL: {
          const b = word >>> 23;
          const wanted = ((word >>> 14) & 0x1ff) - 1;
          const argumentCount = b !== 0 ? b - 1 : thread.top - ra - 1;
          frame.pc = pc;
          if (--state.steps < 0) state.outOfSteps();
          const fn = stack[ra];
          if (fn instanceof Closure) {
            const { code } = fn;
            const start = ra + 1;
            const end = start + code.maxStackSize;
            if (code.isVararg || end + argumentCount > thread.limit) {
              enterClosure(thread, fn, ra, argumentCount, wanted);
              break run;
            }
            const depth = thread.depth + 1;
            const entered = depth < frames.length ? frames[depth] : addFrame(thread);
            thread.depth = depth;
            // The compiler counts on nil in all registers but the parameters.
            const { parameterCount } = code;
            const given = Math.min(argumentCount, parameterCount);
            for (let i = start + given; i < end; i++) stack[i] = undefined;
            entered.fn = fn;
            entered.functionIndex = ra;
            entered.base = start;
            entered.top = end;
            entered.pc = 0;
            entered.wanted = wanted;
            entered.tailCalls = 0;
            frame = entered;
            closure = fn;
            words = code.words;
            constants = code.constants;
            base = start;
            pc = 0;
            continue;
          }
          called = callAt(thread, ra, argumentCount, wanted);
          break;
        }

        case Run53.TAILCALL: {
          const b = word >>> 23;
          const argumentCount = b !== 0 ? b - 1 : thread.top - ra - 1;
          frame.pc = pc;
          if (--state.steps < 0) state.outOfSteps();
          const fn = stack[ra];
          if (fn instanceof Closure) {
            enterTailCall(thread, frame, fn, ra, argumentCount);
            break run;
          }
          if (!(fn instanceof NativeFunction)) {
            const method = makeCallable53(thread, ra, argumentCount);
            if (method instanceof Closure) {
              enterTailCall(thread, frame, method, ra, argumentCount + 1);
              break run;
            }
            called = callAt(thread, ra, argumentCount + 1, ALL_RESULTS);
            break;
          }
          called = callAt(thread, ra, argumentCount, ALL_RESULTS);
          break;
        }

        case Run53.RETURN: {
          const b = word >>> 23;
          const count = b !== 0 ? b - 1 : thread.top - ra;
          if (thread.openUpvalues !== undefined) closeUpvalues(thread, base);
          const { wanted } = frame;
          if (wanted === 1 && count > 0) {
            const value = stack[ra];
            const target = frame.functionIndex;
            stack[target] = value;
            if (value === null) floats[target] = floats[ra];
            thread.depth--;
          } else leave(thread, frame, ra, count);
          const { depth } = thread;
          if (depth === stop) return Called.Done;
          frame = frames[depth];
          const { fn } = frame;
          if (!(fn instanceof Closure)) {
            const outcome = continueNative(thread, stop);
            if (outcome !== Called.Entered) return outcome;
            break run;
          }
          if (frame.pending !== 0) break run;
          closure = fn;
          words = fn.code.words;
          constants = fn.code.constants;
          base = frame.base;
          pc = frame.pc;
          continue;
        }

        case Run53.FORLOOP: {
          const index = stack[ra];
          if (index === null && stack[ra + 1] === null && stack[ra + 2] === null) {
            const by = floats[ra + 2];
            const sum = floats[ra] + by;
            const next = isSingle ? fround(sum) : sum;
            if (by > 0 ? next <= floats[ra + 1] : floats[ra + 1] <= next) {
              floats[ra] = next;
              stack[ra + 3] = null;
              floats[ra + 3] = next;
              pc += (word >>> 14) + Word.Jump;
              if (--state.steps < 0) {
                frame.pc = pc;
                state.outOfSteps();
              }
            }
            continue;
          }
          const limit = stack[ra + 1];
          const by = stack[ra + 2];
          if (typeof index === "number" && typeof limit === "number" && typeof by === "number") {
            const sum = index + by;
            const next = isWide ? sum : sum | 0;
            if (next <= Word.MaxSafe && next >= -Word.MaxSafe) {
              if (by > 0 ? next <= limit : limit <= next) {
                stack[ra] = next;
                stack[ra + 3] = next;
                pc += (word >>> 14) + Word.Jump;
                if (--state.steps < 0) {
                  frame.pc = pc;
                  state.outOfSteps();
                }
              }
              continue;
            }
          }
          frame.pc = pc;
          if (stepLoop53(thread, ra)) {
            pc += (word >>> 14) + Word.Jump;
            if (--state.steps < 0) {
              frame.pc = pc;
              state.outOfSteps();
            }
          }
          continue;
        }

        case Run53.FORPREP:
          frame.pc = pc;
          prepareLoop53(thread, ra);
          pc += (word >>> 14) + Word.Jump;
          continue;

        case Run53.TFORCALL: {
          const wanted = (word >>> 14) & 0x1ff;
          const start = ra + 3;
          for (let i = 0; i < 3; i++) {
            const value = stack[ra + i];
            stack[start + i] = value;
            if (value === null) floats[start + i] = floats[ra + i];
          }
          frame.pc = pc;
          enterLevel(thread);
          called = callAt(thread, start, 2, LEVEL_RESULTS - wanted);
          break;
        }

        case Run53.TFORLOOP: {
          const value = stack[ra + 1];
          if (value === undefined) continue;
          stack[ra] = value;
          if (value === null) floats[ra] = floats[ra + 1];
          pc += (word >>> 14) + Word.Jump;
          if (--state.steps < 0) {
            frame.pc = pc;
            state.outOfSteps();
          }
          continue;
        }

        case Run53.SETLIST: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const batch = c !== 0 ? c : words[pc++] >>> 6;
          frame.pc = pc;
          setList53(thread, ra, b !== 0 ? b : thread.top - ra - 1, batch);
          continue;
        }

        case Run53.CLOSURE: {
          const code = closure.code.nested[word >>> 14];
          const { upvalueSources } = code.proto;
          const upvalues: Upvalue[] = [];
          for (let i = 0; i < upvalueSources.length; i++) {
            const { inStack, index } = upvalueSources[i];
            upvalues.push(inStack ? findUpvalue(thread, base + index) : closure.upvalues[index]);
          }
          state.heap.chargeClosure(upvalues.length);
          stack[ra] = new Closure(code, upvalues, closure.environment);
          continue;
        }

        case Run53.VARARG:
          frame.pc = pc;
          copyVarargs(thread, frame, ra, (word >>> 23) - 1);
          floats = thread.floats;
          continue;

        default:
          throw new Error(`there is no instruction ${word & 0x3f}`);
      }

      if (called === Called.Yielded) return called;
      if (called === Called.Entered) break;
      floats = thread.floats;
      pc = frame.pc;
    }
  }
}
