import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Ann, describeAnn, exactLimit, type AnnOptions } from '../../src/engine/index/ann';
import { ExactIndex } from '../../src/engine/index/exactIndex';
import { HnswIndex } from '../../src/engine/index/hnswIndex';
import { loadHnswlib, type NativeGraphClass } from '../../src/engine/index/hnswlib';
import { Store } from '../../src/engine/index/store';
import type { Neighbor } from '../../src/engine/index/vectorIndex';
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
  type OpenStore,
} from './storeSupport';

function dotProduct(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** The neighbors by sorting everything. */
function expected(vectors: ReadonlyMap<number, Float32Array>, query: Float32Array, k: number): number[] {
  return [...vectors]
    .map(([id, vector]) => ({ id, similarity: dotProduct(query, vector) }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, k)
    .map(({ id }) => id);
}

const ids = (neighbors: readonly Neighbor[]): number[] => neighbors.map(({ id }) => id);

describe('exact index', () => {
  it('finds the nearest, whatever was added and removed before', () => {
    for (const dimensions of [1, 3, 8, 17]) {
      const index = new ExactIndex(dimensions, 1);
      const vectors = new Map<number, Float32Array>();
      for (let n = 1; n <= 300; n += 1) {
        vectors.set(n, unitVector(n, dimensions));
        index.add(n, vectors.get(n)!);
        if (n % 3 === 0) {
          vectors.delete(n - 1);
          index.remove(n - 1);
        }
      }
      index.remove(9999);
      assert.equal(index.size, vectors.size);
      assert.deepEqual(
        [...index.ids()].sort((a, b) => a - b),
        [...vectors.keys()],
      );
      if (dimensions === 1) continue;
      for (const seed of [1001, 1002, 1003]) {
        const query = unitVector(seed, dimensions);
        const found = index.search(query, 10);
        assert.deepEqual(ids(found), expected(vectors, query, 10));
        assert.ok(
          found.every(
            ({ id, similarity }) => Math.abs(similarity - dotProduct(query, vectors.get(id)!)) < 1e-6,
          ),
        );
        const even = new Map([...vectors].filter(([id]) => id % 2 === 0));
        assert.deepEqual(ids(index.search(query, 10, (id) => id % 2 === 0)), expected(even, query, 10));
        assert.equal(index.search(query, 1e9).length, vectors.size);
      }
      assert.deepEqual(
        index.search(unitVector(1, dimensions), 5, () => false),
        [],
      );
    }
  });

  it('orders equal vectors by id, and keeps NaN out', () => {
    const index = new ExactIndex(2);
    for (const id of [5, 3, 9, 1]) index.add(id, Float32Array.of(1, 0));
    index.add(4, Float32Array.of(NaN, 0));
    assert.deepEqual(index.search(Float32Array.of(1, 0), 2), [
      { id: 1, similarity: 1 },
      { id: 3, similarity: 1 },
    ]);
    assert.deepEqual(ids(index.search(Float32Array.of(1, 0), 9)), [1, 3, 5, 9]);
    for (const k of [0, -1, NaN]) assert.deepEqual(index.search(Float32Array.of(1, 0), k), []);
    assert.equal(
      codeOf(() => index.search(Float32Array.of(1), 1)),
      'engine-failed',
    );
    assert.equal(
      codeOf(() => index.add(1, Float32Array.of(1))),
      'engine-failed',
    );
    assert.deepEqual(new ExactIndex(2).search(Float32Array.of(1, 0), 3), []);
  });
});

/** The library, or nothing on a machine where it could not be built. */
async function library(): Promise<NativeGraphClass | undefined> {
  return (await loadHnswlib()).HierarchicalNSW;
}

describe('HNSW index', () => {
  it('agrees with exact search', async () => {
    const native = await library();
    if (native === undefined) return;
    const vectors = new Map<number, Float32Array>();
    const graph = HnswIndex.create(native, 16, 10, (id) => vectors.get(id));
    for (let n = 1; n <= 3000; n += 1) {
      vectors.set(n, unitVector(n, 16));
      graph.add(n, vectors.get(n)!);
    }
    for (let n = 5; n <= 3000; n += 5) {
      graph.remove(n);
      vectors.delete(n);
    }
    graph.remove(10);
    for (let n = 10; n <= 3000; n += 10) {
      vectors.set(n, unitVector(n, 16));
      graph.add(n, vectors.get(n)!);
    }
    assert.equal(graph.size, 2700);
    assert.equal(graph.tombstones.size, 300);
    const filters: [string, ((id: number) => boolean) | undefined][] = [
      ['all', undefined],
      ['many', (id) => id % 7 !== 0],
      ['few', (id) => id % 100 === 1],
      ['none', () => false],
    ];
    for (const [what, filter] of filters) {
      const allowed = new Map([...vectors].filter(([id]) => filter?.(id) ?? true));
      let hits = 0;
      let wanted = 0;
      for (let seed = 5001; seed <= 5020; seed += 1) {
        const query = unitVector(seed, 16);
        const found = graph.search(query, 50, filter);
        const truth = new Set(expected(allowed, query, 50));
        assert.ok(found.every(({ id, similarity }) => allowed.has(id) && Math.abs(similarity) <= 1));
        assert.ok(found.every(({ similarity }, i) => i === 0 || similarity <= found[i - 1]!.similarity));
        hits += found.filter(({ id }) => truth.has(id)).length;
        wanted += truth.size;
      }
      assert.ok(hits >= wanted * 0.97, `${what}: ${hits} of ${wanted}`);
    }
    assert.equal(graph.search(unitVector(1, 16), 1e6).length > 2000, true);
    assert.deepEqual(HnswIndex.create(native, 2, 0, () => undefined).search(Float32Array.of(1, 0), 3), []);
  });
});

const GRAPH: Omit<AnnOptions, 'log'> = { encoder: ENCODER, threshold: 300 };

/** A store of `count` chunks with vectors, each in a document of its own. */
function filled(count: number, dir = temporaryFolder()): OpenStore {
  const open = openStore(dir);
  open.store.transaction(() => {
    for (let n = 0; n < count; n += 1) open.store.documents.put(document(`file${n}`), [chunk(`text${n}`)]);
    encodeAll(open.store);
  });
  return open;
}

function graphFile(dir: string): string {
  const names = readdirSync(dir).filter((name) => name.endsWith('.bin'));
  assert.equal(names.length, 1);
  return path.join(dir, names[0]!);
}

describe('ann', () => {
  it('is exact below the threshold, and says why', async () => {
    const { store, lock, close } = filled(20);
    const ann = await Ann.open(store, GRAPH);
    await ann.keep({ lock });
    assert.equal(ann.status.kind, 'exact');
    assert.match(
      ann.status.reason ?? 'none',
      /hnswlib-node could not be loaded|20 vectors are fewer than 300/,
    );
    assert.equal(existsSync(path.join(store.dir, 'hnsw.json')), false);
    const id = store.chunks.ofDocument('file4')[0]!.embeddingId;
    assert.equal(ann.search(unitVector(5), 3)[0]?.id, id);
    assert.deepEqual([exactLimit(256), exactLimit(768)], [20_000, 6667]);
    await ann.close();
    close();
  });

  it('follows what is committed, here and by another connection', async () => {
    const { store, close } = filled(10);
    const reader = Store.open(store.dir, { readOnly: true });
    const anns = [await Ann.open(store, GRAPH), await Ann.open(reader, GRAPH)];
    const best = (seed: number): (number | undefined)[] =>
      anns.map((ann) => ann.search(unitVector(seed), 1)[0]?.id);
    const first = store.chunks.ofDocument('file2')[0]!.embeddingId;
    assert.deepEqual(best(3), [first, first]);
    store.documents.put(document('new'), [chunk('new')]);
    store.embeddings.put([{ hash: hashOf('new'), vector: unitVector(77) }]);
    const added = store.chunks.ofDocument('new')[0]!.embeddingId;
    assert.deepEqual(best(77), [added, added]);
    store.documents.remove(['file2']);
    assert.notDeepEqual(best(3), [first, first]);
    assert.deepEqual(
      anns.map((ann) => ann.size),
      [10, 10],
    );
    store.documents.put(document('again'), [chunk('text2')]);
    assert.deepEqual(best(3), [first, first]);
    reader.close();
    close();
  });

  it('finds nothing while the index belongs to another encoder', async () => {
    const { store, close } = filled(5);
    close();
    const other = openStore(store.dir, { encoder: { id: 'encoder-b', dimensions: 4 } });
    encodeAll(other.store, (_, n) => unitVector(n, 4));
    const reader = Store.open(store.dir, { readOnly: true });
    const ann = await Ann.open(reader, GRAPH);
    assert.deepEqual(ann.search(unitVector(1), 3), []);
    reader.close();
    other.close();
  });

  it('searches exactly where hnswlib-node is missing', async () => {
    const { store, lock, close } = filled(400);
    const lines: string[] = [];
    const load = (): never => {
      throw new Error("Cannot find module 'hnswlib-node'\nRequire stack:");
    };
    const options = { ...GRAPH, load, log: (line: string) => lines.push(line) };
    const ann = await Ann.open(store, options);
    await ann.keep({ lock });
    const reason = "hnswlib-node could not be loaded: Cannot find module 'hnswlib-node'";
    assert.deepEqual(ann.status, { kind: 'exact', reason });
    assert.deepEqual(await describeAnn(store, options), ann.status);
    assert.deepEqual(lines, [`Vectors are searched exactly: ${reason}.`]);
    assert.equal(ann.search(unitVector(5), 3).length, 3);
    assert.deepEqual((await loadHnswlib(() => ({}))).missing, 'hnswlib-node has no HierarchicalNSW');
    close();
  });

  it('builds a graph, keeps it, and loads it the next time', async () => {
    if ((await library()) === undefined) return;
    const { store, lock, close } = filled(400);
    const lines: string[] = [];
    const options = { ...GRAPH, log: (line: string) => lines.push(line) };
    const ann = await Ann.open(store, options);
    assert.equal(ann.status.kind, 'exact');
    assert.equal((await describeAnn(store, options)).kind, 'exact');
    await Promise.all([ann.keep({ lock }), ann.keep({ lock })]);
    assert.deepEqual(ann.status, { kind: 'hnsw' });
    const file = graphFile(store.dir);
    // A few changes are not worth another file, and are caught up with when it is loaded.
    store.documents.remove(['file7']);
    store.documents.put(document('new'), [chunk('new')]);
    store.embeddings.put([{ hash: hashOf('new'), vector: unitVector(7777) }]);
    await ann.keep({ lock });
    assert.equal(graphFile(store.dir), file);
    const next = await Ann.open(store, options);
    assert.deepEqual(next.status, { kind: 'hnsw' });
    assert.deepEqual(await describeAnn(store, options), { kind: 'hnsw' });
    for (const each of [ann, next]) {
      assert.equal(each.search(unitVector(7777), 1)[0]?.id, store.chunks.ofDocument('new')[0]!.embeddingId);
      assert.notEqual(each.search(unitVector(8), 1)[0]?.similarity.toFixed(4), '1.0000');
      assert.equal(each.size, 400);
    }
    assert.equal(lines.length, 2, 'exact for now; the graph is built');
    // A third of tombstones: made anew, under another name.
    store.transaction(() => {
      for (let n = 0; n < 150; n += 1) {
        store.documents.remove([`file${n}`]);
        store.documents.put(document(`more${n}`), [chunk(`more${n}`)]);
      }
      encodeAll(store, (_, n) => unitVector(20_000 + n));
    });
    await next.keep({ lock });
    assert.notEqual(graphFile(store.dir), file);
    const stamp = JSON.parse(readFileSync(path.join(store.dir, 'hnsw.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    assert.deepEqual([stamp['count'], stamp['tombstones']], [401, []]);
    // Far below the threshold the files go.
    store.documents.remove([...store.documents.states().keys()].slice(0, 300));
    await next.keep({ lock });
    assert.deepEqual(
      readdirSync(store.dir).filter((name) => name.startsWith('hnsw')),
      [],
    );
    close();
  });

  it('does not use a graph file that is torn, missing or of something else', async () => {
    if ((await library()) === undefined) return;
    const { store, lock, close } = filled(320);
    const stampFile = path.join(store.dir, 'hnsw.json');
    const open = async (): Promise<string> => {
      const ann = await Ann.open(store, GRAPH);
      assert.equal(ann.search(unitVector(5), 1)[0]?.id, store.chunks.ofDocument('file4')[0]!.embeddingId);
      const { kind, reason = '' } = ann.status;
      await ann.keep({ lock });
      assert.equal(ann.status.kind, 'hnsw');
      assert.equal((await Ann.open(store, GRAPH)).status.kind, 'hnsw');
      return `${kind} ${reason}`;
    };
    assert.match(await open(), /exact .*there is none/);
    assert.equal(await open(), 'hnsw ');
    truncateSync(graphFile(store.dir), statSync(graphFile(store.dir)).size - 100);
    assert.match(await open(), /exact .*torn/);
    const bytes = readFileSync(graphFile(store.dir));
    bytes[5000]! ^= 255;
    writeFileSync(graphFile(store.dir), bytes);
    assert.match(await open(), /exact .*torn/);
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Record<string, unknown>;
    const stamps = [
      { store: 'x' },
      { encoder: 'x' },
      { dimensions: 9 },
      { format: 99 },
      { count: 7 },
      { file: '../hnsw-1.bin' },
      { file: 'hnsw-0-gone.bin' },
      { tombstones: 'x' },
    ];
    for (const change of stamps) {
      const current = JSON.parse(readFileSync(stampFile, 'utf8')) as Record<string, unknown>;
      writeFileSync(stampFile, JSON.stringify({ ...current, ...change }));
      assert.match(await open(), /^exact /, JSON.stringify(change));
    }
    writeFileSync(stampFile, JSON.stringify(stamp).slice(0, 40));
    assert.match(await open(), /exact .*stamp/);
    close();
  });

  it('leaves building to keep, goes on after it was stopped, and leaves the old graph when writing fails', async () => {
    const native = await library();
    if (native === undefined) return;
    const { store, lock, close } = filled(900);
    const ann = await Ann.open(store, GRAPH);
    const controller = new AbortController();
    const stopped = ann.keep({ lock, signal: controller.signal });
    controller.abort();
    await stopped;
    assert.equal(existsSync(path.join(store.dir, 'hnsw.json')), ann.status.kind === 'hnsw');
    await ann.keep({ lock });
    assert.equal(ann.status.kind, 'hnsw');
    const file = graphFile(store.dir);
    class Failing extends native {
      override writeIndex(): Promise<boolean> {
        return Promise.reject(new Error('no space'));
      }
    }
    const lines: string[] = [];
    const log = (line: string): number => lines.push(line);
    const failing = await Ann.open(store, { ...GRAPH, log, load: () => ({ HierarchicalNSW: Failing }) });
    for (let n = 0; n < 120; n += 1) store.documents.put(document(`more${n}`), [chunk(`more${n}`)]);
    encodeAll(store, (_, n) => unitVector(30_000 + n));
    await failing.keep({ lock });
    assert.equal(graphFile(store.dir), file);
    assert.match(lines.join(), /could not be saved: .*no space/);
    assert.equal(failing.size, 1020);
    await ann.close();
    await failing.close();
    close();
  });
});
