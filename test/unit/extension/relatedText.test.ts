import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { indexSignature } from '../../../src/extension/indexSignature';
import { pairText, reasonOf } from '../../../src/extension/related/relatedText';
import type { WirePair, WireRelatedFile } from '../../../src/protocol/messages';
import { l10n, rootStatus } from './support';

const PAIR: WirePair = {
  own: { startLine: 1, endLine: 9, breadcrumb: ['Cache', 'get'] },
  other: { startLine: 5, endLine: 5, breadcrumb: [] },
  similarity: 0.8,
};
const FILE: WireRelatedFile = { root: '/r', path: 'x.ts', language: 'typescript', score: 1, pairs: [PAIR] };

describe('related files in words', () => {
  it('gives the closest place as the reason: its symbols, else its lines', () => {
    assert.equal(reasonOf(FILE, l10n), 'line 5');
    const named = { ...FILE, pairs: [{ ...PAIR, other: { ...PAIR.other, breadcrumb: ['Store', 'read'] } }] };
    assert.equal(reasonOf(named, l10n), 'Store › read');
    assert.equal(reasonOf({ ...FILE, pairs: [] }, l10n), '');
  });

  it('names both sides of a pair', () => {
    assert.deepEqual(pairText(PAIR, l10n), { label: 'line 5', description: 'line 5 ↔ get here' });
  });

  it('tells an index that changed from one that did not', () => {
    const before = indexSignature(rootStatus());
    assert.equal(indexSignature(rootStatus({ diskBytes: 5 })), before);
    assert.notEqual(indexSignature(rootStatus({ chunks: 21 })), before);
    assert.notEqual(indexSignature(rootStatus({ state: 'indexing' })), before);
  });
});
