/** How the reference's answers are kept: short images whole, long ones as their hash. */
import { createHash } from "node:crypto";

/** What became of one case: the image in both formats, or what was said instead. */
export interface ImageAnswers {
  readonly compact: string;
  readonly absolute: string;
}

/** By case, then by target. */
export type AnswerFile = Readonly<Record<string, Readonly<Record<string, ImageAnswers>>>>;

/** Longer images are kept as a hash. */
const WHOLE = 300;

/** An image as text: its base64, or its length and SHA-256. */
export function describeImage(file: Uint8Array): string {
  if (file.length <= WHOLE) return Buffer.from(file).toString("base64");
  return `${file.length} bytes, sha256 ${createHash("sha256").update(file).digest("hex")}`;
}

export function describeRefusal(message: string): string {
  return `refused: ${message}`;
}
