/**
 * Lua registers in JavaScript source: variables `r0`, `r1`, …, written to the stack where others may
 * look at it; registers that closures share stay in the stack always. The source knows
 *
 *     s, f    the thread's stack and floats      b       stack index of register 0
 *     t       for one value in between
 */
import { bit } from "./instructions51.ts";

export class Registers {
  /** Those that are in the stack always. */
  private readonly shared: bigint;

  constructor(shared: bigint) {
    this.shared = shared;
  }

  isShared(register: number): boolean {
    return (this.shared & bit(register)) !== 0n;
  }

  /** An expression without effects that may be written several times. */
  isVariable(register: number): boolean {
    return !this.isShared(register);
  }

  /** The value of a register; an expression that may be used once. */
  read(register: number): string {
    return this.isShared(register) ? fromStack(register) : `r${register}`;
  }

  /** A statement that sets a register. @param isNumber whether the value is known to be one */
  write(register: number, value: string): string {
    if (!this.isShared(register)) return `r${register} = ${value};`;
    return `t = ${value}; ${toStack(register, "t")}`;
  }

  /** A statement that gets a register from the stack. */
  load(register: number): string {
    if (this.isShared(register)) return "";
    return `if ((r${register} = s[b + ${register}]) === null) r${register} = f[b + ${register}];`;
  }

  loadAll(registers: bigint): string {
    return listOf(registers)
      .map((register) => this.load(register))
      .join(" ");
  }

  /** Statements that write registers to the stack. @param numbers those known to hold numbers */
  store(registers: bigint, numbers = 0n): string {
    return listOf(registers & ~this.shared)
      .map((register) => {
        const isNumber = (numbers & bit(register)) !== 0n;
        return putAt(`b + ${register}`, `r${register}`, isNumber);
      })
      .join(" ");
  }

  /** The same in few words, for where it is rarely done. */
  keep(registers: bigint): string {
    const kept = listOf(registers & ~this.shared);
    if (kept.length === 0) return "";
    return `keep(thread, b, ${kept.map((register) => `${register}, r${register}`).join(", ")});`;
  }
}

function fromStack(register: number): string {
  return `((t = s[b + ${register}]) === null ? f[b + ${register}] : t)`;
}

/** @param value an expression without effects */
export function toStack(register: number | string, value: string): string {
  return putAt(`b + ${register}`, value);
}

/** A statement that puts a value at a stack index, as {@link Slot} tells. */
export function putAt(index: string, value: string, isNumber = false): string {
  const test = isNumber ? "" : `typeof ${value} === "number" && `;
  return (
    `if (${test}(${value} | 0) !== ${value}) ` +
    `{ s[${index}] = null; f[${index}] = ${value}; } else s[${index}] = ${value};`
  );
}

function listOf(registers: bigint): number[] {
  const list: number[] = [];
  for (let register = 0, rest = registers; rest > 0n; register++, rest >>= 1n) {
    if ((rest & 1n) !== 0n) list.push(register);
  }
  return list;
}
