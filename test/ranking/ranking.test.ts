/**
 * Ranking on the fixture corpus: the places that words find, in order, and the file that hybrid search puts
 * first, compared with expected.txt. After a change of ranking or chunking, write it anew with
 * `UPDATE_EXPECTED=1 npm test ranking` and review the difference line by line.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Engine } from '../../src/engine/engine';

const EXPECTED = path.join(process.cwd(), 'test/ranking/expected.txt');
/** Places of a query that are written down. */
const DEPTH = 4;

const dir = mkdtempSync(path.join(tmpdir(), 'neosearch-ranking-'));
after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));

test('every query of expected.txt finds what is written there', async () => {
  const expected = readFileSync(EXPECTED, 'utf8').replace(/\r\n/g, '\n');
  const actual = await answered(expected);
  if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(EXPECTED, actual);
  else assert.deepEqual(actual.split('\n'), expected.split('\n'));
});

/** The same text with the answers that search gives now: comments and queries (`? ...`) stay. */
async function answered(text: string): Promise<string> {
  const root = path.join(dir, 'corpus');
  cpSync(path.join(process.cwd(), 'test/fixtures/corpus'), root, { recursive: true });
  const engine = await Engine.open({
    root,
    home: path.join(dir, 'home'),
    holder: 'cli',
    installation: {
      model: path.resolve('media/model'),
      grammars: path.resolve('dist/grammars'),
      encoderWorker: path.resolve('dist/encoderWorker.js'),
    },
    log: (line) => assert.fail(line),
  });
  try {
    await engine.update();
    const lines: string[] = [];
    for (const line of text.split('\n')) {
      if (/^(#|$)/.test(line)) lines.push(line);
      if (!line.startsWith('? ')) continue;
      const query = line.slice(2);
      const words = await engine.search(query, { mode: 'lexical', limit: DEPTH });
      const hybrid = await engine.search(query, { mode: 'hybrid', limit: 1 });
      lines.push(line);
      for (const hit of words.hits) lines.push(`  ${hit.path}:${hit.startLine}-${hit.endLine}`);
      if (words.hits.length === 0) lines.push('  nothing');
      lines.push(`  hybrid: ${hybrid.hits[0]?.path ?? 'nothing'}`);
    }
    return lines.join('\n');
  } finally {
    await engine.close();
  }
}
