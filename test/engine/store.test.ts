import assert from 'node:assert/strict';
import { vectorBytes, vectorFrom } from '../../src/engine/index/rows';
import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { DocumentInput } from '../../src/engine/index/documents';
import { Store } from '../../src/engine/index/store';
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

describe('store: documents and chunks', () => {
  it('gives back what was put', () => {
    const { store, close } = openStore(temporaryFolder());
    const text = 'const ω = "naïve \u0000 日本語 😀";\nreturn ω';
    const input = chunk(text, 'parseΩmega');
    const result = store.documents.put(document('src/a.ts', text), [input]);
    assert.deepEqual(result.missing, [input.hash]);
    const [stored] = store.chunks.ofDocument('src/a.ts');
    assert.ok(stored);
    const {
      id,
      documentId,
      ordinal,
      embeddingId,
      hash,
      path: docPath,
      language,
      classes,
      title,
      ...rest
    } = stored;
    assert.deepEqual(rest, input.chunk);
    assert.deepEqual([ordinal, embeddingId, hash], [0, undefined, input.hash]);
    assert.deepEqual(
      [docPath, language, classes, title],
      ['src/a.ts', 'typescript', ['test'], 'title of src/a.ts'],
    );
    assert.deepEqual(store.chunks.getAll([999, id]), [stored]);
    assert.deepEqual(store.documents.all(), [{ id: documentId, ...document('src/a.ts', text) }]);
    const untitled: DocumentInput & { title?: string } = { ...document('b.ts') };
    delete untitled.title;
    store.documents.put(untitled, []);
    assert.equal(store.documents.get('b.ts')?.title, undefined);
    close();
  });

  it('replaces a document and reuses the vectors of chunks that stay', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('a'), [chunk('one'), chunk('two'), chunk('two')]);
    assert.equal(encodeAll(store), 2);
    const result = store.documents.put(document('a', 'new'), [chunk('two'), chunk('three')]);
    assert.deepEqual(result.missing, [hashOf('three')]);
    assert.equal(result.reused, 1);
    assert.deepEqual(store.counts(), { documents: 1, chunks: 2, pending: 1, vectors: 1, skipped: {} });
    // The vector of what was removed is still there.
    assert.equal(store.documents.put(document('b'), [chunk('one')]).reused, 1);
    close();
  });

  it('keeps the old version when a write throws in the middle', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('a'), [chunk('alpha beta')]);
    const before = store.revision();
    const bad = { ...chunk('gamma'), hash: 'no hash' };
    assert.equal(
      codeOf(() => store.documents.put(document('a', 'x'), [chunk('delta'), bad])),
      'engine-failed',
    );
    assert.deepEqual(
      store.chunks.ofDocument('a').map((c) => c.text),
      ['alpha beta'],
    );
    const weights = { symbols: 1, breadcrumb: 1, path: 1, body: 1 };
    assert.equal(store.lexicon.search(['delta'], { weights, limit: 9 }).length, 0);
    assert.equal(store.lexicon.search(['alpha'], { weights, limit: 9 }).length, 1);
    assert.throws(() => {
      store.transaction(() => {
        store.documents.put(document('c'), [chunk('epsilon')]);
        store.documents.remove(['a']);
        throw new Error('stop');
      });
    }, /stop/);
    assert.deepEqual(
      store.documents.all().map((d) => d.path),
      ['a'],
    );
    assert.equal(store.revision(), before);
    close();
  });

  it('renames without losing vectors, and replaces what was at the new path', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('old/a', 'same'), [chunk('one'), chunk('two')]);
    store.documents.put(document('new/a', 'other'), [chunk('three')]);
    encodeAll(store);
    const ids = store.chunks.ofDocument('old/a').map((c) => [c.id, c.embeddingId]);
    const terms = [chunk('one').terms, chunk('two').terms].map((row) => ({ ...row, path: 'new' }));
    assert.equal(store.documents.rename('old/a', document('new/a', 'same'), terms), true);
    assert.deepEqual(
      store.documents.all().map((d) => d.path),
      ['new/a'],
    );
    assert.deepEqual(
      store.chunks.ofDocument('new/a').map((c) => [c.id, c.embeddingId]),
      ids,
    );
    const weights = { symbols: 0, breadcrumb: 0, path: 1, body: 0 };
    assert.deepEqual(
      store.lexicon
        .search(['new'], { weights, limit: 9 })
        .map((hit) => hit.chunkId)
        .sort(),
      ids.map(([id]) => id),
    );
    assert.equal(store.counts().pending, 0);
    // What cannot be moved is left as it is.
    assert.equal(store.documents.rename('gone', document('x'), []), false);
    assert.equal(store.documents.rename('new/a', document('x'), []), false);
    assert.equal(store.documents.rename('new/a', { ...document('x'), language: 'go' }, terms), false);
    assert.deepEqual(
      store.documents.all().map((d) => d.path),
      ['new/a'],
    );
    close();
  });

  it('touches, removes and skips', () => {
    const { store, close } = openStore(temporaryFolder());
    for (const name of ['a', 'b', 'c']) store.documents.put(document(name), [chunk(name)]);
    store.documents.touch('a', { size: 7, mtime: 12.25 });
    const state = store.documents.states().get('a');
    assert.deepEqual([state?.size, state?.mtime, state?.hash, state?.current], [7, 12.25, hashOf('a'), true]);
    assert.equal(store.documents.remove(['b', 'none']), 1);
    assert.deepEqual([...store.documents.states().keys()].sort(), ['a', 'c']);
    assert.equal(store.counts().chunks, 2);
    store.documents.setSkipped([
      { path: 'x', reason: 'binary' },
      { path: 'y', reason: 'too large' },
    ]);
    store.documents.setSkipped([
      { path: 'y', reason: 'binary' },
      { path: 'z', reason: 'binary' },
    ]);
    store.documents.skip({ path: 'w', reason: 'unreadable' });
    assert.deepEqual(store.counts().skipped, { binary: 2, unreadable: 1 });
    store.documents.put(document('w'), []);
    assert.deepEqual(store.documents.skipped(), [
      { path: 'y', reason: 'binary' },
      { path: 'z', reason: 'binary' },
    ]);
    close();
  });

  it('finds phrases without regard to case', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('a'), [
      chunk('Die GRÖSSE der Tür'),
      chunk('the size of the door'),
      chunk('100% "x" _'),
    ]);
    const textsOf = (ids: number[]): string[] => store.chunks.getAll(ids).map((c) => c.text);
    assert.deepEqual(textsOf(store.chunks.containing(['größe'.replace('ß', 'ss'), 'TÜR'])), [
      'Die GRÖSSE der Tür',
    ]);
    assert.deepEqual(textsOf(store.chunks.containing(['0% "x" _'])), ['100% "x" _']);
    assert.deepEqual(textsOf(store.chunks.containing(['door', 'Tür'])), []);
    close();
  });
});

describe('store: vectors', () => {
  it('lists what waits for a vector by priority, each hash once', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('a'), [{ ...chunk('late'), priority: 5 }, chunk('twice'), chunk('twice')]);
    store.documents.put(document('b'), [{ ...chunk('first'), priority: -1 }, chunk('twice')]);
    const texts = (limit: number, except?: Set<string>): string[] =>
      store.chunks.pending(limit, except).map((c) => c.text);
    assert.deepEqual(texts(10), ['first', 'twice', 'late']);
    assert.deepEqual(texts(2, new Set([hashOf('first')])), ['twice', 'late']);
    assert.deepEqual(texts(0), []);
    assert.equal(store.embeddings.put([{ hash: hashOf('twice'), vector: unitVector(1) }]), 3);
    assert.deepEqual(texts(10), ['first', 'late']);
    const [, second, third] = store.chunks.ofDocument('a');
    assert.equal(second!.embeddingId, third!.embeddingId);
    assert.equal(store.chunks.ofEmbedding(second!.embeddingId!).length, 3);
    close();
  });

  it('keeps a vector within half a step of int8, its length, and one that was stored as it is', () => {
    const vector = Float32Array.from({ length: 384 }, (_, i) => Math.sin(i * i));
    const largest = Math.max(...vector.map(Math.abs));
    const back = vectorFrom(vectorBytes(vector), vector.length)!;
    for (const [i, value] of vector.entries()) assert.ok(Math.abs(value - back[i]!) <= (0.6 * largest) / 127);
    assert.deepEqual(vectorBytes(back), vectorBytes(vector));
    assert.ok(Math.abs(Math.hypot(...back) / Math.hypot(...vector) - 1) < 1e-6);
    const none = new Float32Array(4);
    assert.deepEqual(vectorFrom(vectorBytes(none), 4), none);
    assert.equal(vectorFrom(vectorBytes(vector), 4), undefined);
  });

  it('gives back what is stored', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('a'), [chunk('one'), chunk('two')]);
    const whole = new Float32Array([9, ...unitVector(3)]);
    store.embeddings.put([{ hash: hashOf('one'), vector: whole.subarray(1) }]);
    const id = store.chunks.ofDocument('a')[0]!.embeddingId!;
    assert.deepEqual(store.embeddings.get(id), unitVector(3));
    const seen: [number, Float32Array][] = [];
    store.embeddings.eachLive((v) => seen.push([v.id, v.vector]));
    assert.deepEqual(seen, [[id, unitVector(3)]]);
    assert.equal(store.embeddings.has(hashOf('one')), true);
    assert.equal(store.embeddings.has(hashOf('two')), false);
    assert.equal(
      codeOf(() => store.embeddings.put([{ hash: hashOf('two'), vector: unitVector(1, 4) }])),
      'engine-failed',
    );
    const infinite = [
      { hash: hashOf('two'), vector: unitVector(1) },
      { hash: hashOf('x'), vector: unitVector(1).fill(NaN, 3, 4) },
    ];
    assert.equal(
      codeOf(() => store.embeddings.put(infinite)),
      'engine-failed',
    );
    assert.equal(store.embeddings.has(hashOf('two')), false);
    close();
  });

  it('counts generations only when live vectors change', () => {
    const { store, close } = openStore(temporaryFolder());
    const seen: string[] = [];
    const step = (what: string, action: () => void): void => {
      const before = [store.generation(), store.relinks(), store.revision()];
      action();
      const after = [store.generation(), store.relinks(), store.revision()];
      seen.push(`${what} ${after.map((n, i) => n - before[i]!).join('')}`);
    };
    step('put without vectors', () => store.documents.put(document('a'), [chunk('one')]));
    step('new vector', () => encodeAll(store));
    step('same vectors', () => store.documents.put(document('a', 'x'), [chunk('one')]));
    step('known vector nobody waits for', () =>
      store.embeddings.put([{ hash: hashOf('one'), vector: unitVector(1) }]),
    );
    step('touch', () => store.documents.touch('a', { size: 1, mtime: 1 }));
    step('remove', () => store.documents.remove(['a']));
    step('remove nothing', () => store.documents.remove(['a']));
    step('known vector', () => store.documents.put(document('a'), [chunk('one')]));
    assert.deepEqual(seen, [
      'put without vectors 001',
      'new vector 101',
      'same vectors 001',
      'known vector nobody waits for 000',
      'touch 000',
      'remove 111',
      'remove nothing 000',
      'known vector 111',
    ]);
    close();
  });

  it('changes the encoder and comes back without encoding again', () => {
    const dir = temporaryFolder();
    const first = openStore(dir);
    first.store.documents.put(document('a'), [chunk('one'), chunk('two')]);
    encodeAll(first.store);
    const ids = first.store.embeddings.liveIds();
    first.close();
    const other = openStore(dir, { encoder: { id: 'encoder-b', dimensions: 4 } });
    assert.equal(other.store.counts().pending, 2);
    other.store.embeddings.put([{ hash: hashOf('one'), vector: unitVector(7, 4) }]);
    assert.equal(other.store.counts().vectors, 1);
    other.close();
    const again = openStore(dir);
    assert.deepEqual(again.store.embeddings.liveIds(), ids);
    assert.equal(again.store.counts().pending, 0);
    again.close();
    const unnamed = openStore(dir, { encoder: undefined });
    assert.deepEqual(unnamed.store.encoder?.id, ENCODER.id);
    unnamed.close();
  });

  it('prunes the vectors that have been idle longest, down to a cache', () => {
    const { store, close } = openStore(temporaryFolder());
    for (const name of ['a', 'b', 'c', 'd', 'e']) store.documents.put(document(name), [chunk(name)]);
    encodeAll(store);
    store.documents.remove(['b']);
    assert.equal(store.embeddings.prune(1000, 3), 0);
    store.documents.remove(['a', 'c', 'd']);
    assert.equal(store.embeddings.prune(2000, 3), 1);
    const known = (): string[] =>
      ['a', 'b', 'c', 'd', 'e'].filter((name) => store.embeddings.has(hashOf(name)));
    assert.deepEqual(known(), ['a', 'c', 'd', 'e']);
    store.documents.put(document('a'), [chunk('a')]);
    assert.equal(store.embeddings.prune(3000, 1), 0, 'as many as are live stay');
    assert.equal(store.embeddings.prune(3000, 0), 0);
    store.documents.remove(['e']);
    assert.equal(store.embeddings.prune(4000, 0), 2);
    assert.deepEqual(known(), ['a', 'e']);
    store.compact();
    assert.deepEqual(known(), ['a', 'e']);
    close();
  });
});

describe('store: builds and readers', () => {
  it('tells documents of another build, keeps their vectors', () => {
    const dir = temporaryFolder();
    const first = openStore(dir);
    first.store.documents.put(document('a'), [chunk('one')]);
    first.store.documents.put(document('b'), [chunk('two')]);
    encodeAll(first.store);
    first.close();
    const second = openStore(dir, { build: 'build-2' });
    assert.equal(second.store.build, 'build-2');
    assert.equal(second.store.documents.rename('b', document('c', 'b'), [chunk('two').terms]), false);
    assert.equal(second.store.documents.put(document('a'), [chunk('one')]).reused, 1);
    const current = [...second.store.documents.states()].map(([name, state]) => [name, state.current]);
    assert.deepEqual(current.sort(), [
      ['a', true],
      ['b', false],
    ]);
    second.close();
  });

  it('lets readers see what is committed while a writer writes', () => {
    const dir = temporaryFolder();
    assert.equal(
      codeOf(() => Store.open(dir, { readOnly: true })),
      'bad-argument',
    );
    const { store, close } = openStore(dir);
    store.documents.put(document('a'), [chunk('one')]);
    const reader = Store.open(dir, { readOnly: true });
    assert.equal(reader.counts().documents, 1);
    assert.deepEqual(reader.encoder?.id, ENCODER.id);
    const generation = reader.generation();
    store.transaction(() => {
      store.documents.put(document('b'), [chunk('two')]);
      assert.equal(reader.counts().documents, 1);
    });
    assert.equal(reader.counts().documents, 2);
    encodeAll(store);
    assert.equal(reader.generation(), generation + 1);
    assert.deepEqual(reader.embeddings.get(reader.embeddings.liveIds()[0]!), unitVector(1));
    assert.equal(
      codeOf(() => reader.documents.remove(['a'])),
      'permission-denied',
    );
    close();
    assert.equal(reader.counts().documents, 2);
    assert.equal(reader.replaced(), false);
    reader.close();
    reader.close();
    const alone = Store.open(dir, { readOnly: true });
    assert.equal(alone.counts().documents, 2);
    alone.close();
  });

  it('is for its owner only', () => {
    const dir = path.join(temporaryFolder(), 'home', 'index');
    openStore(dir).close();
    // Windows knows no such modes.
    assert.ok(process.platform === 'win32' || (statSync(dir).mode & 0o777) === 0o700);
  });
});
