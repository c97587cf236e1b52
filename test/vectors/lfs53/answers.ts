/** How the reference's answers for Lua 5.3 are kept. */

/** What became of one case, for one target. */
export interface ImageAnswer53 {
  /** What the reference chose. */
  readonly seed: number;
  /** Its clock. */
  readonly time: number;
  readonly compact: string;
  /** Undefined where the generation's compiler cannot make one. Bytes without a meaning are zeros. */
  readonly absolute?: string;
  /** How many bytes without a meaning there are. */
  readonly undefinedBytes?: number;
}

export interface AnswerFile53 {
  /** By case, by number model, by path of a source: the `.lc` file in base64. */
  readonly chunks: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
  >;
  /** By case, then by target. */
  readonly images: Readonly<Record<string, Readonly<Record<string, ImageAnswer53>>>>;
}
