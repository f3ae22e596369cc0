/** What the tests of chunking share: a simple counter, grammars, a chunk as a line of text. */
import path from 'node:path';
import type { Chunk } from '../../src/core/corpus/document';
import type { TokenCounter } from '../../src/core/encode/encoder';
import { Grammars } from '../../src/engine/grammars/grammars';

/** Counts words and punctuation characters. */
export const wordCounter: TokenCounter = {
  count: (text) => text.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu)?.length ?? 0,
};

export const fixturesDir = path.join(process.cwd(), 'test', 'fixtures', 'chunk');

export function openTestGrammars(log: (line: string) => void, timeoutMs = 10_000): Promise<Grammars> {
  return Grammars.open({ dir: path.join(process.cwd(), 'dist', 'grammars'), log, timeoutMs });
}

/** `12-20  34  code  Session > request  [request:method:14]` */
export function describeChunk(chunk: Chunk): string {
  const definitions = chunk.definitions.map(({ name, kind, line }) => `${name}:${kind}:${line}`);
  const lines = `${chunk.startLine}-${chunk.endLine}`.padEnd(9);
  const breadcrumb = chunk.breadcrumb.length === 0 ? '-' : chunk.breadcrumb.join(' > ');
  return `${lines}${String(chunk.tokens).padStart(4)}  ${breadcrumb}  [${definitions.join(', ')}]`.trimEnd();
}
