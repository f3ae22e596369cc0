import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Cursor, originOf, type SymbolLines } from '../../../src/extension/similar/origin';

const at = (line: number): Cursor => ({
  hasSelection: false,
  wholeLines: true,
  startLine: line,
  endLine: line,
});

const METHOD: SymbolLines = { name: 'get', comparable: true, startLine: 5, endLine: 9, children: [] };
const LOCAL: SymbolLines = { name: 'value', comparable: false, startLine: 6, endLine: 6, children: [] };
const SYMBOLS: readonly SymbolLines[] = [
  {
    name: 'Cache',
    comparable: true,
    startLine: 3,
    endLine: 20,
    children: [{ ...METHOD, children: [LOCAL] }],
  },
];

describe('originOf', () => {
  it('is the selection where there is one', () => {
    const cursor: Cursor = { hasSelection: true, wholeLines: false, startLine: 6, endLine: 7 };
    assert.deepEqual(originOf(cursor, SYMBOLS, 30), { kind: 'selection', startLine: 6, endLine: 7 });
  });

  it('is the innermost function around the cursor, not a variable in it', () => {
    assert.deepEqual(originOf(at(6), SYMBOLS, 30), { kind: 'symbol', name: 'get', startLine: 5, endLine: 9 });
  });

  it('is the class between its methods', () => {
    const origin = originOf(at(15), SYMBOLS, 30);
    assert.equal(origin.kind === 'symbol' && origin.name, 'Cache');
  });

  it('is the file outside of all of them', () => {
    assert.deepEqual(originOf(at(1), SYMBOLS, 30), { kind: 'file', startLine: 1, endLine: 30 });
    assert.deepEqual(originOf(at(1), [], 0), { kind: 'file', startLine: 1, endLine: 1 });
  });
});
