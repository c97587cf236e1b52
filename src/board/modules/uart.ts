/**
 * The firmware's module `uart`: serial ports, of which the board has one connected, the console's.
 * What is sent to the others is lost, and nothing comes in there. Rates and frames are only
 * remembered. Source: the NodeMCU manual, "uart"; the firmwares' module.
 */
import { fromBytes, type LuaString } from "../../base/lua-string.ts";
import type { UartFacts } from "../../target/module-facts.ts";
import type { Call } from "../../vm/call.ts";
import { intArgument, toInt } from "../../vm/library/words.ts";
import type { Library } from "../../vm/library.ts";
import { isNumber } from "../../vm/numbers.ts";
import { LuaFunction } from "../../vm/state.ts";
import { TString } from "../../vm/values.ts";
import type { BoardModule, ModuleContext } from "../module.ts";
import { integerField } from "./fields.ts";
import { constants, type NativesByName, pick } from "./pick.ts";
import { type Limit, LONGEST_INPUT, SerialInput } from "./serial-input.ts";

/** Number of the port that the console sits on. */
const CONSOLE = 0;
const MAX_BYTE = 255;
/** The rate that a port gets instead of one that the firmware does not know. */
const FALLBACK_RATE = 9600;
/** Edges that must be seen before a board wakes up. */
const LEAST_EDGES = 3;
const MOST_EDGES = 0x3ff;

interface Frame {
  readonly baud: number;
  readonly dataBits: number;
  /** 0 none, 1 even, 2 odd. */
  readonly parity: number;
  /** 1 one, 2 two, 3 one and a half. */
  readonly stopBits: number;
}

const USUAL_FRAME: Frame = { baud: 115_200, dataBits: 8, parity: 0, stopBits: 1 };

export const UART: BoardModule = {
  name: "uart",
  open: (context) => new UartModule(context).library(),
};

class UartModule {
  private readonly context: ModuleContext;
  private readonly facts: UartFacts;
  private readonly input: SerialInput;
  private readonly frames: Frame[];
  private readonly started = new Set<number>();
  private limit: Limit;

  constructor(context: ModuleContext) {
    this.context = context;
    this.facts = context.target.board.modules.uart;
    this.input = new SerialInput(context, this.facts.input);
    this.frames = Array.from({ length: this.facts.count }, () => USUAL_FRAME);
    this.limit = this.limitOfNothing(0);
  }

  library(): Library {
    return {
      name: "uart",
      functions: pick(this.functions(), this.facts.functions),
      fields: (state) => constants(state, this.facts.constants),
    };
  }

  private functions(): NativesByName {
    return {
      setup: (call) => this.setUp(call),
      getconfig: (call) => this.giveFrame(call),
      write: (call) => this.write(call),
      on: (call) => this.on(call),
      alt: (call) => this.useOtherPins(call),
      fifodepth: giveQueueLength,
      start: (call) => this.start(call),
      stop: (call) => this.stop(call),
      setmode: (call) => this.setMode(call),
      wakeup: (call) => this.setWakeup(call),
      txflush: (call) => this.waitForOutput(call),
    };
  }

  private portArgument(call: Call): number {
    const port = intArgument(call, 1);
    if (port >= 0 && port < this.facts.count) return port;
    throw call.error(`uart ${port} does not exist`);
  }

  // Setting up

  /** Gives the rate that was asked for, whatever it is. */
  private setUp(call: Call): number {
    const port = this.portArgument(call);
    const baud = intArgument(call, 2) >>> 0;
    const frame = {
      baud: this.knownRate(baud),
      dataBits: oneOf([5, 6, 7, 8], intArgument(call, 3), USUAL_FRAME.dataBits),
      parity: oneOf([0, 1, 2], intArgument(call, 4), USUAL_FRAME.parity),
      stopBits: oneOf([1, 2, 3], intArgument(call, 5), USUAL_FRAME.stopBits),
    };
    if (this.facts.hasPins && !call.isNoneOrNil(6)) checkLast(call, port);
    this.frames[port] = frame;
    return call.giveInteger(baud);
  }

  private knownRate(baud: number): number {
    const { baudRates } = this.facts;
    // The newer chip's rates are even numbers.
    if (baudRates === undefined) return baud - (baud % 2);
    return baudRates.includes(baud) ? baud : FALLBACK_RATE;
  }

  private giveFrame(call: Call): number {
    const { baud, dataBits, parity, stopBits } = this.frames[this.portArgument(call)];
    const values = [baud, dataBits, parity, stopBits];
    return call.giveAll(values.map((value) => call.numbers.fromInteger(value)));
  }

  /** The console cannot be started: it runs already. */
  private start(call: Call): number {
    const port = this.portArgument(call);
    const isNew = port !== CONSOLE && !this.started.has(port);
    this.started.add(port);
    return call.give(isNew);
  }

  private stop(call: Call): number {
    this.started.delete(this.portArgument(call));
    return call.giveNothing();
  }

  /** Accepted without an effect: no pins are connected. */
  private useOtherPins(call: Call): number {
    intArgument(call, 1);
    return call.giveNothing();
  }

  /** Accepted without an effect. */
  private setMode(call: Call): number {
    this.portArgument(call);
    intArgument(call, 2);
    return call.giveNothing();
  }

  /** Accepted without an effect: the board has no light sleep. */
  private setWakeup(call: Call): number {
    this.portArgument(call);
    const edges = intArgument(call, 2);
    if (edges >= LEAST_EDGES && edges <= MOST_EDGES) return call.giveNothing();
    throw call.error("Error -1 from uart_set_wakeup_threshold()");
  }

  // Output

  /** What comes before an argument that is wrong has been sent. */
  private write(call: Call): number {
    const port = this.portArgument(call);
    for (let n = 2; n <= call.count; n++) {
      const text = bytesArgument(call, n);
      if (port === CONSOLE) this.context.serial.send(text);
    }
    return call.giveNothing();
  }

  /** Nothing waits to be sent. */
  private waitForOutput(call: Call): number {
    this.portArgument(call);
    return call.giveNothing();
  }

  // Input

  /**
   * `uart.on([port,] event [, number or character] [, callback [, isShared]])`. The console's callback
   * needs no `uart.start`, as the manual says; in one state of the newer firmware's source it does.
   */
  private on(call: Call): number {
    const hasPort = this.facts.input.takesPort && toNumber(call, 1) !== undefined;
    const port = hasPort ? this.portArgument(call) : CONSOLE;
    const first = hasPort ? 2 : 1;
    const event = this.eventArgument(call, first);
    const hasLimit = isNumber(call.get(first + 1)) || call.get(first + 1) instanceof TString;
    const limit = hasLimit ? this.limitArgument(call, first + 1) : this.limitOfNothing(-1);
    if (hasLimit) this.limit = limit;
    const callback = call.get(first + (hasLimit ? 2 : 1));
    const isShared = toNumber(call, first + (hasLimit ? 3 : 2)) !== 0;
    this.checkEvent(call, event);
    if (port !== CONSOLE || event !== "data") return call.giveNothing();
    if (callback instanceof LuaFunction) this.input.listen(callback, { limit, isShared });
    else this.input.listen(undefined, undefined);
    return call.giveNothing();
  }

  private eventArgument(call: Call, n: number): LuaString {
    const value = call.get(n);
    const isText = value instanceof TString || isNumber(value);
    if (!this.facts.input.eventIsArgument) return call.text(n);
    if (isText && call.text(n) === "data") return "data";
    throw call.argumentError(n, "method not supported");
  }

  private checkEvent(call: Call, event: LuaString): void {
    const isKnown = event === "data" || (event === "error" && this.facts.input.takesPort);
    if (!isKnown) throw call.error("method not supported");
  }

  /** What there was before, or what the firmware takes instead of a number. */
  private limitOfNothing(count: number): Limit {
    const { nulEnds, zeroMeansAll, remembersLimit } = this.facts.input;
    if (count < 0 && remembersLimit) return this.limit;
    if (count < 0) return { bytes: LONGEST_INPUT, end: "\0", isWhole: false };
    return {
      bytes: zeroMeansAll ? LONGEST_INPUT : 1,
      end: nulEnds ? "\0" : undefined,
      isWhole: zeroMeansAll,
    };
  }

  private limitArgument(call: Call, n: number): Limit {
    const value = call.get(n);
    if (value instanceof TString) {
      if (value.text.length !== 1) throw call.error("wrong arg range");
      return { bytes: LONGEST_INPUT, end: value.text, isWhole: false };
    }
    const { rangeIsArgument, nulEnds } = this.facts.input;
    const bytes = intArgument(call, n);
    if (bytes === 0) return this.limitOfNothing(0);
    if (bytes > 0 && bytes <= MAX_BYTE) {
      return { bytes, end: nulEnds ? "\0" : undefined, isWhole: false };
    }
    throw rangeIsArgument
      ? call.argumentError(n, "wrong arg range")
      : call.error("wrong arg range");
  }
}

/** The last argument of `setup`: whether the console echoes, or another port's pins. */
function checkLast(call: Call, port: number): void {
  if (port === CONSOLE) {
    intArgument(call, 6);
    return;
  }
  const pins = call.table(6);
  integerField(call, pins, "tx");
  integerField(call, pins, "rx");
  for (const name of ["cts", "rts"]) integerField(call, pins, name, -1);
  integerField(call, pins, "flow_control", 0);
}

function oneOf(known: readonly number[], value: number, otherwise: number): number {
  return known.includes(value) ? value : otherwise;
}

/** A text, or a number that stands for one byte. */
function bytesArgument(call: Call, n: number): LuaString {
  const value = call.get(n);
  if (value instanceof TString) return value.text;
  if (!isNumber(value)) throw call.typeError(n, "string");
  const byte = Number(call.numbers.toInteger(value) ?? 0);
  if (byte < 0 || byte > MAX_BYTE) throw call.error("invalid number");
  return fromBytes(Uint8Array.of(byte));
}

/** An argument as a number; strings that look like one are taken for one. */
function toNumber(call: Call, n: number): number | undefined {
  const number = call.state.engine.toNumber(call.state, call.get(n));
  return number === undefined ? undefined : toInt(call.numbers.toInteger(number) ?? 0);
}

/** The queues of the hardware are empty: the board sends and takes what comes at once. */
function giveQueueLength(call: Call): number {
  const port = intArgument(call, 1, CONSOLE);
  if (port !== 0 && port !== 1) throw call.argumentError(1, "Bad UART id; must be 0 or 1");
  const direction = intArgument(call, 2, 0);
  if (direction !== 0 && direction !== 1) {
    throw call.argumentError(2, "Bad direction; must be DIR_RX or DIR_TX");
  }
  return call.giveInteger(0);
}
