/** Turns what node:sqlite and the file system throw into errors that a user can act on. */
import { NeosearchError, messageOf, systemCodeOf } from '../../base/errors';

/** Where a line of news goes (a log channel, stderr). One call is one line. */
export type Log = (line: string) => void;

/** SQLite's primary result codes (https://sqlite.org/rescode.html); extended codes carry them in the low byte. */
const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
} as const;
/** Extended codes that say more than "input/output error". */
const IOERR_SHMSIZE = 4874;
const IOERR_CORRUPTFS = 8458;

/**
 * The typed error for anything thrown while the index in `dir` was read or written. A NeosearchError is
 * returned as it is.
 */
export function storeError(error: unknown, dir: string): NeosearchError {
  if (error instanceof NeosearchError) return error;
  const result = sqliteCodeOf(error);
  return result === undefined ? fromSystem(error, dir) : fromSqlite(error, result, dir);
}

/** Whether SQLite refused because another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  const primary = (sqliteCodeOf(error) ?? 0) & 0xff;
  return primary === SQLITE.BUSY || primary === SQLITE.LOCKED;
}

export function corruptError(dir: string, reason: string, cause?: unknown): NeosearchError {
  return new NeosearchError(
    'index-corrupt',
    `The index in ${dir} is damaged (${reason}). Run "neosearch index" to rebuild it.`,
    { cause },
  );
}

export function inUseError(dir: string, cause: unknown): NeosearchError {
  return new NeosearchError(
    'index-busy',
    `A file of the index in ${dir} is in use. Close other windows that search this folder and try again.`,
    { cause },
  );
}

function fromSqlite(error: unknown, result: number, dir: string): NeosearchError {
  switch (result & 0xff) {
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return corruptError(dir, messageOf(error), error);
    case SQLITE.FULL:
      return diskFull(error, dir);
    case SQLITE.PERM:
    case SQLITE.READONLY:
    case SQLITE.CANTOPEN:
      return permissionDenied(error, dir);
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return new NeosearchError(
        'index-busy',
        `The index in ${dir} is in use by another Neosearch. Try again when it has finished.`,
        { cause: error },
      );
    case SQLITE.IOERR:
      if (result === IOERR_SHMSIZE) return diskFull(error, dir);
      if (result === IOERR_CORRUPTFS) return corruptError(dir, messageOf(error), error);
      return failed(error, dir);
    default:
      return failed(error, dir);
  }
}

function fromSystem(error: unknown, dir: string): NeosearchError {
  switch (systemCodeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(error, dir);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return permissionDenied(error, dir);
    case 'EBUSY':
      return inUseError(dir, error);
    case 'ENOTDIR':
    case 'EEXIST':
      return new NeosearchError(
        'bad-argument',
        `The index folder ${dir} cannot be made: a file is in its place. Name another one with --index-dir or NEOSEARCH_HOME.`,
        { cause: error },
      );
    case undefined:
    default:
      return failed(error, dir);
  }
}

function diskFull(cause: unknown, dir: string): NeosearchError {
  return new NeosearchError(
    'disk-full',
    `The disk is full: the index in ${dir} could not be written. Free some space and run again; what was finished is kept.`,
    { cause },
  );
}

function permissionDenied(cause: unknown, dir: string): NeosearchError {
  return new NeosearchError(
    'permission-denied',
    `No permission to use the index folder ${dir}. Make it writable for you, or name another one with --index-dir or NEOSEARCH_HOME.`,
    { cause },
  );
}

function failed(cause: unknown, dir: string): NeosearchError {
  return new NeosearchError(
    'engine-failed',
    `The index in ${dir} could not be used: ${messageOf(cause)}. Run "neosearch clear" and index again if this stays.`,
    { cause },
  );
}

function sqliteCodeOf(error: unknown): number | undefined {
  if (systemCodeOf(error) !== 'ERR_SQLITE_ERROR') return undefined;
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}
