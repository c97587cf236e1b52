/** What is known of the patterns that programs use again and again; one per machine. */
import type { LuaString } from "../base/lua-string.ts";

/** Patterns that are remembered, after which all are forgotten. */
const MOST_PATTERNS = 200;

/**
 * Which units a single matches: 256 elements that are 1 or 0. By the pattern and, in it, where the
 * single begins.
 */
export class PatternTables {
  private readonly patterns = new Map<LuaString, Uint8Array[]>();

  of(pattern: LuaString): Uint8Array[] {
    let tables = this.patterns.get(pattern);
    if (tables === undefined) {
      if (this.patterns.size >= MOST_PATTERNS) this.patterns.clear();
      tables = [];
      this.patterns.set(pattern, tables);
    }
    return tables;
  }
}
