/**
 * The module `gpio` of the newer chip: pins by their number on the chip, set up by tables. Source: the
 * NodeMCU manual for that chip, "gpio"; the firmware's module.
 */
import type { GpioFacts } from "../../target/module-facts.ts";
import type { Call } from "../../vm/call.ts";
import type { LuaError } from "../../vm/errors.ts";
import { intArgument, toInt } from "../../vm/library/words.ts";
import type { Library } from "../../vm/library.ts";
import { isNumber } from "../../vm/numbers.ts";
import { Table } from "../../vm/table.ts";
import type { Value } from "../../vm/values.ts";
import { Priority } from "../event-loop.ts";
import { KeptValue } from "../kept-value.ts";
import type { ModuleContext } from "../module.ts";
import type { Level } from "../pins.ts";
import { itemsOf } from "../table-items.ts";
import { integerField } from "./fields.ts";
import { constants, type NativesByName, pick } from "./pick.ts";
import { isLevel, PinBank, Trigger } from "./pin-bank.ts";

/** Bits of `dir` and `pull`. */
const INPUT = 1;
const OUTPUT = 2;
const PULL_UP = 1;
const STRONGEST = 3;

export class ChipPins {
  private readonly context: ModuleContext;
  private readonly facts: GpioFacts;
  private readonly bank: PinBank;
  private readonly callbacks: readonly KeptValue[];

  constructor(context: ModuleContext, facts: GpioFacts) {
    this.context = context;
    this.facts = facts;
    this.bank = new PinBank(context, facts.pinCount, (pin, level) => this.interrupt(pin, level));
    this.callbacks = Array.from({ length: facts.pinCount }, () => new KeptValue(context.state));
  }

  library(): Library {
    const { facts } = this;
    return {
      name: "gpio",
      functions: pick(this.functions(), facts.functions),
      fields: (state) => constants(state, facts.constants),
    };
  }

  private functions(): NativesByName {
    return {
      config: (call) => this.configure(call),
      read: (call) => call.giveInteger(this.bank.read(this.pinArgument(call))),
      write: (call) => this.write(call),
      trig: (call) => this.setTrigger(call),
      wakeup: (call) => this.setWakeup(call),
      set_drive: (call) => this.setDrive(call),
    };
  }

  private exists(pin: number): boolean {
    const { pinCount, missingPins } = this.facts;
    return pin >= 0 && pin < pinCount && !missingPins.includes(pin);
  }

  private canBeOutput(pin: number): boolean {
    return this.exists(pin) && pin < this.facts.inputOnlyFrom;
  }

  private pinArgument(call: Call): number {
    const pin = intArgument(call, 1);
    if (this.exists(pin)) return pin;
    throw invalid(call);
  }

  // Levels

  /** Each argument is a table that sets up one pin or several. */
  private configure(call: Call): number {
    this.context.now();
    for (let n = 1; n <= call.count; n++) this.configurePins(call, call.table(n));
    return call.giveNothing();
  }

  private configurePins(call: Call, table: Table): void {
    const direction = integerField(call, table, "dir");
    const isOpen = integerField(call, table, "opendrain", 0) !== 0;
    const pull = integerField(call, table, "pull", 0);
    const pins = pinsOf(call, call.index(table, call.make("gpio")));
    const isOutput = (direction & OUTPUT) !== 0;
    const isRight = (pin: number) => (isOutput ? this.canBeOutput(pin) : this.exists(pin));
    if (pins.length === 0 || !pins.every(isRight)) throw invalid(call);
    for (const pin of pins) {
      this.bank.setTrigger(pin, Trigger.None);
      this.bank.wire(pin, {
        output: isOutput ? (isOpen ? "open drain" : "push-pull") : "none",
        hasPullUp: (pull & PULL_UP) !== 0,
        canRead: (direction & INPUT) !== 0,
      });
    }
  }

  private write(call: Call): number {
    const pin = intArgument(call, 1);
    const level = intArgument(call, 2);
    if (!this.canBeOutput(pin)) throw invalid(call);
    this.context.now();
    this.bank.write(pin, level === 0 ? 0 : 1);
    return call.giveNothing();
  }

  /** Accepted without an effect: nothing here draws a current. */
  private setDrive(call: Call): number {
    const pin = intArgument(call, 1);
    const strength = intArgument(call, 2);
    if (strength < 0 || strength > STRONGEST) {
      throw call.argumentError(2, "pad strength must be between gpio.DRIVE_0 and gpio.DRIVE_3");
    }
    if (!this.canBeOutput(pin)) throw invalid(call);
    return call.giveNothing();
  }

  // Interrupts

  private setTrigger(call: Call): number {
    const pin = intArgument(call, 1);
    const trigger: Trigger = intArgument(call, 2, Trigger.None);
    const callback = call.isNoneOrNil(3) ? undefined : call.callable(3);
    if (pin < 0 || pin >= this.facts.pinCount) throw call.error("invalid gpio");
    if (trigger === Trigger.None) this.callbacks[pin].set(undefined);
    else if (callback !== undefined) this.callbacks[pin].set(callback);
    if (!this.exists(pin) || trigger < Trigger.None || trigger > Trigger.High) throw invalid(call);
    this.bank.setTrigger(pin, trigger);
    return call.giveNothing();
  }

  /** Accepted without an effect: the board has no light sleep. */
  private setWakeup(call: Call): number {
    const pin = intArgument(call, 1);
    const trigger: Trigger = intArgument(call, 2, Trigger.None);
    if (!this.exists(pin) || (trigger !== Trigger.None && !isLevel(trigger))) throw invalid(call);
    return call.giveNothing();
  }

  /** The pin does not interrupt again before the callback has run. */
  private interrupt(pin: number, level: Level): void {
    this.bank.disarm(pin);
    this.context.loop.post(() => this.report(pin, level), Priority.Low);
  }

  private report(pin: number, level: Level): void {
    const callback = this.callbacks[pin].get();
    if (callback === undefined) return;
    const { numbers } = this.context.state;
    this.context.run(callback, [numbers.fromInteger(pin), numbers.fromInteger(level)]);
    if (isLevel(this.bank.triggerOf(pin))) this.bank.armSoon(pin);
    else this.bank.arm(pin);
  }
}

function invalid(call: Call): LuaError {
  return call.error("invalid argument");
}

/** A number of a pin, or a table of such numbers. */
function pinsOf(call: Call, value: Value): number[] {
  if (isNumber(value)) return [pinNumber(call, value)];
  if (!(value instanceof Table)) throw call.error("missing/bad 'gpio' field");
  return itemsOf(value).map(([, pin]) => pinNumber(call, pin));
}

/** What is no number counts as 0. */
function pinNumber(call: Call, value: Value): number {
  const number = call.state.engine.toNumber(call.state, value);
  return number === undefined ? 0 : toInt(call.numbers.toInteger(number) ?? 0);
}
