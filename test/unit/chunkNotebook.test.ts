/** Notebooks: sources without outputs, at the lines where they stand in the file. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chunkDocument } from '../../src/core/chunk/chunkDocument';
import { readNotebook } from '../../src/core/chunk/notebook';
import type { Chunk } from '../../src/core/corpus/document';
import type { TokenCounter } from '../../src/core/encode/encoder';

const words: TokenCounter = { count: (text) => text.match(/\S+/g)?.length ?? 0 };

function chunk(text: string, budget: number): Chunk[] {
  return chunkDocument({ text, language: 'jupyter', counter: words, budget });
}

const cell = (type: string, source: unknown, more: object = {}): object => ({
  cell_type: type,
  metadata: {},
  ...more,
  source,
});

function notebook(...cells: readonly object[]): string {
  return JSON.stringify({ cells, metadata: { source: 'not a cell' }, nbformat: 4 }, undefined, 1);
}

describe('notebooks', () => {
  it('reads sources in both forms, wherever the type stands', () => {
    const output = [{ output_type: 'stream', text: ['secret\n'], data: { source: 'no' } }];
    const text = notebook(
      cell('markdown', ['# A "quoted"\n', 'x']),
      cell('code', 'y = "\\u00fc"\n', { outputs: output }),
      { source: ['raw'], cell_type: 'raw' },
      cell('code', []),
      cell('code', ' \n'),
    );
    assert.deepEqual(
      readNotebook(text)?.map(({ type, segments }) => [
        type,
        segments.map((segment) => segment.text).join('|'),
      ]),
      [
        ['markdown', '# A "quoted"\n|x'],
        ['code', 'y = "\\u00fc"\n'],
        ['markdown', 'raw'],
      ],
    );
  });

  it('finds cells of the old format', () => {
    const old = JSON.stringify({ worksheets: [{ cells: [{ cell_type: 'code', input: ['a\n', 'b'] }] }] });
    assert.equal(readNotebook(old)?.[0]?.segments.length, 2);
  });

  it('gives lines and spans of the file', () => {
    const text = notebook(
      cell('markdown', ['# Title\n', '\n', 'One two']),
      cell('code', ['a = 1\n', 'b = 😀']),
    );
    const [only, ...others] = chunk(text, 50);
    assert.ok(only);
    assert.equal(others.length, 0);
    assert.equal(only.text, '# Title\n\nOne two\n\na = 1\nb = 😀');
    const fileLines = text.split('\n');
    assert.match(fileLines[only.startLine - 1] ?? '', /# Title/);
    assert.match(fileLines[only.endLine - 1] ?? '', /b = 😀/);
    assert.ok(text.slice(only.start, only.end).startsWith('# Title'));
    assert.ok(text.slice(only.start, only.end).endsWith('b = 😀'));
    assert.deepEqual(only.breadcrumb, ['Title']);
    assert.deepEqual(only.definitions, [{ name: 'Title', kind: 'heading', line: only.startLine }]);
  });

  it('merges small cells, cuts large ones at their lines', () => {
    const long = Array.from({ length: 30 }, (_, i) => `value_${i} = ${i}\n`);
    const text = notebook(cell('code', ['a\n']), cell('code', ['b\n']), cell('code', long));
    const chunks = chunk(text, 40);
    assert.ok(chunks.length >= 3);
    const fileLines = text.split('\n');
    let end = 0;
    for (const { text: source, start, end: to, startLine, endLine, tokens } of chunks) {
      assert.ok(start >= end && tokens <= 40);
      end = to;
      const sourceLines = source.split('\n').filter((line) => line !== '');
      assert.ok(fileLines[startLine - 1]?.includes(sourceLines[0] ?? '?'));
      assert.ok(fileLines[endLine - 1]?.includes(sourceLines.at(-1) ?? '?'));
    }
    const all = chunks.map((one) => one.text).join('\n');
    for (const line of ['a', 'b', ...long]) assert.ok(all.includes(line.trim()));
  });

  it('keeps spans apart inside one escaped string', () => {
    const text = notebook(
      cell('code', Array.from({ length: 40 }, (_, i) => `x${i} = "\t\u0001ü\\"\n`).join('')),
    );
    let end = 0;
    for (const one of chunk(text, 20)) {
      assert.ok(one.start >= end);
      assert.equal(JSON.parse(`"${text.slice(one.start, one.end)}"`), one.text);
      end = one.end;
    }
  });

  it('is a text like others when it is no JSON, and empty without cells', () => {
    assert.equal(chunk('{"cells": [', 50)[0]?.text, '{"cells": [');
    assert.deepEqual(chunk('{"cells": []}', 50), []);
    assert.deepEqual(chunk('', 50), []);
  });
});
