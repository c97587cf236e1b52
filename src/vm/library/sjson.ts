/** The firmware's module `sjson`. Source: the NodeMCU manual, "sjson"; observed. */
import type { Call } from "../call.ts";
import { ITSELF, type Library } from "../library.ts";
import { isNumber } from "../numbers.ts";
import { Table } from "../table.ts";
import { Userdata, UserdataKind, type Value } from "../values.ts";
import { Decoder } from "./sjson-decode.ts";
import { Encoder } from "./sjson-encode.ts";
import { intArgument } from "./words.ts";

/** A text that is encoded at once gets no longer. */
const MAX_TEXT = 1_000_000;
const USUAL_READ = 1024;
/** What both weigh on a board: their own fields and twenty levels. */
const DECODER_BYTES = 884;
const ENCODER_BYTES = 264;

const DECODER = new UserdataKind<Decoder>("sjson.decoder", (decoder) => decoder.values());
const ENCODER = new UserdataKind<Encoder>("sjson.encoder", (encoder) => encoder.values());

/** Makes the module for one machine, which has one value that stands for null. */
export function sjsonLibrary(): Library {
  const none = new Userdata(undefined, null, 0);
  const newDecoder = (call: Call, options: number) =>
    new Decoder(call, {
      none: hasOptions(call, options) ? option(call, options, "null") : none,
      metatable: hasOptions(call, options) ? option(call, options, "metatable") : undefined,
    });
  return {
    name: "sjson",
    functions: {
      encode,
      decode: (call) => decode(call, newDecoder(call, 2)),
      encoder: (call) => call.giveUserdata(ENCODER, newEncoder(call), ENCODER_BYTES),
      decoder: (call) => call.giveUserdata(DECODER, newDecoder(call, 1), DECODER_BYTES),
    },
    userdata: [
      {
        kind: ENCODER,
        metatable: { __gc: (call) => call.giveNothing(), __index: ITSELF, read },
      },
      {
        kind: DECODER,
        metatable: { __gc: (call) => call.giveNothing(), __index: ITSELF, write, result },
      },
    ],
  };
}

function hasOptions(call: Call, n: number): boolean {
  return call.get(n) instanceof Table;
}

function option(call: Call, n: number, name: string): Value {
  return call.index(call.get(n), call.state.intern(name));
}

// Encoding

function newEncoder(call: Call): Encoder {
  const table = call.table(1);
  return new Encoder(call, table, hasOptions(call, 2) ? option(call, 2, "null") : undefined);
}

function encode(call: Call): number {
  const text = newEncoder(call).read(call, MAX_TEXT);
  return text === "" ? call.giveNothing() : call.giveText(text);
}

function read(call: Call): number {
  const encoder = call.userdata(1, ENCODER);
  const size = isNumber(call.get(2)) ? Math.max(intArgument(call, 2), 1) : USUAL_READ;
  const text = encoder.read(call, size);
  return text === "" ? call.giveNothing() : call.giveText(text);
}

// Decoding

function decode(call: Call, decoder: Decoder): number {
  // The reference's own userdata lies where the text is missed.
  if (!call.has(1)) throw call.argumentError(1, "string expected, got userdata");
  feed(call, decoder, 1);
  if (!decoder.isComplete) throw call.error("Incomplete JSON object passed to sjson.decode");
  return call.give(decoder.result());
}

function write(call: Call): number {
  const decoder = call.userdata(1, DECODER);
  feed(call, decoder, 2);
  return decoder.isComplete ? call.give(decoder.result()) : call.giveNothing();
}

/** Once the value is complete, what follows is not looked at. */
function feed(call: Call, decoder: Decoder, n: number): void {
  const text = call.text(n);
  if (decoder.error !== undefined) throw call.error("JSON parse error: previous call");
  if (decoder.isComplete) return;
  decoder.feed(call, text);
  if (decoder.error !== undefined) throw call.error(`JSON parse error: ${decoder.error}`);
}

function result(call: Call): number {
  const decoder = call.userdata(1, DECODER);
  if (!decoder.isComplete) throw call.error("decode not complete");
  return call.give(decoder.result());
}
