/** BM25 of chunks outside the index is the number that FTS5 would give them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bm25Of, countTerms } from '../../src/core/rank/bm25';
import { corpusOf } from '../../src/engine/search/corpus';
import { chunk, document, openStore, temporaryFolder } from './storeSupport';

const WEIGHTS = { symbols: 4, breadcrumb: 2, path: 2, body: 1 };

const texts = [
  'retry policy with backoff',
  'retry retry retry the call',
  'parse a long header of the archive and nothing else that matters here at all',
  'render invoice',
  'render the invoice page with policy',
];

test('bm25Of agrees with FTS5, also after chunks were removed', () => {
  const { store, close } = openStore(temporaryFolder());
  for (const [i, text] of texts.entries())
    store.documents.put(document(`f${i}.ts`), [chunk(text, `name${i}`)]);
  const compare = (): void => {
    const wanted = ['retri', 'polici', 'render', 'name'];
    const inFull = new Map(wanted.map((term) => [term, 1]));
    const corpus = corpusOf([store]).statistics();
    const hits = store.lexicon.search(wanted, { weights: WEIGHTS, limit: 100 });
    assert.ok(hits.length >= 3);
    for (const { chunkId, bm25 } of hits) {
      const stored = store.chunks.get(chunkId)!;
      const { terms } = chunk(stored.text, stored.breadcrumb[1]);
      assert.ok(Math.abs(bm25Of(countTerms(terms), inFull, corpus, WEIGHTS) - bm25) < 1e-9 * (1 + bm25));
    }
  };
  compare();
  assert.equal(store.lexicon.size().rows, texts.length);
  assert.ok(store.lexicon.size().terms > texts.length);
  store.documents.remove(['f2.ts']);
  store.compact();
  compare();
  close();
});

test('an empty corpus gives no score and no error', () => {
  const { store, close } = openStore(temporaryFolder());
  assert.deepEqual(store.lexicon.size(), { rows: 0, terms: 0 });
  const corpus = corpusOf([store]).statistics();
  assert.equal(bm25Of(countTerms(chunk('some text').terms), new Map([['absent', 1]]), corpus, WEIGHTS), 0);
  close();
});

test('terms without common text score 0; a rare term scores more than a common one', () => {
  const corpus = { rows: 100, terms: 1000, frequency: (term: string) => (term === 'rare' ? 1 : 40) };
  const counts = countTerms({ symbols: '', breadcrumb: '', path: '', body: 'rare common other' });
  assert.equal(bm25Of(counts, new Map([['absent', 1]]), corpus, WEIGHTS), 0);
  assert.ok(
    bm25Of(counts, new Map([['rare', 1]]), corpus, WEIGHTS) >
      bm25Of(counts, new Map([['common', 1]]), corpus, WEIGHTS),
  );
});
