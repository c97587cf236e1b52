/**
 * The board's time and what is to happen in it: tasks that wait for their turn, and timers. Time is
 * virtual: when nothing is to be done it jumps to the next timer, so that hours pass in a moment and
 * every run is the same. Source: the NodeMCU manual, "node.task" and "tmr".
 */

/** The three queues of the firmware; the highest goes first. */
export enum Priority {
  Low = 0,
  Medium = 1,
  High = 2,
}

/** A timer that runs once; {@link EventLoop.after} makes it. */
export interface Alarm {
  /** When it is due, in microseconds since the power came on. */
  readonly due: number;
  /** Takes it back; nothing happens if it has run. */
  cancel(): void;
}

/** Something that happens by itself, outside of Lua. */
export type Happening = () => void;

interface Pending extends Alarm {
  readonly run: Happening;
  /** Of two that are due at the same time, the one that was set first comes first. */
  readonly order: number;
}

/** One for a board; a restart empties it, and its time goes on. */
export class EventLoop {
  private microseconds = 0;
  private readonly queues: readonly Happening[][] = [[], [], []];
  private readonly alarms = new Set<Pending>();
  private order = 0;

  /** Microseconds since the power came on; a whole number that never goes back. */
  get now(): number {
    return this.microseconds;
  }

  /** Time passes while the processor works. @param microseconds whole, not negative */
  pass(microseconds: number): void {
    this.microseconds += microseconds;
  }

  /** Puts a task at the end of its queue. */
  post(task: Happening, priority: Priority): void {
    this.queues[priority].push(task);
  }

  /** How many tasks wait in a queue. */
  waiting(priority: Priority): number {
    return this.queues[priority].length;
  }

  /** Runs something when a time has passed. @param microseconds from now on; not negative */
  after(microseconds: number, run: Happening): Alarm {
    return this.at(this.microseconds + Math.round(microseconds), run);
  }

  /** Runs something at a moment, which may have passed. @param due microseconds since the power came on */
  at(due: number, run: Happening): Alarm {
    const cancel = () => void this.alarms.delete(alarm);
    const alarm: Pending = { due, run, order: this.order++, cancel };
    this.alarms.add(alarm);
    return alarm;
  }

  /** Whether a task waits for its turn, or a timer is due. */
  get isBusy(): boolean {
    return this.queues.some(({ length }) => length > 0) || this.nextDue <= this.microseconds;
  }

  /** When the next timer is due, in microseconds since the power came on; Infinity without one. */
  get nextDue(): number {
    return this.nextAlarm()?.due ?? Number.POSITIVE_INFINITY;
  }

  /** Runs the timer that is due, or else the first task. Returns false when there is none. */
  runNext(): boolean {
    const alarm = this.nextAlarm();
    if (alarm !== undefined && alarm.due <= this.microseconds) {
      this.alarms.delete(alarm);
      alarm.run();
      return true;
    }
    const task = this.nextTask();
    task?.();
    return task !== undefined;
  }

  /** Lets time go on to a moment; nothing happens on the way. Time never goes back. */
  skipTo(microseconds: number): void {
    this.microseconds = Math.max(this.microseconds, Math.ceil(microseconds));
  }

  /** Forgets all tasks and timers, as a restart does. Time goes on. */
  clear(): void {
    for (const queue of this.queues) queue.length = 0;
    this.alarms.clear();
  }

  private nextTask(): Happening | undefined {
    for (let priority = Priority.High; priority >= Priority.Low; priority--) {
      const task = this.queues[priority].shift();
      if (task !== undefined) return task;
    }
    return undefined;
  }

  private nextAlarm(): Pending | undefined {
    let first: Pending | undefined;
    for (const alarm of this.alarms) {
      if (first === undefined || isBefore(alarm, first)) first = alarm;
    }
    return first;
  }
}

function isBefore(a: Pending, b: Pending): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
