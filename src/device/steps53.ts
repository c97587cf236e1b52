/**
 * The steps of a load of Lua 5.3, in the order in which they end. Source: lua53.md §9.1.
 *
 * The first ones are taken in the call of `node.LFS.reload`, the rest after the restart.
 */

/** What a step makes sure of or does, in plain words. */
export const STEP_TITLES_53 = {
  "file system": "the firmware has a file system",
  region: "the firmware has an LFS region",
  file: "the file exists",
  restart: "its name is kept for the next start, and the device restarts",
  memory: "there is memory for the loader's own use",
  open: "the name is found again, and the file can be opened",
  erase: "the sectors of the region that are not blank are erased",
  header: "the file begins like an image for numbers of the firmware's sizes",
  strings: "the strings are written",
  functions: "functions and names of modules are written",
  finish: "the header is written",
} as const;

export type StepName53 = keyof typeof STEP_TITLES_53;
