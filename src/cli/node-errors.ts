/**
 * What the system says in the words of C's `strerror`, which the reference prints; Node has words
 * of its own.
 */
import { type SystemAction, SystemError } from "./host.ts";

// biome-ignore format: one row per code
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EAGAIN: "Resource temporarily unavailable",
  EBADF: "Bad file descriptor",
  EBUSY: "Device or resource busy",
  EDQUOT: "Disk quota exceeded",
  EEXIST: "File exists",
  EFBIG: "File too large",
  EINVAL: "Invalid argument",
  EIO: "Input/output error",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  EMFILE: "Too many open files",
  ENAMETOOLONG: "File name too long",
  ENFILE: "Too many open files in system",
  ENODEV: "No such device",
  ENOENT: "No such file or directory",
  ENOMEM: "Cannot allocate memory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  ENXIO: "No such device or address",
  EOVERFLOW: "Value too large for defined data type",
  EPERM: "Operation not permitted",
  EPIPE: "Broken pipe",
  EROFS: "Read-only file system",
  ESPIPE: "Illegal seek",
  ETIMEDOUT: "Connection timed out",
  ETXTBSY: "Text file busy",
};

/** The code of an error that Node's file functions threw, or undefined if it is another error. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What C's `strerror` says about a code. */
export function errorReason(code: string): string {
  return REASONS[code] ?? `system error ${code}`;
}

/** What `operation` returns; errors of the system become a {@link SystemError} of this action. */
export function during<Result>(action: SystemAction, operation: () => Result): Result {
  try {
    return operation();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || error instanceof SystemError) throw error;
    throw new SystemError(action, errorReason(code));
  }
}
