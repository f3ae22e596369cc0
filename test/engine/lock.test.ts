import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { WriterLock, holderOf } from '../../src/engine/index/writerLock';
import { codeOf, kill, messageFrom, temporaryFolder } from './storeSupport';

/** Set in the child process that takes the lock and keeps it. */
const LOCK_IN = process.env['NEOSEARCH_TEST_LOCK_IN'];

function holdForever(dir: string): void {
  const lock = WriterLock.tryAcquire(dir, { what: 'window' });
  process.send?.(lock !== undefined);
  setInterval(() => lock?.held, 1000);
}

async function child(dir: string): Promise<{ readonly process: ChildProcess; readonly locked: unknown }> {
  const forked = fork(__filename, { env: { ...process.env, NEOSEARCH_TEST_LOCK_IN: dir } });
  return { process: forked, locked: await messageFrom(forked) };
}

function runTests(): void {
  describe('writer lock', () => {
    it('is for one at a time, in one process too', () => {
      const dir = path.join(temporaryFolder(), 'a', 'b');
      const lock = WriterLock.tryAcquire(dir, { what: 'cli' });
      assert.ok(lock?.held);
      assert.equal(WriterLock.tryAcquire(dir, { what: 'cli' }), undefined);
      assert.equal(WriterLock.tryAcquire(path.join(dir, '..', 'b'), { what: 'cli' }), undefined);
      assert.match(holderOf(dir) ?? '', new RegExp(`^process ${process.pid} \\(cli\\), since 2\\d{3}-`));
      lock.release();
      lock.release();
      assert.equal(lock.held, false);
      assert.equal(holderOf(dir), undefined);
      const again = WriterLock.tryAcquire(dir, { what: 'window' });
      assert.ok(again?.held);
      again.releaseAndRemove();
      assert.equal(existsSync(path.join(dir, 'writer.lock')), false);
    });

    it('is held against another process, and comes free when that is killed', async () => {
      const dir = temporaryFolder();
      const holder = await child(dir);
      assert.equal(holder.locked, true);
      assert.equal(WriterLock.tryAcquire(dir, { what: 'cli' }), undefined);
      assert.match(holderOf(dir) ?? '', new RegExp(`^process ${holder.process.pid} \\(window\\)`));
      const second = await child(dir);
      assert.equal(second.locked, false);
      await kill(second.process);
      await kill(holder.process);
      assert.equal(holderOf(dir), undefined);
      const lock = WriterLock.tryAcquire(dir, { what: 'cli' });
      assert.ok(lock);
      const third = await child(dir);
      assert.equal(third.locked, false);
      await kill(third.process);
      lock.release();
    });

    it('does not believe what an old process left behind', () => {
      const dir = temporaryFolder();
      writeFileSync(
        path.join(dir, 'writer.json'),
        JSON.stringify({ pid: process.pid, what: 'cli', since: 'now' }),
      );
      assert.equal(holderOf(dir), undefined);
      writeFileSync(path.join(dir, 'writer.lock'), '');
      assert.equal(holderOf(dir), undefined);
      const lock = WriterLock.tryAcquire(dir, { what: 'cli' });
      assert.ok(lock);
      for (const text of ['', '{}', 'null', '{"pid": "1"}']) {
        writeFileSync(path.join(dir, 'writer.json'), text);
        assert.equal(holderOf(dir), 'another process');
      }
      lock.release();
    });

    it('says so when the folder cannot be made', () => {
      const file = path.join(temporaryFolder(), 'file');
      writeFileSync(file, '');
      assert.equal(
        codeOf(() => WriterLock.tryAcquire(path.join(file, 'x'), { what: 'cli' })),
        'bad-argument',
      );
    });
  });
}

if (LOCK_IN === undefined) runTests();
else holdForever(LOCK_IN);
