/**
 * What is compiled for: a firmware build. A target is one row of facts (see `targets.ts`) that
 * picks one value on each of four independent axes: dialect, number model, wire era, image layout.
 */
import type { NumberModel } from "../base/number-model.ts";
import type { Dialect } from "./dialect.ts";

/** The type tags that mark number and string constants in `.lc` files and images. */
export interface WireEra {
  readonly name: string;
  readonly numberTag: number;
  readonly stringTag: number;
}

/** How values lie in a flash image. */
export interface ImageLayout {
  /** Bytes of one TValue. */
  readonly valueSize: 8 | 12 | 16;
}

/** Where the reference's command line differs between firmware generations. */
export interface CommandLineFacts {
  /** What `-v` prints. */
  readonly banner: string;
  /** Addresses that `-a` accepts, both ends included; all when there is no range. */
  readonly absoluteAddresses?: { readonly first: number; readonly last: number } | undefined;
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
  /** Undefined while the model is not there yet; then `supported` is false. */
  readonly numbers: NumberModel | undefined;
  readonly wire: WireEra;
  readonly image: ImageLayout;
  readonly commandLine: CommandLineFacts;
  /** False while there is no compiler for it. */
  readonly supported: boolean;
}

/** A firmware build that can be compiled for. */
export interface Target extends TargetRow {
  readonly numbers: NumberModel;
}
