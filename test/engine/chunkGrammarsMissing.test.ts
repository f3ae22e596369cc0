/** An installation without the parser. In a file of its own: once started, the parser stays. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { it } from 'node:test';
import { NeosearchError } from '../../src/base/errors';
import { Grammars } from '../../src/engine/grammars/grammars';
import { openTestGrammars } from './chunkSupport';

it('says what to do when the parser is missing, and starts it where it is', async () => {
  await assert.rejects(
    Grammars.open({ dir: path.join(process.cwd(), 'test', 'no-such-folder') }),
    (error) =>
      error instanceof NeosearchError && error.code === 'engine-failed' && /install/.test(error.message),
  );
  const grammars = await openTestGrammars(() => undefined);
  assert.ok(await grammars.parser('python'));
  grammars.dispose();
});
