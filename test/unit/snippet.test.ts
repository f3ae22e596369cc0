/** Snippets: the lines of a chunk that answer a query best. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryTerms } from '../../src/core/query/queryTerms';
import { snippetOf } from '../../src/core/render/snippet';
import { WEIGHTS } from '../../src/core/rank/weights';

const asked = (text: string): ReturnType<typeof queryTerms> =>
  queryTerms(text, { chunks: 100, frequency: () => 1 }, WEIGHTS.variants);
const TEN = Array.from({ length: 10 }, (_, i) => `line number ${i + 1}`);

test('a short chunk is shown whole, without blank lines around it', () => {
  assert.deepEqual(snippetOf('\n  \n  a = 1\n\n  b = 2\n\n', 7, asked('b'), 6), {
    startLine: 7,
    text: '  a = 1\n\n  b = 2',
  });
});

test('without a word of the query the chunk opens', () => {
  assert.deepEqual(snippetOf(TEN.join('\n'), 41, asked('elsewhere'), 3), {
    startLine: 41,
    text: TEN.slice(0, 3).join('\n'),
  });
});

test('the window with the most of the query is chosen, and its line told', () => {
  const lines = [...TEN];
  lines[5] = 'retries are counted';
  lines[7] = 'requestTimeout = 5';
  const snippet = snippetOf(lines.join('\r\n'), 101, asked('retry request'), 4);
  assert.deepEqual(snippet, { startLine: 105, text: lines.slice(4, 8).join('\n') });
});

test('one word further down does not outweigh two at the top', () => {
  const lines = [...TEN];
  lines[0] = 'def retry(request):';
  lines[8] = 'retry retry retry';
  assert.equal(snippetOf(lines.join('\n'), 1, asked('retry request'), 3).startLine, 1);
});

test('a rare word outweighs a common one', () => {
  const lines = [...TEN];
  lines[3] = 'value';
  lines[8] = 'checksum';
  const terms = queryTerms(
    'value checksum',
    { chunks: 100, frequency: (term) => (term === 'valu' ? 90 : 1) },
    WEIGHTS.variants,
  );
  const { text } = snippetOf(lines.join('\n'), 1, terms, 2);
  assert.ok(text.includes('checksum'));
});

test('no window opens with a blank line, except the first', () => {
  const text = 'a\nb\n\nneedle\nc\nd';
  const { startLine, text: shown } = snippetOf(text, 1, asked('needle thread'), 2);
  assert.deepEqual([startLine, shown], [4, 'needle\nc']);
});
