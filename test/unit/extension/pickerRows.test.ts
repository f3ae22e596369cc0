import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NeosearchError } from '../../../src/base/errors';
import { bestLine, hitRow } from '../../../src/extension/palette/hitRow';
import { rowsOf, type RowSource } from '../../../src/extension/palette/rows';
import { hit, l10n } from './support';

const SOURCE: RowSource = { history: [], notice: undefined, labelOf: ({ path }) => path, l10n };

describe('rowsOf', () => {
  it('offers the queries of before where nothing is typed', () => {
    const rows = rowsOf({ kind: 'empty' }, { ...SOURCE, history: ['retry', 'cache'] });
    assert.deepEqual(rows, [
      { kind: 'query', query: 'retry' },
      { kind: 'query', query: 'cache' },
    ]);
  });

  it('says how to ask where there is no history', () => {
    assert.equal(rowsOf({ kind: 'empty' }, SOURCE)?.[0]?.kind, 'message');
  });

  it('leaves the rows alone while an answer is on its way', () => {
    assert.equal(rowsOf({ kind: 'searching', query: 'q' }, SOURCE), undefined);
  });

  it('keeps the order of the answer', () => {
    const hits = ['z', 'a', 'm'].map((path) => hit({ path }));
    const rows = rowsOf({ kind: 'answered', query: 'q', answer: { hits, notes: [] } }, SOURCE) ?? [];
    assert.deepEqual(
      rows.map((row) => row.kind === 'hit' && row.hit.path),
      ['z', 'a', 'm'],
    );
  });

  it('says what to do where nothing was found, or where no answer can be', () => {
    const action = { title: 'Open', command: 'x', arguments: [] };
    const nothing = rowsOf({ kind: 'answered', query: 'q', answer: { hits: [], notes: ['Cut.'] } }, SOURCE);
    assert.deepEqual(nothing, [
      { kind: 'message', icon: 'search-stop', text: 'Nothing found.', detail: 'Cut.' },
    ]);
    const blocked = rowsOf(
      { kind: 'searching', query: 'q' },
      { ...SOURCE, notice: { kind: 'blocked', text: 'Off.', action } },
    );
    assert.deepEqual(blocked, [{ kind: 'action', text: 'Off.', action }]);
  });

  it('leads to the log after a failure, but not after a query that cannot be read', () => {
    const failed = (error: unknown) => rowsOf({ kind: 'failed', query: 'q', error }, SOURCE) ?? [];
    assert.deepEqual(
      failed(new Error('boom')).map(({ kind }) => kind),
      ['message', 'action'],
    );
    assert.deepEqual(
      failed(new NeosearchError('bad-argument', 'No such language.')).map(({ kind }) => kind),
      ['message'],
    );
  });
});

describe('hitRow', () => {
  it('names the symbol, the line to go to and what encloses it', () => {
    const row = hitRow(hit(), 'src/a.ts', l10n);
    assert.equal(row.name, 'retry');
    assert.equal(row.where, 'src/a.ts:11  ·  Downloads');
    assert.equal(row.line, 'function retry() {');
  });

  it('names the file where no symbol does, and counts folded copies', () => {
    const row = hitRow(hit({ breadcrumb: [], copies: [hit(), hit()] }), 'src/a.ts', l10n);
    assert.equal(row.name, 'a.ts');
    assert.match(row.where, /and 2 identical copies/);
  });

  it('shows code that looks like an icon as it is', () => {
    const row = hitRow(hit({ snippet: 'run "$(make)"', focusLine: 10 }), 'a', l10n);
    assert.doesNotMatch(row.line, /\$\(make/);
  });
});

describe('bestLine', () => {
  it('passes over lines without a word', () => {
    assert.equal(bestLine({ snippet: '  {\n\n  retry();', snippetLine: 5, focusLine: 5 }), 'retry();');
  });

  it('cuts long lines', () => {
    const line = bestLine({ snippet: 'x'.repeat(500), snippetLine: 1, focusLine: 1 });
    assert.equal(line.length, 160);
  });

  it('stands an empty snippet', () => {
    assert.equal(bestLine({ snippet: '', snippetLine: 1, focusLine: 1 }), '');
  });
});
