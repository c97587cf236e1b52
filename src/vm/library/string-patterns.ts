/** `find`, `match`, `gmatch` and `gsub`. Source: the manuals' §5.4 and §6.4. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import { isNumber } from "../numbers.ts";
import { LuaFunction } from "../state.ts";
import { Table } from "../table.ts";
import { isTruthy, TString, UserdataKind, type Value } from "../values.ts";
import { isPlain, Matcher, type PatternRules } from "./pattern.ts";
import { spendSteps } from "./steps.ts";
import { fromStart } from "./string-basics.ts";

/** The four functions by the rules of a version. */
export function patternFunctions(
  rules: PatternRules,
): Readonly<Record<"find" | "match" | "gmatch" | "gsub", Native>> {
  return {
    find: (call) => find(call, rules),
    match: (call) => match(call, rules),
    gmatch: (call) => gmatch(call, rules),
    gsub: (call) => gsub(call, rules),
  };
}

function matcherFor(
  call: Call,
  rules: PatternRules,
  text: LuaString,
  pattern: LuaString,
  anchors: boolean,
): Matcher {
  const fail = (message: LuaString) => call.error(message);
  const spend = (steps: number) => spendSteps(call, steps);
  return new Matcher(rules, text, pattern, anchors, call.state.patterns, fail, spend);
}

/** Where a search begins, from 0 on; undefined when that is beyond the text and finds nothing. */
function searchStart(call: Call, rules: PatternRules, length: number): number | undefined {
  const start = Math.max(fromStart(call.integer(3, 1), length), 1) - 1;
  if (start <= length) return start;
  return rules.findsBeyondEnd ? length : undefined;
}

function find(call: Call, rules: PatternRules): number {
  const text = call.text(1);
  const pattern = call.text(2);
  const start = searchStart(call, rules, text.length);
  if (start === undefined) return call.give(undefined);
  if (isTruthy(call.get(4)) || isPlain(pattern, rules)) {
    const at = text.indexOf(pattern, start);
    if (at < 0) return call.give(undefined);
    return givePositions(call, at, at + pattern.length);
  }
  const matcher = matcherFor(call, rules, text, pattern, true);
  const at = matcher.search(start);
  if (at < 0) return call.give(undefined);
  const end = matcher.foundEnd;
  givePositions(call, at, end);
  for (let i = 0; i < matcher.level; i++) call.push(captureValue(call, matcher, i, at, end));
  return 2 + matcher.level;
}

/** A span as its first and last position. */
function givePositions(call: Call, start: number, end: number): number {
  const { numbers } = call;
  return call.giveTwo(numbers.fromInteger(start + 1), numbers.fromInteger(end));
}

const PLACE = new UserdataKind<undefined>("place of gmatch");

function match(call: Call, rules: PatternRules): number {
  const text = call.text(1);
  const pattern = call.text(2);
  const start = searchStart(call, rules, text.length);
  if (start === undefined) return call.give(undefined);
  const matcher = matcherFor(call, rules, text, pattern, true);
  const at = matcher.search(start);
  if (at < 0) return call.give(undefined);
  return giveCaptures(call, matcher, at, matcher.foundEnd);
}

/** The iterator keeps its place for itself. An anchor would make it endless, so `^` is none. */
function gmatch(call: Call, rules: PatternRules): number {
  const text = call.string(1);
  const pattern = call.string(2);
  let from = 0;
  let lastEnd = -1;
  let current = call;
  const matcher = new Matcher(
    rules,
    text.text,
    pattern.text,
    false,
    call.state.patterns,
    (message) => current.error(message),
    (steps) => spendSteps(current, steps),
  );
  const next: Native = (inner) => {
    current = inner;
    for (let at = from; at <= text.text.length; at++) {
      at = matcher.search(at);
      if (at < 0) break;
      const end = matcher.foundEnd;
      if (end === lastEnd && !rules.repeatsEmptyMatches) continue;
      from = rules.repeatsEmptyMatches && end === at ? end + 1 : end;
      lastEnd = end;
      return giveCaptures(inner, matcher, at, end);
    }
    from = text.text.length + 1;
    return inner.giveNothing();
  };
  // The device keeps the place in an upvalue, too.
  const { placeSize } = rules;
  const place = placeSize > 0 ? call.newUserdata(PLACE, undefined, placeSize) : 0;
  return call.give(call.newFunction(next, "for iterator", [text, pattern, place]));
}

function gsub(call: Call, rules: PatternRules): number {
  const text = call.text(1);
  const pattern = call.text(2);
  const replacement = call.get(3);
  const limit = call.integer(4, text.length + 1);
  if (!isReplacement(call, replacement)) {
    throw call.argumentError(3, `${rules.texts.replacements} expected`);
  }
  const matcher = matcherFor(call, rules, text, pattern, true);
  let result = "";
  let count = 0;
  let at = 0;
  let lastEnd = -1;
  while (count < limit) {
    const found = matcher.search(at);
    if (found < 0) break;
    result += text.slice(at, found);
    at = found;
    const end = matcher.foundEnd;
    const isMatch = rules.repeatsEmptyMatches || end !== lastEnd;
    if (isMatch) {
      count++;
      result += replaced(call, rules, matcher, replacement, at, end);
      lastEnd = end;
    }
    if (isMatch && (end > at || !rules.repeatsEmptyMatches)) at = end;
    else if (at < text.length) result += text[at++];
    else break;
    if (matcher.anchored) break;
  }
  result += text.slice(at);
  return call.giveAll([call.make(result), call.numbers.fromInteger(count)]);
}

/** Tables in flash are none where they are of another type. */
function isReplacement(call: Call, value: Value): boolean {
  if (value instanceof Table) return call.typeName(value) === "table";
  return value instanceof LuaFunction || value instanceof TString || isNumber(value);
}

/** What stands in the place of a match; nil and false leave it as it was. */
function replaced(
  call: Call,
  rules: PatternRules,
  matcher: Matcher,
  replacement: Value,
  start: number,
  end: number,
): LuaString {
  let value: Value;
  if (replacement instanceof Table) {
    value = call.index(replacement, captureValue(call, matcher, 0, start, end));
  } else if (replacement instanceof LuaFunction) {
    value = call.call(replacement, ...captures(call, matcher, start, end));
  } else return expand(call, rules, matcher, call.text(3), start, end);
  if (!isTruthy(value)) return matcher.whole(start, end);
  if (value instanceof TString) return value.text;
  if (isNumber(value)) return call.numbers.format(value);
  const kind = call.typeName(value);
  throw call.error(`invalid replacement value (a ${kind})`);
}

/** A replacement text with `%0` to `%9` filled in. */
function expand(
  call: Call,
  rules: PatternRules,
  matcher: Matcher,
  template: LuaString,
  start: number,
  end: number,
): LuaString {
  let result = "";
  let from = 0;
  for (let at = template.indexOf("%"); at >= 0; at = template.indexOf("%", from)) {
    const unit = template[at + 1] ?? "";
    result += template.slice(from, at) + filledIn(call, rules, matcher, unit, start, end);
    from = at + 2;
  }
  return result + template.slice(from);
}

/** What a unit behind a `%` stands for. */
function filledIn(
  call: Call,
  rules: PatternRules,
  matcher: Matcher,
  unit: LuaString,
  start: number,
  end: number,
): LuaString {
  if (unit === "0") return matcher.whole(start, end);
  if (unit >= "1" && unit <= "9") {
    const captured = matcher.capture(Number(unit) - 1, start, end);
    return typeof captured === "string" ? captured : String(captured);
  }
  if (rules.lenientReplacement) return unit === "" ? "\0" : unit;
  if (unit !== "%") throw call.error("invalid use of '%' in replacement string");
  return unit;
}

function giveCaptures(call: Call, matcher: Matcher, start: number, end: number): number {
  const count = Math.max(matcher.level, 1);
  call.top = call.base;
  for (let i = 0; i < count; i++) call.push(captureValue(call, matcher, i, start, end));
  return count;
}

/** The whole match stands for captures when there are none. */
function captures(call: Call, matcher: Matcher, start: number, end: number): Value[] {
  const count = Math.max(matcher.level, 1);
  const values: Value[] = [];
  for (let i = 0; i < count; i++) values.push(captureValue(call, matcher, i, start, end));
  return values;
}

function captureValue(
  call: Call,
  matcher: Matcher,
  index: number,
  start: number,
  end: number,
): Value {
  const captured = matcher.capture(index, start, end);
  return typeof captured === "string" ? call.make(captured) : call.numbers.fromInteger(captured);
}
