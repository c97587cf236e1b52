/** Entry point of the `luacross` command; see `scripts/build.mjs`. */
import { runLuacross } from "./luacross.ts";
import { nodeTerminal } from "./node-terminal.ts";
import { SCRIPT_PARTS } from "./script-parts.ts";
import { start } from "./start.ts";

start("luacross", runLuacross, { ...SCRIPT_PARTS, openTerminal: nodeTerminal });
