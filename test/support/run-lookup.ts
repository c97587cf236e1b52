/**
 * Runs the main function of a lookup combination: just the instructions that one has, each as
 * lua51.md §3 says, and no others. It shares no code with what builds them.
 */
import type { Constant } from "../../src/base/number-model.ts";
import type { Proto } from "../../src/bytecode/proto.ts";

/** What the function returns: closures as the number of their function, lists as arrays. */
export type Value = Constant | { readonly closure: number } | Value[] | undefined;

enum Op {
  Loadk = 1,
  Newtable = 10,
  Jmp = 22,
  Eq = 23,
  Return = 30,
  Setlist = 34,
  Closure = 36,
}

/** @throws when it does anything that such a function has no reason to do */
export function runLookup(main: Proto, argument: Constant): Value[] {
  const { code, constants, maxStackSize } = main;
  const registers: Value[] = new Array(maxStackSize).fill(undefined);
  registers[0] = argument;
  const checked = (register: number): number => {
    if (register >= maxStackSize) throw new Error(`register ${register} of ${maxStackSize}`);
    return register;
  };
  const operand = (index: number): Value => {
    return index & 256 ? constants[index & 255] : registers[checked(index)];
  };
  for (let pc = 0; ; ) {
    const word = code[pc++];
    const [op, a, b, c] = [word & 63, (word >>> 6) & 255, word >>> 23, (word >>> 14) & 511];
    const bx = word >>> 14;
    switch (op) {
      case Op.Loadk:
        registers[checked(a)] = constants[bx];
        break;
      case Op.Newtable:
        registers[checked(a)] = [];
        break;
      case Op.Jmp:
        pc += bx - 131_071;
        break;
      case Op.Eq:
        if ((operand(b) === operand(c)) !== (a === 1)) pc++;
        break;
      case Op.Setlist: {
        const list = registers[checked(a)];
        if (!Array.isArray(list)) throw new Error("SETLIST of no table");
        const batch = c === 0 ? code[pc++] : c;
        for (let i = 1; i <= b; i++) list[(batch - 1) * 50 + i - 1] = registers[checked(a + i)];
        break;
      }
      case Op.Closure:
        registers[checked(a)] = { closure: bx };
        break;
      case Op.Return:
        return registers.slice(a, checked(a + Math.max(b - 2, 0)) + Math.min(b - 1, 1));
      default:
        throw new Error(`opcode ${op} at ${pc - 1}`);
    }
  }
}
