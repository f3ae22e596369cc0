/** Unsaved text: found instead of what is stored, by words at once and by meaning soon after. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  relatedInWorkspace,
  searchWorkspace,
  similarInWorkspace,
  type Overlays,
  type WorkspaceShop,
} from '../../src/engine/search/workspace';
import type { Encoder } from '../../src/core/encode/encoder';
import { asking } from '../asking';
import { Folders, SHOP, type IndexedFolder } from './workspaceSupport';

const folders = new Folders();
let folder: IndexedFolder;
let overlays: Overlays;
let shop: WorkspaceShop;
before(async () => {
  folder = await folders.index('shop', SHOP);
  overlays = folders.overlays([folder.root]);
  shop = { roots: [folder.root], encoder: folders.encoder, overlays };
});

const INVOICE = 'src/invoice.ts';
const EDITED = `${SHOP[INVOICE]!}
/** Turns a moon phase into the name of a tide. */
export function tideOfMoonPhase(phase: number): string {
  return phase > 0.4 && phase < 0.6 ? 'spring tide' : 'neap tide';
}
`;

async function unsaved(path: string, text: string | null): Promise<void> {
  overlays.set(folder.root.root, path, text);
  await overlays.whenIdle();
}

describe('overlays', () => {
  test('unsaved text is found by name, by words and by meaning, where it stands', async () => {
    await unsaved(INVOICE, EDITED);
    for (const [query, mode] of [
      ['tideOfMoonPhase', 'hybrid'],
      ['neap tide', 'lexical'],
      ['lunar cycle and water level at the sea', 'semantic'],
    ] as const) {
      const { hits } = await searchWorkspace(shop, asking(query, { mode }));
      assert.equal(hits[0]?.path, INVOICE, query);
      assert.match(hits[0].snippet, /tideOfMoonPhase/);
      assert.ok(hits[0].endLine > 9);
      assert.ok(hits[0].similarity !== undefined || mode === 'lexical');
    }
    await unsaved(INVOICE, null);
    const { hits } = await searchWorkspace(shop, asking('tideOfMoonPhase', { mode: 'lexical' }));
    assert.ok(hits.every(({ snippet }) => !snippet.includes('tide')));
  });

  test('what was deleted in the editor is found no more', async () => {
    await unsaved('src/retry.ts', 'export const nothing = 1;\n');
    const { hits } = await searchWorkspace(shop, asking('retryWithBackoff'));
    assert.ok(hits.length > 0);
    assert.ok(hits.every(({ path, snippet }) => path !== 'src/retry.ts' || snippet.includes('nothing')));
    await unsaved('src/retry.ts', null);
    const again = await searchWorkspace(shop, asking('retryWithBackoff'));
    assert.equal(again.hits[0]?.path, 'src/retry.ts');
  });

  test('the same text unsaved scores as it does stored', async () => {
    const stored = await searchWorkspace(shop, asking('sum an invoice with tax'));
    await unsaved(INVOICE, SHOP[INVOICE]!);
    const { hits } = await searchWorkspace(shop, asking('sum an invoice with tax'));
    await unsaved(INVOICE, null);
    assert.deepEqual(
      hits.map(({ path }) => path),
      stored.hits.map(({ path }) => path),
    );
    for (const [i, { score }] of hits.entries()) {
      assert.ok(Math.abs(score - (stored.hits[i]?.score ?? NaN)) < 1e-3);
    }
  });

  test('filters hold for unsaved text', async () => {
    await unsaved(INVOICE, EDITED);
    const found = async (query: string): Promise<boolean> => {
      const { hits } = await searchWorkspace(shop, asking(query));
      return hits.some(({ snippet }) => snippet.includes('tideOfMoonPhase'));
    };
    assert.equal(await found('tide path:src'), true);
    assert.equal(await found('tide -path:src'), false);
    assert.equal(await found('tide lang:python'), false);
    assert.equal(await found('"spring tide"'), true);
    const hidden = { ...shop, roots: [{ ...folder.root, isShown: (path: string) => path !== INVOICE }] };
    assert.ok((await searchWorkspace(hidden, asking('tide'))).hits.every(({ path }) => path !== INVOICE));
    await unsaved(INVOICE, null);
  });

  test('similar and related look at unsaved text', async () => {
    const copy = SHOP['src/retry.ts']!;
    await unsaved(INVOICE, copy);
    const place = { root: folder.root.root, path: 'src/retry.ts', startLine: 1, endLine: 14 };
    const { hits } = await similarInWorkspace(shop, { place, limit: 3 });
    assert.deepEqual([hits[0]?.path, hits[0]?.similarity], [INVOICE, 1]);
    const related = await relatedInWorkspace(shop, { root: folder.root.root, path: INVOICE, limit: 3 });
    assert.equal(related.files[0]?.path, 'src/retry.ts');
    await unsaved(INVOICE, null);
  });

  test('a text that is edited while it is encoded ends as the last one', async () => {
    for (let i = 0; i < 5; i++)
      overlays.set(folder.root.root, INVOICE, EDITED.replaceAll('tide', `tide${i}`));
    await overlays.whenIdle();
    const { hits } = await searchWorkspace(shop, asking('tide4', { mode: 'lexical' }));
    assert.match(hits[0]?.snippet ?? '', /spring tide4/);
    overlays.forget(folder.root.root);
    assert.deepEqual(overlays.documentsOf(folder.root.root, folder.root.store), []);
  });

  test('encodes only what no stored or earlier chunk is', async () => {
    const { info } = await folders.encoder();
    const passages: string[] = [];
    const counting: Encoder = {
      info,
      count: (text) => text.length / 4,
      encode: async (texts, role, options) => {
        passages.push(...texts);
        return (await folders.encoder()).encode(texts, role, options);
      },
      close: () => Promise.resolve(),
    };
    const own = folders.overlays([folder.root], () => Promise.resolve(counting));
    const functions = (...names: string[]): string =>
      names
        .map((name) => `export function ${name}(): string {\n${`  work('${name}');\n`.repeat(40)}}\n`)
        .join('\n');
    own.set(folder.root.root, INVOICE, functions('alpha', 'beta', 'gamma'));
    await own.whenIdle();
    const first = passages.length;
    assert.ok(first >= 3);
    own.set(folder.root.root, INVOICE, functions('alpha', 'betas', 'gamma'));
    await own.whenIdle();
    const again = passages.slice(first);
    assert.ok(again.length >= 1 && again.length < first);
    assert.ok(again.every((passage) => passage.includes('betas')));
    own.set(folder.root.root, INVOICE, SHOP[INVOICE]!);
    await own.whenIdle();
    assert.equal(passages.length, first + again.length);
  });

  test('documents that the index does not have are not searched, and long texts neither', async () => {
    await unsaved('src/ignored.ts', 'export const zebraCrossing = 1;\n');
    await unsaved(INVOICE, 'zebraCrossing\n'.repeat(20_000));
    const { hits } = await searchWorkspace(shop, asking('zebraCrossing', { mode: 'lexical' }));
    assert.deepEqual(hits, []);
    overlays.forget(folder.root.root);
  });
});
