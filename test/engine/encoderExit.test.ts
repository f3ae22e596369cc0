/** A process may end while the encoder works: its exit code is its own. Runs itself as the process that ends. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, test } from 'node:test';
import { messageOf } from '../../src/base/errors';
import { openEncoder } from '../../src/engine/encoder/workerEncoder';
import { smallModel, temporaryFolder } from './modelSupport';

const ENDS: Readonly<Record<string, { readonly end: () => void; readonly code: number }>> = {
  exit: { end: () => process.exit(7), code: 7 },
  throw: {
    end: () => {
      throw new Error('uncaught');
    },
    code: 1,
  },
};

const [, , modelDir, ending] = process.argv;
if (modelDir !== undefined && ending !== undefined) {
  endWhileItEncodes(modelDir, ending).catch((error: unknown) => {
    console.error(messageOf(error));
    process.exit(99);
  });
} else {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const model = smallModel(path.join(folder.dir, 'model'));

  for (const [name, { code }] of Object.entries(ENDS)) {
    test(`the process ends by ${name} in the middle of a batch`, () => {
      const { status, signal, stderr } = spawnSync(process.execPath, [__filename, model, name], {
        encoding: 'utf8',
      });
      assert.deepEqual({ status, signal }, { status: code, signal: null }, stderr);
    });
  }
}

async function endWhileItEncodes(dir: string, name: string): Promise<void> {
  const workerPath = path.join(process.cwd(), 'dist/encoderWorker.js');
  const encoder = await openEncoder({ modelDir: dir, workerPath, threads: 1 });
  const texts = Array.from({ length: 500 }, () => 'get the user '.repeat(160));
  // The vectors are never awaited: the process ends before.
  encoder.encode(texts, 'passage').catch(() => undefined);
  await encoder.encode(['user'], 'query');
  setTimeout(() => ENDS[name]?.end(), 5);
}
