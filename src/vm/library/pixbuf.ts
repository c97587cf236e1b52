/**
 * The firmware's module `pixbuf`: buffers of the colour levels of LEDs.
 * Source: the NodeMCU manual, "pixbuf"; observed, mistakes included where they stay in the buffer.
 */
import { fromBytes, type LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { type Entries, ITSELF, type Library } from "../library.ts";
import { Table } from "../table.ts";
import { TString, Userdata, UserdataKind, type Value } from "../values.ts";
import { mixIntensities, mixLevels, type Source } from "./pixbuf-mix.ts";
import { shiftBytes } from "./pixbuf-shift.ts";
import { intArgument, toInt } from "./words.ts";

const FADE_IN = 0;
const FADE_OUT = 1;
const SHIFT_LOGICAL = 0;
const SHIFT_CIRCULAR = 1;

const MAX_PIXELS = 8192;
const MAX_CHANNELS = 32;
const MAX_LEVEL = 255;
/** Bytes in front of the levels on a board. */
const HEADER_SIZE = 8;
/** Bits of the brightness that `mix4I5` mixes by. */
const INTENSITY_BITS = 5;

class PixelBuffer {
  readonly pixels: number;
  /** Levels per pixel. */
  readonly channels: number;
  readonly levels: Uint8Array;

  constructor(pixels: number, channels: number) {
    this.pixels = pixels;
    this.channels = channels;
    this.levels = new Uint8Array(pixels * channels);
  }

  hasShapeOf(other: PixelBuffer): boolean {
    return this.pixels === other.pixels && this.channels === other.channels;
  }
}

const BUFFER = new UserdataKind<PixelBuffer>("pixbuf.buf");

function self(call: Call): PixelBuffer {
  return call.userdata(1, BUFFER);
}

function bufferOrNone(call: Call, n: number): PixelBuffer | undefined {
  const value = call.get(n);
  return value instanceof Userdata && value.kind === BUFFER ? call.userdata(n, BUFFER) : undefined;
}

/** A position brought into the buffer: from 1 to the number of pixels, or 0 when there are none. */
function position(given: number, pixels: number): number {
  return Math.min(Math.max(given < 0 ? given + pixels + 1 : given, 1), pixels);
}

function giveBuffer(call: Call, buffer: PixelBuffer): number {
  return call.giveUserdata(BUFFER, buffer, HEADER_SIZE + buffer.levels.length);
}

function makeBuffer(call: Call, pixels: number, channels: number): PixelBuffer {
  if (pixels > MAX_PIXELS || channels > MAX_CHANNELS) {
    throw call.error("pixbuf size limits exeeded");
  }
  return new PixelBuffer(pixels, channels);
}

/** Gives the buffer itself, so that calls can be chained. */
function giveSelf(call: Call): number {
  return call.give(call.get(1));
}

function newBuffer(call: Call): number {
  const pixels = intArgument(call, 1);
  const channels = intArgument(call, 2);
  if (pixels <= 0) throw call.argumentError(1, "should be a positive integer");
  if (channels <= 0) throw call.argumentError(2, "should be a positive integer");
  return giveBuffer(call, makeBuffer(call, pixels, channels));
}

function concat(call: Call): number {
  const left = self(call);
  const right = call.userdata(2, BUFFER);
  if (left.channels !== right.channels) {
    throw call.argumentError(1, "can only concatenate buffers with same channel count");
  }
  const joined = makeBuffer(call, left.pixels + right.pixels, left.channels);
  joined.levels.set(left.levels);
  joined.levels.set(right.levels, left.levels.length);
  return giveBuffer(call, joined);
}

function equals(call: Call): number {
  const left = self(call);
  const right = call.userdata(2, BUFFER);
  const isEqual = left.hasShapeOf(right) && left.levels.every((x, i) => x === right.levels[i]);
  return call.give(isEqual);
}

function toText(call: Call): number {
  const { levels, channels, pixels } = self(call);
  const shown: LuaString[] = [];
  for (let i = 0; i < pixels; i++) {
    shown.push(`(${levels.subarray(i * channels, (i + 1) * channels).join(",")})`);
  }
  return call.giveText(`[${shown.join(",")}]`);
}

// Brightness

interface Fade {
  readonly buffer: PixelBuffer;
  readonly factor: number;
  readonly isOut: boolean;
}

function fadeArguments(call: Call): Fade {
  const buffer = self(call);
  const factor = intArgument(call, 2);
  const isOut = intArgument(call, 3, FADE_OUT) === FADE_OUT;
  if (factor <= 0) throw call.argumentError(2, "fade value should be a strictly positive int");
  return { buffer, factor, isOut };
}

function faded(level: number, { factor, isOut }: Fade): number {
  return isOut ? Math.trunc(level / factor) : Math.min(MAX_LEVEL, Math.imul(level, factor));
}

function fade(call: Call): number {
  const request = fadeArguments(call);
  const { levels } = request.buffer;
  for (let i = 0; i < levels.length; i++) levels[i] = faded(levels[i], request);
  return call.giveNothing();
}

/** Fades the first level of each pixel; on the way in it goes one too far with every pixel. */
function fadeIntensity(call: Call): number {
  const request = fadeArguments(call);
  const { levels, channels, pixels } = request.buffer;
  const step = request.isOut ? channels : channels + 1;
  for (let i = 0; i < pixels * step && i < levels.length; i += step) {
    levels[i] = faded(levels[i], request);
  }
  return call.giveNothing();
}

function power(call: Call): number {
  let total = 0;
  for (const level of self(call).levels) total += level;
  return call.giveInteger(total);
}

function powerIntensity(call: Call): number {
  const { levels, channels, pixels } = self(call);
  let total = 0;
  for (let i = 0; i < pixels; i++) {
    const pixel = levels.subarray(i * channels, (i + 1) * channels);
    for (const level of pixel.subarray(1)) total = (total + pixel[0] * level) | 0;
  }
  return call.giveInteger(total);
}

// Pixels

function pixelArgument(call: Call, { pixels }: PixelBuffer): number {
  const index = intArgument(call, 2) - 1;
  if (index < 0 || index >= pixels) throw call.argumentError(2, "index out of range");
  return index;
}

function get(call: Call): number {
  const buffer = self(call);
  const start = pixelArgument(call, buffer) * buffer.channels;
  const pixel = buffer.levels.slice(start, start + buffer.channels);
  return call.giveAll(Array.from(pixel, (level): Value => call.numbers.fromInteger(level)));
}

function set(call: Call): number {
  const buffer = self(call);
  const { levels, channels, pixels } = buffer;
  const start = pixelArgument(call, buffer) * channels;
  const value = call.get(3);
  if (value instanceof Table) setFromTable(call, value, levels, start, channels);
  else if (value instanceof TString) {
    const { text } = value;
    if (start + text.length > channels * pixels) {
      throw call.error("string size will exceed strip length");
    }
    if (text.length % channels !== 0) {
      throw call.error("string does not contain whole LEDs");
    }
    for (let i = 0; i < text.length; i++) levels[start + i] = text.charCodeAt(i);
  } else {
    if (call.count > 2 + channels) throw call.argumentError(2 + channels, "extra values given");
    for (let i = 0; i < channels; i++) levels[start + i] = intArgument(call, 3 + i);
  }
  return giveSelf(call);
}

/** What is no number counts as 0. */
function setFromTable(
  call: Call,
  table: Table,
  levels: Uint8Array,
  start: number,
  channels: number,
): void {
  for (let i = 0; i < channels; i++) {
    const number = call.state.engine.toNumber(call.state, table.getNumber(i + 1));
    const integer = number === undefined ? undefined : call.numbers.toInteger(number);
    levels[start + i] = toInt(integer ?? 0);
  }
}

function fill(call: Call): number {
  const { levels, channels, pixels } = self(call);
  if (pixels === 0) return giveSelf(call);
  if (call.count !== 1 + channels) {
    throw call.argumentError(1, "need as many values as colors per pixel");
  }
  for (let i = 0; i < channels; i++) levels[i] = intArgument(call, 2 + i);
  for (let i = channels; i < levels.length; i++) levels[i] = levels[i - channels];
  return giveSelf(call);
}

function replace(call: Call): number {
  const buffer = self(call);
  const { channels, levels, pixels } = buffer;
  const first = position(call.integer(3, 1), pixels);
  const source = replacementLevels(call, buffer);
  const count = Math.floor(source.length / channels);
  if (count + first - 1 > pixels) {
    throw call.argumentError(2, "does not fit into destination");
  }
  if (first > 0) levels.set(source.slice(0, count * channels), (first - 1) * channels);
  return call.giveNothing();
}

function replacementLevels(call: Call, { channels }: PixelBuffer): Uint8Array {
  const value = call.get(2);
  if (value instanceof TString) return Uint8Array.from(value.text, (unit) => unit.charCodeAt(0));
  const other = call.userdata(2, BUFFER);
  if (other.channels !== channels) {
    throw call.argumentError(2, "buffers have different channels");
  }
  return other.levels;
}

function sub(call: Call): number {
  const { levels, channels, pixels } = self(call);
  const first = position(call.integer(2), pixels);
  const last = position(call.integer(3, -1), pixels);
  if (first > last || first === 0) return giveBuffer(call, new PixelBuffer(0, channels));
  const part = makeBuffer(call, last - first + 1, channels);
  part.levels.set(levels.subarray((first - 1) * channels, last * channels));
  return giveBuffer(call, part);
}

/** Fills the buffer with what a function makes of the pixels of one or two others. */
function map(call: Call): number {
  const output = self(call);
  const first = bufferOrNone(call, 3) ?? output;
  const from = position(call.integer(4, 1), first.pixels) - 1;
  const to = position(call.integer(5, first.pixels), first.pixels) - 1;
  if (to <= from) throw call.argumentError(3, "Buffer limits out of order");
  const count = to - from + 1;
  if (count !== output.pixels) throw call.argumentError(1, "Output buffer wrong size");
  const second = bufferOrNone(call, 6);
  const secondFrom = second ? position(call.integer(7, 1), second.pixels) - 1 : 0;
  if (second && secondFrom + count > second.pixels) {
    throw call.argumentError(6, "Second buffer too short");
  }
  for (let i = 0; i < count; i++) {
    const given = pixelOf(call, first, from + i);
    if (second) given.push(...pixelOf(call, second, secondFrom + i));
    storeMapped(call, output, i, call.callAll(call.get(2), given));
  }
  return giveSelf(call);
}

function pixelOf(call: Call, { levels, channels }: PixelBuffer, index: number): Value[] {
  const pixel = levels.slice(index * channels, (index + 1) * channels);
  return Array.from(pixel, (level): Value => call.numbers.fromInteger(level));
}

/** From the last level to the first, as far as the results are numbers. */
function storeMapped(
  call: Call,
  { levels, channels }: PixelBuffer,
  index: number,
  results: readonly Value[],
): void {
  for (let i = channels - 1; i >= 0; i--) {
    const number = call.state.engine.toNumber(call.state, results[i]);
    const integer = number === undefined ? undefined : call.numbers.toInteger(number);
    if (integer === undefined) throw resultError(call, results[i], number !== undefined);
    levels[index * channels + i] = toInt(integer);
  }
}

function resultError(call: Call, result: Value, isNumber: boolean): unknown {
  const kind = call.typeName(result);
  return call.argumentError(
    -1,
    isNumber ? "number has no integer representation" : `number expected, got ${kind}`,
  );
}

// The whole buffer

/** @param intensityBits 0 for plain levels, else of the brightness in front of three levels */
function mixFunction(intensityBits: 0 | typeof INTENSITY_BITS) {
  return (call: Call): number => {
    const output = self(call);
    const sources: Source[] = [];
    for (let n = 2; n + 1 <= call.count; n += 2) {
      const factor = intArgument(call, n);
      const source = call.userdata(n + 1, BUFFER);
      if (!source.hasShapeOf(output)) {
        throw call.argumentError(n + 1, "buffer not same size or shape");
      }
      sources.push({ factor, levels: source.levels });
    }
    if (sources.length === 0) return giveSelf(call);
    if (intensityBits === 0) mixLevels(output.levels, sources);
    else if (output.channels !== 4) throw call.argumentError(2, "Requires 4 channel pixbuf");
    else mixIntensities(output.levels, sources, intensityBits, call.state.longBits);
    return giveSelf(call);
  };
}

function shift(call: Call): number {
  const { levels, channels, pixels } = self(call);
  const distance = Math.imul(intArgument(call, 2), channels);
  const type = intArgument(call, 3, SHIFT_LOGICAL);
  const first = position(call.integer(4, 1), pixels);
  const last = position(call.integer(5, -1), pixels);
  if (type !== SHIFT_LOGICAL && type !== SHIFT_CIRCULAR) {
    throw call.argumentError(3, "invalid shift type");
  }
  if (first < 1) throw call.argumentError(4, "start position must be >= 1");
  if (last < first) throw call.argumentError(5, "end position must be >= start");
  const window = (last - first + 1) * channels;
  if (Math.abs(distance) > levels.length) {
    throw call.argumentError(2, "shifting more elements than buffer size");
  }
  if (Math.abs(distance) > window) {
    throw call.argumentError(2, "shifting more than sliced window");
  }
  const offset = (first - 1) * channels;
  shiftBytes(levels, { offset, window, distance, isCircular: type === SHIFT_CIRCULAR });
  return call.giveNothing();
}

const METHODS: Entries = {
  __index: ITSELF,
  __eq: equals,
  __concat: concat,
  __tostring: toText,
  channels: (call) => call.giveInteger(self(call).channels),
  dump: (call) => call.giveText(fromBytes(self(call).levels)),
  fade,
  fadeI: fadeIntensity,
  fill,
  get,
  replace,
  map,
  mix: mixFunction(0),
  mix4I5: mixFunction(INTENSITY_BITS),
  power,
  powerI: powerIntensity,
  set,
  shift,
  size: (call) => call.giveInteger(self(call).pixels),
  sub,
};

export const PIXBUF: Library = {
  name: "pixbuf",
  fieldsFirst: true,
  functions: { newBuffer },
  fields: ({ numbers }) => ({
    FADE_IN: numbers.fromInteger(FADE_IN),
    FADE_OUT: numbers.fromInteger(FADE_OUT),
    SHIFT_CIRCULAR: numbers.fromInteger(SHIFT_CIRCULAR),
    SHIFT_LOGICAL: numbers.fromInteger(SHIFT_LOGICAL),
  }),
  userdata: [{ kind: BUFFER, metatable: METHODS }],
};
