/**
 * A folder as the file system of a board. Files in folders below are seen by names with slashes, as
 * people name files in flash. What the system refuses is what a board's flash would refuse.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import type { LuaString } from "../base/lua-string.ts";
import { LONGEST_NAME } from "../board/file-names.ts";
import type { BoardFiles } from "../board/files.ts";
import { SystemError } from "./host.ts";
import { during, errorCode } from "./node-errors.ts";
import { readWholeFile, writeWholeFile } from "./node-files.ts";

/** @throws SystemError when it is no folder */
export function openFolder(path: string): BoardFiles {
  const status = during("open", () => fs.statSync(path));
  if (!status.isDirectory()) throw new SystemError("open", "Not a directory");
  return new FolderFiles(path);
}

class FolderFiles implements BoardFiles {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  names(): readonly LuaString[] {
    return namesIn(this.folder, "").sort();
  }

  read(name: LuaString): Uint8Array | undefined {
    return unlessRefused(undefined, () => readWholeFile(this.placeOf(name)));
  }

  sizeOf(name: LuaString): number | undefined {
    return unlessRefused(undefined, () => {
      const status = during("open", () => fs.statSync(this.placeOf(name)));
      return status.isFile() ? status.size : undefined;
    });
  }

  write(name: LuaString, content: Uint8Array): boolean {
    return unlessRefused(false, () => {
      const place = this.placeOf(name);
      during("open", () => fs.mkdirSync(join(place, ".."), { recursive: true }));
      writeWholeFile(place, content);
      return true;
    });
  }

  remove(name: LuaString): boolean {
    return unlessRefused(false, () => {
      during("write", () => fs.rmSync(this.placeOf(name), { force: true }));
      return true;
    });
  }

  /** Never outside of the folder. @throws SystemError */
  private placeOf(name: LuaString): string {
    const parts = name.split("/");
    const isPlain = (part: string) => part !== "" && part !== "." && part !== "..";
    if (!parts.every(isPlain) || /[\0\\]/.test(name)) {
      throw new SystemError("open", "No such file or directory");
    }
    return join(this.folder, Buffer.from(name, "latin1").toString("utf8"));
  }
}

/** Hidden files are none of the board's; names that are too long cannot be. */
function namesIn(folder: string, prefix: LuaString): LuaString[] {
  return entriesOf(folder).flatMap((entry) => {
    const name = `${prefix}${Buffer.from(entry.name, "utf8").toString("latin1")}`;
    if (entry.name.startsWith(".") || name.length > LONGEST_NAME) return [];
    if (entry.isDirectory()) return namesIn(join(folder, entry.name), `${name}/`);
    return isFile(folder, entry) ? [name] : [];
  });
}

/** A link to a file is one, too. */
function isFile(folder: string, entry: fs.Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return unlessRefused(false, () => fs.statSync(join(folder, entry.name)).isFile());
}

function entriesOf(folder: string): fs.Dirent[] {
  return unlessRefused([], () =>
    during("read", () => fs.readdirSync(folder, { withFileTypes: true })),
  );
}

function unlessRefused<Result>(refused: Result, operation: () => Result): Result {
  try {
    return operation();
  } catch (error) {
    if (error instanceof SystemError || errorCode(error) !== undefined) return refused;
    throw error;
  }
}
