/**
 * `collectgarbage` and `gcinfo`. JavaScript collects when it likes; settings are kept and given back,
 * and what is in use is counted when somebody asks. Source: the manuals' §5.1 and §6.1; observed.
 */
import type { Call, Native } from "../call.ts";
import type { Surroundings } from "./surroundings.ts";
import { intArgument } from "./words.ts";

const KILOBYTE = 1024;
/** What NodeMCU begins with, in percent. */
const USUAL_PAUSE = 110;
const USUAL_STEP_MULTIPLIER = 200;

const OPTIONS = [
  "stop",
  "restart",
  "collect",
  "count",
  "step",
  "setpause",
  "setstepmul",
  "setmemlimit",
  "getmemlimit",
];

/** Those of Lua 5.1, for one machine. */
export function collectorFunctions(surroundings: Surroundings): {
  readonly collectgarbage: Native;
  readonly gcinfo: Native;
} {
  const settings: Record<string, number> = {
    setpause: USUAL_PAUSE,
    setstepmul: USUAL_STEP_MULTIPLIER,
  };
  let limit = 0;
  const collectgarbage = (call: Call): number => {
    const option = OPTIONS[call.option(1, OPTIONS, "collect")];
    const given = intArgument(call, 2, 0);
    switch (option) {
      case "count":
        return call.giveDouble(surroundings.memoryUse() / KILOBYTE);
      case "step":
        return call.give(true);
      case "setmemlimit":
        limit = given;
        return call.giveInteger(0);
      case "getmemlimit":
        return call.giveInteger(limit);
      default:
        return call.giveInteger(exchange(settings, option, given));
    }
  };
  const gcinfo = (call: Call): number =>
    call.giveInteger(Math.floor(surroundings.memoryUse() / KILOBYTE));
  return { collectgarbage, gcinfo };
}

/** Gives the old value of a setting; 0 for what is no setting. */
export function exchange(settings: Record<string, number>, name: string, value: number): number {
  const old = settings[name];
  if (old === undefined) return 0;
  settings[name] = value;
  return old;
}
