/** Damage: how it is noticed, remembered and removed. An index is made from files, so a damaged one is made anew. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemCodeOf } from '../../base/errors';
import { writeAtomically } from './atomicFile';
import type { Database } from './database';
import { filesOf } from './location';
import { text } from './rows';
import { FILES, TABLES } from './schema';
import { corruptError, inUseError } from './storeErrors';

/**
 * Removes the database and everything derived from it; the lock and root.json stay.
 * @throws NeosearchError `index-busy` where the system keeps files that readers have open (Windows)
 */
export function removeDatabase(dir: string): void {
  // The database goes first: SQLite drops a write-ahead log that has none, never the other way round.
  for (const name of [FILES.database, `${FILES.database}-wal`, `${FILES.database}-shm`, FILES.clean]) {
    removeFile(dir, name);
  }
  for (const name of filesOf(dir)) {
    if (isGraphFile(name)) removeFile(dir, name);
  }
  removeFile(dir, FILES.damaged);
}

function removeFile(dir: string, name: string): void {
  try {
    rmSync(path.join(dir, name), { force: true });
  } catch (error) {
    const open =
      process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(systemCodeOf(error) ?? '');
    throw open ? inUseError(dir, error) : error;
  }
}

/** Whether a file belongs to the graph that caches the vectors. */
export function isGraphFile(name: string): boolean {
  return name.startsWith(FILES.graphPrefix) || name.startsWith(FILES.graphStamp);
}

/** Remembers damage that was met while the index was in use, for the next writer. Never throws. */
export function markDamaged(dir: string, reason: string): void {
  try {
    writeFileSync(path.join(dir, FILES.damaged), `${reason}\n`, { mode: 0o600 });
  } catch (error) {
    // A reader of a folder that it may not write: the damage itself is reported by the caller.
    if (systemCodeOf(error) === undefined) throw error;
  }
}

/** Why the index is known to be damaged, if it is. */
export function damageOf(dir: string): string | undefined {
  const marker = path.join(dir, FILES.damaged);
  return existsSync(marker) ? readFileSync(marker, 'utf8').trim() : undefined;
}

/**
 * Throws `index-corrupt` where a table is missing or, unless the file is exactly as it was closed, where
 * SQLite's own check finds damage.
 */
export function verify(database: Database, dir: string): void {
  const names = new Set(
    database.query("SELECT name FROM sqlite_schema WHERE type = 'table'", (row) => text(row, 'name')).all(),
  );
  const missing = TABLES.find((table) => !names.has(table));
  if (missing !== undefined) throw corruptError(dir, `the table "${missing}" is missing`);
  if (closedInOrder(dir)) return;
  const result = database.query('PRAGMA quick_check(1)', (row) => text(row, 'quick_check')).get();
  if (result !== 'ok') throw corruptError(dir, result ?? 'the check gave no result');
}

/** Notes the state of the database file after it was closed in order. */
export function noteClosed(dir: string): void {
  const file = statSync(path.join(dir, FILES.database), { throwIfNoEntry: false });
  if (file === undefined) return;
  writeAtomically(path.join(dir, FILES.clean), JSON.stringify({ size: file.size, mtimeMs: file.mtimeMs }));
}

function closedInOrder(dir: string): boolean {
  const file = statSync(path.join(dir, FILES.database), { throwIfNoEntry: false });
  const stamp = path.join(dir, FILES.clean);
  if (file === undefined || !existsSync(stamp)) return false;
  try {
    const noted: unknown = JSON.parse(readFileSync(stamp, 'utf8'));
    if (typeof noted !== 'object' || noted === null || !('size' in noted) || !('mtimeMs' in noted))
      return false;
    return noted.size === file.size && noted.mtimeMs === file.mtimeMs;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
