import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { clearIndex } from '../../src/engine/index/clear';
import { Donors } from '../../src/engine/index/donors';
import {
  canonicalRoot,
  defaultHome,
  diskBytes,
  indexDirFor,
  indexHome,
} from '../../src/engine/index/location';
import { listIndexes, readRootRecord, recordUse } from '../../src/engine/index/rootRecord';
import { Store } from '../../src/engine/index/store';
import { WriterLock } from '../../src/engine/index/writerLock';
import {
  ENCODER,
  chunk,
  codeOf,
  document,
  encodeAll,
  hashOf,
  openStore,
  temporaryFolder,
  unitVector,
} from './storeSupport';

describe('store: location', () => {
  it('follows the habits of each system', () => {
    assert.equal(defaultHome({}, 'linux', '/home/u'), '/home/u/.cache/neosearch');
    assert.equal(defaultHome({ XDG_CACHE_HOME: '/c' }, 'linux', '/home/u'), '/c/neosearch');
    assert.equal(defaultHome({ XDG_CACHE_HOME: 'relative' }, 'linux', '/home/u'), '/home/u/.cache/neosearch');
    assert.equal(
      defaultHome({ XDG_CACHE_HOME: '/c' }, 'darwin', '/Users/u'),
      '/Users/u/Library/Caches/neosearch',
    );
    assert.equal(defaultHome({ LOCALAPPDATA: 'D:\\L' }, 'win32', 'C:\\Users\\u'), 'D:\\L\\neosearch');
    assert.equal(defaultHome({}, 'win32', 'C:\\Users\\u'), 'C:\\Users\\u\\AppData\\Local\\neosearch');
    assert.equal(indexHome('x', { NEOSEARCH_HOME: 'y' }), path.resolve('x'));
    assert.equal(indexHome(undefined, { NEOSEARCH_HOME: 'y' }), path.resolve('y'));
    assert.notEqual(indexHome(undefined, { NEOSEARCH_HOME: '' }), process.cwd());
  });

  it('gives one folder to one root, however it is named', () => {
    const home = temporaryFolder();
    const root = path.join(temporaryFolder(), 'Root');
    mkdirSync(root);
    const link = path.join(temporaryFolder(), 'link');
    symlinkSync(root, link, 'junction');
    const dir = indexDirFor(home, canonicalRoot(root));
    assert.equal(indexDirFor(home, canonicalRoot(link)), dir);
    assert.equal(indexDirFor(home, canonicalRoot(`${root}${path.sep}`)), dir);
    assert.equal(indexDirFor(home, '/A/b', 'darwin'), indexDirFor(home, '/a/B', 'darwin'));
    assert.equal(indexDirFor(home, 'C:\\A', 'win32'), indexDirFor(home, 'c:/a', 'win32'));
    assert.notEqual(indexDirFor(home, '/A', 'linux'), indexDirFor(home, '/a', 'linux'));
    assert.match(path.relative(home, dir), /^[0-9a-f]{24}$/);
    assert.equal(
      codeOf(() => canonicalRoot(path.join(root, 'none'))),
      'root-missing',
    );
    writeFileSync(path.join(root, 'file'), '');
    assert.equal(
      codeOf(() => canonicalRoot(path.join(root, 'file'))),
      'root-not-a-folder',
    );
    assert.equal(
      codeOf(() => canonicalRoot(path.join(root, 'file', 'x'))),
      'root-not-a-folder',
    );
  });

  it('lists the indexes of a home, the one used last first', () => {
    const home = temporaryFolder();
    assert.deepEqual(listIndexes(path.join(home, 'none')), []);
    const now = Date.now();
    for (const [n, name] of ['one', 'two', 'three'].entries()) {
      mkdirSync(path.join(home, name));
      const times = { createdAt: new Date(now).toISOString(), lastUsed: new Date(now + n).toISOString() };
      writeFileSync(path.join(home, name, 'root.json'), JSON.stringify({ root: `/${name}`, ...times }));
    }
    for (const [n, content] of ['', '[]', '{"root": 1}', 'null'].entries()) {
      mkdirSync(path.join(home, `odd${n}`));
      writeFileSync(path.join(home, `odd${n}`, 'root.json'), content);
    }
    writeFileSync(path.join(home, 'file'), '');
    assert.deepEqual(
      listIndexes(home).map((entry) => entry.root),
      ['/three', '/two', '/one'],
    );
    const created = readRootRecord(path.join(home, 'one'))?.createdAt;
    recordUse(path.join(home, 'one'), { root: '/one', gitCommonDir: '/one/.git' });
    const record = readRootRecord(path.join(home, 'one'));
    assert.deepEqual([record?.createdAt, record?.gitCommonDir], [created, '/one/.git']);
    assert.ok(record!.lastUsed >= created!);
  });
});

/** An index in `home` of `texts`, encoded. */
function indexOf(
  home: string,
  name: string,
  texts: readonly string[],
  seed = 0,
  gitCommonDir?: string,
): string {
  const dir = path.join(home, name);
  const { store, close } = openStore(dir);
  store.documents.put(
    document('a'),
    texts.map((text) => chunk(text)),
  );
  encodeAll(store, (_, n) => unitVector(seed + n));
  close();
  recordUse(dir, { root: `/${name}`, ...(gitCommonDir === undefined ? {} : { gitCommonDir }) });
  return dir;
}

describe('store: donors', () => {
  it('finds vectors in other indexes of the home, those of the same repository first', () => {
    const home = temporaryFolder();
    const mine = indexOf(home, 'mine', ['mine']);
    indexOf(home, 'worktree', ['shared', 'only'], 10, '/repo/.git');
    indexOf(home, 'other', ['shared'], 20);
    const lines: string[] = [];
    const log = (line: string): number => lines.push(line);
    const donors = Donors.open(home, mine, ENCODER.id, { gitCommonDir: '/repo/.git', log });
    assert.equal(donors.size, 2);
    assert.deepEqual(donors.lookup(hashOf('shared')), unitVector(11));
    assert.deepEqual(donors.lookup(hashOf('only')), unitVector(12));
    assert.equal(donors.lookup(hashOf('mine')), undefined);
    donors.close();
    assert.equal(Donors.open(home, mine, 'another encoder').size, 0);
    assert.deepEqual(lines, []);
  });

  it('does without one that is damaged, and without vectors that are', () => {
    const home = temporaryFolder();
    const broken = indexOf(home, 'broken', ['x']);
    writeFileSync(path.join(broken, 'index.sqlite'), 'no database '.repeat(1000));
    const dir = path.join(home, 'odd');
    const { store, close } = openStore(dir);
    store.documents.put(document('a'), [chunk('long'), chunk('zero'), chunk('good')]);
    store.embeddings.put([
      { hash: hashOf('long'), vector: unitVector(1).map((v) => v * 3) },
      { hash: hashOf('zero'), vector: new Float32Array(8) },
      { hash: hashOf('good'), vector: unitVector(5) },
    ]);
    recordUse(dir, { root: '/odd' });
    const lines: string[] = [];
    const donors = Donors.open(home, path.join(home, 'mine'), ENCODER.id, {
      log: (line) => lines.push(line),
    });
    assert.equal(donors.size, 1);
    assert.equal(lines.length, 1);
    assert.equal(donors.lookup(hashOf('long')), undefined);
    assert.equal(donors.lookup(hashOf('zero')), undefined);
    assert.deepEqual(donors.lookup(hashOf('good')), unitVector(5));
    donors.close();
    close();
  });

  it('asks no more than eight, the ones used last', () => {
    const home = temporaryFolder();
    indexOf(home, 'index0', ['oldest']);
    indexOf(home, 'index1', ['next']);
    for (let n = 2; n < 10; n += 1)
      cpSync(path.join(home, 'index1'), path.join(home, `index${n}`), { recursive: true });
    for (let n = 0; n < 10; n += 1) {
      const at = new Date(1_700_000_000_000 + n * 1000);
      const record = { root: `/${n}`, createdAt: at, lastUsed: at };
      writeFileSync(path.join(home, `index${n}`, 'root.json'), JSON.stringify(record));
    }
    const donors = Donors.open(home, path.join(home, 'index9'), ENCODER.id);
    assert.equal(donors.size, 8);
    assert.equal(donors.lookup(hashOf('oldest')), undefined);
    assert.deepEqual(donors.lookup(hashOf('next')), unitVector(1));
    donors.close();
  });
});

describe('store: clear', () => {
  it('removes an index and its folder, and nothing else', () => {
    const home = temporaryFolder();
    const dir = indexOf(home, 'one', ['x']);
    writeFileSync(path.join(dir, 'hnsw-1-aa.bin'), 'x');
    writeFileSync(path.join(dir, 'hnsw.json'), 'x');
    assert.ok(diskBytes(dir) > 8192);
    assert.equal(clearIndex(dir, { what: 'cli' }), true);
    assert.equal(existsSync(dir), false);
    assert.equal(diskBytes(dir), 0);
    assert.equal(clearIndex(dir, { what: 'cli' }), false);
    const other = indexOf(home, 'two', ['x']);
    writeFileSync(path.join(other, 'mine.txt'), 'x');
    assert.equal(clearIndex(other, { what: 'cli' }), true);
    assert.deepEqual(readdirSync(other), ['mine.txt']);
  });

  it('leaves an index that is being written', () => {
    const dir = indexOf(temporaryFolder(), 'one', ['x']);
    const lock = WriterLock.tryAcquire(dir, { what: 'window' });
    assert.ok(lock);
    assert.equal(
      codeOf(() => clearIndex(dir, { what: 'cli' })),
      'index-busy',
    );
    assert.equal(Store.exists(dir), true);
    lock.release();
    assert.equal(clearIndex(dir, { what: 'cli' }), true);
  });
});
