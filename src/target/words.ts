/** Lists of names in the tables of facts, which are easier to read without quotes and commas. */

/** The names in a text, which are apart by blanks or lines. */
export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
