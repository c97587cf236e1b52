/**
 * The firmware's module `color_utils`: colours of LEDs, as green, red and blue or as hue, saturation
 * and value, in whole numbers. Source: the NodeMCU manual, "color utils"; observed.
 */
import type { Call } from "../call.ts";
import type { Functions, Library } from "../library.ts";
import type { Value } from "../values.ts";
import { intArgument } from "./words.ts";

/** Levels of the three colours, 0–255. */
interface Colour {
  readonly green: number;
  readonly red: number;
  readonly blue: number;
}

const CIRCLE = 360;
const MAX_LEVEL = 255;
/** A sixth of the circle, over which one colour rises or falls. */
const SECTOR = 60;

/** What each sector of the circle gives to red, green and blue. */
const SECTORS: readonly (readonly [Part, Part, Part])[] = [
  ["top", "rising", "bottom"],
  ["falling", "top", "bottom"],
  ["bottom", "top", "rising"],
  ["bottom", "falling", "top"],
  ["rising", "bottom", "top"],
  ["top", "bottom", "falling"],
];

type Part = "top" | "rising" | "falling" | "bottom";

/** @param hue 0–360 */
function fromHue(hue: number, saturation: number, value: number): Colour {
  const bottom = ((MAX_LEVEL - saturation) * value) >> 8;
  const step = (distance: number) =>
    (Math.trunc(((value - bottom) * distance) / SECTOR) + bottom) & 0xff;
  const levels: Readonly<Record<Part, number>> = {
    top: value,
    rising: step(hue % SECTOR),
    falling: step(SECTOR - (hue % SECTOR)),
    bottom,
  };
  const [red, green, blue] = SECTORS[Math.floor((hue % CIRCLE) / SECTOR)];
  return { green: levels[green], red: levels[red], blue: levels[blue] };
}

function hueArgument(call: Call): Colour {
  const hue = intArgument(call, 1);
  const saturation = intArgument(call, 2);
  const value = intArgument(call, 3);
  checkRange(call, 1, hue, CIRCLE, "should be a 0-360");
  checkRange(call, 2, saturation, MAX_LEVEL, "should be 0-255");
  checkRange(call, 3, value, MAX_LEVEL, "should be 0-255");
  return fromHue(hue, saturation, value);
}

function checkRange(call: Call, n: number, value: number, most: number, detail: string): void {
  if (value < 0 || value > most) throw call.argumentError(n, detail);
}

function giveLevels(call: Call, levels: readonly number[]): number {
  return call.giveAll(levels.map((level): Value => call.numbers.fromInteger(level)));
}

function hsv2grb(call: Call): number {
  const { green, red, blue } = hueArgument(call);
  return giveLevels(call, [green, red, blue]);
}

/** What all three colours have in common is left to the white LED. */
function hsv2grbw(call: Call): number {
  const { green, red, blue } = hueArgument(call);
  const white = Math.min(green, red, blue);
  return giveLevels(call, [green - white, red - white, blue - white, white]);
}

/** Gives red before green, whatever the manual says. */
function colorWheel(call: Call): number {
  const angle = intArgument(call, 1);
  checkRange(call, 1, angle, CIRCLE, "should be a 0-360");
  const { green, red, blue } = fromHue(angle, MAX_LEVEL, MAX_LEVEL);
  return giveLevels(call, [red, green, blue]);
}

/** Saturation is scaled a little below the ideal, which loses least on the way there and back. */
function grb2hsv(call: Call): number {
  const given = [1, 2, 3].map((n) => intArgument(call, n));
  if (given[0] === given[1] && given[0] === given[2]) {
    throw call.argumentError(1, "greyscale value cannot be converted to hsv");
  }
  const [green, red, blue] = given.map((level) => level & 0xff);
  const value = Math.max(green, red, blue);
  const spread = value - Math.min(green, red, blue);
  // Levels that differ only above 255 are grey after all, and their hue is undefined.
  if (spread === 0) return giveLevels(call, [0xffff, 0, value]);
  const saturation = Math.trunc((256 * spread - 8) / value);
  return giveLevels(call, [hueOf({ green, red, blue }, value, spread), saturation, value]);
}

function hueOf({ green, red, blue }: Colour, value: number, spread: number): number {
  const part = (difference: number) => Math.trunc((difference * SECTOR) / spread);
  if (red === value) return (part(green - blue) + CIRCLE) % CIRCLE;
  return green === value ? part(blue - red) + 120 : part(red - green) + 240;
}

const functions: Functions = { hsv2grb, hsv2grbw, colorWheel, grb2hsv };

export const COLOR_UTILS: Library = { name: "color_utils", functions };
