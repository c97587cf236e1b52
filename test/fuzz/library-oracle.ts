/**
 * An oracle made of the library itself. It cannot know better than what it is compared with; it is
 * for tests of the fuzzer, where what is compared has a mistake planted in it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LuacrossError } from "../../src/base/errors.ts";
import type { LuaString } from "../../src/base/lua-string.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import type { Answer, Oracle } from "./reference.ts";
import type { Subject } from "./subject.ts";

const NOTHING: Answer = { status: 0, message: "", stdout: "", output: undefined };

export class LibraryOracle implements Oracle {
  private readonly subject: Subject;
  private readonly folder: string;

  constructor(subject: Subject, folder: string) {
    this.subject = subject;
    this.folder = folder;
  }

  /** Of the options, only `-s` means anything. */
  compile(files: readonly string[], options: readonly string[]): Answer {
    return this.answer(files, (protos) => ({
      ...NOTHING,
      output: this.subject.encode(protos, options.includes("-s")),
    }));
  }

  list(files: readonly string[]): Answer {
    return this.answer(files, (protos) => ({ ...NOTHING, stdout: this.subject.list(protos) }));
  }

  messages(files: readonly string[]): LuaString[] {
    return files.map((file) => this.answer([file], () => NOTHING).message);
  }

  /** What `use` makes of the files' functions, or the refusal of the first that is refused. */
  private answer(files: readonly string[], use: (protos: Proto[]) => Answer): Answer {
    try {
      return use(files.map((file) => this.load(file)));
    } catch (error) {
      if (!(error instanceof LuacrossError)) throw error;
      return { ...NOTHING, status: 1, message: error.message };
    }
  }

  /** A file's main function; what is thrown is what the library threw. */
  private load(file: string): Proto {
    const outcome = this.subject.load(readFileSync(join(this.folder, file)), file);
    if (outcome.kind === "loaded") return outcome.proto;
    throw outcome.kind === "refused" ? outcome.error : new Error(outcome.reason);
  }
}
