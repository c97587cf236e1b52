/**
 * What a command needs to run programs: the machine, and what its programs see of the system. As it is
 * a good part of `luac.cross` and seldom needed, that is built without it, too, and starts sooner then:
 * see `bin/luac.cross`.
 */
import { runScript } from "../run-script.ts";
import type { Host } from "./host.ts";
import { nodeScriptHost } from "./node-script-host.ts";

/** What a command without programs goes without. */
export type ProgramParts = Pick<Host, "scripts" | "scriptHost" | "openTerminal">;

export const SCRIPT_PARTS: Pick<ProgramParts, "scripts" | "scriptHost"> = {
  scripts: { runScript },
  scriptHost: nodeScriptHost,
};
