/**
 * A contender in a process of its own, so that no one's garbage is collected on another's time. It
 * does a round whenever it is asked and rests in between.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AskedProcess, serve } from "./asked-process.ts";
import { contenderNamed, type Work } from "./contenders.ts";
import type { SourceFile } from "./sources.ts";

export const CONTENDER_OPTION = "--contender";

/** One time through all sources. */
export interface Lap {
  readonly milliseconds: number;
  /** How much came out; the same in every lap. */
  readonly size: number;
}

type Question =
  | { readonly kind: "load"; readonly folder: string; readonly names: readonly string[] }
  | { readonly kind: "lap" };

type Answer =
  | { readonly kind: "loaded"; readonly files: number; readonly bytes: number }
  | ({ readonly kind: "lap" } & Lap);

/** The other side. */
export function serveContender(name: string): void {
  const contender = contenderNamed(name);
  let work: Work | undefined;
  serve(async (question: Question): Promise<Answer> => {
    if (question.kind === "lap") return { kind: "lap", ...lapOf(work!) };
    const { folder, names } = question;
    const sources = names.map((file) => ({
      name: file,
      bytes: new Uint8Array(readFileSync(join(folder, file))),
    }));
    work = await contender!(sources);
    return { kind: "loaded", files: work.files, bytes: work.bytes };
  });
}

function lapOf(work: Work): Lap {
  const start = performance.now();
  const size = work.run();
  return { milliseconds: performance.now() - start, size };
}

export class ContenderProcess {
  private readonly child: AskedProcess<Question, Answer>;
  /** Of the sources that the contender takes. */
  files = 0;
  bytes = 0;

  constructor(name: string) {
    this.child = new AskedProcess(CONTENDER_OPTION, name);
  }

  /** @throws when the contender cannot be loaded */
  async load(folder: string, files: readonly SourceFile[]): Promise<void> {
    const names = files.map(({ name }) => name);
    const answer = await this.child.ask({ kind: "load", folder, names });
    if (answer.kind !== "loaded") throw new Error("an answer to another question");
    this.files = answer.files;
    this.bytes = answer.bytes;
  }

  /** @throws when the contender does; it took these sources before, so that is a wrong result */
  async lap(): Promise<Lap> {
    const answer = await this.child.ask({ kind: "lap" });
    if (answer.kind !== "lap") throw new Error("an answer to another question");
    return answer;
  }

  close(): void {
    this.child.close();
  }
}
