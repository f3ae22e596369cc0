/** The promises that chunking makes for every text. */
import assert from 'node:assert/strict';
import type { Chunk } from '../../src/core/corpus/document';
import type { TokenCounter } from '../../src/core/encode/encoder';

interface Expected {
  readonly budget: number;
  readonly counter: TokenCounter;
  /** What is being chunked, for the message. */
  readonly what: string;
}

/** For chunks of anything but a notebook. */
export function assertInvariants(chunks: readonly Chunk[], text: string, expected: Expected): void {
  const { budget, counter, what } = expected;
  if (text.trim() === '') {
    assert.deepEqual(chunks, [], `${what}: a blank text has chunks`);
    return;
  }
  let at = 0;
  let line = 1;
  for (const chunk of chunks) {
    const where = `${what}: chunk at ${chunk.start}`;
    assert.equal(chunk.start, at, `${where} leaves a gap or overlaps`);
    assert.equal(chunk.text, text.slice(chunk.start, chunk.end), `${where} has another text`);
    assert.notEqual(chunk.text.trim(), '', `${where} is blank`);
    assert.equal(chunk.tokens, counter.count(chunk.text), `${where} has another count`);
    assert.ok(chunk.tokens <= budget, `${where} has ${chunk.tokens} tokens`);
    assert.ok(!splitsPair(text, chunk.end), `${where} ends inside a surrogate pair`);
    const content = chunk.text.trim();
    const lead = chunk.text.indexOf(content);
    const startLine = line + breaksIn(chunk.text.slice(0, lead));
    assert.equal(chunk.startLine, startLine, `${where} begins on another line`);
    assert.equal(chunk.endLine, startLine + breaksIn(content), `${where} ends on another line`);
    line += breaksIn(chunk.text);
    at = chunk.end;
  }
  assert.equal(at, text.length, `${what}: the end is in no chunk`);
}

function breaksIn(text: string): number {
  return text.split('\n').length - 1;
}

function splitsPair(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));
}
