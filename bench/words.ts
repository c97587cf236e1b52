/** Figures, and what went wrong, as text. */

/** How one column of a table is set. */
export type Align = "left" | "right";

/**
 * Rows as lines, indented. Columns are as wide as their widest cell; a heading may have several
 * lines.
 */
export function table(
  align: readonly Align[],
  head: readonly (readonly string[])[],
  rows: readonly (readonly string[])[],
): string[] {
  const widths = align.map((_, i) =>
    Math.max(...[...head, ...rows].map((row) => cell(row, i).length)),
  );
  const rule = widths.map((width) => "-".repeat(width));
  return [...head, rule, ...rows].map((row) => {
    const cells = align.map((side, i) =>
      side === "left" ? cell(row, i).padEnd(widths[i]) : cell(row, i).padStart(widths[i]),
    );
    return `   ${cells.join("  ")}`.trimEnd();
  });
}

function cell(row: readonly string[], column: number): string {
  return row[column] ?? "";
}

/** With thousands apart: 1,694. */
export function whole(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** Bytes in megabytes of 1,000,000 bytes. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}

/** Three digits or more: 0.53, 12.3, 456. */
export function figure(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

export function files(count: number): string {
  return count === 1 ? "1 file" : `${whole(count)} files`;
}

/** How many times as much. */
export function factor(ratio: number): string {
  return `${ratio.toFixed(2)} x`;
}

/** What went wrong, in one line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0];
}
