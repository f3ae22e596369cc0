/** Hits as agents read them: complete where they fit, and never beyond the budget. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { agentAnswer, agentText, type AgentHit } from '../../src/base/agentText';

const hit = (path: string, lines: number, more: Partial<AgentHit> = {}): AgentHit => ({
  path,
  startLine: 10,
  endLine: 9 + lines,
  language: 'typescript',
  breadcrumb: ['Client', 'retry'],
  snippet: Array.from({ length: lines }, (_, i) => `const value${i} = compute(${i});`).join('\n'),
  snippetLine: 10,
  ...more,
});
const words = (text: string): number => text.split(/\W+/u).filter((word) => word !== '').length;

describe('agentText', () => {
  test('gives path, range, breadcrumb and code', () => {
    const text = agentText([hit('src/a.ts', 2)], { maxTokens: 500, notes: ['Still indexing.'] });
    assert.equal(
      text,
      'Still indexing.\n\n1. src/a.ts:10-11 Client › retry\n```typescript\nconst value0 = compute(0);\nconst value1 = compute(1);\n```',
    );
  });

  test('never goes beyond the budget, and uses most of it', () => {
    const hits = Array.from({ length: 12 }, (_, i) => hit(`src/file${i}.ts`, 5 + i * 3));
    for (const maxTokens of [60, 150, 400, 900]) {
      const { text, hits: shown, left } = agentAnswer(hits, { maxTokens, count: words });
      assert.ok(words(text) <= maxTokens, `${words(text)} of ${maxTokens}`);
      assert.ok(words(text) > maxTokens * 0.4 - 20);
      assert.equal(shown.length + left, hits.length);
      for (const [i, { snippet }] of shown.entries()) assert.ok(hits[i]!.snippet.startsWith(snippet));
    }
  });

  test('cuts the last hit that fits, then names the others by their places', () => {
    const hits = [hit('a.ts', 4), hit('b.ts', 200), hit('c.ts', 4)];
    const { text, hits: shown } = agentAnswer(hits, { maxTokens: 400 });
    assert.equal(shown.length, 2);
    assert.ok(shown[1]!.snippet.split('\n').length < 200);
    assert.match(text, /a\.ts:10-13/);
    assert.match(text, /b\.ts:10-209/);
    const tight = agentAnswer([...hits, hit('d.ts', 3)], { maxTokens: 130 });
    assert.match(tight.text, /c\.ts|more did not fit/);
  });

  test('says which lines are shown, and where the same text is', () => {
    const copies = [{ path: 'b.ts', startLine: 3, endLine: 4 }];
    const text = agentText([hit('a.ts', 2, { endLine: 40, copies })], { maxTokens: 300 });
    assert.match(text, /a\.ts:10-40 Client › retry \(from line 10; same text in b\.ts:3-4\)/);
  });

  test('fences code that holds fences', () => {
    const text = agentText([hit('a.md', 1, { snippet: '````js\n````', endLine: 11 })], { maxTokens: 300 });
    assert.match(text, /^`{5}typescript$/mu);
  });

  test('says what to do when nothing was found', () => {
    assert.match(agentText([], { maxTokens: 100 }), /^Nothing found\./);
    assert.equal(agentText([], { maxTokens: 100, nothing: 'None.', notes: ['A note.'] }), 'A note.\nNone.');
  });
});
