/** Similar code, related files and duplicates over several roots. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import {
  duplicatesInWorkspace,
  relatedInWorkspace,
  similarInWorkspace,
  type WorkspaceRoot,
  type WorkspaceShop,
} from '../../src/engine/search/workspace';
import { Folders, SHOP, type IndexedFolder } from './workspaceSupport';

const folders = new Folders();
let shop: IndexedFolder;
let other: IndexedFolder;
const RETRY = SHOP['src/retry.ts']!;
/** The same program, laid out and commented otherwise. */
const RESTYLED = RETRY.replace(
  '/** Calls an action again until it succeeds. */',
  '// Again and again.',
).replaceAll('  ', '\t');
const HEADER = `import { a } from './a';\nimport { b } from './b';\nimport { c } from './c';\nimport { d } from './d';\nimport { e } from './e';\nimport { f } from './f';\n`;

before(async () => {
  shop = await folders.index('shop', {
    ...SHOP,
    'src/net/again.ts': RESTYLED,
    'src/net/copy.ts': RETRY,
    'vendor/copy.ts': RETRY,
    'src/one.ts': HEADER,
    'src/two.ts': HEADER,
    'data/one.json': '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "d": 4,\n  "e": 5\n}\n',
    'data/two.json': '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "d": 4,\n  "e": 5\n}\n',
  });
  other = await folders.index('other', { 'lib/again.ts': RETRY });
});

const of = (...roots: WorkspaceRoot[]): WorkspaceShop => ({ roots, encoder: folders.encoder });
const retryPlace = (): { root: string; path: string; startLine: number; endLine: number } => ({
  root: shop.root.root,
  path: 'src/retry.ts',
  startLine: 1,
  endLine: 14,
});

describe('similarInWorkspace', () => {
  test('leaves the place out and folds identical copies into one hit', async () => {
    const { hits } = await similarInWorkspace(of(shop.root, other.root), { place: retryPlace(), limit: 3 });
    const [first, second] = hits;
    assert.equal(first?.similarity, 1);
    const places = [first, ...first.copies].map(({ root, path: file }) => `${path.basename(root)}/${file}`);
    assert.deepEqual(places.sort(), [
      'other/lib/again.ts',
      'shop/src/net/again.ts',
      'shop/src/net/copy.ts',
      'shop/vendor/copy.ts',
    ]);
    assert.ok((second?.similarity ?? 1) < 1);
    assert.ok(
      hits.every(({ path: file, copies }) => file !== 'src/retry.ts' && copies.every((c) => c.path !== file)),
    );
  });

  test('takes a text that is part of a line, or not in any file', async () => {
    const text = 'for (const line of lines) { total += line.quantity * line.unitPrice; }';
    const place = { root: shop.root.root, path: 'src/download.ts', startLine: 1, endLine: 1 };
    const { hits } = await similarInWorkspace(of(shop.root), { place, text, limit: 2 });
    assert.equal(hits[0]?.path, 'src/invoice.ts');
    const elsewhere = { ...place, root: '/nowhere', path: 'untitled.ts' };
    const same = await similarInWorkspace(of(shop.root), { place: elsewhere, text, limit: 2 });
    assert.equal(same.hits[0]?.path, 'src/invoice.ts');
  });

  test('a long text is like whatever one of its parts is like', async () => {
    const filler = Array.from({ length: 400 }, (_, i) => `const unrelated${i} = planet(${i}).orbit;`).join(
      '\n',
    );
    const place = { root: shop.root.root, path: 'src/download.ts', startLine: 1, endLine: 7 };
    const { hits } = await similarInWorkspace(of(shop.root), {
      place,
      text: `${RETRY}\n${filler}`,
      limit: 4,
    });
    assert.ok([hits[0], ...(hits[0]?.copies ?? [])].some((place) => place?.path === 'src/retry.ts'));
  });

  test('hides what is hidden', async () => {
    const hidden = {
      ...shop.root,
      isShown: (file: string) => !file.startsWith('src/net') && !file.startsWith('vendor'),
    };
    const { hits } = await similarInWorkspace(of(hidden), { place: retryPlace(), limit: 5 });
    assert.ok(hits.length > 0);
    const places = hits.flatMap((hit) => [hit, ...hit.copies]);
    assert.ok(places.every(({ path: file }) => !/^src\/net|^vendor/.test(file)));
  });

  test('refuses blank lines, lines that are not there and files that cannot be read', async () => {
    const ask = (more: object): Promise<unknown> =>
      similarInWorkspace(of(shop.root), { place: { ...retryPlace(), ...more }, limit: 3 });
    await assert.rejects(ask({ startLine: 90, endLine: 99 }), { code: 'bad-argument' });
    await assert.rejects(ask({ path: 'gone.ts' }), { code: 'bad-argument' });
    await assert.rejects(similarInWorkspace(of(shop.root), { place: retryPlace(), text: ' \n', limit: 3 }), {
      code: 'bad-argument',
    });
  });
});

describe('relatedInWorkspace', () => {
  test('names the files that belong with a file, with the chunk pairs that say so', async () => {
    const params = { root: shop.root.root, path: 'src/retry.ts', limit: 20 };
    const { files, reason } = await relatedInWorkspace(of(shop.root, other.root), params);
    assert.equal(reason, undefined);
    const first = files.slice(0, 4).map(({ root, path: file }) => `${path.basename(root)}/${file}`);
    assert.ok(first.includes('other/lib/again.ts') && first.includes('shop/src/net/copy.ts'), String(first));
    assert.ok(files.every(({ root, path: file }) => root !== shop.root.root || file !== 'src/retry.ts'));
    const [pair] = files[0]?.pairs ?? [];
    assert.deepEqual([pair?.own.startLine, pair?.own.endLine], [1, 13]);
    assert.ok((pair?.similarity ?? 0) > 0.9);
    const scores = files.map(({ score }) => score);
    assert.deepEqual(
      scores,
      [...scores].sort((a, b) => b - a),
    );
  });

  test('says why there are none', async () => {
    const ask = async (root: WorkspaceRoot, file: string): Promise<string | undefined> =>
      (await relatedInWorkspace(of(root), { root: root.root, path: file, limit: 5 })).reason;
    assert.match((await ask(shop.root, 'none.ts')) ?? '', /not indexed/);
    const indexing = { filesDone: 1, filesTotal: 9, pending: 3 };
    assert.match((await ask({ ...shop.root, indexing }, 'none.ts')) ?? '', /not indexed yet/);
    assert.match((await ask({ ...shop.root, isShown: () => false }, 'none.ts')) ?? '', /excluded/);
    assert.match((await ask(other.root, 'lib/again.ts')) ?? '', /No other file/);
    const outside = await relatedInWorkspace(of(shop.root), { root: '/nowhere', path: 'x.ts', limit: 5 });
    assert.match(outside.reason ?? '', /no folder/);
  });
});

describe('duplicatesInWorkspace', () => {
  const asked = { minSimilarity: 0.9, minLines: 5, includeTests: true };

  test('finds copies across files and roots, and nothing in imports, data and vendored files', async () => {
    const done: number[] = [];
    const { clusters, notes } = await duplicatesInWorkspace(of(shop.root, other.root), asked, {
      onProgress: (share) => done.push(share),
    });
    assert.deepEqual(notes, []);
    assert.equal(clusters.length, 1);
    const [cluster] = clusters;
    assert.deepEqual(cluster?.places.map(({ root, path: file }) => `${path.basename(root)}/${file}`).sort(), [
      'other/lib/again.ts',
      'shop/src/net/again.ts',
      'shop/src/net/copy.ts',
      'shop/src/retry.ts',
    ]);
    assert.equal(cluster.identical, true);
    assert.deepEqual([cluster.minSimilarity, cluster.meanSimilarity], [1, 1]);
    const lines = cluster.places.map(({ startLine, endLine }) => endLine - startLine + 1);
    assert.equal(cluster.redundantLines, lines.reduce((a, b) => a + b, 0) - Math.max(...lines));
    assert.deepEqual([cluster.files, cluster.folders], [4, 2]);
    assert.equal(done.at(-1), 1);
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
    );
  });

  test('joins what is alike, not only what is the same', async () => {
    const edited = RETRY.replaceAll('action', 'task')
      .replace('delay = 100', 'delay = 250')
      .replaceAll('attempt', 'round');
    const folder = await folders.index('edited', {
      'a.ts': RETRY,
      'b.ts': edited,
      'c.ts': SHOP['src/invoice.ts']!,
    });
    const { clusters } = await duplicatesInWorkspace(of(folder.root), { ...asked, minSimilarity: 0.8 });
    assert.equal(clusters.length, 1);
    assert.equal(clusters[0]?.identical, false);
    assert.deepEqual(clusters[0].places.map((place) => place.path).sort(), ['a.ts', 'b.ts']);
    assert.ok(clusters[0].minSimilarity >= 0.8 && clusters[0].minSimilarity < 1);
    const strict = await duplicatesInWorkspace(of(folder.root), { ...asked, minSimilarity: 0.9999 });
    assert.deepEqual(strict.clusters, []);
  });

  test('leaves out short chunks and hidden files, and stops when it is cancelled', async () => {
    const long = await duplicatesInWorkspace(of(shop.root), { ...asked, minLines: 50 });
    assert.deepEqual(long.clusters, []);
    const hidden = { ...shop.root, isShown: (file: string) => !file.startsWith('src/net') };
    assert.deepEqual((await duplicatesInWorkspace(of(hidden), asked)).clusters, []);
    const signal = AbortSignal.abort();
    await assert.rejects(duplicatesInWorkspace(of(shop.root), asked, { signal }), { name: 'AbortError' });
  });
});
