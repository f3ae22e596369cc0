/** Deleting an index. */
import { rmSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { NeosearchError, systemCodeOf } from '../../base/errors';
import { filesOf } from './location';
import { removeDatabase } from './recovery';
import { FILES } from './schema';
import { storeError } from './storeErrors';
import { WriterLock, holderOf, type WriterHolder } from './writerLock';

/**
 * Deletes the index in `dir` with its folder. Files in the folder that are not an index's are left.
 * @returns whether there was anything to delete
 * @throws NeosearchError `index-busy` while somebody writes it (or, on Windows, reads it)
 */
export function clearIndex(dir: string, holder: WriterHolder): boolean {
  try {
    if (filesOf(dir).length === 0) return false;
    const lock = WriterLock.tryAcquire(dir, holder);
    if (lock === undefined) {
      throw new NeosearchError(
        'index-busy',
        `The index in ${dir} is being written by ${holderOf(dir) ?? 'another process'}. Stop it, then clear again.`,
      );
    }
    try {
      removeDatabase(dir);
      rmSync(path.join(dir, FILES.root), { force: true });
      for (const name of filesOf(dir)) {
        if (name.endsWith('.tmp')) rmSync(path.join(dir, name), { force: true });
      }
    } catch (error) {
      lock.release();
      throw error;
    }
    lock.releaseAndRemove();
    removeFolder(dir);
    return true;
  } catch (error) {
    throw storeError(error, dir);
  }
}

function removeFolder(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    // A writer that came meanwhile, or a file of the user's, keeps it.
    const code = systemCodeOf(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}
