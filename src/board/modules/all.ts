/** The firmware modules that every simulated board has, in the order in which `pairs` shows them. */
import type { BoardModule } from "../module.ts";
import { FILE } from "./file.ts";
import { GPIO } from "./gpio.ts";
import { NODE } from "./node.ts";
import { TMR } from "./tmr.ts";
import { UART } from "./uart.ts";

const ALL: readonly BoardModule[] = [FILE, GPIO, NODE, TMR, UART];

/** All modules of a board: of two with the same name the one that was added takes the other's place. */
export function withAllModules(added: readonly BoardModule[]): readonly BoardModule[] {
  const names = new Set(added.map(({ name }) => name));
  return [...ALL.filter(({ name }) => !names.has(name)), ...added];
}
