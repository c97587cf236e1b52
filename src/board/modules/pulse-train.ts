/**
 * `gpio.serout`: a pin that changes its level after given times, while the program waits or while it
 * goes on. Source: the NodeMCU manual, "gpio.serout"; the firmwares' module.
 */
import type { Call } from "../../vm/call.ts";
import { intArgument, toInt } from "../../vm/library/words.ts";
import { isNumber } from "../../vm/numbers.ts";
import { Table } from "../../vm/table.ts";
import { type Alarm, Priority } from "../event-loop.ts";
import { KeptValue } from "../kept-value.ts";
import type { ModuleContext } from "../module.ts";
import type { Level } from "../pins.ts";

/** Times must be fewer than this. */
const TOO_MANY_TIMES = 256;
/** A change takes that long at least, in microseconds. */
const SHORTEST = 1;
/** How long a function may take before the chip's watchdog restarts the board, in microseconds. */
const PATIENCE = 3_200_000;

interface Train {
  readonly pin: number;
  /** Microseconds after each change. */
  readonly times: readonly number[];
  /** How often it is repeated after the first time. */
  repeats: number;
  level: Level;
  index: number;
}

/** At most one train runs beside the program. */
export class PulseTrain {
  private readonly context: ModuleContext;
  private readonly put: (pin: number, level: Level) => void;
  private readonly callback: KeptValue;
  private alarm: Alarm | undefined;

  /** @param put puts a level on a pin */
  constructor(context: ModuleContext, put: (pin: number, level: Level) => void) {
    this.context = context;
    this.put = put;
    this.callback = new KeptValue(context.state);
  }

  /** @param exists tells whether there is such a pin */
  serout(call: Call, exists: (pin: number) => boolean): number {
    const pin = intArgument(call, 1);
    const level = intArgument(call, 2);
    // None at all wraps around, and does not come to an end.
    const repeats = (intArgument(call, 4, 1) - 1) >>> 0;
    const callback = call.get(5);
    this.callback.set(isNumber(callback) ? undefined : callback);
    if (!exists(pin)) throw call.argumentError(1, "Invalid pin");
    if (level !== 0 && level !== 1) throw call.argumentError(2, "Wrong level type");
    this.context.now();
    const train: Train = { pin, level, times: timesArgument(call), repeats, index: 0 };
    if (callback === undefined) this.runNow(train);
    else this.goOn(train);
    return call.giveNothing();
  }

  /** The program waits; other things do not happen meanwhile. */
  private runNow(train: Train): void {
    const { loop } = this.context;
    const start = loop.now;
    for (let left = train.repeats + 1; left > 0; left--) {
      for (const time of train.times) {
        this.change(train);
        loop.pass(Math.max(time, SHORTEST));
      }
      if (train.times.length === 0) return;
      if (loop.now - start > PATIENCE) this.context.restart("watchdog");
    }
  }

  /** The next step of a train that runs beside the program. A new one takes the old one's place. */
  private goOn(train: Train): void {
    const { loop } = this.context;
    this.alarm?.cancel();
    if (train.index >= train.times.length) {
      loop.post(() => this.end(), Priority.Low);
      return;
    }
    this.change(train);
    const time = Math.max(train.times[train.index++], SHORTEST);
    if (train.repeats > 0 && train.index >= train.times.length) {
      train.index = 0;
      train.repeats--;
    }
    this.alarm = loop.after(time, () => this.goOn(train));
  }

  private change(train: Train): void {
    this.put(train.pin, train.level);
    train.level = train.level === 0 ? 1 : 0;
  }

  private end(): void {
    const callback = this.callback.take();
    if (callback !== undefined) this.context.run(callback, []);
  }
}

function timesArgument(call: Call): number[] {
  const table = call.get(3);
  if (!(table instanceof Table) || table.length() >= TOO_MANY_TIMES) {
    throw call.argumentError(3, "Invalid delay_times");
  }
  return Array.from({ length: table.length() }, (_, i) => {
    const number = call.state.engine.toNumber(call.state, table.getNumber(i + 1));
    const integer = number === undefined ? undefined : call.numbers.toInteger(number);
    if (integer !== undefined) return toInt(integer) >>> 0;
    const got = call.typeName(table.getNumber(i + 1));
    throw call.argumentError(-1, `number expected, got ${got}`);
  });
}
