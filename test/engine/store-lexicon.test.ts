import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { termsOf } from '../../src/core/query/terms';
import type { ChunkTerms } from '../../src/engine/index/documents';
import { chunk, document, openStore, temporaryFolder } from './storeSupport';

const EVEN = { symbols: 1, breadcrumb: 1, path: 1, body: 1 };

function terms(columns: Partial<ChunkTerms>): ChunkTerms {
  return { symbols: '', breadcrumb: '', path: '', body: '', ...columns };
}

describe('store: lexicon', () => {
  it('ranks by BM25 and by the weights of the columns', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('a'), [
      { ...chunk('0'), terms: terms({ body: 'retri request fail fail' }) },
      { ...chunk('1'), terms: terms({ symbols: 'retri', body: 'other word here' }) },
      { ...chunk('2'), terms: terms({ body: 'noth to see here' }) },
    ]);
    const [first, second] = store.chunks.ofDocument('a').map((c) => c.id);
    const search = (words: string[], weights = EVEN, limit = 9): number[] =>
      store.lexicon.search(words, { weights, limit }).map((hit) => hit.chunkId);
    assert.deepEqual(search(['retri', 'fail']), [first, second]);
    assert.equal(search(['retri'], { ...EVEN, symbols: 9 })[0], second);
    assert.equal(search(['retri'], { ...EVEN, symbols: 0.1 })[0], first);
    assert.equal(search(['retri'], EVEN, 1).length, 1);
    assert.deepEqual(search(['retri'], EVEN, 0), []);
    const hits = store.lexicon.search(['retri', 'fail', 'retri'], { weights: EVEN, limit: 9 });
    assert.ok(hits.every((hit) => hit.bm25 >= 0) && hits[0]!.bm25 > hits[1]!.bm25);
    const onlySecond = store.lexicon.search(['retri'], {
      weights: EVEN,
      limit: 1,
      allows: (id) => id === second,
    });
    assert.deepEqual(
      onlySecond.map((hit) => hit.chunkId),
      [second],
    );
    assert.deepEqual(
      [...store.lexicon.frequencies(['retri', 'fail', 'absent', 'Here'])],
      [
        ['retri', 2],
        ['fail', 1],
        ['here', 2],
      ],
    );
    close();
  });

  it('counts variants by their share', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('a'), [
      { ...chunk('0'), terms: terms({ body: 'confg load' }) },
      { ...chunk('1'), terms: terms({ body: 'config load' }) },
      { ...chunk('2'), terms: terms({ body: 'configur' }) },
      ...Array.from({ length: 9 }, (_, i) => ({
        ...chunk(`x${i}`),
        terms: terms({ body: `noth${i} here` }),
      })),
    ]);
    const score = (own: string[], variants?: ReadonlyMap<string, number>): Map<number, number> => {
      const options = { weights: EVEN, limit: 9, ...(variants === undefined ? {} : { variants }) };
      return new Map(store.lexicon.search(own, options).map(({ chunkId, bm25 }) => [chunkId, bm25]));
    };
    const shares = new Map([
      ['config', 0.5],
      ['configur', 0.25],
      ['load', 0.1],
    ]);
    const hits = score(['confg', 'load'], shares);
    const parts = [score(['confg', 'load']), score(['config']), score(['configur'])];
    for (const id of store.chunks.ofDocument('a').map((c) => c.id)) {
      const [own, near, far] = parts.map((part) => part.get(id) ?? 0);
      assert.ok(Math.abs((hits.get(id) ?? 0) - (own! + near! / 2 + far! / 4)) < 1e-9);
    }
    assert.equal(hits.size, 3);
    assert.deepEqual(
      [...score([], new Map([['config', 0.5]])).values()],
      [score(['config']).values().next().value! / 2],
    );
    close();
  });

  it('lists terms by their first letter as they are now', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('a'), [chunk('config cache other'), chunk('config')]);
    assert.equal(store.lexicon.termsFrom('c').get('config'), 2);
    assert.equal(store.lexicon.termsFrom('c').has('other'), false);
    store.documents.put(document('b'), [chunk('cursor')]);
    assert.equal(store.lexicon.termsFrom('c').get('cursor'), 1);
    assert.equal(store.lexicon.termsFrom('"').size, 0);
    close();
  });

  it('keeps every term as it is', () => {
    const { store, close } = openStore(temporaryFolder());
    const texts = [
      'snake_case __init__ x2 ünïcode',
      'größe straße ſ ς σ',
      'ÅÇ 数据库 检索 データ 데이터',
      'İstanbul ı ɓeta 𝒳yz',
      'a b',
    ];
    store.documents.put(
      document('a'),
      texts.map((text) => chunk(text)),
    );
    const ids = store.chunks.ofDocument('a').map((c) => c.id);
    for (const [i, text] of texts.entries()) {
      for (const term of termsOf(text)) {
        const found = store.lexicon.search([term], { weights: EVEN, limit: 9 }).map((hit) => hit.chunkId);
        assert.deepEqual(found, [ids[i]], term);
        assert.equal(store.lexicon.frequencies([term]).get(term), 1, term);
      }
    }
    close();
  });

  it('takes hostile terms as plain text', () => {
    const { store, close } = openStore(temporaryFolder());
    store.documents.put(document('a'), [chunk('alpha beta and or not near'), chunk('gamma "quoted" col:on')]);
    const count = (...words: string[]): number =>
      store.lexicon.search(words, { weights: EVEN, limit: 9 }).length;
    for (const nothing of [
      '',
      ' ',
      '"',
      '""',
      "'",
      '*',
      '()',
      'body:',
      '-',
      '^',
      '\0',
      '{',
      '\ud800',
      'NEAR(',
      '; DROP TABLE terms',
    ]) {
      assert.doesNotThrow(() => count(nothing), nothing);
    }
    assert.equal(count(), 0);
    assert.equal(count('"', '*'), 0);
    assert.equal(count('alpha" OR "gamma'), 2, 'the words in it are looked for');
    assert.equal(count('AND'), 1);
    assert.equal(count('alpha*'), 1);
    assert.equal(count('alp*'), 0);
    assert.equal(count('body:zeta'), 0);
    assert.equal(count('al\0pha'), 0);
    assert.equal(count(...Array.from({ length: 5000 }, (_, n) => `w${n}`)), 0);
    assert.equal(count('x'.repeat(100_000), 'alpha'), 1);
    close();
  });

  it('finds who defines a name, whatever its style', () => {
    const { store, close } = openStore(temporaryFolder());
    const operators = chunk('three', 'operator');
    store.documents.put(document('a'), [
      chunk('one', 'retryPolicy'),
      chunk('two', 'Retry_Policy'),
      {
        ...operators,
        chunk: {
          ...operators.chunk,
          definitions: [
            { name: '<=>', kind: 'function', line: 1 },
            { name: '<=>', kind: 'function', line: 9 },
          ],
        },
      },
    ]);
    const [one, two, three] = store.chunks.ofDocument('a').map((c) => c.id);
    assert.deepEqual(store.lexicon.definitionsNamed(['RETRY_POLICY', 'none']), [
      { name: 'RETRY_POLICY', chunkId: one, kind: 'function' },
      { name: 'RETRY_POLICY', chunkId: two, kind: 'function' },
    ]);
    assert.deepEqual(store.lexicon.definitionsNamed(['<=>']), [
      { name: '<=>', chunkId: three, kind: 'function' },
    ]);
    store.documents.remove(['a']);
    assert.deepEqual(store.lexicon.definitionsNamed(['retryPolicy']), []);
    assert.equal(store.lexicon.search(['one'], { weights: EVEN, limit: 9 }).length, 0);
    close();
  });
});
