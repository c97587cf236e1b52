/**
 * The module `gpio` of the older chip: pins by their number on the development kit, set up by modes.
 * Source: the NodeMCU manual for that chip, "gpio"; the firmwares' module.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { GpioFacts } from "../../target/module-facts.ts";
import type { Call } from "../../vm/call.ts";
import { intArgument } from "../../vm/library/words.ts";
import { flashTable, type Library } from "../../vm/library.ts";
import { LuaFunction } from "../../vm/state.ts";
import { Priority } from "../event-loop.ts";
import { KeptValue } from "../kept-value.ts";
import type { ModuleContext } from "../module.ts";
import type { Level } from "../pins.ts";
import { constants, type NativesByName, pick } from "./pick.ts";
import { isLevel, PinBank, Trigger } from "./pin-bank.ts";
import { PulseTrain } from "./pulse-train.ts";

const HIGH = 1;
const FLOAT = 0;

enum PinMode {
  Input = 0,
  Output = 1,
  Interrupt = 2,
  OpenDrain = 3,
}

const TRIGGERS: readonly LuaString[] = ["none", "up", "down", "both", "low", "high"];
/** Timestamps and counters lose their upper bits. */
const TIME_BITS = 0x80000000;
const COUNTER_BITS = 0x7fff;

/** What a program wants to know of a pin's interrupts. */
interface Watch {
  readonly callback: KeptValue;
  /** Interrupts that there were, and how many of them the callback was told of. */
  seen: number;
  reported: number;
}

export class KitPins {
  private readonly context: ModuleContext;
  private readonly facts: GpioFacts;
  private readonly bank: PinBank;
  private readonly watches: readonly Watch[];
  private readonly startedAt: number;

  constructor(context: ModuleContext, facts: GpioFacts) {
    const { state, loop } = context;
    this.context = context;
    this.facts = facts;
    this.bank = new PinBank(context, facts.pinCount, (pin, level) => this.interrupt(pin, level));
    this.watches = Array.from({ length: facts.pinCount }, () => {
      return { callback: new KeptValue(state), seen: 0, reported: 0 };
    });
    const running = context.now();
    this.startedAt = loop.now - running;
  }

  library(): Library {
    return {
      name: "gpio",
      functions: pick(this.functions(), this.facts.functions),
      fields: (state) => ({
        ...constants(state, this.facts.constants),
        pulse: flashTable(state, { build: refusePulse }),
      }),
    };
  }

  private functions(): NativesByName {
    const train = new PulseTrain(this.context, (pin, level) => this.put(pin, level));
    return {
      mode: (call) => this.setMode(call),
      read: (call) => call.giveInteger(this.bank.read(this.pinArgument(call))),
      write: (call) => this.write(call),
      trig: (call) => this.setTrigger(call),
      serout: (call) => train.serout(call, (pin) => this.exists(pin)),
    };
  }

  // Levels

  private exists(pin: number): boolean {
    return pin >= 0 && pin < this.facts.pinCount;
  }

  private pinArgument(call: Call): number {
    const pin = intArgument(call, 1);
    if (this.exists(pin)) return pin;
    throw call.error(`gpio ${pin} does not exist`);
  }

  private setMode(call: Call): number {
    const pin = intArgument(call, 1);
    const mode: PinMode = intArgument(call, 2);
    const hasPullUp = intArgument(call, 3, FLOAT) !== FLOAT;
    if (!this.exists(pin) || (mode === PinMode.Interrupt && pin === 0)) {
      throw call.argumentError(1, "Invalid pin");
    }
    if (mode < PinMode.Input || mode > PinMode.OpenDrain) {
      throw call.argumentError(2, "wrong arg type");
    }
    this.wire(pin, mode, hasPullUp);
    return call.giveNothing();
  }

  /** Pin 0 belongs to the clock and is simpler than the others. */
  private wire(pin: number, mode: PinMode, hasPullUp: boolean): void {
    if (mode !== PinMode.Interrupt) {
      this.watches[pin].callback.set(undefined);
      this.bank.setTrigger(pin, Trigger.None);
    }
    this.bank.disarm(pin);
    const isInput = mode === PinMode.Input || mode === PinMode.Interrupt;
    const open = mode === PinMode.OpenDrain && pin !== 0;
    const output = isInput ? "none" : open ? "open drain" : "push-pull";
    this.bank.wire(pin, { output, hasPullUp: hasPullUp && pin !== 0, canRead: true });
  }

  private write(call: Call): number {
    const pin = intArgument(call, 1);
    const level = intArgument(call, 2);
    if (!this.exists(pin)) throw call.error(`gpio ${pin} does not exist`);
    if (level !== 0 && level !== HIGH) throw call.argumentError(2, "wrong level type");
    this.context.now();
    this.put(pin, level);
    return call.giveNothing();
  }

  /** A write makes the pin an output, whatever it was. */
  private put(pin: number, level: Level): void {
    const wiring = this.bank.wiringOf(pin);
    if (wiring.output === "none") this.bank.wire(pin, { ...wiring, output: "push-pull" });
    this.bank.write(pin, level);
  }

  // Interrupts

  private setTrigger(call: Call): number {
    const pin = intArgument(call, 1);
    if (!this.exists(pin) || pin === 0) throw call.argumentError(1, "Invalid interrupt pin");
    const watch = this.watches[pin];
    const trigger: Trigger = call.option(2, TRIGGERS, "none");
    this.setCallback(call, watch.callback, trigger);
    watch.reported = watch.seen;
    this.bank.setTrigger(pin, trigger);
    return call.giveNothing();
  }

  /** Without a callback the one that there is stays. */
  private setCallback(call: Call, callback: KeptValue, trigger: Trigger): void {
    const given = call.get(3);
    if (trigger === Trigger.None) callback.set(undefined);
    else if (call.count === 2 && callback.get() !== undefined) return;
    else if (given instanceof LuaFunction) callback.set(given);
    else {
      callback.set(undefined);
      throw call.argumentError(3, "invalid callback type");
    }
  }

  /** While a task waits already, interrupts are only counted. */
  private interrupt(pin: number, level: Level): void {
    const watch = this.watches[pin];
    const isWaiting = watch.seen !== watch.reported;
    watch.seen = (watch.seen + 1) & COUNTER_BITS;
    if (isWaiting) return;
    const time = (this.context.loop.now - this.startedAt) % TIME_BITS;
    this.context.loop.post(() => this.report(pin, level, time), Priority.High);
  }

  private report(pin: number, level: Level, time: number): void {
    const watch = this.watches[pin];
    const callback = watch.callback.get();
    if (callback === undefined) return;
    const count = (watch.seen - watch.reported) & COUNTER_BITS;
    watch.reported = watch.seen;
    const { fromInteger } = this.context.state.numbers;
    this.context.run(callback, [level, time, count].map(fromInteger, this.context.state.numbers));
    if (isLevel(this.bank.triggerOf(pin))) this.bank.armSoon(pin);
  }
}

function refusePulse(call: Call): number {
  throw call.error("the simulated board has no gpio.pulse");
}
