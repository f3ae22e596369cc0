/** Patience with the system's limit on open files, which is low on some systems and shared by all we do. */
import { setTimeout as wait } from 'node:timers/promises';
import { systemCodeOf } from '../../base/errors';

/** Runs something that opens a file, again and again while the process has too many open; a second at most. */
export async function whenFilesAreFree<T>(open: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      const code = systemCodeOf(error);
      if ((code !== 'EMFILE' && code !== 'ENFILE') || attempt === 20) throw error;
      await wait(50);
    }
  }
}
