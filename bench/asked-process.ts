/**
 * A process that answers questions, one after the other: this same program, started with an option
 * that says what it is to be. What is measured in it is not disturbed by what others leave behind.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { reasonOf } from "./words.ts";

type Reply<Answer> =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly reason: string };

/** The other side: answers until the asking process closes the connection. */
export function serve<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  process.on("message", (question: Question) => {
    answer(question)
      .then((given): Reply<Answer> => ({ kind: "answer", answer: given }))
      .catch((error): Reply<Answer> => ({ kind: "failed", reason: reasonOf(error) }))
      .then((reply) => process.send!(reply));
  });
}

export class AskedProcess<Question extends object, Answer> {
  private readonly child: ChildProcess;

  /** @param options by which this program knows what it is there for */
  constructor(...options: string[]) {
    this.child = fork(fileURLToPath(import.meta.url), options);
  }

  /** @throws when the process ends, or with what it threw */
  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error("the process ended"));
      this.child.once("exit", ended);
      this.child.once("message", (reply: Reply<Answer>) => {
        this.child.off("exit", ended);
        if (reply.kind === "failed") reject(new Error(reply.reason));
        else resolve(reply.answer);
      });
      // A process that is gone already says so here, not with another "exit".
      this.child.send(question, (error) => error && reject(error));
    });
  }

  close(): void {
    if (this.child.connected) this.child.disconnect();
  }
}
