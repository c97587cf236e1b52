/**
 * A board from one start to the next: a machine with its libraries, and what runs in it. All of it is
 * gone after a restart. Source: the firmware's start, observed.
 */
import { type LuaString, toBytes } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { StripLevel, stripDebug } from "../bytecode/strip-debug.ts";
import type { LfsRegion } from "../device/device.ts";
import type { NorFlash } from "../device/flash.ts";
import { isBinaryChunk } from "../formats/chunk.ts";
import type { Target } from "../target/target.ts";
import type { Call } from "../vm/call.ts";
import { collect } from "../vm/collect.ts";
import { LuaError } from "../vm/errors.ts";
import { portableModules } from "../vm/library/globals-common.ts";
import type { Surroundings } from "../vm/library/surroundings.ts";
import { Machine } from "../vm/machine.ts";
import { limitMemory } from "../vm/memory-limit.ts";
import { memoryInUse } from "../vm/memory-use.ts";
import { type Closure, LuaFunction, NativeFunction } from "../vm/state.ts";
import { TString, type Value } from "../vm/values.ts";
import { Console, type Interpreter } from "./console.ts";
import { ErrorReports } from "./error-reports.ts";
import { type EventLoop, Priority } from "./event-loop.ts";
import { boardFileSystem } from "./file-system.ts";
import type { BoardFiles } from "./files.ts";
import type { Firmware } from "./firmware.ts";
import { currentRegion } from "./flash-layout.ts";
import type { LfsBoard, LoadedImage } from "./lfs-driver.ts";
import type {
  BoardModule,
  CompilerSettings,
  LfsAccess,
  MemoryState,
  ModuleContext,
  RestartReason,
} from "./module.ts";
import { postTask, QUEUE_OVERFLOW } from "./modules/node-tasks.ts";
import { OpenFiles } from "./open-files.ts";
import type { Pins } from "./pins.ts";
import type { SerialPort } from "./serial.ts";
import { startupCommand } from "./startup-settings.ts";
import { Storage, storageRegion } from "./storage.ts";
import { boardSurroundings } from "./surroundings.ts";

/** What stays over a restart. */
export interface Hardware {
  readonly firmware: Firmware;
  readonly flash: NorFlash;
  readonly region: LfsRegion | undefined;
  readonly files: BoardFiles;
  readonly pins: Pins;
  readonly serial: SerialPort;
  readonly loop: EventLoop;
  readonly modules: readonly BoardModule[];
  /** Small texts that programs keep in flash or in memory that survives a restart, by name. */
  readonly kept: Map<LuaString, LuaString>;
  /** Bytes of RAM that are free for a program at the start. */
  readonly freeHeap: number;
  /** Calls and jumps backward between two moments at which the board could do something else. */
  readonly stepsPerTask: number;
  /** Whether the console shows prompts. */
  readonly hasPrompt: boolean;
  /** Gets the prompts of the console, which go to the serial port when left out. */
  readonly onPrompt: ((prompt: LuaString) => void) | undefined;
  /** Is told of errors that no program has caught: their message, traceback included. */
  readonly onFailure: ((message: LuaString) => void) | undefined;
  /** The firmware does not say what it finds in its flash store. */
  readonly isQuiet: boolean;
  /** What is run at each start. */
  readonly program: StartProgram;
}

/** The program of a start: a file of the board, or a chunk that comes from outside. */
export type StartProgram =
  | { readonly file: LuaString }
  | { readonly chunk: Uint8Array; readonly chunkName: LuaString };

/** Thrown to end what runs: the board starts anew, at once or later, or never. */
export class Restart {
  readonly reason: RestartReason;
  /** Microseconds until it starts; undefined for never. */
  readonly delay: number | undefined;

  constructor(reason: RestartReason, delay: number | undefined) {
    this.reason = reason;
    this.delay = delay;
  }
}

/** What a step takes of a processor, in microseconds: a few instructions of the virtual machine. */
const STEP_TIME = 4;
/** What it takes to ask for the time. */
const ASKING_TIME = 4;
/** More than the device's compiler ever needs for a source; it is counted only where that is near. */
const COMPILER_BYTES_PER_BYTE = 60;
const FIXED_COMPILER_BYTES = 4000;

/** Made anew at each start; {@link Runtime.start} and {@link Runtime.runNext} do the work. */
export class Runtime implements ModuleContext {
  readonly state: Machine;
  readonly startReason: RestartReason;
  readonly loop: EventLoop;
  readonly files: BoardFiles;
  readonly openFiles: OpenFiles;
  readonly pins: Pins;
  readonly serial: SerialPort;
  readonly target: Target;
  readonly lfs: LfsAccess;
  readonly flash: NorFlash;
  moduleNames: readonly LuaString[] = [];
  readonly compiler: CompilerSettings = { stripLevel: StripLevel.Names };
  readonly kept: Map<LuaString, LuaString>;
  private readonly hardware: Hardware;
  private readonly surroundings: Surroundings;
  private readonly console: Console;
  private readonly reports: ErrorReports;
  private readonly region: LfsRegion | undefined;
  private readonly startedAt: number;
  private readonly handler = new NativeFunction(withTraceback, "traceback");
  private image: LoadedImage | undefined;
  private usedAtStart = 0;
  private stepsSeen = 0;
  private output: ((text: LuaString) => void) | undefined;
  private collectsSoon = false;
  private readonly collector = new NativeFunction(collectAll, "collect");

  constructor(hardware: Hardware, reason: RestartReason) {
    const { firmware, loop, files, pins, serial, kept, flash } = hardware;
    this.hardware = hardware;
    this.startReason = reason;
    this.loop = loop;
    this.files = files;
    this.pins = pins;
    this.serial = serial;
    this.kept = kept;
    this.flash = flash;
    this.target = firmware.target;
    this.region = currentRegion(firmware.target, flash, hardware.region);
    this.startedAt = loop.now;
    this.state = new Machine({
      target: firmware.target,
      load: (chunk, chunkName) => this.load(chunk, chunkName),
      write: (text) => this.print(text),
      longBits: 32,
    });
    this.openFiles = this.makeOpenFiles();
    this.reports = this.makeReports();
    this.surroundings = this.makeSurroundings();
    this.lfs = this.makeLfs();
    this.console = new Console(this.makeInterpreter(), hardware.hasPrompt);
  }

  /** Starts the firmware and the program. @throws Restart, Stop, LuacrossError */
  start(): void {
    const { firmware, program } = this.hardware;
    this.state.allowSteps(this.hardware.stepsPerTask);
    this.bootLfs();
    const modules = this.hardware.modules.map(({ open }) => open(this));
    const { modules: known } = this.target.firmwareNames;
    const portable = portableModules(this.state, this.surroundings);
    const all = [...portable.filter(({ name }) => known.includes(name)), ...modules];
    this.moduleNames = [...new Set(all.map(({ name }) => name))];
    firmware.openGlobals(this.state, this.surroundings, all);
    for (const module of this.hardware.modules) module.ready?.(this);
    this.usedAtStart = memoryInUse(this.state);
    limitMemory(this.state, this.usedAtStart + this.hardware.freeHeap);
    this.loop.post(() => this.console.prompt(), Priority.Low);
    this.serial.read((text) => this.console.receive(text));
    this.runProgram(this.programOf(program));
    this.letTimePass();
  }

  /** Does one thing that is due; returns false when nothing is. @throws Restart, Stop */
  runNext(): boolean {
    this.state.allowSteps(this.hardware.stepsPerTask);
    const didSomething = this.loop.runNext();
    this.letTimePass();
    return didSomething;
  }

  // What modules see; modules may take these apart, so that each is bound to its board

  readonly now = (): number => {
    this.letTimePass();
    this.loop.pass(ASKING_TIME);
    return this.loop.now - this.startedAt;
  };

  readonly memory = (): MemoryState => {
    const used = memoryInUse(this.state) - this.usedAtStart;
    return { used, free: Math.max(0, this.hardware.freeHeap - used) };
  };

  readonly run = (callback: Value, args: readonly Value[]): void => {
    const panics = this.target.board.callbackFailure === "panic";
    const result = this.state.callback(callback, args, panics ? undefined : this.handler);
    if (result.ok) return;
    if (panics) this.reports.panic(result.error.value);
    const { value } = result.error;
    this.loop.post(() => this.reports.ofCallback(value), Priority.High);
  };

  readonly restart = (reason: RestartReason): never => {
    this.letTimePass();
    throw new Restart(reason, 0);
  };

  readonly sleep = (microseconds: number | undefined): never => {
    this.letTimePass();
    throw new Restart("deep sleep", microseconds);
  };

  readonly encode = (proto: Proto, stripLevel: number): Uint8Array => {
    return this.hardware.firmware.encode(proto, stripLevel);
  };

  readonly redirectOutput = (writer: ((text: LuaString) => void) | undefined): void => {
    this.output = writer;
  };

  readonly onError = (callback: Value): void => {
    this.reports.listen(callback);
  };

  readonly chunkOf = (file: Uint8Array): Uint8Array => {
    return this.hardware.firmware.chunkOf(file);
  };

  readonly closureOf = (proto: Proto): Closure => {
    return this.state.newClosure(proto);
  };

  readonly interpret = (text: LuaString): void => {
    this.console.receive(text);
  };

  /** Drops what was typed of a chunk that is not complete; returns false when there is nothing. */
  forgetInput(): boolean {
    return this.console.forget();
  }

  // The start

  private load(chunk: Uint8Array, chunkName: LuaString): Proto {
    const proto = this.hardware.firmware.load(chunk, chunkName);
    if (isBinaryChunk(chunk)) return proto;
    this.expectRoomToCompile(chunk, chunkName);
    // Only what is compiled is stripped; nothing of it can be counted.
    if (this.compiler.stripLevel === StripLevel.All) {
      stripDebug(proto, StripLevel.All, { local: 0, upvalue: 0 });
    }
    return proto;
  }

  /** The device's compiler needs memory, too. @throws LuaError `not enough memory` */
  private expectRoomToCompile(source: Uint8Array, chunkName: LuaString): void {
    const most = FIXED_COMPILER_BYTES + source.length * COMPILER_BYTES_PER_BYTE;
    const { free } = this.memory();
    if (most <= free) return;
    const peak = this.hardware.firmware.compilePeak(source, chunkName);
    if (peak > free) throw LuaError.outOfMemory();
  }

  private makeOpenFiles(): OpenFiles {
    const { storage, maxOpenFiles } = this.target.board.modules.file;
    const region = storageRegion(this.target, this.flash, this.region);
    const room = new Storage(this.files, region, storage);
    const now = () => collect(this.state.current);
    return new OpenFiles(this.files, room, maxOpenFiles, { now, soon: () => this.collectSoon() });
  }

  /** A device collects all the time; here it is done when a program opened a file and has paused. */
  private collectSoon(): void {
    if (this.collectsSoon) return;
    this.collectsSoon = true;
    this.loop.after(0, () => {
      this.collectsSoon = false;
      if (this.openFiles.isInUse) this.run(this.collector, []);
    });
  }

  /** Only where files are C's there is a reason. */
  private chunkRefusal(reason: LuaString): LuaString {
    const { board, node } = this.target;
    return board.hasIo ? `: ${reason}` : node.openFailure;
  }

  private makeSurroundings(): Surroundings {
    const { firmware } = this.hardware;
    return boardSurroundings({
      files: boardFileSystem(this.openFiles, this.target.board.modules.file.checksNames),
      writeError: (text) => this.serial.send(text),
      chunkRefusal: (reason) => this.chunkRefusal(reason),
      now: () => this.now(),
      chunkOf: (file) => firmware.chunkOf(file),
      encode: (proto, stripLevel) => firmware.encode(proto, stripLevel),
      postTask: (task, priority) => this.postTask(task, priority),
      memoryUse: () => memoryInUse(this.state),
    });
  }

  private makeReports(): ErrorReports {
    const { state, loop, serial, restart } = this;
    const { onFailure } = this.hardware;
    const facts = this.target.board;
    return new ErrorReports({ state, facts, loop, serial, onFailure, restart });
  }

  private postTask(task: Value, priority: number): void {
    if (!postTask(this, task, priority)) throw LuaError.of(QUEUE_OVERFLOW);
  }

  private bootLfs(): void {
    const { message, image } = this.hardware.firmware.lfs.boot(this.lfsBoard());
    if (message !== undefined && !this.hardware.isQuiet) this.serial.send(`${message}\n`);
    if (image !== undefined) this.state.flash.add(image.main, image.strings);
    this.image = image;
  }

  private lfsBoard(): LfsBoard {
    const { flash, region } = this;
    return { target: this.target, flash, region, freeHeap: this.memory().free };
  }

  private makeLfs(): LfsAccess {
    const imageInUse = () => this.image;
    return {
      get image() {
        return imageInUse();
      },
      region: this.region,
      reload: (name) => this.reload(name),
    };
  }

  private reload(name: LuaString): LuaString | undefined {
    const { lfs } = this.hardware.firmware;
    const { end, message } = lfs.reload(this.lfsBoard(), name, this.files.read(name));
    if (end === "returned") return message;
    if (message !== undefined) this.serial.send(`${message}\n`);
    return this.restart(this.target.node.afterReload);
  }

  /** What a program set to be run instead of the usual file. */
  private programOf(program: StartProgram): StartProgram {
    const command = startupCommand(this.kept);
    if (command === undefined || !("file" in program)) return program;
    return command.startsWith("@")
      ? { file: command.slice(1) }
      : { chunk: toBytes(command), chunkName: "=INIT" };
  }

  private runProgram(program: StartProgram): void {
    const chunk = "file" in program ? this.files.read(program.file) : program.chunk;
    const chunkName = "file" in program ? `@${program.file}` : program.chunkName;
    if (chunk === undefined) {
      this.reports.ofStart(this.state.intern(`cannot open ${chunkName.slice(1)}`));
      return;
    }
    const main = this.state.loadChunk(this.hardware.firmware.chunkOf(chunk), chunkName);
    if (typeof main === "string") this.reports.ofStart(this.state.intern(main));
    else {
      const result = this.state.call(main, [], this.handler);
      if (!result.ok) this.reports.ofStart(result.error.value);
    }
  }

  // The console

  private makeInterpreter(): Interpreter {
    return {
      interpret: (source) => this.runLine(source),
      report: (message) => this.reports.ofConsole(new TString(message)),
      promptOf: (name) => this.promptOf(name),
      later: (job) => this.loop.post(job, Priority.Low),
      write: (text) => this.prompt(text),
    };
  }

  private prompt(text: LuaString): void {
    const { onPrompt } = this.hardware;
    if (onPrompt) onPrompt(text);
    else this.print(text);
  }

  private runLine(source: LuaString): LuaString | undefined {
    const chunk = this.state.loadChunk(toBytes(source), "=stdin");
    if (typeof chunk === "string") return chunk;
    const result = this.state.call(chunk, [], this.handler);
    if (!result.ok) this.reports.ofConsole(result.error.value);
    else if (result.values.length > 0) this.reports.print(result.values);
    return undefined;
  }

  private promptOf(name: LuaString): LuaString | undefined {
    const value = this.state.globals.getString(this.state.intern(name));
    return value instanceof TString ? value.text : undefined;
  }

  // Output and time

  private print(text: LuaString): void {
    if (this.output) this.output(text);
    else this.serial.send(text);
  }

  private letTimePass(): void {
    const { stepsTaken } = this.state;
    this.loop.pass((stepsTaken - this.stepsSeen) * STEP_TIME);
    this.stepsSeen = stepsTaken;
  }
}

/** The handler of errors: puts a traceback behind the message, as the firmware's own does. */
function withTraceback(call: Call): number {
  const [value] = call.values(1);
  const debug = call.index(call.state.globals, call.make("debug"));
  if (debug === undefined) return call.give(value);
  const traceback = call.index(debug, call.make("traceback"));
  if (!(traceback instanceof LuaFunction)) return call.give(value);
  return call.give(call.call(traceback, value, call.numbers.fromInteger(2)));
}

function collectAll(call: Call): number {
  collect(call.thread);
  return call.giveNothing();
}
