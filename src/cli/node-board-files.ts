/**
 * A folder as the file system of a board. Files in folders below are seen by names with slashes, as
 * people name files in flash. What the system refuses is what a board's flash would refuse.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import { fromText, type LuaString, toText } from "../base/lua-string.ts";
import { LONGEST_NAME } from "../board/file-names.ts";
import type { BoardFiles } from "../board/files.ts";
import { type FolderRefusal, SystemError } from "./host.ts";
import { during, errorReason } from "./node-errors.ts";
import { readWholeFile, writeWholeFile } from "./node-files.ts";

/**
 * @param onRefusal told what the system refuses, except that something is not there
 * @throws SystemError when it is no folder
 */
export function openFolder(path: string, onRefusal: FolderRefusal = () => undefined): BoardFiles {
  const status = during("open", () => fs.statSync(path));
  if (!status.isDirectory()) throw new SystemError("open", "Not a directory");
  return new FolderFiles(path, onRefusal);
}

/** Refusals that a board's program would get, too: nothing is wrong with the folder. */
const ORDINARY: ReadonlySet<string> = new Set(
  ["ENOENT", "ENOTDIR", "EISDIR", "ERR_FS_EISDIR", "ENAMETOOLONG"].map(errorReason),
);

class FolderFiles implements BoardFiles {
  private readonly folder: string;
  private readonly onRefusal: FolderRefusal;

  constructor(folder: string, onRefusal: FolderRefusal) {
    this.folder = folder;
    this.onRefusal = onRefusal;
  }

  names(): readonly LuaString[] {
    return namesIn(this.folder, "", (refusal) => this.onRefusal(this.folder, refusal)).sort();
  }

  read(name: LuaString): Uint8Array | undefined {
    return this.orElse(undefined, name, () => readWholeFile(this.placeOf(name)));
  }

  sizeOf(name: LuaString): number | undefined {
    return this.orElse(undefined, name, () => {
      const status = during("open", () => fs.statSync(this.placeOf(name)));
      return status.isFile() ? status.size : undefined;
    });
  }

  write(name: LuaString, content: Uint8Array): boolean {
    return this.orElse(false, name, () => {
      const place = this.placeOf(name);
      during("open", () => fs.mkdirSync(join(place, ".."), { recursive: true }));
      writeWholeFile(place, content);
      return true;
    });
  }

  remove(name: LuaString): boolean {
    return this.orElse(false, name, () => {
      during("remove", () => fs.rmSync(this.placeOf(name), { force: true }));
      return true;
    });
  }

  private orElse<Result>(refused: Result, name: LuaString, operation: () => Result): Result {
    return unlessRefused(refused, operation, (refusal) => {
      this.onRefusal(join(this.folder, toText(name)), refusal);
    });
  }

  /** Never outside of the folder. @throws SystemError */
  private placeOf(name: LuaString): string {
    const parts = name.split("/");
    const isPlain = (part: string) => part !== "" && part !== "." && part !== "..";
    if (!parts.every(isPlain) || /[\0\\]/.test(name)) {
      throw new SystemError("open", "No such file or directory");
    }
    return join(this.folder, toText(name));
  }
}

/**
 * Hidden files are none of the board's; names that are too long cannot be.
 *
 * @param onRefusal told when the folder cannot be read; folders below that cannot are empty
 */
function namesIn(
  folder: string,
  prefix: LuaString,
  onRefusal?: (refusal: SystemError) => void,
): LuaString[] {
  return entriesOf(folder, onRefusal).flatMap((entry) => {
    const name = `${prefix}${fromText(entry.name)}`;
    if (entry.name.startsWith(".") || name.length > LONGEST_NAME) return [];
    if (entry.isDirectory()) return namesIn(join(folder, entry.name), `${name}/`);
    return isFile(folder, entry) ? [name] : [];
  });
}

/** A link to a file is one, too. */
function isFile(folder: string, entry: fs.Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return unlessRefused(false, () => {
    return during("open", () => fs.statSync(join(folder, entry.name))).isFile();
  });
}

function entriesOf(folder: string, onRefusal?: (refusal: SystemError) => void): fs.Dirent[] {
  const read = () => during("read", () => fs.readdirSync(folder, { withFileTypes: true }));
  return unlessRefused([], read, onRefusal);
}

function unlessRefused<Result>(
  refused: Result,
  operation: () => Result,
  onRefusal?: (refusal: SystemError) => void,
): Result {
  try {
    return operation();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (!ORDINARY.has(error.reason)) onRefusal?.(error);
    return refused;
  }
}
