/**
 * A board's files as C's functions have them: for what loads chunks, and for the library `io` of the
 * boards that have one. Numbers and words of errors are those of the newer chip's C library, and the
 * older one shows none. Source: the chip's SDK, its layer over SPIFFS; newlib.
 */
import type { LuaString } from "../base/lua-string.ts";
import {
  type FileSystem,
  type OpenFile,
  type SeekOrigin,
  SystemRefusal,
} from "../vm/library/surroundings.ts";
import { LONGEST_NAME, nameOfPath } from "./file-names.ts";
import { fileMode, type OpenFiles, type OpenFile as OpenInFlash } from "./open-files.ts";

/** What may be refused, as number and words. */
const REFUSALS = {
  noEntry: [2, "No such file or directory"],
  failed: [5, "I/O error"],
  badFile: [9, "Bad file number"],
  tooManyOpen: [23, "Too many open files in system"],
  noRoom: [28, "No space left on device"],
  nameTooLong: [91, "File or path name too long"],
} as const;

function refusal(kind: keyof typeof REFUSALS): SystemRefusal {
  const [code, reason] = REFUSALS[kind];
  return new SystemRefusal(reason, code);
}

/** @param hasDrives whether paths may begin with the name of a drive */
export function boardFileSystem(files: OpenFiles, hasDrives: boolean): FileSystem {
  const nameOf = (path: LuaString) => nameOfPath(path, hasDrives) ?? "";
  return {
    open(path, letters) {
      const name = nameOf(path);
      const file = files.openFile(name, fileMode(letters));
      if (file !== undefined) return new FlashFile(file);
      throw refusal(whyNotOpened(files, name, letters));
    },
    remove(path) {
      if (!files.remove(nameOf(path))) throw refusal("noEntry");
    },
    rename(from, to) {
      if (!files.rename(nameOf(from), nameOf(to))) throw refusal("noEntry");
    },
    temporaryName() {
      throw refusal("noEntry");
    },
    temporaryFile() {
      throw refusal("noEntry");
    },
  };
}

function whyNotOpened(
  files: OpenFiles,
  name: LuaString,
  letters: LuaString,
): keyof typeof REFUSALS {
  if (name.length > LONGEST_NAME) return "nameTooLong";
  if (name === "") return "noEntry";
  if (files.isFull) return "tooManyOpen";
  return fileMode(letters).creates ? "noRoom" : "noEntry";
}

class FlashFile implements OpenFile {
  private readonly file: OpenInFlash;

  constructor(file: OpenInFlash) {
    this.file = file;
  }

  read(count: number): LuaString {
    const text = this.file.read(count);
    if (text === undefined) throw refusal("badFile");
    return text;
  }

  write(text: LuaString): void {
    if (!this.file.canWrite) throw refusal("badFile");
    if (text !== "" && !this.file.write(text)) throw refusal("noRoom");
  }

  seek(offset: number, origin: SeekOrigin): number {
    const position = this.file.seek(offset, origin);
    if (position === undefined) throw refusal("failed");
    return position;
  }

  close(): void {
    this.file.close();
  }
}
