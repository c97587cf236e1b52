/**
 * The functions of `string` that need no patterns and are the same in every version, and positions,
 * which count from 1, and from the end when they are negative. Source: the manuals' §5.4 and §6.4.
 */
import type { LuaString } from "../../base/lua-string.ts";
import { type Call, type Native, withQuick } from "../call.ts";
import { makeText } from "../join.ts";
import { TString, type Value } from "../values.ts";

/** A position from the start of a text: 0 for what lies before it. */
export function fromStart(position: number, length: number): number {
  if (position >= 0) return position;
  return Math.max(length + position + 1, 0);
}

export const len = withQuick(
  (call) => call.giveInteger(call.text(1).length),
  (_state, _count, text) => (text instanceof TString ? text.text.length : null),
);

export const sub = withQuick(
  (call) => call.giveText(part(call.text(1), call.integer(2), call.integer(3, -1))),
  (state, count, text, first, last) => {
    if (!(text instanceof TString && isPosition(first))) return null;
    if (count === 2) return makeText(state, part(text.text, first, -1));
    return isPosition(last) ? makeText(state, part(text.text, first, last)) : null;
  },
);

function part(text: LuaString, from: number, to: number): LuaString {
  const first = Math.max(fromStart(from, text.length), 1);
  const last = fromStart(to, text.length);
  return first <= last ? text.slice(first - 1, last) : "";
}

/** Is the value an integer that is small in every version. */
function isPosition(value: Value): value is number {
  return typeof value === "number" && (value | 0) === value;
}

export function reverse(call: Call): number {
  return call.giveText([...call.text(1)].reverse().join(""));
}

export const lower = onText((text) => {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
});

export const upper = onText((text) => {
  if (!BEYOND_ASCII.test(text)) return text.toUpperCase();
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
});

const BEYOND_ASCII = /[\x80-\xff]/;

/** For letters of the "C" locale only. */
function onText(work: (text: LuaString) => LuaString): Native {
  return withQuick(
    (call) => call.giveText(work(call.text(1))),
    (state, _count, text) => (text instanceof TString ? makeText(state, work(text.text)) : null),
  );
}

/** @param maxResults that the stack has room for */
export function byteFunction(hasRoomFor: (call: Call, results: number) => boolean): Native {
  const body = (call: Call): number => {
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
  return withQuick(body, (_state, count, text, at) => {
    if (count !== 2 || !(text instanceof TString && isPosition(at))) return null;
    return at > 0 && at <= text.text.length ? text.text.charCodeAt(at - 1) : null;
  });
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
