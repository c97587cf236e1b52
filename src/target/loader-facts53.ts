/**
 * Where the Lua 5.3 firmware generations differ in loading an LFS: data only, one record per
 * generation. Source: lua53.md §9.1.
 */

export interface LoaderFacts53 {
  /**
   * Longest name of a file, in bytes, that is found again after the restart; a longer one is stored
   * for nothing. Undefined when no file has a longer one.
   */
  readonly longestName: number | undefined;
  /** All memory for data that the largest such chip has. */
  readonly dataRam: number;
}

/** NodeMCU 3.0. */
export const LOADER_30_53: LoaderFacts53 = {
  longestName: undefined,
  dataRam: 80 * 1024,
};

/** The branch for the newer chip reads the name back into less than its file system allows. */
export const LOADER_DEV_53: LoaderFacts53 = {
  longestName: 30,
  dataRam: 4 * 1024 * 1024,
};
