/**
 * Chunks of a small file in each language, against a text that was read and approved by people. After a change
 * that is meant, `UPDATE_CHUNKS=1` writes the texts anew; what changed in them is then reviewed.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chunkDocument } from '../../src/core/chunk/chunkDocument';
import { syntaxLanguages } from '../../src/core/chunk/languages/languages';
import type { Grammars } from '../../src/engine/grammars/grammars';
import { describeChunk, fixturesDir, openTestGrammars, wordCounter } from './chunkSupport';

const BUDGET = 120;
const APPROVED = 'chunks.txt';

describe('chunks by language', () => {
  const problems: string[] = [];
  let grammars: Grammars;
  before(async () => {
    grammars = await openTestGrammars((line) => problems.push(line));
  });
  after(() => grammars.dispose());

  for (const language of readdirSync(fixturesDir)) {
    it(language, async () => {
      const dir = path.join(fixturesDir, language);
      const [file] = readdirSync(dir).filter((name) => name !== APPROVED);
      assert.ok(file, `${dir} has no file to chunk`);
      const text = readFileSync(path.join(dir, file), 'utf8');
      const parse = await grammars.parser(language);
      assert.equal(parse !== undefined, syntaxLanguages.includes(language));
      const chunks = chunkDocument({
        text,
        language,
        counter: wordCounter,
        budget: BUDGET,
        ...(parse === undefined ? {} : { parse }),
      });
      const found = chunks.map((chunk) => `${describeChunk(chunk)}\n`).join('');
      const approved = path.join(dir, APPROVED);
      if (process.env['UPDATE_CHUNKS'] !== undefined) writeFileSync(approved, found);
      assert.equal(found, readFileSync(approved, 'utf8').replace(/\r\n/g, '\n'));
      assert.deepEqual(problems, []);
    });
  }
});
