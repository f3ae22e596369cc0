/** Whether the program that signed in as an index's writer seems to run: how often to try the lock, no more. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { systemCodeOf } from '../../base/errors';
import { FILES } from '../index/schema';

export function writerSeemsAlive(dir: string): boolean {
  try {
    const value: unknown = JSON.parse(readFileSync(path.join(dir, FILES.holder), 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value)) return false;
    return typeof value.pid === 'number' && isAlive(value.pid);
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) !== undefined) return false;
    throw error;
  }
}

/** Whether there is a process with that id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return systemCodeOf(error) === 'EPERM';
  }
}
