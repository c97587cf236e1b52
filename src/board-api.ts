/**
 * Simulated boards as users of the library have them: text instead of bytes where people read it,
 * milliseconds instead of microseconds.
 */
import { fromText, isBytes, type LuaString, toBytes, toText } from "./base/lua-string.ts";
import type { Board, BoardState } from "./board/board.ts";
import { LONGEST_NAME } from "./board/file-names.ts";
import { MemoryFiles } from "./board/files.ts";
import { type Mock, mockModules } from "./board/mock.ts";
import type { StartProgram } from "./board/runtime.ts";
import { newBoard, newBoardWithImage, type SimulationOptions } from "./simulate.ts";
import type { Target } from "./target/target.ts";

export interface BoardOptions {
  /**
   * What is run at each start: source as text, or the bytes of source or of a `.lc` file. The file
   * `init.lua` when left out.
   */
  readonly program?: string | Uint8Array | undefined;
  /** Its name in messages, like that of a chunk; `@main.lua` when left out. */
  readonly programName?: string | undefined;
  /** The files of the board by name, at most 31 bytes each; text becomes UTF-8. None when left out. */
  readonly files?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** A flash image, compact or absolute, for the flash store. */
  readonly lfs?: Uint8Array | undefined;
  /** Bytes of RAM that are free at the start; what such boards have when left out. */
  readonly heap?: number | undefined;
  /** Stand-ins for modules that the simulated board does not have, by name. */
  readonly mocks?: Readonly<Record<string, Mock>> | undefined;
  /** Takes what the board sends on its serial port. */
  readonly onOutput?: ((text: string) => void) | undefined;
  /** Is told of errors that no program has caught: message and traceback. */
  readonly onError?: ((message: string) => void) | undefined;
  /** Calls and jumps backward that a program may make in one go; 50 million when left out. */
  readonly steps?: number | undefined;
}

/** What a board does when it is left to itself. */
export type BoardStatus =
  | Exclude<BoardState, { readonly kind: "waiting" }>
  /** It waits for a timer, due in so many milliseconds. */
  | { readonly kind: "waiting"; readonly milliseconds: number };

/** A level that a program put on a pin. */
export interface PinWrite {
  /** Milliseconds since the power came on. */
  readonly time: number;
  readonly pin: number;
  readonly level: 0 | 1;
}

export interface SimulatedBoard {
  readonly target: Target;
  /** Milliseconds of board time since the power came on. */
  readonly now: number;
  /** How often it has started anew. */
  readonly restarts: number;
  readonly status: BoardStatus;
  /** Bytes of RAM that the program has in use, and that are free; undefined before the first start. */
  readonly memory: { readonly used: number; readonly free: number } | undefined;
  /** Everything that programs put on pins, in order. */
  readonly pinWrites: readonly PinWrite[];
  /** The names of its files. */
  readonly fileNames: readonly string[];
  /** Switches it on, or off and on again; the program starts when it is let run. */
  powerOn(): void;
  /** Lets it run in virtual time, until nothing will happen any more or so much time has passed. */
  run(milliseconds?: number): BoardStatus;
  /** Types on its console; `\n` ends a line. */
  send(text: string): void;
  /** Puts a level on a pin from outside. */
  setPin(pin: number, level: 0 | 1): void;
  readFile(name: string): Uint8Array | undefined;
  /** @param content text becomes UTF-8 */
  writeFile(name: string, content: string | Uint8Array): void;
}

/** Board time that a run takes when nobody says how much. */
const USUAL_TIME = 60_000;
const MICROSECONDS = 1000;
const USUAL_NAME = "@main.lua";

/**
 * @throws LuacrossError when the image is none, or the board does not take it; TypeError and
 *   RangeError for options that cannot be
 */
export function simulatedBoard(options: BoardOptions, target: Target): SimulatedBoard {
  const decoder = new TextDecoder();
  const { onOutput, onError, lfs, heap, steps, mocks = {} } = options;
  requireCount(heap, "heap", 0);
  requireCount(steps, "steps", 1);
  const parts: SimulationOptions = {
    target,
    program: programOf(options),
    files: new MemoryFiles(Object.entries(options.files ?? {}).map(fileEntry)),
    freeHeap: heap,
    stepsPerTask: steps,
    modules: mockModules(mocks),
    output: (text) => onOutput?.(decoder.decode(toBytes(text), { stream: true })),
    onFailure: (message) => onError?.(toText(message)),
    isQuiet: true,
  };
  return facade(lfs === undefined ? newBoard(parts) : newBoardWithImage(lfs, parts));
}

function programOf({ program, programName = USUAL_NAME }: BoardOptions): StartProgram | undefined {
  return program === undefined
    ? undefined
    : { chunk: bytesOf(program, "program"), chunkName: fromText(programName) };
}

function fileEntry([name, content]: [string, string | Uint8Array]): [LuaString, Uint8Array] {
  return [fileName(name), bytesOf(content, `file '${name}'`)];
}

function fileName(name: string): LuaString {
  const bytes = fromText(name);
  if (bytes.length > 0 && bytes.length <= LONGEST_NAME) return bytes;
  throw new RangeError(`the name '${name}' of a file must have 1 to ${LONGEST_NAME} bytes`);
}

/** Callers without types get a sentence, not a failure somewhere inside. */
function bytesOf(content: string | Uint8Array, what: string): Uint8Array {
  if (typeof content === "string") return toBytes(fromText(content));
  if (isBytes(content)) return content;
  throw new TypeError(`${what} must be a string or a Uint8Array`);
}

function requireCount(count: number | undefined, what: string, least: number): void {
  if (count === undefined || (Number.isSafeInteger(count) && count >= least)) return;
  throw new RangeError(`${what} must be a whole number of ${least} or more`);
}

function facade(board: Board): SimulatedBoard {
  const status = () => statusOf(board);
  return {
    target: board.target,
    get now() {
      return board.now / MICROSECONDS;
    },
    get restarts() {
      return board.restarts;
    },
    get status() {
      return status();
    },
    get memory() {
      return board.memory();
    },
    get pinWrites() {
      return board.pins.changes.map((change) => ({ ...change, time: change.time / MICROSECONDS }));
    },
    get fileNames() {
      return board.files.names().map(toText);
    },
    powerOn: () => board.powerOn(),
    run(milliseconds = USUAL_TIME) {
      board.run(board.now + milliseconds * MICROSECONDS);
      return status();
    },
    send: (text) => board.serial.receive(fromText(text)),
    setPin: (pin, level) => board.pins.setInput(pin, level),
    readFile: (name) => board.files.read(fromText(name))?.slice(),
    writeFile(name, content) {
      board.files.write(fileName(name), bytesOf(content, `file '${name}'`));
    },
  };
}

function statusOf({ state, now }: Board): BoardStatus {
  switch (state.kind) {
    case "waiting":
      return { kind: "waiting", milliseconds: (state.due - now) / MICROSECONDS };
    case "stopped":
      return { ...state, message: toText(state.message) };
    default:
      return state;
  }
}
