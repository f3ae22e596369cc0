/** What is marked in a snippet, and the line that is looked at first. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Definition } from '../../src/core/corpus/document';
import { queryTerms, type QueryTerms } from '../../src/core/query/queryTerms';
import { focusLineOf, marksOf } from '../../src/core/render/marks';
import { WEIGHTS } from '../../src/core/rank/weights';

const asked = (text: string): QueryTerms =>
  queryTerms(text, { chunks: 100, frequency: () => 1 }, WEIGHTS.variants);
const marked = (text: string, query: string, phrases: readonly string[] = []): string[] =>
  marksOf(text, asked(query), phrases).map(([start, end]) => text.slice(start, end));

describe('marksOf', () => {
  test('marks words by their stems, whatever their case', () => {
    assert.deepEqual(marked('Retries are retried; a RETRY.', 'retry'), ['Retries', 'retried', 'RETRY']);
  });

  test('marks the part of an identifier that matches, or all of it', () => {
    assert.deepEqual(marked('const maxRetryDelay = retry_policy;', 'retry delay'), ['RetryDelay', 'retry']);
    assert.deepEqual(marked('retryPolicy retry_policy RetryPolicyError', 'retry policy'), [
      'retryPolicy',
      'retry_policy',
      'RetryPolicy',
    ]);
  });

  test('marks a name that was typed in another casing style', () => {
    assert.deepEqual(marked('open the fileName here', 'filename'), ['fileName']);
    assert.deepEqual(marked('open the file_name here', 'FileName'), ['file_name']);
  });

  test('does not mark words of asking', () => {
    assert.deepEqual(marked('where is the token of the session', 'where is the session'), ['session']);
  });

  test('merges what touches, and marks phrases', () => {
    assert.deepEqual(marked('the quick brown fox', 'quick', ['quick brown']), ['quick brown']);
    assert.deepEqual(marked('aaa', 'zzz', ['aa']), ['aaa']);
    assert.deepEqual(marked('ab\u0130cd quick', 'quick', ['cd']), ['quick']);
  });

  test('gives rising ranges apart from each other, in UTF-16 code units', () => {
    const text = '😀 retry größe Größen retryPolicy';
    const marks = marksOf(text, asked('retry größe policy'));
    for (const [i, [start, end]] of marks.entries()) {
      assert.ok(start < end && start >= (marks[i - 1]?.[1] ?? -1) + 1);
    }
    assert.equal(text.slice(...marks[0]!), 'retry');
  });

  test('an empty query marks nothing', () => {
    assert.deepEqual(marked('anything', ''), []);
  });
});

describe('focusLineOf', () => {
  const snippet = { startLine: 10, text: '// a\nfunction alpha() {\n  beta(gamma);\n}' };
  const define = (name: string, line: number): Definition => ({ name, kind: 'function', line });

  test('is the line with most of the query', () => {
    assert.equal(focusLineOf(snippet, [], asked('beta gamma')), 12);
    assert.equal(focusLineOf(snippet, [], asked('alpha')), 11);
  });

  test('is a definition before another line with as much', () => {
    const text = 'call(alpha);\nfunction alpha() {}';
    assert.equal(focusLineOf({ startLine: 1, text }, [define('alpha', 2)], asked('alpha')), 2);
  });

  test('is the first definition, or the first line with text, where no word matches', () => {
    assert.equal(focusLineOf(snippet, [define('alpha', 11)], asked('other')), 11);
    assert.equal(focusLineOf(snippet, [define('alpha', 99)], asked('other')), 10);
    assert.equal(focusLineOf({ startLine: 5, text: '\n\nx' }, [], asked('other')), 7);
  });
});
