/**
 * A contender in a process of its own, so that no one's garbage is collected on another's time.
 * The process is this same program, started with {@link CONTENDER_OPTION}; it does a round whenever
 * it is asked and rests in between.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contenderNamed, type Work } from "./contenders.ts";
import type { SourceFile } from "./sources.ts";
import { reasonOf } from "./words.ts";

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
  | ({ readonly kind: "lap" } & Lap)
  | { readonly kind: "failed"; readonly reason: string };

/** The other side: a process that answers questions until the asking one closes the connection. */
export function serveContender(name: string): void {
  const contender = contenderNamed(name);
  let work: Work | undefined;
  const answer = async (question: Question): Promise<Answer> => {
    if (question.kind === "lap") return { kind: "lap", ...lapOf(work!) };
    const { folder, names } = question;
    const sources = names.map((file) => ({
      name: file,
      bytes: new Uint8Array(readFileSync(join(folder, file))),
    }));
    work = await contender!(sources);
    return { kind: "loaded", files: work.files, bytes: work.bytes };
  };
  process.on("message", (question: Question) => {
    answer(question)
      .catch((error): Answer => ({ kind: "failed", reason: reasonOf(error) }))
      .then((reply) => process.send!(reply));
  });
}

function lapOf(work: Work): Lap {
  const start = performance.now();
  const size = work.run();
  return { milliseconds: performance.now() - start, size };
}

export class ContenderProcess {
  private readonly child: ChildProcess;
  /** Of the sources that the contender takes. */
  files = 0;
  bytes = 0;

  constructor(name: string) {
    this.child = fork(fileURLToPath(import.meta.url), [CONTENDER_OPTION, name]);
  }

  /** @throws when the contender cannot be loaded */
  async load(folder: string, files: readonly SourceFile[]): Promise<void> {
    const names = files.map(({ name }) => name);
    const answer = await this.ask({ kind: "load", folder, names });
    if (answer.kind !== "loaded") throw new Error("an answer to another question");
    this.files = answer.files;
    this.bytes = answer.bytes;
  }

  /** @throws when the contender does; it took these sources before, so that is a wrong result */
  async lap(): Promise<Lap> {
    const answer = await this.ask({ kind: "lap" });
    if (answer.kind !== "lap") throw new Error("an answer to another question");
    return answer;
  }

  close(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error("the process ended"));
      this.child.once("exit", ended);
      this.child.once("message", (answer: Answer) => {
        this.child.off("exit", ended);
        if (answer.kind === "failed") reject(new Error(answer.reason));
        else resolve(answer);
      });
      // A process that is gone already says so here, not with another "exit".
      this.child.send(question, (error) => error && reject(error));
    });
  }
}
