/**
 * The firmware's module `tmr`: timer objects, and the clocks of the chip. Source: the NodeMCU manual,
 * "tmr"; the firmwares' module.
 */
import type { TimerFacts } from "../../target/module-facts.ts";
import type { Call } from "../../vm/call.ts";
import { intArgument, toInt } from "../../vm/library/words.ts";
import type { Library } from "../../vm/library.ts";
import { LuaFunction, type MachineState } from "../../vm/state.ts";
import { UserdataKind } from "../../vm/values.ts";
import { type Alarm, Priority } from "../event-loop.ts";
import { KeptValue } from "../kept-value.ts";
import type { BoardModule, ModuleContext } from "../module.ts";
import { constants, type NativesByName, pick } from "./pick.ts";

/** What a timer does when it is due; the numbers are those that programs see. */
enum Mode {
  /** Runs once and forgets its callback. */
  Single = 0,
  /** Starts again by itself. */
  Auto = 1,
  /** Runs once and can be started again. */
  Semi = 2,
  /** Has no callback. */
  Off = 3,
}

const MODES = { ALARM_SINGLE: Mode.Single, ALARM_SEMI: Mode.Semi, ALARM_AUTO: Mode.Auto };
/** Milliseconds. */
const LONGEST_INTERVAL = 6_870_947;
const MILLISECOND = 1000;
const SECOND = 1_000_000;
/** Cycles of the processor per microsecond. */
const CYCLES = 80;
const POSITIVE = 0x7fffffff;

/** A timer object. */
class Timer {
  mode = Mode.Off;
  isRunning = false;
  /** Looks stopped rather than not registered. */
  isStopped = false;
  /** Milliseconds. */
  interval = 0;
  alarm: Alarm | undefined;
  readonly callback: KeptValue;
  /** The object itself, kept while the timer runs. */
  readonly self: KeptValue;

  constructor(state: MachineState) {
    this.callback = new KeptValue(state);
    this.self = new KeptValue(state);
  }
}

const TIMER = new UserdataKind<Timer>("tmr.timer");

export const TMR: BoardModule = {
  name: "tmr",
  open: (context) => new TimerModule(context).library(),
};

class TimerModule {
  private readonly context: ModuleContext;
  private readonly facts: TimerFacts;
  /** When the module was opened, by the clock that never goes back. */
  private readonly openedAt: number;
  private watchdog: Alarm | undefined;

  constructor(context: ModuleContext) {
    this.context = context;
    this.facts = context.target.board.modules.tmr;
    this.openedAt = context.loop.now;
  }

  library(): Library {
    const { functions, methods } = this.facts;
    const natives = { ...this.functions(), ...this.methods() };
    return {
      name: "tmr",
      functions: pick(natives, functions),
      fields: (state) => constants(state, MODES),
      userdata: [{ kind: TIMER, metatable: pick(natives, methods) }],
    };
  }

  // The module

  private functions(): NativesByName {
    return {
      create: (call) => call.giveUserdata(TIMER, new Timer(call.state), this.facts.size),
      now: (call) => call.giveInteger(this.context.now() % (POSITIVE + 1)),
      time: (call) => call.giveInteger(Math.floor(this.context.now() / SECOND)),
      ccount: (call) => call.giveInteger(toInt(this.context.now() * CYCLES)),
      delay: (call) => this.delay(call),
      wdclr: (call) => this.clearWatchdog(call),
      softwd: (call) => this.setWatchdog(call),
    };
  }

  private delay(call: Call): number {
    const microseconds = intArgument(call, 1);
    if (microseconds > 0) {
      this.context.loop.pass(microseconds);
      return call.giveNothing();
    }
    const message = "wrong arg range";
    throw this.facts.delayNamesArgument ? call.argumentError(1, message) : call.error(message);
  }

  /** Where timers go by a clock, a turn of it is waited for. */
  private clearWatchdog(call: Call): number {
    if (this.facts.postsTasks) this.context.loop.pass(this.facts.tick);
    return call.giveNothing();
  }

  /** The watchdog counts seconds since the start of the board, not since it is set. */
  private setWatchdog(call: Call): number {
    const { loop } = this.context;
    const seconds = intArgument(call, 1);
    this.context.now();
    this.watchdog?.cancel();
    this.watchdog = undefined;
    const { watchdogExtra } = this.facts;
    if (seconds + watchdogExtra <= 0) return call.giveNothing();
    const passed = Math.floor((loop.now - this.openedAt) / SECOND);
    const due = this.openedAt + (passed + seconds + watchdogExtra) * SECOND;
    this.watchdog = loop.at(due, () => this.context.restart("restart"));
    return call.giveNothing();
  }

  // Timers

  private methods(): NativesByName {
    return {
      register: (call) => this.register(call),
      alarm: (call) => this.alarm(call),
      start: (call) => this.start(call),
      stop: (call) => this.stop(call),
      unregister: (call) => unregister(call),
      __gc: (call) => unregister(call),
      interval: (call) => this.setInterval(call),
      state: giveState,
    };
  }

  private register(call: Call): number {
    const timer = call.userdata(1, TIMER);
    const { checksInTurn } = this.facts;
    const interval = intArgument(call, 2) >>> 0;
    if (checksInTurn) this.checkInterval(call, interval);
    // One byte of it.
    const mode = intArgument(call, 3) & 0xff;
    if (!checksInTurn) this.checkInterval(call, interval);
    if (mode >= Mode.Off) throw call.argumentError(3, "Invalid mode");
    const callback = this.callbackArgument(call);
    if (checksInTurn && this.ticksOf(interval) === 0) {
      throw call.error("FreeRTOS timer creation failed");
    }
    halt(timer);
    timer.callback.set(callback);
    timer.mode = mode;
    timer.interval = interval;
    timer.isStopped = true;
    return call.giveNothing();
  }

  private checkInterval(call: Call, milliseconds: number): void {
    if (milliseconds > 0 && milliseconds <= LONGEST_INTERVAL) return;
    throw call.argumentError(2, this.facts.rangeMessage);
  }

  private callbackArgument(call: Call): LuaFunction {
    const value = call.get(4);
    if (value instanceof LuaFunction) return value;
    const { noFunction } = this.facts;
    throw noFunction === undefined
      ? call.typeError(4, "function")
      : call.argumentError(4, noFunction);
  }

  private alarm(call: Call): number {
    this.register(call);
    return this.startTimer(call, false);
  }

  private start(call: Call): number {
    const anew = this.facts.canRestart ? call.get(2) : undefined;
    call.userdata(1, TIMER);
    if (anew === undefined || typeof anew === "boolean")
      return this.startTimer(call, anew === true);
    throw call.argumentError(2, "boolean expected");
  }

  private startTimer(call: Call, anew: boolean): number {
    const timer = call.userdata(1, TIMER);
    if (timer.self.get() === undefined) timer.self.set(call.get(1));
    if (this.facts.startNeedsCallback && timer.callback.get() === undefined) {
      throw call.error("timer not registered");
    }
    if (!timer.isStopped && !anew) return call.give(false);
    this.arm(timer);
    return call.give(true);
  }

  private stop(call: Call): number {
    const timer = call.userdata(1, TIMER);
    const { isRunning } = timer;
    timer.self.set(undefined);
    halt(timer);
    if (isRunning || this.facts.stopTouchesUnused) timer.isStopped = true;
    return call.give(isRunning);
  }

  private setInterval(call: Call): number {
    const timer = call.userdata(1, TIMER);
    const interval = intArgument(call, 2) >>> 0;
    this.checkInterval(call, interval);
    if (timer.mode === Mode.Off && !timer.isStopped) return call.giveNothing();
    if (this.ticksOf(interval) === 0) throw call.error("cannot change period");
    timer.interval = interval;
    if (timer.isRunning) this.arm(timer);
    return call.giveNothing();
  }

  // Running

  private ticksOf(milliseconds: number): number {
    return Math.floor((milliseconds * MILLISECOND) / this.facts.tick);
  }

  /** Starts a timer from now on. */
  private arm(timer: Timer): void {
    const { loop } = this.context;
    const { tick } = this.facts;
    halt(timer);
    timer.isRunning = timer.mode !== Mode.Off;
    timer.isStopped = false;
    this.context.now();
    this.armFrom(timer, Math.floor(loop.now / tick) * tick);
  }

  /** A timer without a callback goes on without anybody noticing. */
  private armFrom(timer: Timer, start: number): void {
    if (timer.callback.get() === undefined) return;
    const { loop } = this.context;
    const due = start + this.ticksOf(timer.interval) * this.facts.tick;
    timer.alarm = loop.at(due, () => {
      if (timer.mode === Mode.Auto) this.armFrom(timer, due);
      if (this.facts.postsTasks) loop.post(() => this.expire(timer), Priority.High);
      else this.expire(timer);
    });
  }

  private expire(timer: Timer): void {
    const callback = timer.callback.get();
    const self = timer.self.get();
    if (callback === undefined || self === undefined) return;
    if (timer.mode !== Mode.Auto) {
      timer.isRunning = false;
      timer.isStopped = true;
      timer.self.set(undefined);
    }
    if (timer.mode === Mode.Single) forget(timer);
    this.context.run(callback, [self]);
  }
}

function halt(timer: Timer): void {
  timer.alarm?.cancel();
  timer.alarm = undefined;
  timer.isRunning = false;
}

function forget(timer: Timer): void {
  timer.callback.set(undefined);
  timer.mode = Mode.Off;
  timer.isStopped = false;
}

function unregister(call: Call): number {
  const timer = call.userdata(1, TIMER);
  halt(timer);
  timer.self.set(undefined);
  forget(timer);
  return call.giveNothing();
}

/** Nil for a timer that is not registered; else whether it runs, and its mode. */
function giveState(call: Call): number {
  const { mode, isRunning, isStopped } = call.userdata(1, TIMER);
  if (mode === Mode.Off && !isStopped) return call.give(undefined);
  return call.giveTwo(isRunning, call.numbers.fromInteger(mode));
}
