/**
 * The pins of a board: what programs write is recorded, and what a program reads is set from outside.
 * Levels stay over a restart. Source: the NodeMCU manual, "gpio".
 */

/** Low and high. */
export type Level = 0 | 1;

/** A level that a program put on a pin. */
export interface PinChange {
  /** Microseconds since the power came on. */
  readonly time: number;
  readonly pin: number;
  readonly level: Level;
}

/** Called when a pin gets another level from outside. */
export type PinListener = (pin: number, level: Level) => void;

/** The outside of all pins, by the numbers that programs use for them. */
export class Pins {
  /** Everything that programs wrote, in order. */
  readonly changes: PinChange[] = [];
  private readonly outputs = new Map<number, Level>();
  private readonly inputs = new Map<number, Level>();
  private listener: PinListener | undefined;

  /** A program puts a level on a pin. @param time microseconds since the power came on */
  write(pin: number, level: Level, time: number): void {
    this.outputs.set(pin, level);
    this.changes.push({ time, pin, level });
  }

  /** The level that a program last put on a pin; undefined when none did. */
  outputOf(pin: number): Level | undefined {
    return this.outputs.get(pin);
  }

  /** The level that was set from outside; undefined when nothing is connected. */
  inputOf(pin: number): Level | undefined {
    return this.inputs.get(pin);
  }

  /** Sets a pin from outside; what programs set to be told of it are told. */
  setInput(pin: number, level: Level): void {
    if (this.inputs.get(pin) === level) return;
    this.inputs.set(pin, level);
    this.listener?.(pin, level);
  }

  /** Who is told of levels from outside; undefined for nobody. */
  listen(listener: PinListener | undefined): void {
    this.listener = listener;
  }
}
