import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineState } from '../../../src/extension/features';
import { engineNotice, overallProgress } from '../../../src/extension/notice/engineNotice';
import type { WireRootStatus, WireStatus } from '../../../src/protocol/messages';
import { l10n, rootStatus, status } from './support';

const running = (...roots: WireRootStatus[]): EngineState => ({
  kind: 'running',
  pid: 1,
  status: status(...roots),
});

describe('engineNotice', () => {
  it('is silent when all is in the index', () => {
    assert.equal(engineNotice(running(rootStatus()), l10n), undefined);
  });

  it('says what to do wherever nothing can answer', () => {
    const states: EngineState[] = [
      { kind: 'off' },
      { kind: 'untrusted' },
      { kind: 'noFolder' },
      { kind: 'stopped', reason: 'It crashed too often.' },
      running(rootStatus({ state: 'failed', problem: 'The disk is full.' })),
      running(rootStatus({ state: 'deleted' })),
    ];
    for (const state of states) {
      const notice = engineNotice(state, l10n);
      assert.equal(notice?.kind, 'blocked');
      assert.notEqual(notice.action, undefined);
    }
  });

  it('goes on with the other folders when one has no index', () => {
    const notice = engineNotice(running(rootStatus(), rootStatus({ state: 'deleted' })), l10n);
    assert.equal(notice?.kind, 'partial');
  });

  it('says how far the index is', () => {
    const notice = engineNotice(running(rootStatus({ state: 'indexing', progress: 0.437 })), l10n);
    assert.match(notice?.text ?? '', /43%/);
  });

  it('says why it is paused', () => {
    const state: WireStatus = { ...status(rootStatus({ state: 'paused' })), pausedBecause: 'battery' };
    assert.match(engineNotice({ kind: 'running', pid: 1, status: state }, l10n)?.text ?? '', /mains/);
  });
});

describe('overallProgress', () => {
  it('weighs folders by their files', () => {
    const roots = [
      rootStatus({ filesTotal: 100, files: 100 }),
      rootStatus({ filesTotal: 300, state: 'indexing', progress: 0.5 }),
    ];
    assert.equal(overallProgress(roots), 0.625);
    assert.equal(overallProgress([]), 1);
  });
});
