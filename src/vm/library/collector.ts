/**
 * `collectgarbage` and `gcinfo`. Collections happen when a program asks for one; of one in steps, the
 * last step is all of it. Settings are kept and given back, and what is in use is counted when
 * somebody asks.
 * Source: the manuals' §5.1 and §6.1; observed.
 */
import type { Call, Native } from "../call.ts";
import { collect } from "../collect.ts";
import type { Surroundings } from "./surroundings.ts";
import { intArgument, toInt } from "./words.ts";

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
];
const OPTIONS_51 = [...OPTIONS, "getmemlimit"];
const OPTIONS_53 = [...OPTIONS, "isrunning"];

/**
 * A collection in steps: each goes through so many bytes, as on the device, and the last one does it
 * all.
 */
class StepwiseCollection {
  private readonly surroundings: Surroundings;
  /** Bytes that are left to go through; undefined between two collections. */
  private left: number | undefined = undefined;

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * What both versions answer alike; undefined for all other options.
   *
   * @param size kilobytes, besides what the smallest step does
   * @param multiplier percent; 0 for all in one step
   */
  answer(call: Call, option: string, size: number, multiplier: number): number | undefined {
    switch (option) {
      case "count":
        return call.giveDouble(this.surroundings.memoryUse() / KILOBYTE);
      case "step":
        return call.give(this.step(call, size, multiplier));
      case "collect":
        this.collect(call);
        return call.giveInteger(0);
      default:
        return undefined;
    }
  }

  /** @returns whether that was the last step */
  private step(call: Call, size: number, multiplier: number): boolean {
    this.left ??= this.surroundings.memoryUse();
    this.left -= ((Math.max(size, 0) + 1) * KILOBYTE * multiplier) / 100;
    if (this.left > 0 && multiplier > 0) return false;
    this.collect(call);
    return true;
  }

  private collect(call: Call): void {
    this.left = undefined;
    collect(call.thread);
  }
}

/** Lua 5.3 takes no step multiplier below. */
const LEAST_STEP_MULTIPLIER = 40;

/** Those of Lua 5.1, for one machine. */
export function collectorFunctions(surroundings: Surroundings): {
  readonly collectgarbage: Native;
  readonly gcinfo: Native;
} {
  const settings = usualSettings();
  const collection = new StepwiseCollection(surroundings);
  let limit = 0;
  const collectgarbage = (call: Call): number => {
    const option = OPTIONS_51[call.option(1, OPTIONS_51, "collect")];
    const given = intArgument(call, 2, 0);
    const answer = collection.answer(call, option, given, settings.setstepmul);
    if (answer !== undefined) return answer;
    switch (option) {
      case "stop":
      case "restart":
        return setRunning(call, option);
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

/** That of Lua 5.3, where the limit of memory cannot be set: a mistake there makes it `isrunning`. */
export function collectorFunction53(surroundings: Surroundings): Native {
  const settings = usualSettings();
  const collection = new StepwiseCollection(surroundings);
  let isRunning = true;
  return (call) => {
    const option = OPTIONS_53[call.option(1, OPTIONS_53, "collect")];
    const given = toInt(call.integer(2, 0));
    const answer = collection.answer(call, option, given, settings.setstepmul);
    if (answer !== undefined) return answer;
    switch (option) {
      case "setmemlimit":
      case "isrunning":
        return call.give(isRunning);
      case "stop":
      case "restart":
        isRunning = option === "restart";
        return setRunning(call, option);
      case "setstepmul":
        return call.giveInteger(exchange(settings, option, Math.max(given, LEAST_STEP_MULTIPLIER)));
      default:
        return call.giveInteger(exchange(settings, option, given));
    }
  };
}

function setRunning(call: Call, option: "stop" | "restart"): number {
  const { collectorSwitch } = call.state;
  if (option === "stop") collectorSwitch.stop();
  else collectorSwitch.restart();
  return call.giveInteger(0);
}

function usualSettings(): Record<string, number> {
  return { setpause: USUAL_PAUSE, setstepmul: USUAL_STEP_MULTIPLIER };
}

/** Gives the old value of a setting; 0 for what is no setting. */
export function exchange(settings: Record<string, number>, name: string, value: number): number {
  const old = settings[name];
  if (old === undefined) return 0;
  settings[name] = value;
  return old;
}
