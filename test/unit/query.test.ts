/** Queries: filters, terms, stems, stop words and symbols. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NeosearchError } from '../../src/base/errors';
import { parseQuery } from '../../src/core/query/query';
import { queryTerms } from '../../src/core/query/queryTerms';
import { normalizeName, partsOf, queryWords, stem, termsOf } from '../../src/core/query/terms';
import { WEIGHTS } from '../../src/core/rank/weights';

describe('parseQuery', () => {
  test('takes filters out of the text, wherever they stand', () => {
    const query = parseQuery('path:src/** retry  lang:ts "exact Phrase" the request -path:src/old');
    assert.equal(query.text, 'retry the request');
    assert.deepEqual(query.filters.phrases, ['exact phrase']);
    const { paths, languages } = query.filters;
    assert.ok(paths.allows('src/http/retry.ts'));
    assert.ok(!paths.allows('src/old/retry.ts'));
    assert.ok(!paths.allows('docs/retry.md'));
    assert.ok(languages.allows('typescript'));
    assert.ok(!languages.allows('python'));
  });

  test('globs follow the rules of .gitignore', () => {
    const allows = (glob: string, file: string): boolean =>
      parseQuery(`path:${glob}`).filters.paths.allows(file);
    assert.ok(allows('*.py', 'deep/in/a.py'));
    assert.ok(allows('src/', 'src/a.py'));
    assert.ok(allows('./src', 'src/a.py'));
    assert.ok(allows('src\\http', 'src/http/a.ts'));
    assert.ok(!allows('/a.py', 'src/a.py'));
    assert.ok(allows('!odd', '!odd'));
    assert.ok(allows('"two words"', 'two words/a.txt'));
  });

  test('several paths add up, and so do those given beside the query', () => {
    const { paths, languages } = parseQuery('path:a path:b lang:go', {
      paths: ['c'],
      languages: ['rs'],
    }).filters;
    for (const file of ['a/x', 'b/x', 'c/x']) assert.ok(paths.allows(file), file);
    assert.ok(!paths.allows('d/x'));
    assert.ok(languages.allows('go') && languages.allows('rust') && !languages.allows('c'));
  });

  test('languages go by their ids and by common aliases, without case', () => {
    for (const [alias, id] of [
      ['py', 'python'],
      ['c++', 'cpp'],
      ['TypeScript', 'typescript'],
      ['md', 'markdown'],
    ] as const) {
      assert.ok(parseQuery(`lang:${alias}`).filters.languages.allows(id), alias);
    }
    const { languages } = parseQuery('-lang:python x').filters;
    assert.ok(languages.allows('go') && !languages.allows('python'));
  });

  test('filters may stand alone; their text is then empty', () => {
    for (const input of ['path:src', '"phrase"', 'lang:go']) assert.equal(parseQuery(input).text, '');
    assert.equal(parseQuery('???', { paths: ['src'] }).text, '');
  });

  test('what only looks like a filter is text', () => {
    assert.equal(parseQuery('a"b" xpath:y').text, 'a"b" xpath:y');
    assert.equal(parseQuery('unclosed "quote').text, 'unclosed "quote');
  });

  test('nothing to look for, and languages that nobody knows, are errors', () => {
    for (const input of ['', '   ', '?!', '-- ""'])
      assert.throws(() => parseQuery(input), code('empty-query'));
    assert.throws(() => parseQuery('x lang:klingon'), code('bad-argument'));
  });
});

describe('terms', () => {
  test('identifiers give their parts and the whole name', () => {
    assert.deepEqual(partsOf('HTTPServer_v2'), ['http', 'server', 'v', '2']);
    assert.deepEqual(partsOf('getÜberschrift'), ['get', 'überschrift']);
    assert.deepEqual(termsOf('retryPolicy'), ['retri', 'polici', 'retrypolicy']);
    assert.deepEqual(termsOf('retry_policy'), termsOf('retryPolicy'));
    assert.deepEqual(termsOf('retry policies'), ['retri', 'polici']);
  });

  test('every casing style of a name compares equal', () => {
    for (const name of ['maxRetryCount', 'MaxRetryCount', 'max_retry_count', 'MAX_RETRY_COUNT']) {
      assert.equal(normalizeName(name), 'maxretrycount');
    }
  });

  test('stems join the forms of a word; names outside a-z stay', () => {
    assert.equal(stem('connections'), stem('connected'));
    assert.equal(stem('größen'), 'größen');
    assert.equal(stem('md5'), 'md5');
    assert.equal(stem('is'), 'is');
  });

  test('other scripts are words, and blobs are not', () => {
    assert.deepEqual(termsOf('日本語'), ['日本語']);
    assert.deepEqual(termsOf('x'.repeat(65)), []);
    assert.deepEqual(termsOf('--- !? '), []);
  });
});

describe('queryWords', () => {
  test('words of asking are left out', () => {
    assert.deepEqual(
      queryWords('How is the cache invalidated?').map(({ word }) => word),
      ['cache', 'invalidated'],
    );
  });

  test('unless nothing else would be left', () => {
    assert.deepEqual(
      queryWords('to be or not to be').map(({ word }) => word),
      ['to', 'be', 'or', 'not', 'to', 'be'],
    );
  });

  test('a compound word carries its parts and its whole', () => {
    assert.deepEqual(queryWords('parseURL'), [
      { word: 'parseURL', typed: ['parse', 'url'], parts: ['pars', 'url'], whole: 'parseurl' },
    ]);
  });
});

describe('symbols', () => {
  test('keep what qualifies them', () => {
    for (const [text, name, qualifiers] of [
      ['Foo.bar', 'bar', ['foo']],
      ['foo::Bar_baz::qux', 'qux', ['foo', 'barbaz']],
      ['Foo#bar', 'bar', ['foo']],
      ['pkg/foo.Bar', 'Bar', ['pkg', 'foo']],
      ['App\\Http\\Kernel', 'Kernel', ['app', 'http']],
      ['bar()', 'bar', []],
      ['Foo.bar(x, y)', 'bar', ['foo']],
      ['foo->bar()', 'bar', ['foo']],
      ['module:method', 'method', ['module']],
    ] as const) {
      const { symbol } = queryTerms(text, { chunks: 1, frequency: () => 0 }, WEIGHTS.variants);
      assert.deepEqual([symbol?.name, symbol?.qualifiers], [name, qualifiers], text);
    }
  });

  test('are no filters', () => {
    assert.equal(parseQuery('Path::join()').text, 'Path::join()');
    assert.equal(parseQuery('Lang::of').text, 'Lang::of');
  });
});

describe('queryTerms', () => {
  const none = { chunks: 1, frequency: () => 0 };

  test('a name on its own is a symbol, in the syntax of any language', () => {
    for (const [text, name] of [
      ['HttpClient', 'HttpClient'],
      ['net::HttpServer()', 'HttpServer'],
      ['Foo.bar', 'bar'],
      ['Foo#empty?', 'empty'],
      ['ptr->next', 'next'],
      ['@decorator', 'decorator'],
      ['$store', 'store'],
    ] as const) {
      assert.equal(queryTerms(text, none, WEIGHTS.variants).symbol?.name, name, text);
    }
    assert.equal(queryTerms('max_retries', none, WEIGHTS.variants).symbol?.normalized, 'maxretries');
  });

  test('a question is no symbol', () => {
    for (const text of ['where is it', 'a+b', '42', 'foo bar()', '']) {
      assert.equal(queryTerms(text, none, WEIGHTS.variants).symbol, undefined, text);
    }
  });

  test('rare terms weigh most', () => {
    const { weights } = queryTerms(
      'common rare',
      { chunks: 100, frequency: (term) => (term === 'rare' ? 1 : 90) },
      WEIGHTS.variants,
    );
    assert.equal(weights.get('rare'), 1);
    const common = weights.get('common') ?? NaN;
    // ln(1 + 10.5 / 90.5) / ln(1 + 99.5 / 1.5)
    assert.ok(Math.abs(common - 0.10978 / 4.20967) < 1e-4, String(common));
  });

  test('all terms are kept, stop words included', () => {
    const { all, weights } = queryTerms('example of the use', none, WEIGHTS.variants);
    assert.ok(all.has('of') && all.has(stem('example')));
    assert.ok(!weights.has('of'));
  });
});

function code(expected: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof NeosearchError && error.code === expected && !error.message.includes('\n');
}
