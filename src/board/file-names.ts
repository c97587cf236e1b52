/**
 * Names of files as the board's file systems take them. Source: the firmwares' layer over SPIFFS; the
 * NodeMCU manual, "file".
 */
import type { LuaString } from "../base/lua-string.ts";

/** Longest name, in bytes. */
export const LONGEST_NAME = 31;
/** The drive of the board's own flash; other drives have no medium. */
const DRIVE = "/FLASH";

/**
 * The name of the file at a path; undefined when it is on another drive. Where there are no drives, a
 * path that begins at the root is the same as one that does not.
 */
export function nameOfPath(path: LuaString, hasDrives: boolean): LuaString | undefined {
  if (!path.startsWith("/")) return path;
  if (!hasDrives) return path.slice(1);
  return path.startsWith(DRIVE) ? path.slice(DRIVE.length).replace(/^\//, "") : undefined;
}

/** Whether firmware that checks arguments takes a path for one of a file. */
export function isFilePath(path: LuaString): boolean {
  return baseName(path).length <= LONGEST_NAME && !path.includes("\0");
}

/** What stands behind the last slash, or else behind the last colon. */
function baseName(path: LuaString): LuaString {
  return path.slice(path.lastIndexOf("/") + 1 || path.lastIndexOf(":") + 1);
}
