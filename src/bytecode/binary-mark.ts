/** What tells binary chunks from source. Source: lua51.md §5; lua53.md §3. */

/** The byte that binary chunks begin with, and no source does: ESC. */
export const BINARY_MARK = 0x1b;
