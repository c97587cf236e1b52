/** The modules that are the same on every simulated board, whatever its program. */
import type { BoardModule } from "../module.ts";
import { FILE } from "./file.ts";
import { GPIO } from "./gpio.ts";
import { TMR } from "./tmr.ts";
import { UART } from "./uart.ts";

export const STANDARD_MODULES: readonly BoardModule[] = [FILE, GPIO, TMR, UART];
