/**
 * The Lua that is compiled, as files in a folder of ours, so that a program that can only read
 * files gets the same as one that takes bytes. File names are plain words: they also serve as
 * command line arguments and, with `@`, as chunk names.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { corpus } from "./corpus.ts";

export interface SourceFile {
  readonly name: string;
  readonly bytes: number;
}

export interface SourceSet {
  /** What it is, in words. */
  readonly name: string;
  /** More about it: nothing, or words in parentheses after a space. */
  readonly detail: string;
  readonly folder: string;
  readonly files: readonly SourceFile[];
}

/** Our own example, multiplied by renaming. */
export function corpusSet(folder: string, minimumBytes: number): SourceSet {
  mkdirSync(folder);
  const files = corpus(minimumBytes).map(({ name, source }) => keep(folder, name, source));
  return { name: "our own modules, multiplied by renaming", detail: "", folder, files };
}

/**
 * Every `.lua` file below a folder that is wanted; all of them again, as other files, until there
 * are enough bytes.
 *
 * @returns no files when there is not one that is wanted
 */
export function repositorySet(
  root: string,
  folder: string,
  minimumBytes: number,
  wanted: (source: Uint8Array) => boolean,
): SourceSet {
  mkdirSync(folder);
  const paths = luaFilesBelow(root);
  const originals = paths
    .map((path) => ({ path, source: new Uint8Array(readFileSync(path)) }))
    .filter(({ source }) => wanted(source));
  const files: SourceFile[] = [];
  let bytes = 0;
  while (bytes < minimumBytes && originals.length > 0) {
    for (const { path, source } of originals) {
      files.push(keep(folder, plainName(path, files.length), source));
      bytes += source.length;
    }
  }
  const copies = originals.length === 0 ? 0 : files.length / originals.length;
  const detail = ` (${originals.length} of ${paths.length} .lua files compile; each ${copies} times)`;
  return { name: "repositories", detail, folder, files };
}

/** Prime, so that strides of this length come past every file once before any comes twice. */
const STRIDE = 1_000_003;

/** The same files in an order that comes from all over the set; always the same order. */
export function scattered(files: readonly SourceFile[]): SourceFile[] {
  return files.map((_, index) => files[(index * STRIDE) % files.length]);
}

/** Files from all over the set, until there are that many bytes. */
export function sample(files: readonly SourceFile[], bytes: number): SourceFile[] {
  let size = 0;
  return scattered(files).filter((file) => {
    const wanted = size < bytes;
    size += file.bytes;
    return wanted;
  });
}

export function sizeOf(files: readonly SourceFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

function keep(folder: string, name: string, source: Uint8Array): SourceFile {
  writeFileSync(join(folder, name), source);
  return { name, bytes: source.length };
}

function luaFilesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".lua"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Different for every index, without what a shell, a command line or a file system may not like. */
function plainName(path: string, index: number): string {
  return `${index}_${basename(path, ".lua").replace(/\W/g, "_")}.lua`;
}
