/** Ranking: fusion of both retrievals, the signals, and an order that never depends on the input's. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Definition } from '../../src/core/corpus/document';
import { classifyPath } from '../../src/core/corpus/pathClass';
import { queryTerms, type QueryTerms } from '../../src/core/query/queryTerms';
import type { Candidate } from '../../src/core/rank/candidate';
import { diversify, rank, rankBySimilarity } from '../../src/core/rank/rank';
import { pathMatch } from '../../src/core/rank/signals';
import { WEIGHTS, type Weights } from '../../src/core/rank/weights';

let nextId = 1;

function candidate(path: string, values: Partial<Candidate> = {}): Candidate {
  return {
    chunkId: nextId++,
    path,
    language: 'plaintext',
    classes: classifyPath(path),
    breadcrumb: [],
    definitions: [],
    startLine: 1,
    endLine: 9,
    similarity: undefined,
    bm25: 0,
    ...values,
  };
}

const asked = (text: string): QueryTerms =>
  queryTerms(text, { chunks: 100, frequency: () => 1 }, WEIGHTS.variants);
const names = (...definitions: [string, Definition['kind']][]): Pick<Candidate, 'definitions'> => ({
  definitions: definitions.map(([name, kind]) => ({ name, kind, line: 1 })),
});
const order = (candidates: readonly Candidate[], text: string, weights = WEIGHTS): string[] =>
  rank(candidates, asked(text), weights).map(({ candidate: { path } }) => path);

/** Meaning and words alone. */
const PLAIN: Weights = { ...WEIGHTS, symbol: 0, definition: 0, path: 0, file: 0 };

describe('rank', () => {
  test('adds meaning and words, each scaled over the candidates', () => {
    const ranked = rank(
      [
        candidate('x1', { similarity: 0.9, bm25: 0 }),
        candidate('x2', { similarity: 0.5, bm25: 8 }),
        candidate('x3', { similarity: 0.7, bm25: 4 }),
      ],
      asked('question'),
      { ...PLAIN, meaning: 1, words: 0.5 },
    );
    const scores = new Map(ranked.map(({ candidate: { path }, score }) => [path, score]));
    assert.equal(scores.get('x1'), 1);
    assert.equal(scores.get('x2'), 0.5);
    assert.ok(Math.abs((scores.get('x3') ?? NaN) - 0.75) < 1e-12);
    assert.deepEqual(
      ranked.map(({ candidate: { path } }) => path),
      ['x1', 'x3', 'x2'],
    );
  });

  test('reasons add up to the score, largest first', () => {
    const ranked = rank(
      [
        candidate('src/retry.ts', { similarity: 0.4, bm25: 5, ...names(['retryRequest', 'function']) }),
        candidate('tests/retry.test.ts', { similarity: 0.5, bm25: 7 }),
        candidate('src/other.ts', { similarity: 0.1 }),
      ],
      asked('retry request'),
      WEIGHTS,
    );
    for (const { score, reasons } of ranked) {
      assert.ok(Math.abs(reasons.reduce((sum, { value }) => sum + value, 0) - score) < 1e-12);
      assert.deepEqual(
        reasons.map(({ value }) => value),
        reasons.map(({ value }) => value).sort((a, b) => b - a),
      );
    }
  });

  test('for a qualified symbol, its owner decides, the direct one most', () => {
    const inside = (path: string, ...breadcrumb: string[]): Candidate =>
      candidate(path, { breadcrumb, ...names(['parse', 'method']) });
    const candidates = [
      inside('src/a.ts', 'Reader', 'parse'),
      inside('src/b.ts', 'Writer', 'parse'),
      inside('src/c.ts', 'Writer', 'Inner', 'parse'),
    ];
    for (const query of ['Writer.parse', 'writer::parse()', 'Writer#parse(text)']) {
      assert.deepEqual(order(candidates, query), ['src/b.ts', 'src/c.ts', 'src/a.ts'], query);
    }
    assert.deepEqual(order(candidates, 'Writer.Inner.parse')[0], 'src/c.ts');
    assert.deepEqual(
      order([inside('src/reader.go', 'parse'), inside('src/writer.go', 'parse')], 'writer.parse'),
      ['src/writer.go', 'src/reader.go'],
    );
  });

  test('a misspelt symbol prefers what it may mean, and its true definition more', () => {
    const variants = new Map([['session', { of: 'sesion', share: 0.8 }]]);
    const query = { ...asked('sesion'), variants };
    const ranked = (...paths: [string, string][]): string[] =>
      rank(
        paths.map(([path, name]) => candidate(path, names([name, 'class']))),
        query,
        { ...WEIGHTS, path: 0 },
      ).map(({ candidate: { path } }) => path);
    assert.deepEqual(ranked(['x1', 'Other'], ['x2', 'Session']), ['x2', 'x1']);
    assert.deepEqual(ranked(['x1', 'Session'], ['x2', 'Sesion']), ['x2', 'x1']);
  });

  test('for a symbol, what defines it comes before what uses it', () => {
    const uses = candidate('src/app.ts', { similarity: 0.8, bm25: 9 });
    const defines = candidate('src/http.ts', { similarity: 0.6, bm25: 5, ...names(['HttpClient', 'class']) });
    assert.deepEqual(order([uses, defines], 'HttpClient'), ['src/http.ts', 'src/app.ts']);
  });

  test('a class comes before a method of its name, and the casing as typed before another', () => {
    const same = { similarity: 0.5, bm25: 5 };
    const classes = candidate('lib/a.py', { ...same, ...names(['Session', 'class']) });
    const method = candidate('lib/b.py', { ...same, ...names(['Session', 'method']) });
    const variable = candidate('lib/c.py', { ...same, ...names(['session', 'class']) });
    assert.deepEqual(order([variable, method, classes], 'Session'), ['lib/a.py', 'lib/b.py', 'lib/c.py']);
  });

  test('tests, examples and vendored code come later, unless they are asked for', () => {
    const same = { similarity: 0.5, bm25: 5 };
    const files = ['tests/parse.py', 'src/parse.py', 'vendor/parse.py', 'examples/parse.py'];
    const candidates = files.map((file) => candidate(file, same));
    assert.equal(order(candidates, 'parse a date')[0], 'src/parse.py');
    assert.equal(order(candidates, 'parse')[0], 'src/parse.py');
    const forTests = rank(candidates, asked('tests of parse'), WEIGHTS);
    assert.ok(
      forTests
        .find(({ candidate: { path } }) => path === 'tests/parse.py')
        ?.reasons.some(({ signal, value }) => signal === 'place' && value > 0),
    );
  });

  test('what only the docs speak of is found in the docs', () => {
    const candidates = [
      candidate('docs/paint.md', { similarity: 0.5, bm25: 9 }),
      candidate('src/paint.py', { similarity: 0.4, bm25: 1 }),
      candidate('src/other.py', { similarity: 0.1 }),
    ];
    assert.equal(order(candidates, 'airships in colour')[0], 'docs/paint.md');
    const spoken = candidates.map((c, i) => (i === 1 ? { ...c, bm25: 5 } : c));
    assert.equal(order(spoken, 'airships in colour')[0], 'src/paint.py');
  });

  test('places that the query asks for come before more evidence elsewhere', () => {
    const candidates = [
      candidate('src/parse.py', { similarity: 0.5, bm25: 6 }),
      candidate('tests/parse.py', { similarity: 0.45, bm25: 5 }),
      candidate('src/other.py', { similarity: 0.1, bm25: 1 }),
    ];
    const tops = ['tests of the parser', 'parser'].map((query) => order(candidates, query)[0]);
    assert.deepEqual(tops, ['tests/parse.py', 'src/parse.py']);
  });

  test('chunks of one file support each other', () => {
    const candidates = [
      candidate('lone.c', { bm25: 6 }),
      candidate('full.c', { bm25: 5.9, startLine: 1 }),
      candidate('full.c', { bm25: 5, startLine: 20 }),
    ];
    assert.equal(order(candidates, 'question', PLAIN)[0], 'lone.c');
    assert.equal(order(candidates, 'question', { ...PLAIN, file: 0.6 })[0], 'full.c');
  });

  test('a chunk that has no vector yet competes by its words', () => {
    const ranked = rank(
      [candidate('x1', { similarity: 0.2 }), candidate('x2', { bm25: 4 })],
      asked('q'),
      PLAIN,
    );
    assert.ok(ranked.every(({ score }) => Number.isFinite(score)));
    assert.deepEqual(rank([], asked('q'), WEIGHTS), []);
  });

  test('the order of the candidates never shows', () => {
    const candidates = Array.from({ length: 40 }, (_, i) =>
      candidate(`src/f${i % 7}.ts`, { startLine: i + 1, similarity: (i % 5) / 10, bm25: i % 3 }),
    );
    const places = (list: readonly Candidate[]): string[] =>
      rank(list, asked('f1 source'), WEIGHTS).map(
        ({ candidate: { path, startLine }, score }) => `${path}:${startLine} ${score.toFixed(9)}`,
      );
    const shuffled = candidates.map((c, i) => candidates[(i * 17 + 3) % 40] ?? c);
    assert.deepEqual(places(shuffled), places(candidates));
    assert.deepEqual(places([...candidates].reverse()), places(candidates));
  });
});

describe('rankBySimilarity', () => {
  test('is falling cosine, without what has no vector', () => {
    const ranked = rankBySimilarity([
      candidate('b', { similarity: -0.2, bm25: 100 }),
      candidate('tests/a', { similarity: 0.9 }),
      candidate('none', { bm25: 100 }),
      candidate('a', { similarity: -0.2 }),
    ]);
    assert.deepEqual(
      ranked.map(({ candidate: { path }, score }) => [path, score]),
      [
        ['tests/a', 0.9],
        ['a', -0.2],
        ['b', -0.2],
      ],
    );
  });
});

describe('diversify', () => {
  test('keeps the order and so many of one file', () => {
    const ranked = rankBySimilarity(
      ['a', 'a', 'b', 'a', 'b', 'c'].map((path, i) => candidate(path, { similarity: 1 - i / 10 })),
    );
    const kept = (perFile: number): string[] => diversify(ranked, perFile).map((r) => r.candidate.path);
    assert.deepEqual(kept(1), ['a', 'b', 'c']);
    assert.deepEqual(kept(2), ['a', 'a', 'b', 'b', 'c']);
  });
});

describe('pathMatch', () => {
  test('two neighbouring words of the query are one word of a name', () => {
    assert.equal(pathMatch('src/threadpool.c', asked('thread pool')), 1);
    assert.equal(pathMatch('src/urlencoded.ex', asked('URL-encoded form')) > 0.7, true);
    assert.equal(pathMatch('src/poolthread.c', asked('thread pool')), 0);
  });

  test('file names count whole, folders half', () => {
    assert.equal(pathMatch('src/rate_limit.go', asked('rate limit')), 1);
    assert.equal(pathMatch('rate_limit/main.go', asked('rate limit')), 0.5);
    assert.equal(pathMatch('src/main.go', asked('rate limit')), 0);
    assert.ok(pathMatch('src/limit.go', asked('rate limit')) < 1);
  });
});
