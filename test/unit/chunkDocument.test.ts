/** How a document is cut where no grammar is needed: sections, paragraphs, lines, words. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NeosearchError } from '../../src/base/errors';
import { chunkDocument } from '../../src/core/chunk/chunkDocument';
import { partition } from '../../src/core/chunk/partition';
import type { Chunk } from '../../src/core/corpus/document';
import type { TokenCounter } from '../../src/core/encode/encoder';

const words: TokenCounter = { count: (text) => text.match(/\S+/g)?.length ?? 0 };

function chunk(text: string, language: string, budget: number, counter = words): Chunk[] {
  return chunkDocument({ text, language, counter, budget });
}

const lines = (chunks: readonly Chunk[]): string[] =>
  chunks.map(({ startLine, endLine }) => `${startLine}-${endLine}`);

describe('chunkDocument', () => {
  it('refuses a budget that nothing fits into', () => {
    assert.throws(
      () => chunk('x', 'plaintext', 0),
      (error) => error instanceof NeosearchError && error.code === 'bad-argument',
    );
  });

  it('keeps a short text whole, and says what it is', () => {
    const [whole] = chunk('\n\n  one\ntwo\n\n', 'plaintext', 10);
    assert.deepEqual(whole, {
      start: 0,
      end: 13,
      startLine: 3,
      endLine: 4,
      kind: 'prose',
      breadcrumb: [],
      definitions: [],
      text: '\n\n  one\ntwo\n\n',
      tokens: 2,
    });
    assert.equal(chunk('a', 'csv', 10)[0]?.kind, 'data');
    assert.equal(chunk('a', 'python', 10)[0]?.kind, 'code');
    assert.equal(chunk('a', 'json', 10)[0]?.kind, 'data');
    assert.equal(chunk('a', 'markdown', 10)[0]?.kind, 'prose');
  });

  it('cuts at blank lines first, those before the margin before others', () => {
    const text = 'a b\n\n  c d\n\ne f\n\n  g h\n';
    assert.deepEqual(lines(chunk(text, 'julia', 4)), ['1-3', '5-7']);
    assert.deepEqual(lines(chunk(text, 'julia', 2)), ['1-1', '3-3', '5-5', '7-7']);
  });

  it('cuts into parts of about equal length', () => {
    const text = 'a\n'.repeat(22);
    assert.deepEqual(
      chunk(text, 'plaintext', 20).map(({ tokens }) => tokens),
      [11, 11],
    );
  });

  it('cuts a line between words, a word between characters', () => {
    assert.deepEqual(
      chunk('one two three four', 'plaintext', 2).map(({ text }) => text),
      ['one two ', 'three four'],
    );
    const characters: TokenCounter = { count: (text) => text.match(/\S/gu)?.length ?? 0 };
    const parts = chunk('😀😀😀😀😀', 'plaintext', 2, characters).map(({ text }) => text);
    assert.equal(parts.join(''), '😀😀😀😀😀');
    assert.ok(parts.every((part) => /^(😀){1,2}$/u.test(part)));
  });

  it('counts again what it has joined', () => {
    // Lines cost more together than alone.
    const counter: TokenCounter = {
      count: (text) => words.count(text) + 3 * (text.trim().split('\n').length - 1),
    };
    const chunks = chunk('a b\nc d\ne f\ng h\n', 'plaintext', 7, counter);
    assert.ok(chunks.every(({ tokens, text }) => tokens <= 7 && tokens === counter.count(text)));
    assert.equal(chunks.map(({ text }) => text).join(''), 'a b\nc d\ne f\ng h\n');
  });

  it('gives sections the path of their headings', () => {
    const body = 'word '.repeat(12);
    const text = `intro\n\n# A\n\n${body}\n\n## B\n\n${body}\n\n## C\n\nshort\n\n## D\n\nshort\n\n# E\n\n${body}\n`;
    const chunks = chunk(text, 'markdown', 40);
    assert.deepEqual(
      chunks.map(({ breadcrumb, definitions }) => [
        breadcrumb.join('/'),
        definitions.map(({ name, line }) => `${name} ${line}`).join(),
      ]),
      [
        ['A', 'A 3'],
        ['A/B', 'B 7'],
        ['A', 'C 11,D 15'],
        ['E', 'E 19'],
      ],
    );
  });

  it('gives sections of data their path, but no definition', () => {
    const text = '[a]\nx = 1\ny = 2\n\n[b]\nx = 1\n';
    const chunks = chunk(text, 'toml', 8);
    assert.deepEqual(
      chunks.map(({ breadcrumb, definitions, kind }) => [breadcrumb, definitions, kind]),
      [
        [['a'], [], 'data'],
        [['b'], [], 'data'],
      ],
    );
  });

  it('cuts a program without a parser at blank lines', () => {
    const chunks = chunkDocument({
      text: 'def a():\n  x\n\n  y\n\ndef b():\n  z\n',
      language: 'python',
      parse: () => undefined,
      counter: words,
      budget: 4,
    });
    assert.deepEqual(lines(chunks), ['1-4', '6-7']);
  });
});

describe('partition', () => {
  const units = (...tokens: readonly number[]) => tokens.map((count) => ({ tokens: count, cutCost: 1 }));
  const sizes = (runs: readonly (readonly { tokens: number }[])[]) =>
    runs.map((run) => run.reduce((sum, { tokens }) => sum + tokens, 0));

  it('makes runs about as long as the goal', () => {
    assert.deepEqual(sizes(partition(units(10, 10, 10, 10, 10, 10), 100, 30)), [30, 30]);
    assert.deepEqual(sizes(partition(units(10, 10, 10), 100, 100)), [30]);
  });

  it('never exceeds the budget, unless a unit does', () => {
    assert.deepEqual(sizes(partition(units(60, 60, 5), 100, 100)), [60, 65]);
    assert.deepEqual(sizes(partition(units(150, 10), 100, 100)), [150, 10]);
  });

  it('prefers a pause near the middle', () => {
    const row = units(10, 10, 10, 10, 10, 10).map((unit, i) => ({ ...unit, cutCost: i === 4 ? 0 : 1 }));
    assert.deepEqual(sizes(partition(row, 50, 30)), [40, 20]);
  });

  it('takes what has no tokens', () => {
    assert.deepEqual(sizes(partition(units(0, 0), 10, 5)), [0]);
    assert.deepEqual(partition([], 10, 5), []);
  });
});
