/**
 * The functions of `string` that need no patterns and are the same in every version, and positions,
 * which count from 1, and from the end when they are negative. Source: the manuals' §5.4 and §6.4.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";

/** A position from the start of a text: 0 for what lies before it. */
export function fromStart(position: number, length: number): number {
  if (position >= 0) return position;
  return Math.max(length + position + 1, 0);
}

export function len(call: Call): number {
  return call.giveInteger(call.text(1).length);
}

export function sub(call: Call): number {
  const text = call.text(1);
  const first = Math.max(fromStart(call.integer(2), text.length), 1);
  const last = fromStart(call.integer(3, -1), text.length);
  return call.giveText(first <= last ? text.slice(first - 1, last) : "");
}

export function reverse(call: Call): number {
  return call.giveText([...call.text(1)].reverse().join(""));
}

/** Letters of the "C" locale only. */
export function lower(call: Call): number {
  return call.giveText(call.text(1).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
}

export function upper(call: Call): number {
  return call.giveText(call.text(1).replace(/[a-z]+/g, (letters) => letters.toUpperCase()));
}

/** @param maxResults that the stack has room for */
export function byteFunction(hasRoomFor: (call: Call, results: number) => boolean): Native {
  return (call) => {
    const text = call.text(1);
    const from = fromStart(call.integer(2, 1), text.length);
    const last = Math.min(fromStart(call.integer(3, from), text.length), text.length);
    const first = Math.max(from, 1);
    if (last >= first && !hasRoomFor(call, last - first + 1)) {
      throw call.error("stack overflow (string slice too long)");
    }
    const bytes = [];
    for (let at = first; at <= last; at++) {
      bytes.push(call.numbers.fromInteger(text.charCodeAt(at - 1)));
    }
    return call.giveAll(bytes);
  };
}

/**
 * @param toByte takes an argument for an integer
 * @param complaint about one that is no byte
 */
export function charFunction(
  toByte: (call: Call, n: number) => number,
  complaint: LuaString,
): Native {
  return (call) => {
    let text = "";
    for (let n = 1; n <= call.count; n++) {
      const byte = toByte(call, n);
      if (byte < 0 || byte > 255) throw call.argumentError(n, complaint);
      text += String.fromCharCode(byte);
    }
    return call.giveText(text);
  };
}
