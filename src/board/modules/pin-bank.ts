/**
 * The pins of a chip as its registers have them: what drives them, what is read from them, and when
 * they interrupt. What programs call is in `kit-pins.ts` and `chip-pins.ts`. Source: the chips' pins
 * as the NodeMCU manual has them, "gpio"; the firmwares' platform code.
 */
import type { ModuleContext } from "../module.ts";
import type { Level, Pins } from "../pins.ts";

/** When a pin interrupts; both chips have these numbers. */
export enum Trigger {
  None = 0,
  /** Rising edge. */
  Up = 1,
  /** Falling edge. */
  Down = 2,
  Both = 3,
  /** While the level is low. */
  Low = 4,
  High = 5,
}

/** What is connected inside. */
export interface Wiring {
  /** The pin is an output; an open drain only pulls down. */
  readonly output: "none" | "push-pull" | "open drain";
  readonly hasPullUp: boolean;
  /** The level can be read; else it reads as low. */
  readonly canRead: boolean;
}

interface Pin {
  wiring: Wiring;
  /** What a program wrote, whether the pin is an output or not. */
  latch: Level;
  /** The latch was written while the pin was no output. */
  isHidden: boolean;
  /** What was read last. */
  level: Level;
  trigger: Trigger;
  /** Interrupts are let through. */
  isArmed: boolean;
}

const UNCONNECTED: Wiring = { output: "none", hasPullUp: false, canRead: true };
/** Between an interrupt by level and the next one, in microseconds, so that time goes on. */
const LEVEL_PAUSE = 10;

/** Called at an interrupt, at any time; it may post tasks, but not run Lua. */
export type InterruptHandler = (pin: number, level: Level) => void;

/** The registers of all pins of a chip; numbers are from 0 to less than the count. */
export class PinBank {
  private readonly context: ModuleContext;
  private readonly outside: Pins;
  private readonly pins: Pin[];
  private readonly interrupt: InterruptHandler;

  constructor(context: ModuleContext, count: number, interrupt: InterruptHandler) {
    const { pins: outside } = context;
    this.context = context;
    this.outside = outside;
    this.interrupt = interrupt;
    this.pins = Array.from({ length: count }, (_, pin) => ({
      wiring: UNCONNECTED,
      latch: outside.outputOf(pin) ?? 0,
      isHidden: false,
      level: outside.inputOf(pin) ?? 0,
      trigger: Trigger.None,
      isArmed: false,
    }));
    outside.listen((pin) => {
      if (pin < count) this.update(pin);
    });
  }

  /** The level that the chip reads. */
  read(pin: number): Level {
    const { wiring, latch } = this.pins[pin];
    if (!wiring.canRead) return 0;
    const isDriven = wiring.output === "push-pull" || (wiring.output !== "none" && latch === 0);
    return isDriven ? latch : (this.outside.inputOf(pin) ?? (wiring.hasPullUp ? 1 : 0));
  }

  wiringOf(pin: number): Wiring {
    return this.pins[pin].wiring;
  }

  wire(pin: number, wiring: Wiring): void {
    const state = this.pins[pin];
    state.wiring = wiring;
    if (state.isHidden && wiring.output !== "none") this.show(pin);
    this.update(pin);
  }

  /** Sets what the pin shows when it is an output; that is recorded with the loop's time. */
  write(pin: number, level: Level): void {
    const state = this.pins[pin];
    state.latch = level;
    state.isHidden = state.wiring.output === "none";
    if (!state.isHidden) this.show(pin);
    this.update(pin);
  }

  // Interrupts

  triggerOf(pin: number): Trigger {
    return this.pins[pin].trigger;
  }

  setTrigger(pin: number, trigger: Trigger): void {
    this.pins[pin].trigger = trigger;
    this.arm(pin);
  }

  /** Lets interrupts through; one by level comes at once if the level is there. */
  arm(pin: number): void {
    const state = this.pins[pin];
    state.isArmed = state.trigger !== Trigger.None;
    if (isLevel(state.trigger)) this.interruptIfDue(pin);
  }

  /** The same a moment later, after an interrupt by level was dealt with. */
  armSoon(pin: number): void {
    this.context.loop.after(LEVEL_PAUSE, () => this.arm(pin));
  }

  disarm(pin: number): void {
    this.pins[pin].isArmed = false;
  }

  private show(pin: number): void {
    const state = this.pins[pin];
    state.isHidden = false;
    this.outside.write(pin, state.latch, this.context.loop.now);
  }

  /** Something that the level depends on has changed. */
  private update(pin: number): void {
    const state = this.pins[pin];
    const level = this.read(pin);
    if (level === state.level) return;
    state.level = level;
    this.interruptIfDue(pin);
  }

  private interruptIfDue(pin: number): void {
    const { isArmed, trigger } = this.pins[pin];
    const level = this.read(pin);
    if (!isArmed || !matches(trigger, level)) return;
    if (isLevel(trigger)) this.disarm(pin);
    this.interrupt(pin, level);
  }
}

/** Whether a trigger is a level, not an edge. */
export function isLevel(trigger: Trigger): boolean {
  return trigger === Trigger.Low || trigger === Trigger.High;
}

function matches(trigger: Trigger, level: Level): boolean {
  if (trigger === Trigger.Both) return true;
  return level === 1
    ? trigger === Trigger.Up || trigger === Trigger.High
    : trigger === Trigger.Down || trigger === Trigger.Low;
}
