import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineState } from '../../../src/extension/features';
import {
  bytes,
  hoverText,
  rootStateText,
  statusDocument,
  statusLine,
} from '../../../src/extension/status/statusText';
import type { RootState, WireRootStatus } from '../../../src/protocol/messages';
import { l10n, rootStatus, status } from './support';

const running = (...roots: WireRootStatus[]): EngineState => ({
  kind: 'running',
  status: status(...roots),
  pid: 7,
});

describe('status line', () => {
  it('is not there where nothing runs by choice', () => {
    assert.equal(statusLine({ kind: 'off' }, l10n), undefined);
    assert.equal(statusLine({ kind: 'noFolder' }, l10n), undefined);
  });

  it('says what goes on', () => {
    const words = (state: EngineState) => statusLine(state, l10n)?.spoken;
    assert.equal(words(running(rootStatus())), 'Neosearch: ready');
    assert.equal(
      words(running(rootStatus({ state: 'indexing', progress: 0.425 }))),
      'Neosearch: indexing 42%',
    );
    assert.equal(words(running(rootStatus({ state: 'paused' }))), 'Neosearch: paused');
    assert.equal(words(running(rootStatus({ state: 'deleted' }))), 'Neosearch: no index');
    assert.equal(words(running(rootStatus({ problem: 'No GPU.' }))), 'Neosearch: ready, with a warning');
    const failed = statusLine(running(rootStatus(), rootStatus({ state: 'failed' })), l10n);
    assert.equal(failed?.isProblem, true);
    assert.equal(words({ kind: 'restarting' }), 'Neosearch: restarting');
    assert.equal(statusLine({ kind: 'stopped', reason: 'x' }, l10n)?.isProblem, true);
  });
});

describe('hover and document', () => {
  const state = running(
    rootStatus({
      name: 'a*b',
      files: 1234,
      chunks: 5678,
      pending: 9,
      diskBytes: 5_000_000,
      problem: 'Watch out | here.',
      skipped: { binary: 3, large: 0 },
      annReason: 'few vectors',
    }),
  );

  it('say files, chunks, encoder, device, memory and disk', () => {
    const text = hoverText(state, l10n);
    for (const part of ['a\\*b', '1,234 files', '5,678 chunks', '9 to encode', '4.8 MB', 'Encoder: e', 'cpu'])
      assert.ok(text.includes(part), part);
  });

  it('tell everything in the document, and why there is no index', () => {
    const text = statusDocument(state, l10n);
    for (const part of ['## a\\*b', '| Process | 7 |', '| binary | 3 |', 'exact (few vectors)', 'Watch out'])
      assert.ok(text.includes(part.replace('(', '\\(').replace(')', '\\)')) || text.includes(part), part);
    assert.ok(!text.includes('large'));
    assert.match(statusDocument({ kind: 'untrusted' }, l10n), /not trusted/);
  });

  it('have words for every state of a root', () => {
    const states: RootState[] = [
      'waiting',
      'scanning',
      'indexing',
      'ready',
      'paused',
      'reading',
      'deleted',
      'failed',
    ];
    const texts = states.map((each) => rootStateText(rootStatus({ state: each, progress: 0.5 }), l10n));
    assert.equal(new Set(texts).size, states.length);
  });

  it('write sizes for people', () => {
    assert.deepEqual([0, 999, 1536, 150 * 1024 * 1024, 3 * 1024 ** 3].map(bytes), [
      '0 B',
      '999 B',
      '1.5 KB',
      '150 MB',
      '3.0 GB',
    ]);
  });
});
