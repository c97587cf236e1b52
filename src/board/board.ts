/**
 * A simulated board: flash, files, pins and a serial port, and a firmware that runs a program on
 * them. It does nothing by itself: whoever has it switches it on and lets it run, as far as he likes.
 *
 *     power on ─▶ start ─▶ program ─▶ tasks and timers ─▶ …
 *                   ▲                      │
 *                   └──── restart ◀────────┘
 */
import { LuacrossError } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import type { LfsRegion } from "../device/device.ts";
import { NorFlash } from "../device/flash.ts";
import type { Target } from "../target/target.ts";
import { Stop } from "../vm/errors.ts";
import { EventLoop } from "./event-loop.ts";
import { type BoardFiles, MemoryFiles } from "./files.ts";
import type { Firmware } from "./firmware.ts";
import { regionAt, usualRegion } from "./flash-layout.ts";
import type { LfsBoard } from "./lfs-driver.ts";
import type { BoardModule, MemoryState, RestartReason } from "./module.ts";
import { withAllModules } from "./modules/all.ts";
import { Pins } from "./pins.ts";
import { type Hardware, Restart, Runtime, type StartProgram } from "./runtime.ts";
import { SerialPort } from "./serial.ts";

/** What a board is made of, and who is told of what it does. */
export interface BoardParts {
  readonly firmware: Firmware;
  /** Takes what the board sends on its serial port, one unit per byte. */
  readonly output: (text: LuaString) => void;
  /** Files in memory when left out. */
  readonly files?: BoardFiles | undefined;
  /** What is run at each start; the file `init.lua` when left out. */
  readonly program?: StartProgram | undefined;
  /** Bytes of RAM that are free for a program; what such boards have when left out. */
  readonly freeHeap?: number | undefined;
  /** Bytes of the flash store, whole sectors; 0 for none; what such boards have when left out. */
  readonly lfsSize?: number | undefined;
  /** Where the flash store is mapped, a multiple of 4096; where such boards have it when left out. */
  readonly lfsAddress?: number | undefined;
  /** Modules besides those that every board has. */
  readonly modules?: readonly BoardModule[] | undefined;
  /** Calls and jumps backward that a program may make in one go; see {@link STEPS_PER_TASK}. */
  readonly stepsPerTask?: number | undefined;
  /** Whether the console shows prompts; false when left out. */
  readonly hasPrompt?: boolean | undefined;
  /** Gets the prompts of the console, which go to the serial port when left out. */
  readonly onPrompt?: ((prompt: LuaString) => void) | undefined;
  /** Is told of errors that no program has caught: their message, traceback included. */
  readonly onFailure?: ((message: LuaString) => void) | undefined;
  /** The firmware does not say what it finds in its flash store; false when left out. */
  readonly isQuiet?: boolean | undefined;
}

/** What a board does when it is left to itself. */
export type BoardState =
  /** It has something to do now. */
  | { readonly kind: "busy" }
  /** It waits for a timer that is due then, in microseconds since the power came on. */
  | { readonly kind: "waiting"; readonly due: number }
  /** Only something from outside could make it do anything. */
  | { readonly kind: "idle" }
  /** It sleeps and will not wake up by itself. */
  | { readonly kind: "asleep" }
  /** It was stopped, by a limit of its steps or because a real one would crash. */
  | {
      readonly kind: "stopped";
      readonly reason: "steps" | "crash";
      /** Says why. */
      readonly message: LuaString;
    };

/** As many as a program makes in some seconds; more than any that lets the board do its work. */
const STEPS_PER_TASK = 50_000_000;
/** What a board needs from its start to the program, in microseconds. */
const START_TIME = 200_000;
const INIT_FILE = "init.lua";
/** The name that an image is loaded by; nobody sees it. */
const IMAGE_FILE = "lfs.img";

/** Switched off at first; see {@link Board.powerOn} and {@link Board.run}. */
export class Board {
  readonly pins = new Pins();
  readonly serial: SerialPort;
  readonly files: BoardFiles;
  readonly flash: NorFlash;
  /** Where the flash store is; undefined without one. */
  readonly region: LfsRegion | undefined;
  private readonly hardware: Hardware;
  private readonly loop = new EventLoop();
  private runtime: Runtime | undefined;
  private startReason: RestartReason | undefined;
  private end: BoardState | undefined;
  private starts = 0;

  constructor(parts: BoardParts) {
    const { firmware, output, files, freeHeap, program, modules = [] } = parts;
    const { board } = firmware.target;
    this.serial = new SerialPort(output);
    this.files = files ?? new MemoryFiles();
    this.flash = new NorFlash(board.flashSize);
    const { lfsSize = board.lfsSize, lfsAddress } = parts;
    this.region =
      lfsAddress === undefined
        ? usualRegion(firmware.target, this.flash, lfsSize)
        : regionAt(lfsAddress, firmware.target, this.flash, lfsSize);
    this.hardware = {
      firmware,
      flash: this.flash,
      region: this.region,
      files: this.files,
      pins: this.pins,
      serial: this.serial,
      loop: this.loop,
      modules: withAllModules(modules),
      kept: new Map(),
      freeHeap: freeHeap ?? board.freeHeap,
      stepsPerTask: parts.stepsPerTask ?? STEPS_PER_TASK,
      hasPrompt: parts.hasPrompt ?? false,
      onPrompt: parts.onPrompt,
      onFailure: parts.onFailure,
      isQuiet: parts.isQuiet ?? false,
      program: program ?? { file: INIT_FILE },
    };
  }

  get target(): Target {
    return this.hardware.firmware.target;
  }

  /** Microseconds since the power came on. */
  get now(): number {
    return this.loop.now;
  }

  /** How often the board has started anew since the power came on. */
  get restarts(): number {
    return Math.max(0, this.starts - 1);
  }

  /** Why it is about to start, before it does; undefined while it runs. */
  get starting(): RestartReason | undefined {
    return this.startReason;
  }

  get state(): BoardState {
    if (this.end) return this.end;
    if (this.startReason !== undefined || this.loop.isBusy) return { kind: "busy" };
    const due = this.loop.nextDue;
    return due === Number.POSITIVE_INFINITY ? { kind: "idle" } : { kind: "waiting", due };
  }

  /** What its program takes of the RAM now; undefined before the first start. */
  memory(): MemoryState | undefined {
    return this.runtime?.memory();
  }

  /** Switches the board on, or off and on again. The program starts when it is let run. */
  powerOn(reason: RestartReason = "power on"): void {
    this.end = undefined;
    this.forgetProgram();
    this.startReason = reason;
  }

  /**
   * Loads a compact image into the flash store, as the firmware does; the board must be off.
   *
   * @throws LuacrossError `image-refused`, with the words of the firmware
   */
  loadImage(file: Uint8Array): void {
    const { end, message } = this.hardware.firmware.lfs.reload(this.lfsBoard(), IMAGE_FILE, file);
    this.expectImage(end === "returned" ? message : undefined);
  }

  /**
   * Puts an absolute image into the flash store, as a flashing tool does; the board must be off.
   *
   * @throws LuacrossError `image-refused`, with the words of the firmware; `limit` when there is no
   *   room for it
   */
  flashImage(file: Uint8Array): void {
    const { region } = this;
    if (region === undefined || file.length > region.size) {
      throw new LuacrossError("limit", `there is no room for an image of ${file.length} bytes`);
    }
    this.flash.flashFromOutside(region.offset, file);
    this.expectImage(undefined);
  }

  private expectImage(refusal: LuaString | undefined): void {
    const { message = "it is not found at the start", image } = this.hardware.firmware.lfs.boot(
      this.lfsBoard(),
    );
    if (refusal === undefined && image !== undefined) return;
    throw new LuacrossError("image-refused", `the board refuses it: ${refusal ?? message}`);
  }

  private lfsBoard(): LfsBoard {
    const { firmware, flash, region, freeHeap } = this.hardware;
    return { target: firmware.target, flash, region, freeHeap };
  }

  /**
   * Lets the board run until it is idle, asleep or stopped, or until a moment has come; time jumps
   * from timer to timer.
   *
   * @param until microseconds since the power came on; for ever when left out
   * @param isOver asked before everything the board does; true ends the run
   */
  run(until = Number.POSITIVE_INFINITY, isOver: () => boolean = () => false): BoardState {
    for (;;) {
      const { state } = this;
      if (isOver()) return state;
      if (state.kind === "busy" && this.now < until) this.step();
      else if (state.kind === "waiting" && state.due <= until) this.loop.skipTo(state.due);
      else {
        if (until !== Number.POSITIVE_INFINITY && state.kind !== "stopped") this.loop.skipTo(until);
        return state;
      }
    }
  }

  /**
   * Drops what was typed at the console of a chunk that is not complete, which no device can do.
   * Returns false when there is nothing.
   */
  forgetInput(): boolean {
    return this.runtime?.forgetInput() ?? false;
  }

  /** Does the one thing that is due, or nothing. */
  step(): void {
    try {
      const { startReason } = this;
      if (startReason !== undefined) this.startAgain(startReason);
      else this.runtime?.runNext();
    } catch (thrown) {
      this.interrupted(thrown);
    }
  }

  private startAgain(reason: RestartReason): void {
    this.startReason = undefined;
    this.starts++;
    this.loop.pass(START_TIME);
    this.runtime = new Runtime(this.hardware, reason);
    this.runtime.start();
  }

  /** What a program set does not outlive it, and what comes from outside waits for the next one. */
  private forgetProgram(): void {
    this.loop.clear();
    this.serial.read(undefined);
    this.serial.listen(undefined);
    this.pins.listen(undefined);
  }

  private interrupted(thrown: unknown): void {
    this.forgetProgram();
    if (thrown instanceof Restart) this.restartAfter(thrown);
    else if (thrown instanceof Stop) {
      this.end = { kind: "stopped", reason: "steps", message: thrown.message };
    } else if (thrown instanceof LuacrossError) {
      this.end = { kind: "stopped", reason: "crash", message: thrown.message };
    } else throw thrown;
  }

  private restartAfter({ reason, delay }: Restart): void {
    if (delay === undefined) this.end = { kind: "asleep" };
    else if (delay === 0) this.startReason = reason;
    else {
      this.loop.after(delay, () => {
        this.startReason = reason;
      });
    }
  }
}
