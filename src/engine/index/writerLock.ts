/**
 * The right to write an index: an exclusive transaction on a small database of its own, held as long as the
 * writer lives. The operating system takes it back when the process dies, however it dies, so nobody has to
 * trust a process id.
 *
 * Nothing else may open and close `writer.lock` in this process: on POSIX systems closing any descriptor of a
 * file drops all of the process's locks on it.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemCodeOf } from '../../base/errors';
import { writeAtomically } from './atomicFile';
import { FILES } from './schema';
import { isBusy, storeError } from './storeErrors';

/** What kind of program writes. */
export type WriterKind = 'cli' | 'window';

export interface WriterHolder {
  readonly what: WriterKind;
}

/** Long enough to outlast a look at who holds the lock, in milliseconds. */
const LOCK_TIMEOUT = 100;
/** How often the lock file may vanish under our hands (a cleared index) before we give up. */
const ATTEMPTS = 5;

export class WriterLock {
  private constructor(
    /** Folder of the index. */
    readonly dir: string,
    private readonly connection: DatabaseSync,
  ) {}

  /**
   * Takes the lock of the index in `dir`, creating the folder (readable for its owner only) where needed.
   * @returns undefined when somebody else, in this process or another, has it
   * @throws NeosearchError `permission-denied`, `disk-full`
   */
  static tryAcquire(dir: string, holder: WriterHolder): WriterLock | undefined {
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      const connection = lockFile(path.join(dir, FILES.lock));
      if (connection === undefined) return undefined;
      const lock = new WriterLock(dir, connection);
      try {
        lock.signIn(holder);
      } catch (error) {
        lock.release();
        throw error;
      }
      return lock;
    } catch (error) {
      throw storeError(error, dir);
    }
  }

  get held(): boolean {
    return this.connection.isOpen;
  }

  /** Leaves word of who holds the lock. */
  private signIn({ what }: WriterHolder): void {
    const since = new Date().toISOString();
    try {
      writeAtomically(holderFile(this.dir), JSON.stringify({ pid: process.pid, what, since }));
    } catch (error) {
      // The word is only for messages: a full disk must not keep anyone from searching.
      if (storeError(error, this.dir).code !== 'disk-full') throw error;
    }
  }

  /** Gives the lock back; a second call does nothing. */
  release(): void {
    if (!this.held) return;
    rmSync(holderFile(this.dir), { force: true });
    this.connection.close();
  }

  /** Gives the lock back and removes its file: the end of an index whose other files are gone. */
  releaseAndRemove(): void {
    const file = path.join(this.dir, FILES.lock);
    // While it is held, so that nobody takes a lock on a file that is about to go; Windows allows it only after.
    if (process.platform !== 'win32') rmSync(file, { force: true });
    this.release();
    if (process.platform !== 'win32') return;
    try {
      rmSync(file, { force: true });
    } catch (error) {
      // The next writer has it already: then it is theirs.
      if (systemCodeOf(error) !== 'EBUSY' && systemCodeOf(error) !== 'EPERM') throw error;
    }
  }
}

/** Who holds the lock of an index, for a message: `process 123 (window), since ...`; undefined if nobody does. */
export function holderOf(dir: string): string | undefined {
  const file = path.join(dir, FILES.lock);
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    const probe = lockFile(file);
    if (probe !== undefined) {
      probe.close();
      return undefined;
    }
    return describe(readFileSync(holderFile(dir), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) === 'ENOENT') return 'another process';
    throw storeError(error, dir);
  }
}

function describe(source: string): string {
  const value: unknown = JSON.parse(source);
  if (typeof value !== 'object' || value === null) return 'another process';
  const { pid, what, since } = value as Partial<Record<string, unknown>>;
  if (typeof pid !== 'number' || typeof what !== 'string' || typeof since !== 'string')
    return 'another process';
  return `process ${pid} (${what}), since ${since}`;
}

function holderFile(dir: string): string {
  return path.join(dir, FILES.holder);
}

/** An open exclusive transaction on `file`; undefined when another connection has one. */
function lockFile(file: string): DatabaseSync | undefined {
  for (let attempt = 1; ; attempt += 1) {
    const before = ensureFile(file);
    const connection = new DatabaseSync(file, { timeout: LOCK_TIMEOUT });
    try {
      // No journal file: nothing is ever written to this database.
      connection.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      connection.close();
      if (isBusy(error)) return undefined;
      throw error;
    }
    // Whoever cleared the index meanwhile has removed the file that we locked: then lock the new one.
    if (identityOf(file) === before || attempt === ATTEMPTS) return connection;
    connection.close();
  }
}

/** Creates the file where it is missing. @returns its identity */
function ensureFile(file: string): string | undefined {
  const known = identityOf(file);
  if (known !== undefined) return known;
  try {
    // 'wx': a file that existed already might be locked by this process, and closing it would drop that lock.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  }
  return identityOf(file);
}

function identityOf(file: string): string | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}
