import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { Store } from '../../src/engine/index/store';
import { storeError } from '../../src/engine/index/storeErrors';
import {
  chunk,
  codeOf,
  document,
  encodeAll,
  hashOf,
  kill,
  messageFrom,
  openStore,
  temporaryFolder,
  unitVector,
} from './storeSupport';

/** Set in the child process that writes until it is killed. */
const WRITE_IN = process.env['NEOSEARCH_TEST_WRITE_IN'];

/** Writes documents of 3 chunks and their vectors, again and again, and says how many there are. */
function writeForever(dir: string): void {
  const { store } = openStore(dir);
  for (let n = 1; ; n += 1) {
    const chunks = [0, 1, 2].map((i) => chunk(`text ${n} ${i}`));
    store.documents.put(document(`file${n % 50}`, String(n)), chunks);
    store.embeddings.put(chunks.map(({ hash }, i) => ({ hash, vector: unitVector(n * 3 + i) })));
    if (n % 20 === 0) process.send?.(n);
  }
}

function runTests(): void {
  describe('store: crashes', () => {
    it('goes on after the writer was killed', async () => {
      const dir = temporaryFolder();
      for (let round = 0; round < 2; round += 1) {
        const child = fork(__filename, { env: { ...process.env, NEOSEARCH_TEST_WRITE_IN: dir } });
        await messageFrom(child);
        await messageFrom(child);
        await kill(child);
        const lines: string[] = [];
        const { store, close } = openStore(dir, { log: (line) => lines.push(line) });
        assert.deepEqual(lines, []);
        const { documents, chunks } = store.counts();
        assert.ok(documents >= 40);
        assert.equal(chunks, documents * 3);
        // Whole documents only, each with its own terms.
        for (const { path: docPath } of store.documents.all()) {
          const texts = store.chunks.ofDocument(docPath).map((c) => c.text.replace(/ \d$/, ''));
          assert.equal(new Set(texts).size, 1);
        }
        const weights = { symbols: 1, breadcrumb: 1, path: 1, body: 1 };
        assert.equal(store.lexicon.search(['text'], { weights, limit: 1000 }).length, chunks);
        store.documents.put(document('mine'), [chunk('mine')]);
        encodeAll(store);
        store.documents.remove(['mine']);
        close();
      }
    });

    for (const [what, damage] of Object.entries(DAMAGES)) {
      it(`is built anew: ${what}`, () => {
        const dir = filledIndex();
        damage(path.join(dir, 'index.sqlite'));
        const lines: string[] = [];
        const { store, close } = openStore(dir, { log: (line) => lines.push(line) });
        assert.equal(lines.length, 1);
        assert.match(lines[0]!, /built anew/);
        assert.equal(store.counts().documents, 0);
        store.documents.put(document('a'), [chunk('one')]);
        close();
        const again = openStore(dir);
        assert.equal(again.store.counts().documents, 1);
        again.close();
      });
    }

    it('remembers damage that is met in use, so that the next writer builds anew', () => {
      const dir = filledIndex();
      const { store, close } = openStore(dir);
      close();
      const reader = Store.open(dir, { readOnly: true });
      const file = path.join(dir, 'index.sqlite');
      overwrite(file, 8192, statSync(file).size);
      assert.equal(
        codeOf(() => reader.chunks.getAll([1, 2, 3, 150])),
        'index-corrupt',
      );
      reader.close();
      assert.ok(existsSync(path.join(dir, 'damaged')));
      const id = store.dir;
      const lines: string[] = [];
      const next = openStore(id, { log: (line) => lines.push(line) });
      assert.equal(lines.length, 1);
      assert.equal(next.store.counts().documents, 0);
      assert.equal(existsSync(path.join(dir, 'damaged')), false);
      next.close();
    });

    it('tells a reader that the index is damaged, and that it was rebuilt', () => {
      const dir = filledIndex();
      const reader = Store.open(dir, { readOnly: true });
      overwrite(path.join(dir, 'index.sqlite'), 0, 100);
      assert.equal(
        codeOf(() => Store.open(dir, { readOnly: true })),
        'index-corrupt',
      );
      openStore(dir).close();
      assert.equal(reader.replaced(), true);
      reader.close();
    });

    it('takes an empty file for a new index', () => {
      const dir = temporaryFolder();
      writeFileSync(path.join(dir, 'index.sqlite'), '');
      assert.equal(
        codeOf(() => Store.open(dir, { readOnly: true })),
        'bad-argument',
      );
      const lines: string[] = [];
      openStore(dir, { log: (line) => lines.push(line) }).close();
      assert.deepEqual(lines, []);
    });
  });

  describe('store: refusals', () => {
    it('does not touch an index of a newer format', () => {
      const dir = filledIndex();
      const file = path.join(dir, 'index.sqlite');
      const raw = new DatabaseSync(file);
      raw.exec(
        "UPDATE meta SET value = '99' WHERE key = 'format'; DROP TABLE terms_vocabulary; PRAGMA journal_mode = DELETE",
      );
      raw.close();
      const before = readFileSync(file);
      assert.equal(
        codeOf(() => openStore(dir)),
        'index-too-new',
      );
      assert.equal(
        codeOf(() => Store.open(dir, { readOnly: true })),
        'index-too-new',
      );
      assert.ok(before.equals(readFileSync(file)));
    });

    it('needs the lock to write', () => {
      const dir = temporaryFolder();
      const { lock, close } = openStore(dir);
      close();
      assert.equal(
        codeOf(() => Store.open(dir, { lock, build: 'b' })),
        'engine-failed',
      );
    });

    it('says that the disk is full, and keeps what was finished', () => {
      const dir = temporaryFolder();
      const { store, close } = openStore(dir);
      store.documents.put(document('a'), [chunk('one')]);
      const pages = statSync(path.join(dir, 'index.sqlite')).size / 8192;
      // SQLite's own limit gives the error that a full disk gives.
      const database = (store as unknown as { database: { exec(sql: string): void } }).database;
      database.exec(`PRAGMA max_page_count = ${Math.ceil(pages) + 30}`);
      const big = Array.from({ length: 100 }, (_, n) => chunk(`word${n} `.repeat(1000)));
      assert.equal(
        codeOf(() => store.documents.put(document('a', 'big'), big)),
        'disk-full',
      );
      assert.deepEqual(
        store.chunks.ofDocument('a').map((c) => c.text),
        ['one'],
      );
      store.documents.put(document('b'), [chunk('two')]);
      close();
    });

    it('gives system errors their code', () => {
      const system = (code: string): string =>
        storeError(Object.assign(new Error(code), { code }), 'dir').code;
      assert.deepEqual(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EIO'].map(system), [
        'disk-full',
        'disk-full',
        'permission-denied',
        'permission-denied',
        'permission-denied',
        'index-busy',
        'engine-failed',
      ]);
      assert.equal(storeError('thrown text', 'dir').code, 'engine-failed');
    });
  });
}

/** Ways to damage the database file. */
const DAMAGES: Record<string, (file: string) => void> = {
  'a torn file': (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  'not a database': (file) =>
    writeFileSync(file, 'this is not a database, and it is longer than a header '.repeat(40)),
  'garbage in the header': (file) => overwrite(file, 0, 100),
  'garbage in the middle': (file) => overwrite(file, 8192 * 3, 8192 * 12),
  'a table dropped': (file) => execute(file, 'DROP TABLE skipped'),
  'another database': (file) => execute(file, 'DROP TABLE meta'),
  'a counter that is no number': (file) => execute(file, "UPDATE meta SET value = 'x' WHERE key = 'format'"),
};

function filledIndex(): string {
  const dir = temporaryFolder();
  const { store, close } = openStore(dir);
  for (let n = 0; n < 60; n += 1) {
    store.documents.put(
      document(`file${n}`),
      [0, 1, 2].map((i) => chunk(`text ${n} ${i} ${hashOf(`${n}`)} `.repeat(30))),
    );
  }
  encodeAll(store);
  close();
  return dir;
}

function overwrite(file: string, from: number, to: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(to - from, 0x5a), 0, to - from, from);
  closeSync(descriptor);
}

function execute(file: string, sql: string): void {
  const raw = new DatabaseSync(file);
  raw.exec(sql);
  raw.close();
}

if (WRITE_IN === undefined) runTests();
else writeForever(WRITE_IN);
