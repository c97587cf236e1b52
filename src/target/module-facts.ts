/**
 * What the modules `file`, `tmr`, `gpio` and `uart` have and do differently in the firmware
 * generations. Names stand in the order in which `pairs` shows them. Data only.
 * Source: the NodeMCU manual; the firmwares' modules; SPIFFS.
 */
import { words } from "./words.ts";

/** Names and values of a module's constants. */
export type Constants = Readonly<Record<string, number>>;

/** Where the file system lies and how it counts its room. All in bytes, but for `namedPages`. */
export interface StorageFacts {
  /** Left free behind the firmware and its store for images. */
  readonly gap: number;
  readonly alignment: number;
  /** The last bytes of the flash are the chip's own. */
  readonly reserved: number;
  /** As large as it may be at most. */
  readonly largest: number;
  /** What is erased at a time. */
  readonly blockSize: number;
  /** Pages of a file that its first page knows; further ones need more pages to know them. */
  readonly namedPages: number;
}

export interface FileFacts {
  readonly functions: readonly string[];
  /** What file objects have. */
  readonly methods: readonly string[];
  /** Arguments that are no name of a file are refused, and names may begin with a drive's. */
  readonly checksNames: boolean;
  /** What `list` takes. */
  readonly listTakes: "pattern" | "folder";
  /** `read` of nothing or less reads as much as without a number. */
  readonly readsChunkForNothing: boolean;
  /** `on` refuses all but a function and nil. */
  readonly refusesOtherCallbacks: boolean;
  readonly maxOpenFiles: number;
  readonly storage: StorageFacts;
}

export interface TimerFacts {
  readonly functions: readonly string[];
  readonly methods: readonly string[];
  /** What is wrong with an interval; it has this form everywhere. */
  readonly rangeMessage: string;
  /** What is wrong with a callback; undefined: what Lua says. */
  readonly noFunction: string | undefined;
  /** Each argument is looked at before the next one is read. */
  readonly checksInTurn: boolean;
  /** `start(true)` starts a running timer anew. */
  readonly canRestart: boolean;
  /** `start` of a timer without a callback is an error. */
  readonly startNeedsCallback: boolean;
  /** `stop` makes a timer that was never registered look like a stopped one. */
  readonly stopTouchesUnused: boolean;
  /** The wrong argument of `delay` has a number in the message. */
  readonly delayNamesArgument: boolean;
  /** Seconds that the software watchdog waits beyond those asked for; none in all switch it off. */
  readonly watchdogExtra: number;
  /** A timer that is due posts a task, which waits for its turn. */
  readonly postsTasks: boolean;
  /** Timers go by this clock, in microseconds. */
  readonly tick: number;
  /** Bytes of a timer object. */
  readonly size: number;
}

/** Pins by number on the development kit, with modes, or by number on the chip, with tables. */
export type PinStyle = "kit" | "chip";

export interface GpioFacts {
  readonly style: PinStyle;
  readonly functions: readonly string[];
  readonly constants: Constants;
  /** Numbers are less than this. */
  readonly pinCount: number;
  /** Numbers that no pin has. */
  readonly missingPins: readonly number[];
  /** Pins from this number on can only be inputs. */
  readonly inputOnlyFrom: number;
}

export interface UartFacts {
  readonly functions: readonly string[];
  readonly constants: Constants;
  /** How many there are; number 0 is the console's. */
  readonly count: number;
  /** How `on` and what comes after it work. */
  readonly input: InputFacts;
  /** Rates that `getconfig` knows; undefined: any. */
  readonly baudRates: readonly number[] | undefined;
  /** `setup` takes pins for those that are not the console's. */
  readonly hasPins: boolean;
}

export interface InputFacts {
  /** `on` may begin with the number of a port. */
  readonly takesPort: boolean;
  /** What calls without a number or a character mean is what the last such call meant. */
  readonly remembersLimit: boolean;
  /** An event that does not exist is an error with the argument's number. */
  readonly eventIsArgument: boolean;
  /** A range error has the argument's number. */
  readonly rangeIsArgument: boolean;
  /** With a number, a NUL ends what is collected, too. */
  readonly nulEnds: boolean;
  /** A number of 0 means everything that came in at once; else each byte. */
  readonly zeroMeansAll: boolean;
  /** While the interpreter reads along, the callback gets its lines, or what it would get anyway. */
  readonly whenShared: "lines" | "bytes";
  /** The callback gets empty lines, too. */
  readonly givesEmptyLines: boolean;
}

export interface ModuleFacts {
  readonly file: FileFacts;
  readonly tmr: TimerFacts;
  readonly gpio: GpioFacts;
  readonly uart: UartFacts;
}

// Files

const STORAGE_22: StorageFacts = {
  gap: 0x10000,
  alignment: 0x10000,
  reserved: 0x5000,
  largest: Number.POSITIVE_INFINITY,
  blockSize: 0x2000,
  namedPages: 105,
};

const FILE_22: FileFacts = {
  functions: words(`list open close write writeline read readline format fscfg remove seek flush
    rename exists fsinfo on stat`),
  methods: words("close read readline write writeline seek flush __gc __index"),
  checksNames: true,
  listTakes: "pattern",
  readsChunkForNothing: true,
  refusesOtherCallbacks: false,
  maxOpenFiles: 4,
  storage: STORAGE_22,
};

const FILE_30: FileFacts = {
  ...FILE_22,
  functions: words(`list open close write writeline read readline format fscfg remove seek flush
    rename exists getcontents putcontents fsinfo on stat`),
  methods: words("__gc __index close read readline write writeline seek flush"),
  readsChunkForNothing: false,
  refusesOtherCallbacks: true,
  storage: { ...STORAGE_22, gap: 0, alignment: 0x2000, reserved: 0x3000 },
};

const FILE_ESP32: FileFacts = {
  ...FILE_30,
  functions: words("list format remove rename exists fsinfo mkdir rmdir"),
  methods: [],
  checksNames: false,
  listTakes: "folder",
  storage: {
    gap: 0,
    alignment: 0x1000,
    reserved: 0,
    largest: 0x70000,
    blockSize: 0x1000,
    namedPages: 103,
  },
};

// Timers

const TIMER_22: TimerFacts = {
  functions: words("delay now wdclr softwd time create"),
  methods: words("register alarm start stop unregister state interval __gc __index"),
  rangeMessage: "Range: 1-6870947",
  noFunction: "Must be function",
  checksInTurn: false,
  canRestart: false,
  startNeedsCallback: false,
  stopTouchesUnused: false,
  delayNamesArgument: false,
  watchdogExtra: 0,
  postsTasks: false,
  tick: 1,
  size: 36,
};

const TIMER_30: TimerFacts = {
  ...TIMER_22,
  functions: words("delay now wdclr softwd time ccount create"),
  methods: words("__gc __index register alarm start stop unregister state interval"),
  rangeMessage: "Range: 1-0x68D7A3",
  canRestart: true,
  stopTouchesUnused: true,
  delayNamesArgument: true,
  watchdogExtra: 1,
};

const TIMER_ESP32: TimerFacts = {
  ...TIMER_22,
  functions: words("create wdclr"),
  methods: words("__gc __index register alarm start stop unregister interval state"),
  noFunction: undefined,
  checksInTurn: true,
  startNeedsCallback: true,
  postsTasks: true,
  tick: 10_000,
  size: 20,
};

// Pins

const GPIO_ESP8266: GpioFacts = {
  style: "kit",
  functions: words("mode read write serout trig"),
  constants: {
    INT: 2,
    OUTPUT: 1,
    OPENDRAIN: 3,
    INPUT: 0,
    HIGH: 1,
    LOW: 0,
    FLOAT: 0,
    PULLUP: 1,
  },
  pinCount: 13,
  missingPins: [],
  inputOnlyFrom: 13,
};

const GPIO_ESP32: GpioFacts = {
  style: "chip",
  functions: words("config read trig wakeup write set_drive"),
  constants: {
    OUT: 2,
    IN: 1,
    IN_OUT: 3,
    FLOATING: 0,
    PULL_UP: 1,
    PULL_DOWN: 2,
    PULL_UP_DOWN: 3,
    INTR_NONE: 0,
    INTR_UP: 1,
    INTR_DOWN: 2,
    INTR_UP_DOWN: 3,
    INTR_LOW: 4,
    INTR_HIGH: 5,
    DRIVE_0: 0,
    DRIVE_1: 1,
    DRIVE_2: 2,
    DRIVE_DEFAULT: 2,
    DRIVE_3: 3,
  },
  pinCount: 40,
  missingPins: [24, 28, 29, 30, 31],
  inputOnlyFrom: 34,
};

// Serial ports

const FRAME: Constants = {
  STOPBITS_1: 1,
  STOPBITS_1_5: 3,
  STOPBITS_2: 2,
  PARITY_NONE: 0,
  PARITY_EVEN: 1,
  PARITY_ODD: 2,
};

const UART_22: UartFacts = {
  functions: words("setup getconfig write on alt"),
  constants: FRAME,
  count: 2,
  input: {
    takesPort: false,
    remembersLimit: true,
    eventIsArgument: false,
    rangeIsArgument: false,
    nulEnds: false,
    zeroMeansAll: true,
    whenShared: "lines",
    givesEmptyLines: false,
  },
  baudRates: [
    300, 600, 1200, 2400, 4800, 9600, 19200, 31250, 38400, 57600, 74880, 115200, 230400, 256000,
    460800, 921600, 1843200, 3686400,
  ],
  hasPins: false,
};

const UART_30: UartFacts = {
  ...UART_22,
  functions: words("setup getconfig write on alt fifodepth"),
  constants: { ...FRAME, DIR_RX: 0, DIR_TX: 1 },
  input: {
    ...UART_22.input,
    remembersLimit: false,
    eventIsArgument: true,
    rangeIsArgument: true,
    nulEnds: true,
    zeroMeansAll: false,
    givesEmptyLines: true,
  },
};

const UART_ESP32: UartFacts = {
  ...UART_22,
  functions: words("setup write start stop on setmode getconfig wakeup txflush"),
  constants: {
    ...FRAME,
    FLOWCTRL_NONE: 0,
    FLOWCTRL_CTS: 2,
    FLOWCTRL_RTS: 1,
    MODE_UART: 0,
    MODE_RS485_COLLISION_DETECT: 1,
    MODE_RS485_APP_CONTROL: 2,
    MODE_RS485_HALF_DUPLEX: 3,
    MODE_IRDA: 4,
  },
  count: 3,
  input: { ...UART_22.input, takesPort: true, zeroMeansAll: false, whenShared: "bytes" },
  baudRates: undefined,
  hasPins: true,
};

export const MODULES_22: ModuleFacts = {
  file: FILE_22,
  tmr: TIMER_22,
  gpio: GPIO_ESP8266,
  uart: UART_22,
};

export const MODULES_30: ModuleFacts = {
  file: FILE_30,
  tmr: TIMER_30,
  gpio: GPIO_ESP8266,
  uart: UART_30,
};

export const MODULES_ESP32: ModuleFacts = {
  file: FILE_ESP32,
  tmr: TIMER_ESP32,
  gpio: GPIO_ESP32,
  uart: UART_ESP32,
};
