/**
 * The dispatch loop of Lua 5.1: runs Lua functions until one returns to where it was called from
 * outside. It is long because every instruction's common case is written out in it, where the
 * compiler of the JavaScript engine sees the types; all else is in `slow51.ts` and `frames.ts`.
 *
 * Lua calls push a frame and stay in the loop; only native functions and metamethods are JavaScript
 * calls. A register is `stack[base + n]`, and where that is null the number `floats[base + n]`: see
 * `Slot`. Code was checked (`prepare51.ts`): operands are within the frame. Source: lua51.md §3.
 *
 * Code that is entered or jumped back in often is compiled to JavaScript (`compiled/`). This loop lets
 * that run where it enters a function or goes on with a loop; what was compiled works on the same
 * stack and leaves the frame's `pc` where the loop is to go on, so that each can end what the other
 * has begun.
 */
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
import { Run51 } from "./run-ops51.ts";
import {
  arithmetic51,
  concat51,
  equals51,
  getField51,
  getTable51,
  length51,
  less51,
  lessOrEqual51,
  makeCallable51,
  NO_OPERAND,
  negate51,
  newTable51,
  prepareLoop51,
  setList51,
  setTable51,
  stepLoop51,
} from "./slow51.ts";
import {
  Called,
  Closure,
  type Code,
  type CompiledRun,
  NativeFunction,
  type Thread,
  type Tier,
  type Upvalue,
} from "./state.ts";
import { Node, Table } from "./table.ts";
import { TString } from "./values.ts";

/** Numbers of the instruction word. (An enum, like {@link Node}.) */
enum Word {
  /** RK operands from here on are constants. */
  Constant = 256,
  /** What is added to Bx for the distance of a jump. */
  Jump = -131_071,
  /** The same for a jump behind a test, which is read at its own place. */
  JumpBehindTest = -131_070,
}

/**
 * Runs the current frame, which is a Lua function's.
 *
 * @param stop the depth of the frame that waits for it
 * @returns Done when that frame is the current one again, or Yielded
 */
export function execute51(thread: Thread, stop: number): Called {
  return run51(thread, stop, nestingAt(thread));
}

/** The same for a compiled function that waits for it. */
export function executeInside51(thread: Thread, stop: number): Called {
  return run51(thread, stop, 0);
}

/** @param nesting see {@link nestingAt}; 0 where compiled functions are on the stack already */
function run51(thread: Thread, stop: number, nesting: number): Called {
  const { state, stack, frames } = thread;
  const { integral } = state.numbers;
  const { tier } = state;
  /** What is to go on with the current frame in the place of this loop. */
  let compiled: CompiledRun | undefined;

  for (;;) {
    let floats = thread.floats;
    let frame = frames[thread.depth];
    let closure = frame.fn as Closure;
    if (tier !== undefined && (compiled !== undefined || frame.pc === 0)) {
      const run = compiled ?? entryOf(tier, closure.code);
      compiled = undefined;
      if (run !== undefined && mayEnter(thread, nesting)) {
        const called = run(thread, frame, closure);
        if (called === Called.Yielded) return called;
        if (called === Called.Done) {
          if (thread.depth === stop) return called;
          if (!(frames[thread.depth].fn instanceof Closure)) {
            const continued = continueNative(thread, stop);
            if (continued !== Called.Entered) return continued;
          }
        }
        continue;
      }
    }
    let { words, constants } = closure.code;
    let { base } = frame;
    let { pc } = frame;

    // Leaving this loop goes on with the frame that is the current one then.
    run: for (;;) {
      const word = words[pc++];
      const ra = base + ((word >>> 6) & 0xff);
      switch (word & 0x3f) {
        case Run51.MOVE: {
          const rb = base + (word >>> 23);
          const value = stack[rb];
          stack[ra] = value;
          if (value === null) floats[ra] = floats[rb];
          continue;
        }

        case Run51.LOADK:
          stack[ra] = constants[word >>> 14];
          continue;

        case Run51.LOADBOOL:
          stack[ra] = word >>> 23 !== 0;
          if (((word >>> 14) & 0x1ff) !== 0) pc++;
          continue;

        case Run51.LOADNIL: {
          const rb = base + (word >>> 23);
          for (let i = ra; i <= rb; i++) stack[i] = undefined;
          continue;
        }

        case Run51.GETUPVAL: {
          const upvalue = closure.upvalues[word >>> 23];
          const value = upvalue.array[upvalue.index];
          stack[ra] = value;
          if (value === null) floats[ra] = upvalue.thread.floats[upvalue.index];
          continue;
        }

        case Run51.SETUPVAL: {
          const upvalue = closure.upvalues[word >>> 23];
          const value = stack[ra];
          upvalue.array[upvalue.index] = value === null ? floats[ra] : value;
          continue;
        }

        case Run51.GETGLOBAL: {
          const key = constants[word >>> 14] as TString;
          const { environment } = closure;
          const { nodes } = environment;
          const at = (key.hash & environment.mask) * Node.Size;
          if (nodes[at + Node.Hash] === key.hash && nodes[at] === key) {
            const value = nodes[at + Node.Value];
            if (value !== undefined) {
              stack[ra] = value;
              continue;
            }
          }
          frame.pc = pc;
          stack[ra] = getField51(thread, environment, key, NO_OPERAND);
          floats = thread.floats;
          continue;
        }

        case Run51.SETGLOBAL: {
          const key = constants[word >>> 14] as TString;
          const value = stack[ra];
          frame.pc = pc;
          setTable51(
            thread,
            closure.environment,
            key,
            value === null ? floats[ra] : value,
            NO_OPERAND,
          );
          floats = thread.floats;
          continue;
        }

        case Run51.GETFIELD: {
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
          stack[ra] = getField51(thread, object === null ? floats[base + b] : object, key, b);
          floats = thread.floats;
          continue;
        }

        case Run51.GETTABLE: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const object = stack[base + b];
          const key = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (object instanceof Table) {
            if (typeof key === "number") {
              const { array } = object;
              const index = key | 0;
              if (index === key && index > 0 && index < array.length) {
                const value = array[index];
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
          stack[ra] = getTable51(
            thread,
            object === null ? floats[base + b] : object,
            key === null ? floats[base + c] : key,
            b,
          );
          floats = thread.floats;
          continue;
        }

        case Run51.SETFIELD: {
          const c = (word >>> 14) & 0x1ff;
          const key = constants[(word >>> 23) - Word.Constant] as TString;
          const slot = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          const value = slot === null ? floats[base + c] : slot;
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
          setTable51(thread, object === null ? floats[ra] : object, key, value, ra - base);
          floats = thread.floats;
          continue;
        }

        case Run51.SETTABLE: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const key = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const slot = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          const value = slot === null ? floats[base + c] : slot;
          const object = stack[ra];
          if (object instanceof Table && typeof key === "number") {
            const { array } = object;
            const index = key | 0;
            if (index === key && index > 0 && index < array.length) {
              if (object.metatable === undefined || array[index] !== undefined) {
                array[index] = value;
                continue;
              }
            }
          }
          frame.pc = pc;
          setTable51(
            thread,
            object === null ? floats[ra] : object,
            key === null ? floats[base + b] : key,
            value,
            ra - base,
          );
          floats = thread.floats;
          continue;
        }

        case Run51.NEWTABLE:
          stack[ra] = newTable51(thread, word >>> 23, (word >>> 14) & 0x1ff);
          continue;

        case Run51.SELF: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const object = stack[base + b];
          const key = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          stack[ra + 1] = object;
          if (object === null) floats[ra + 1] = floats[base + b];
          frame.pc = pc;
          if (key instanceof TString) {
            stack[ra] = getField51(thread, object === null ? floats[base + b] : object, key, b);
          } else {
            stack[ra] = getTable51(
              thread,
              object === null ? floats[base + b] : object,
              key === null ? floats[base + c] : key,
              b,
            );
          }
          floats = thread.floats;
          continue;
        }

        case Run51.ADD: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let sum: number;
          if (typeof x === "number") {
            if (typeof y === "number") {
              sum = x + y;
              const small = sum | 0;
              if (integral || (small === sum && small !== 0)) {
                stack[ra] = small;
                continue;
              }
            } else if (y === null) sum = x + floats[base + c];
            else break;
          } else if (x === null) {
            if (y === null) sum = floats[base + b] + floats[base + c];
            else if (typeof y === "number") sum = floats[base + b] + y;
            else break;
          } else break;
          stack[ra] = null;
          floats[ra] = sum;
          continue;
        }

        case Run51.SUB: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let difference: number;
          if (typeof x === "number") {
            if (typeof y === "number") {
              difference = x - y;
              const small = difference | 0;
              if (integral || (small === difference && small !== 0)) {
                stack[ra] = small;
                continue;
              }
            } else if (y === null) difference = x - floats[base + c];
            else break;
          } else if (x === null) {
            if (y === null) difference = floats[base + b] - floats[base + c];
            else if (typeof y === "number") difference = floats[base + b] - y;
            else break;
          } else break;
          stack[ra] = null;
          floats[ra] = difference;
          continue;
        }

        case Run51.MUL: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let product: number;
          if (typeof x === "number") {
            if (typeof y === "number") {
              if (integral) {
                stack[ra] = Math.imul(x, y);
                continue;
              }
              product = x * y;
              const small = product | 0;
              if (small === product && small !== 0) {
                stack[ra] = small;
                continue;
              }
            } else if (y === null) product = x * floats[base + c];
            else break;
          } else if (x === null) {
            if (y === null) product = floats[base + b] * floats[base + c];
            else if (typeof y === "number") product = floats[base + b] * y;
            else break;
          } else break;
          stack[ra] = null;
          floats[ra] = product;
          continue;
        }

        case Run51.DIV: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let quotient: number;
          if (integral) break;
          if (typeof x === "number") {
            if (typeof y === "number") {
              quotient = x / y;
              const small = quotient | 0;
              if (small === quotient && small !== 0) {
                stack[ra] = small;
                continue;
              }
            } else if (y === null) quotient = x / floats[base + c];
            else break;
          } else if (x === null) {
            if (y === null) quotient = floats[base + b] / floats[base + c];
            else if (typeof y === "number") quotient = floats[base + b] / y;
            else break;
          } else break;
          stack[ra] = null;
          floats[ra] = quotient;
          continue;
        }

        case Run51.MOD: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          if (typeof x === "number" && typeof y === "number" && x >= 0 && y > 0) {
            if ((x | 0) === x && (y | 0) === y) {
              stack[ra] = (x % y) | 0;
              continue;
            }
          }
          break;
        }

        case Run51.POW:
          break;

        case Run51.UNM: {
          const b = word >>> 23;
          const value = stack[base + b];
          if (typeof value === "number" && value !== 0) {
            stack[ra] = integral ? -value | 0 : -value;
            continue;
          }
          if (value === null) {
            stack[ra] = null;
            floats[ra] = -floats[base + b];
            continue;
          }
          frame.pc = pc;
          stack[ra] = negate51(thread, value, b);
          floats = thread.floats;
          continue;
        }

        case Run51.NOT: {
          const value = stack[base + (word >>> 23)];
          stack[ra] = value === undefined || value === false;
          continue;
        }

        case Run51.LEN: {
          const b = word >>> 23;
          const value = stack[base + b];
          if (value instanceof Table) stack[ra] = value.length();
          else if (value instanceof TString) stack[ra] = value.text.length;
          else {
            frame.pc = pc;
            stack[ra] = length51(thread, value === null ? floats[base + b] : value, b);
            floats = thread.floats;
          }
          continue;
        }

        case Run51.CONCAT: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          frame.pc = pc;
          stack[ra] = concat51(thread, base, b, c);
          floats = thread.floats;
          continue;
        }

        case Run51.JMP: {
          const distance = (word >>> 14) + Word.Jump;
          pc += distance;
          if (distance < 0) {
            if (--state.steps < 0) {
              frame.pc = pc;
              state.outOfSteps();
            }
            if (tier !== undefined) {
              compiled = tier.loop(closure.code, pc);
              if (compiled !== undefined && mayEnter(thread, nesting)) {
                frame.pc = pc;
                break run;
              }
            }
          }
          continue;
        }

        case Run51.EQ: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
          const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
          let equal: boolean;
          if (typeof x === "number" && typeof y === "number") equal = x === y;
          else if (x instanceof TString && y instanceof TString) {
            equal = x === y || x.text === y.text;
          } else if (y === undefined) equal = x === undefined;
          else {
            frame.pc = pc;
            equal = equals51(
              thread,
              x === null ? floats[base + b] : x,
              y === null ? floats[base + c] : y,
            );
            floats = thread.floats;
          }
          if (equal !== (((word >>> 6) & 0xff) !== 0)) {
            pc++;
            continue;
          }
          const distance = (words[pc] >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0) {
            if (--state.steps < 0) {
              frame.pc = pc;
              state.outOfSteps();
            }
            if (tier !== undefined) {
              compiled = tier.loop(closure.code, pc);
              if (compiled !== undefined && mayEnter(thread, nesting)) {
                frame.pc = pc;
                break run;
              }
            }
          }
          continue;
        }

        case Run51.LT: {
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
            less = less51(
              thread,
              x === null ? floats[base + b] : x,
              y === null ? floats[base + c] : y,
            );
            floats = thread.floats;
          }
          if (less !== (((word >>> 6) & 0xff) !== 0)) {
            pc++;
            continue;
          }
          const distance = (words[pc] >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0) {
            if (--state.steps < 0) {
              frame.pc = pc;
              state.outOfSteps();
            }
            if (tier !== undefined) {
              compiled = tier.loop(closure.code, pc);
              if (compiled !== undefined && mayEnter(thread, nesting)) {
                frame.pc = pc;
                break run;
              }
            }
          }
          continue;
        }

        case Run51.LE: {
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
            lessOrEqual = lessOrEqual51(
              thread,
              x === null ? floats[base + b] : x,
              y === null ? floats[base + c] : y,
            );
            floats = thread.floats;
          }
          if (lessOrEqual !== (((word >>> 6) & 0xff) !== 0)) {
            pc++;
            continue;
          }
          const distance = (words[pc] >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0) {
            if (--state.steps < 0) {
              frame.pc = pc;
              state.outOfSteps();
            }
            if (tier !== undefined) {
              compiled = tier.loop(closure.code, pc);
              if (compiled !== undefined && mayEnter(thread, nesting)) {
                frame.pc = pc;
                break run;
              }
            }
          }
          continue;
        }

        case Run51.TEST: {
          const value = stack[ra];
          const isFalse = value === undefined || value === false;
          if (isFalse === (((word >>> 14) & 0x1ff) !== 0)) {
            pc++;
            continue;
          }
          const distance = (words[pc] >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0) {
            if (--state.steps < 0) {
              frame.pc = pc;
              state.outOfSteps();
            }
            if (tier !== undefined) {
              compiled = tier.loop(closure.code, pc);
              if (compiled !== undefined && mayEnter(thread, nesting)) {
                frame.pc = pc;
                break run;
              }
            }
          }
          continue;
        }

        case Run51.TESTSET: {
          const rb = base + (word >>> 23);
          const value = stack[rb];
          const isFalse = value === undefined || value === false;
          if (isFalse === (((word >>> 14) & 0x1ff) !== 0)) {
            pc++;
            continue;
          }
          stack[ra] = value;
          if (value === null) floats[ra] = floats[rb];
          const distance = (words[pc] >>> 14) + Word.JumpBehindTest;
          pc += distance;
          if (distance < 0) {
            if (--state.steps < 0) {
              frame.pc = pc;
              state.outOfSteps();
            }
            if (tier !== undefined) {
              compiled = tier.loop(closure.code, pc);
              if (compiled !== undefined && mayEnter(thread, nesting)) {
                frame.pc = pc;
                break run;
              }
            }
          }
          continue;
        }

        case Run51.CALL: {
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
            if (code.isVararg || end > thread.limit) {
              enterClosure(thread, fn, ra, argumentCount, wanted);
              break run;
            }
            const depth = thread.depth + 1;
            const called = depth < frames.length ? frames[depth] : addFrame(thread);
            thread.depth = depth;
            // The compiler counts on nil in all registers but the parameters.
            const { parameterCount } = code;
            const given = Math.min(argumentCount, parameterCount);
            for (let i = start + given; i < end; i++) stack[i] = undefined;
            called.fn = fn;
            called.functionIndex = ra;
            called.base = start;
            called.top = end;
            called.pc = 0;
            called.wanted = wanted;
            called.tailCalls = 0;
            if (tier !== undefined) {
              const run = entryOf(tier, code);
              if (run !== undefined && mayEnter(thread, nesting)) {
                const outcome = run(thread, called, fn);
                if (outcome === Called.Yielded) return outcome;
                if (outcome !== Called.Done) break run;
                floats = thread.floats;
                continue;
              }
            }
            frame = called;
            closure = fn;
            words = code.words;
            constants = code.constants;
            base = start;
            pc = 0;
            continue;
          }
          if (tier !== undefined && fn instanceof NativeFunction && fn.quick !== undefined) {
            noteQuick(closure.code, pc - 1);
          }
          const called = callAt(thread, ra, argumentCount, wanted);
          if (called === Called.Yielded) return called;
          if (called === Called.Entered) break run;
          floats = thread.floats;
          continue;
        }

        case Run51.TAILCALL: {
          const b = word >>> 23;
          let argumentCount = b !== 0 ? b - 1 : thread.top - ra - 1;
          frame.pc = pc;
          if (--state.steps < 0) state.outOfSteps();
          const fn = stack[ra];
          if (fn instanceof Closure) {
            enterTailCall(thread, frame, fn, ra, argumentCount);
            break run;
          }
          if (!(fn instanceof NativeFunction)) {
            const method = makeCallable51(thread, ra, argumentCount++);
            if (method instanceof Closure) {
              enterTailCall(thread, frame, method, ra, argumentCount);
              break run;
            }
          }
          const called = callAt(thread, ra, argumentCount, ALL_RESULTS);
          if (called === Called.Yielded) return called;
          if (called === Called.Entered) break run;
          floats = thread.floats;
          continue;
        }

        case Run51.RETURN: {
          const b = word >>> 23;
          const count = b !== 0 ? b - 1 : thread.top - ra;
          if (thread.openUpvalues !== undefined) closeUpvalues(thread, base);
          if (frame.wanted === 1 && count > 0) {
            const value = stack[ra];
            const target = frame.functionIndex;
            stack[target] = value;
            if (value === null) floats[target] = floats[ra];
            thread.depth--;
          } else leave(thread, frame, ra, count);
          const depth = thread.depth;
          if (depth === stop) return Called.Done;
          frame = frames[depth];
          const fn = frame.fn;
          if (!(fn instanceof Closure)) {
            const called = continueNative(thread, stop);
            if (called !== Called.Entered) return called;
            break run;
          }
          closure = fn;
          words = fn.code.words;
          constants = fn.code.constants;
          base = frame.base;
          pc = frame.pc;
          continue;
        }

        case Run51.FORLOOP: {
          if (tier !== undefined) {
            compiled = tier.loop(closure.code, pc - 1);
            if (compiled !== undefined && mayEnter(thread, nesting)) {
              frame.pc = pc - 1;
              break run;
            }
          }
          const index = stack[ra];
          const limit = stack[ra + 1];
          const by = stack[ra + 2];
          if (typeof index === "number" && typeof limit === "number" && typeof by === "number") {
            const next = index + by;
            const small = next | 0;
            if (small === next || integral) {
              if (by > 0 ? small <= limit : limit <= small) {
                stack[ra] = small;
                stack[ra + 3] = small;
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
          if (stepLoop51(thread, ra)) {
            pc += (word >>> 14) + Word.Jump;
            if (--state.steps < 0) {
              frame.pc = pc;
              state.outOfSteps();
            }
          }
          continue;
        }

        case Run51.FORPREP: {
          const distance = (word >>> 14) + Word.Jump;
          frame.pc = pc;
          prepareLoop51(thread, ra);
          pc += distance;
          if (distance < 0 && --state.steps < 0) {
            frame.pc = pc;
            state.outOfSteps();
          }
          continue;
        }

        case Run51.TFORLOOP: {
          if (tier !== undefined) {
            compiled = tier.loop(closure.code, pc - 1);
            if (compiled !== undefined && mayEnter(thread, nesting)) {
              frame.pc = pc - 1;
              break run;
            }
          }
          const wanted = (word >>> 14) & 0x1ff;
          const called = ra + 3;
          for (let i = 0; i < 3; i++) {
            const value = stack[ra + i];
            stack[called + i] = value;
            if (value === null) floats[called + i] = floats[ra + i];
          }
          frame.pc = pc;
          enterLevel(thread);
          const outcome = callAt(thread, called, 2, LEVEL_RESULTS - wanted);
          if (outcome === Called.Yielded) return outcome;
          if (outcome === Called.Entered) break run;
          floats = thread.floats;
          continue;
        }

        case Run51.TFORTEST: {
          const value = stack[ra + 3];
          if (value === undefined) continue;
          stack[ra + 2] = value;
          if (value === null) floats[ra + 2] = floats[ra + 3];
          const distance = (word >>> 14) + Word.Jump;
          pc += distance;
          if (--state.steps < 0) {
            frame.pc = pc;
            state.outOfSteps();
          }
          continue;
        }

        case Run51.SETLIST: {
          const b = word >>> 23;
          const c = (word >>> 14) & 0x1ff;
          const batch = c !== 0 ? c : words[pc++] >>> 0;
          frame.pc = pc;
          setList51(thread, ra, b !== 0 ? b : thread.top - ra - 1, batch);
          continue;
        }

        case Run51.CLOSE:
          closeUpvalues(thread, ra);
          continue;

        case Run51.CLOSURE: {
          const code = closure.code.nested[word >>> 14];
          const upvalues: Upvalue[] = [];
          const end = pc + code.proto.upvalueCount;
          while (pc < end) {
            const source = words[pc++];
            const index = source >>> 23;
            upvalues.push(
              (source & 0x3f) === Run51.GETUPVAL
                ? closure.upvalues[index]
                : findUpvalue(thread, base + index),
            );
          }
          state.heap.chargeClosure(upvalues.length);
          stack[ra] = new Closure(code, upvalues, closure.environment);
          continue;
        }

        case Run51.VARARG:
          copyVarargs(thread, frame, ra, (word >>> 23) - 1);
          floats = thread.floats;
          continue;
      }

      // Arithmetic that is not the common case.
      const b = word >>> 23;
      const c = (word >>> 14) & 0x1ff;
      const x = b < Word.Constant ? stack[base + b] : constants[b - Word.Constant];
      const y = c < Word.Constant ? stack[base + c] : constants[c - Word.Constant];
      frame.pc = pc;
      stack[ra] = arithmetic51(
        thread,
        word & 0x3f,
        x === null ? floats[base + b] : x,
        y === null ? floats[base + c] : y,
        b,
        c,
      );
      floats = thread.floats;
    }
  }
}

/** Tells the compiler that a call has called a native function with a quick way. */
function noteQuick(code: Code, pc: number): void {
  code.quickCalls ??= new Uint8Array(code.words.length);
  code.quickCalls[pc] = 1;
}

/** What was compiled of code that is about to be entered, which is counted. */
function entryOf(tier: Tier, code: Code): CompiledRun | undefined {
  if (code.run === undefined) tier.count(code);
  return code.run;
}

/** Compiled functions that may call each other on JavaScript's stack: few in calls that lie in many. */
function nestingAt({ levels }: Thread): number {
  return levels < 4 ? 100 : levels < 16 ? 16 : 1;
}

/** @param nesting see {@link nestingAt}; 0 where compiled functions are on the stack already */
function mayEnter(thread: Thread, nesting: number): boolean {
  if (nesting > 0) thread.deepest = thread.depth + nesting;
  return thread.depth < thread.deepest;
}
