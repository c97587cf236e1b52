/**
 * Files and standard streams by Node's synchronous calls. Nothing is ever half written: a file is
 * written beside its place and moved there when it is complete.
 */
import * as fs from "node:fs";
import { dirname } from "node:path";
import { BrokenPipe, SystemError } from "./host.ts";
import { during, errorCode } from "./node-errors.ts";

/** Inputs above this are refused; without a limit `/dev/zero` would be read for ever. */
const MAX_INPUT = 256 * 1024 * 1024;
const TOO_LARGE = "larger than 256 MB";

/** Bytes asked for at a time when a size is not known beforehand. */
const BLOCK = 64 * 1024;

/** What C's standard output buffer holds; a full device is noticed when it overflows, or closes. */
const STDIO_BUFFER = 4096;

/** Milliseconds between tries when a pipe is not ready, or a file is in use for a moment. */
const PAUSE = 10;
const RENAME_TRIES = 10;

export function readWholeFile(path: string): Uint8Array {
  const file = during("open", () => fs.openSync(path, "r"));
  try {
    return during("read", () => readAll(file, fs.fstatSync(file).size));
  } finally {
    fs.closeSync(file);
  }
}

/** Whether both paths lead to the same file that is there, however they are spelled. */
export function isSameFile(one: string, other: string): boolean {
  try {
    return fs.realpathSync.native(one) === fs.realpathSync.native(other);
  } catch {
    return false;
  }
}

/** Everything on standard input that was not read yet. */
export function readStream(file: number): Uint8Array {
  return during("read", () => readAll(file, 0));
}

/** @param expectedSize 0 if unknown */
function readAll(file: number, expectedSize: number): Uint8Array {
  // One byte more than expected lets the end be seen without growing.
  let buffer = Buffer.allocUnsafe(Math.min(expectedSize || BLOCK, MAX_INPUT) + 1);
  let end = 0;
  for (;;) {
    const count = readSome(file, buffer, end);
    if (count === 0) return buffer.subarray(0, end);
    end += count;
    if (end > MAX_INPUT) throw new SystemError("read", TOO_LARGE);
    if (end === buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(2 * end, MAX_INPUT + 1));
      larger.set(buffer);
      buffer = larger;
    }
  }
}

/** Reads what there is, waiting for a first byte; 0 at the end. */
function readSome(file: number, buffer: Buffer, at: number): number {
  for (;;) {
    try {
      return fs.readSync(file, buffer, at, buffer.length - at, null);
    } catch (error) {
      const code = errorCode(error);
      // Windows reports the end of a pipe as an error.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      pause();
    }
  }
}

/** Writes everything to a stream. Throws {@link SystemError}, {@link BrokenPipe}. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(file, bytes, at);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EPIPE") throw new BrokenPipe();
      if (code === "EAGAIN") pause();
      else during(bytes.length > STDIO_BUFFER ? "write" : "close", () => rethrow(error));
    }
  }
}

function rethrow(error: unknown): never {
  throw error;
}

/** Stands still for a moment; there is no other way to wait in a synchronous program. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
}

/**
 * Gives a file new contents in one step. A device, a pipe and the like, which cannot be replaced,
 * are written to; a symbolic link stays, and what it leads to is replaced. The file's permissions
 * are kept, and a file that may not be written is refused although it could be replaced.
 */
export function writeWholeFile(path: string, bytes: Uint8Array): void {
  const place = during("open", () => replaceablePlace(path));
  if (place === undefined || !replace(place, bytes)) writeThrough(path, bytes);
}

/** A regular file that can be replaced, and its permissions; no permissions if it is new. */
interface Place {
  readonly path: string;
  readonly mode: number | undefined;
}

/** Where the contents can be moved to, or undefined when they must be written through. */
function replaceablePlace(path: string): Place | undefined {
  // Names in these folders stand for something that is open already.
  if (/^\/(dev|proc)\//.test(path) || /[\\/]$/.test(path)) return undefined;
  const status = fs.statSync(path, { throwIfNoEntry: false });
  if (status) return existingPlace(path, status);
  const dangling = fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  return dangling ? undefined : { path, mode: undefined };
}

function existingPlace(path: string, status: fs.Stats): Place | undefined {
  if (!status.isFile()) return undefined;
  fs.accessSync(path, fs.constants.W_OK);
  return { path: fs.realpathSync(path), mode: status.mode & 0o777 };
}

/**
 * @returns false, with nothing changed, when the folder does not allow it; writing through then
 * succeeds, or tells why
 */
function replace(place: Place, bytes: Uint8Array): boolean {
  const temporary = during("open", () => createBeside(place.path));
  if (!temporary) return false;
  let moved = false;
  try {
    fill(temporary.file, bytes, place.mode);
    moved = moveTo(temporary.path, place.path);
  } finally {
    if (!moved) fs.rmSync(temporary.path, { force: true });
  }
  return moved;
}

function fill(file: number, bytes: Uint8Array, mode: number | undefined): void {
  try {
    if (mode !== undefined) keepMode(file, mode);
    writeAll(file, bytes);
  } finally {
    during("close", () => fs.closeSync(file));
  }
}

function keepMode(file: number, mode: number): void {
  try {
    fs.fchmodSync(file, mode);
  } catch {
    // A file system without permissions; there is nothing to keep.
  }
}

/** Opens a new file in the folder of `path`; nothing if that folder may not be changed. */
function createBeside(path: string): { readonly path: string; readonly file: number } | undefined {
  for (let attempt = 0; ; attempt++) {
    const beside = `${dirname(path)}/.luacross-${process.pid}-${attempt}.tmp`;
    try {
      return { path: beside, file: fs.openSync(beside, "wx", 0o666) };
    } catch (error) {
      const code = errorCode(error);
      if (code === "EACCES" || code === "EPERM") return undefined;
      if (code !== "EEXIST") throw error;
    }
  }
}

/** Renames; on Windows a virus scanner or an editor may hold the file for a moment. */
function moveTo(from: string, to: string): boolean {
  const tries = process.platform === "win32" ? RENAME_TRIES : 1;
  for (let attempt = 1; attempt <= tries; attempt++) {
    try {
      fs.renameSync(from, to);
      return true;
    } catch {
      if (attempt < tries) pause();
    }
  }
  return false;
}

function writeThrough(path: string, bytes: Uint8Array): void {
  const file = during("open", () => fs.openSync(path, "w"));
  try {
    writeAll(file, bytes);
  } finally {
    during("close", () => fs.closeSync(file));
  }
}
