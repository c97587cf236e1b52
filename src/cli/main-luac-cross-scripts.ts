/** Entry point of the `luac.cross` command with `-e`; see `scripts/build.mjs`. */
import { runLuacCross } from "./luac-cross.ts";
import { SCRIPT_PARTS } from "./script-parts.ts";
import { start } from "./start.ts";

start("luac.cross", runLuacCross, SCRIPT_PARTS);
