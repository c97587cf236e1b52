/**
 * What one side makes of one input, in a form that can be compared, shown and kept.
 */
import { LuacrossError } from "../../src/base/errors.ts";
import { fromBytes, type LuaString } from "../../src/base/lua-string.ts";
import type { Answer } from "./reference.ts";
import type { Outcome, Subject } from "./subject.ts";

/** What is looked at: the output file, that of `-s`, or the full listing. */
export type View = "plain" | "stripped" | "listing";

/** An error message, the bytes of a file, or a listing with masked addresses. */
export interface Result {
  readonly kind: "message" | "bytes" | "listing";
  readonly text: LuaString;
}

/** What the library makes of an input that it loaded, or did not. */
export function ourResult(subject: Subject, outcome: Outcome, view: View): Result {
  switch (outcome.kind) {
    case "crashed":
      return { kind: "message", text: outcome.reason };
    case "refused":
      return { kind: "message", text: outcome.error.message };
    case "loaded":
      return useOrRefuse(() =>
        view === "listing"
          ? { kind: "listing", text: maskAddresses(subject.list([outcome.proto])) }
          : {
              kind: "bytes",
              text: fromBytes(subject.encode([outcome.proto], view === "stripped")),
            },
      );
  }
}

function useOrRefuse(use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (error instanceof LuacrossError) return { kind: "message", text: error.message };
    throw error;
  }
}

/** What the reference makes of it, from the answer it gave. */
export function theirResult(answer: Answer, view: View): Result {
  if (answer.status !== 0) {
    // A refusal must have an exit status of 1; any other is shown as part of the message.
    const text = answer.status === 1 ? answer.message : `[${answer.status}] ${answer.message}`;
    return { kind: "message", text };
  }
  if (view === "listing") return { kind: "listing", text: maskAddresses(answer.stdout) };
  return { kind: "bytes", text: fromBytes(answer.output ?? new Uint8Array(0)) };
}

export function optionsFor(view: View): string[] {
  return view === "stripped" ? ["-s"] : [];
}

export function isSameResult(a: Result, b: Result): boolean {
  return a.kind === b.kind && a.text === b.text;
}

/** One line about a result: where it first differs from the other. */
export function summary(result: Result, other: Result): string {
  const { kind, text } = result;
  if (kind === "message") return text;
  if (kind === "listing") {
    const lines = text.split("\n");
    const otherLines = other.text.split("\n");
    const at = lines.findIndex((line, i) => line !== otherLines[i]);
    return `listing, line ${at + 1}: ${lines[at] ?? ""}`;
  }
  let at = 0;
  while (at < text.length && text[at] === other.text[at]) at++;
  const hex = Buffer.from(text.slice(at, at + 16), "latin1").toString("hex");
  return `${text.length} bytes, at ${at}: ${hex}`;
}

/** Replaces the addresses in a listing by numbers, in order of appearance. */
export function maskAddresses(listing: LuaString): LuaString {
  const seen = new Map<string, number>();
  return listing.replace(
    /((?:bytes|instructions?) at |\) for |\tCLOSURE +\t[^\t\n]*\t; )([^\s():]+)/g,
    (_whole, before: string, address: string) => {
      if (!seen.has(address)) seen.set(address, seen.size + 1);
      return `${before}#${seen.get(address)}`;
    },
  );
}
