/**
 * What luacross has to say beside the reference's messages: one line each on stderr, behind the
 * program's name, so that scripts tell them from errors.
 *
 *     luac.cross: warning: a/x.lua is hidden by b/x.lua …     something is likely wrong
 *     luac.cross: note: …                                     something was done
 */
import { fromText } from "../base/lua-string.ts";
import { Failure } from "./failure.ts";
import type { Host } from "./host.ts";

export class Notices {
  private readonly host: Host;
  private readonly programName: string;
  private readonly strict: boolean;

  /** @param strict warnings are errors */
  constructor(host: Host, programName: string, strict: boolean) {
    this.host = host;
    this.programName = programName;
    this.strict = strict;
  }

  note(text: string): void {
    this.print("note", text);
  }

  /**
   * All of them are printed before any is taken for an error.
   *
   * @param texts plain text
   * @throws Failure when warnings are errors and there is one
   */
  warn(texts: readonly string[]): void {
    for (const text of texts) this.print("warning", text);
    if (this.strict && texts.length > 0) throw new Failure("stopped by a warning (--strict)");
  }

  private print(kind: "note" | "warning", text: string): void {
    this.host.writeStderr(fromText(`${this.programName}: ${kind}: ${text}\n`));
  }
}
