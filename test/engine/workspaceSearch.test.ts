/** Search over several roots: one order, the same answer as one engine gives, and what may not appear. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { searchWorkspace, type WorkspaceRoot, type WorkspaceShop } from '../../src/engine/search/workspace';
import type { Hit } from '../../src/engine/search/answer';
import type { WireAnswer } from '../../src/protocol/messages';
import { asking } from '../asking';
import { Folders, SHOP, type IndexedFolder } from './workspaceSupport';

const folders = new Folders();
let shop: IndexedFolder;
let library: IndexedFolder;
before(async () => {
  shop = await folders.index('shop', SHOP);
  library = await folders.index('library', {
    'src/retry.py': `def retry_call(function, attempts=3):
    """Call a function again when it raises."""
    for attempt in range(attempts):
        try:
            return function()
        except Exception:
            if attempt == attempts - 1:
                raise
            time.sleep(2 ** attempt)
`,
    'src/shapes.py': `class Circle:
    """A round shape."""

    def area(self):
        return 3.14159 * self.radius ** 2
`,
  });
});

const of = (...roots: WorkspaceRoot[]): WorkspaceShop => ({ roots, encoder: folders.encoder });
/** What both kinds of hits have. */
const SHOWN = ['path', 'startLine', 'endLine', 'score', 'snippet', 'snippetLine', 'breadcrumb'] as const;
const shown = (hit: Pick<Hit, (typeof SHOWN)[number]>): object =>
  Object.fromEntries(SHOWN.map((key) => [key, hit[key]]));
const paths = ({ hits }: WireAnswer): string[] => hits.map(({ path }) => path);

describe('searchWorkspace', () => {
  test('gives for one root what its engine gives', async () => {
    for (const mode of ['hybrid', 'semantic', 'lexical'] as const) {
      for (const query of ['how are failed downloads retried', 'invoiceTotal', 'tax lang:ts', 'path:docs']) {
        const wire = await searchWorkspace(of(shop.root), asking(query, { mode }));
        const own = await shop.engine.search(query, { mode });
        assert.deepEqual(wire.hits.map(shown), own.hits.map(shown), `${mode}: ${query}`);
        assert.ok(wire.hits.every(({ root }) => root === shop.root.root));
      }
    }
  });

  test('ranks the hits of several roots together, whatever their order', async () => {
    const answer = await searchWorkspace(of(shop.root, library.root), asking('retry a call that failed'));
    const roots = new Set(answer.hits.slice(0, 4).map(({ root }) => root));
    assert.deepEqual(roots, new Set([shop.root.root, library.root.root]));
    const other = await searchWorkspace(of(library.root, shop.root), asking('retry a call that failed'));
    assert.deepEqual(other.hits, answer.hits);
    const scores = answer.hits.map(({ score }) => score);
    assert.deepEqual(
      scores,
      [...scores].sort((a, b) => b - a),
    );
  });

  test('tells files of one path in two roots apart', async () => {
    const twin = await folders.index('twin', SHOP);
    const { hits } = await searchWorkspace(of(shop.root, twin.root), asking('invoiceTotal', { perFile: 1 }));
    const found = hits.filter(({ path }) => path === 'src/invoice.ts').map(({ root }) => root);
    assert.deepEqual(new Set(found), new Set([shop.root.root, twin.root.root]));
    assert.equal(hits[0]?.score, hits[1]?.score);
  });

  test('asks only the roots that are named', async () => {
    const params = asking('retry', { roots: [library.root.root] });
    const { hits } = await searchWorkspace(of(shop.root, library.root), params);
    assert.ok(hits.length > 0 && hits.every(({ root }) => root === library.root.root));
  });

  test('keeps to code, to documentation, and away from tests', async () => {
    const all = await searchWorkspace(of(shop.root), asking('retry with backoff'));
    assert.ok(paths(all).includes('docs/downloads.md') && paths(all).includes('tests/retry.test.ts'));
    const docs = await searchWorkspace(of(shop.root), asking('retry with backoff', { kind: 'docs' }));
    assert.deepEqual(paths(docs), ['docs/downloads.md']);
    const code = await searchWorkspace(
      of(shop.root),
      asking('retry with backoff', { kind: 'code', includeTests: false }),
    );
    assert.ok(code.hits.length >= 3 && paths(code).every((path) => path.startsWith('src/')));
  });

  test('shows nothing that is hidden, and still as many hits as wanted', async () => {
    const hidden = { ...shop.root, isShown: (path: string) => !path.startsWith('src/retry') };
    for (const query of ['retry with backoff', 'path:src', 'retryWithBackoff']) {
      const { hits } = await searchWorkspace(of(hidden), asking(query, { limit: 2, perFile: 1 }));
      assert.equal(hits.length, 2, query);
      assert.ok(
        hits.every(({ path }) => path !== 'src/retry.ts'),
        query,
      );
    }
  });

  test('marks what the words match and looks at the line that answers', async () => {
    const { hits } = await searchWorkspace(of(shop.root), asking('invoice totals with taxes', { limit: 1 }));
    const [hit] = hits;
    assert.equal(hit?.path, 'src/invoice.ts');
    const marked = hit.marks.map(([start, end]) => hit.snippet.slice(start, end));
    assert.ok(marked.includes('invoiceTotal') && marked.includes('tax'), String(marked));
    assert.match(hit.snippet.split('\n')[hit.focusLine - hit.snippetLine] ?? '', /invoiceTotal/);
  });

  test('says how far an index is that is not complete', async () => {
    const partial = { ...shop.root, indexing: { filesDone: 3, filesTotal: 9, pending: 4 } };
    const { hits, notes } = await searchWorkspace(of(partial), asking('invoice'));
    assert.ok(hits.length > 0);
    assert.deepEqual(notes, ['The workspace is still being indexed: 3 of 9 files so far.']);
  });

  test('answers by words, with a note, where there is no encoder', async () => {
    const encoder = (): Promise<never> => Promise.reject(new Error('no runtime here'));
    const answer = await searchWorkspace({ roots: [shop.root], encoder }, asking('invoice'));
    assert.equal(answer.hits[0]?.path, 'src/invoice.ts');
    assert.deepEqual(answer.notes, ['Only words are searched, not meaning: no runtime here']);
    await assert.rejects(
      searchWorkspace({ roots: [shop.root], encoder }, asking('invoice', { mode: 'semantic' })),
    );
  });

  test('stops when it is cancelled, and refuses a query without words', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(searchWorkspace(of(shop.root), asking('invoice'), signal), { name: 'AbortError' });
    await assert.rejects(searchWorkspace(of(shop.root), asking('  ')), { code: 'empty-query' });
  });
});
