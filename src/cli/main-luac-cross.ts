/** Entry point of the `luac.cross` command without `-e`; see `scripts/build.mjs`. */
import { runLuacCross } from "./luac-cross.ts";
import { start } from "./start.ts";

start("luac.cross", runLuacCross);
