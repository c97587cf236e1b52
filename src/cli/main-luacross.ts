/** Entry point of the `luacross` command; see `scripts/build.mjs`. */
import { runLuacross } from "./luacross.ts";
import { start } from "./start.ts";

start("luacross", runLuacross);
