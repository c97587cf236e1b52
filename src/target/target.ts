/**
 * What is compiled for: a firmware build. A target is one row of facts (see `targets.ts`) that
 * picks one value on each of four independent axes: dialect, number model, wire era, image layout.
 */
import type { NumberModel } from "../base/number-model.ts";
import type { BoardFacts } from "./board-facts.ts";
import type { CommandLineFacts } from "./command-line.ts";
import type { Dialect } from "./dialect.ts";
import type { FirmwareNames } from "./firmware-modules.ts";
import type { LibraryFacts } from "./library-facts.ts";
import type { LoaderFacts } from "./loader-facts.ts";
import type { LoaderFacts53 } from "./loader-facts53.ts";
import type { MemoryFacts } from "./memory-facts.ts";
import type { NodeFacts } from "./node-facts.ts";
import type { RuntimeFacts } from "./runtime-facts.ts";

/** The type tags that mark number and string constants in `.lc` files and images. */
export interface WireEra {
  readonly numberTag: number;
  readonly stringTag: number;
}

/** How values lie in a flash image. */
export interface ImageLayout {
  /** Bytes of one TValue. */
  readonly valueSize: 8 | 12 | 16;
  /** Undefined where images are of another format than Lua 5.1's. */
  readonly facts51?: ImageFacts51 | undefined;
  /** Undefined where images are of another format than Lua 5.3's. */
  readonly facts53?: ImageFacts53 | undefined;
}

/** What flash images of Lua 5.1 differ in. Source: lfs51.md §1, §5.1, §5.5. */
export interface ImageFacts51 {
  /** Bytes from the start of a TValue to the word with its type tag. */
  readonly tagOffset: 4 | 8;
  /** First word of a relocatable image. */
  readonly signature: number;
  /** The buckets of the string table number the least power of two above the strings times this. */
  readonly bucketFactor: number;
  /** True when the reference's option `-s` leaves line info and names out of images, too. */
  readonly honoursStrip: boolean;
}

/** What flash images of Lua 5.3 differ in, besides the sizes of numbers. Source: lua53.md §5.2. */
export interface ImageFacts53 {
  /** First word of an image as it lies in flash. */
  readonly signature: number;
}

/** A row of the table, whether luacross can serve it yet or not. */
export interface TargetRow {
  /** The product's name for it, e.g. `esp8266-lua51-float`; a contract. */
  readonly name: string;
  /** The firmware in words a user recognises. */
  readonly firmware: string;
  /** The numbers in words a user recognises. */
  readonly numbersInWords: string;
  /** How the firmware is configured to become this target. */
  readonly settings: string;
  readonly dialect: Dialect;
  readonly numbers: NumberModel;
  readonly wire: WireEra;
  readonly image: ImageLayout;
  /** How the firmware loads images; undefined where that is not known yet. */
  readonly loader: LoaderFacts | undefined;
  /** The same for images of Lua 5.3. */
  readonly loader53: LoaderFacts53 | undefined;
  /** What Lua's objects weigh on the device. */
  readonly memory: MemoryFacts;
  readonly runtime: RuntimeFacts;
  readonly libraries: LibraryFacts;
  readonly board: BoardFacts;
  /** What the firmware has besides what programs bring along. */
  readonly firmwareNames: FirmwareNames;
  /** Of the module `node`. */
  readonly node: NodeFacts;
  readonly commandLine: CommandLineFacts;
  /** False while there is no compiler for it. */
  readonly supported: boolean;
}

/** A firmware build that can be compiled for. */
export interface Target extends TargetRow {
  readonly supported: true;
}
