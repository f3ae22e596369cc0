/** Small files that are either the old or the new one, whenever the process dies. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { systemCodeOf } from '../../base/errors';

/** Windows refuses to replace a file that a virus scanner or a reader has open; it lets go soon. */
const RETRIES = 5;
const RETRY_PAUSE_MS = 20;

/**
 * Writes `data` to `file` through a temporary file beside it. Only where `durable`, it survives a power cut as
 * well: without, the file may then be empty.
 */
export function writeAtomically(file: string, data: string, durable = false): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, data, { mode: 0o600 });
    if (durable) syncFile(temporary);
    replaceFile(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Waits until what was written to a file is on the disk. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Renames `from` to `to`, in place of what is there. */
export function replaceFile(from: string, to: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const code = systemCodeOf(error);
      const transient = code === 'EPERM' || code === 'EACCES' || code === 'EBUSY';
      if (process.platform !== 'win32' || !transient || attempt > RETRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_PAUSE_MS);
    }
  }
}
