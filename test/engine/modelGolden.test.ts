/** Parity with the authors' own code on random weights (test/fixtures/neobert). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Model } from '../../src/engine/model/model';
import { loadRuntime } from './modelSupport';

interface Expected {
  readonly input_ids: number[][];
  readonly mean: number[][];
  readonly cls: number[][];
  readonly last_hidden_first3_tokens: number[][][];
}

const LARGEST_DIFFERENCE = 1e-4;

for (const name of ['a', 'b']) {
  const dir = path.join(process.cwd(), 'test/fixtures/neobert', name);
  const expected = JSON.parse(readFileSync(path.join(dir, 'expected.json'), 'utf8')) as Expected;
  const { input_ids: texts } = expected;

  for (const pooling of ['mean', 'cls'] as const) {
    // The longest text is padded for once only: attention with a mask takes its time.
    const batch = texts.filter((ids) => pooling === 'mean' || ids.length < 1000);
    const longest = Math.max(...batch.map((ids) => ids.length));
    const open = async (normalize: boolean): Promise<Model> =>
      Model.open(await loadRuntime(), dir, { pooling, normalize, threads: 1, states: true });

    test(`model ${name}, ${pooling} pooling: each length alone, and all padded in one batch`, async () => {
      const model = await open(false);
      const width = model.config.hiddenSize;
      const together = await model.run(Int32Array.from(batch.flat()), lengthsOf(batch));
      for (const [i, ids] of texts.entries()) {
        const alone = await model.run(Int32Array.from(ids), lengthsOf([ids]));
        const wanted = expected[pooling][i]!;
        close(alone.vectors, wanted, `text ${i} alone`);
        const inBatch = i < batch.length;
        if (inBatch)
          close(together.vectors.subarray(i * width, (i + 1) * width), wanted, `text ${i} in the batch`);
        for (const [token, state] of expected.last_hidden_first3_tokens[i]!.entries()) {
          close(alone.states!.subarray(token * width, (token + 1) * width), state, `state ${token}`);
          const at = (i * longest + token) * width;
          if (inBatch) close(together.states!.subarray(at, at + width), state, `state ${token} in the batch`);
        }
      }
      await model.release();
    });

    test(`model ${name}, ${pooling} pooling: normalised vectors have length 1 and the same direction`, async () => {
      const model = await open(true);
      const ids = texts[1]!;
      const { vectors } = await model.run(Int32Array.from(ids), lengthsOf([ids]));
      const wanted = expected[pooling][1]!;
      const norm = Math.hypot(...wanted);
      close(
        vectors,
        wanted.map((value) => value / norm),
        'normalised',
      );
      await model.release();
    });
  }
}

function lengthsOf(texts: readonly number[][]): Int32Array {
  return Int32Array.from(texts, (ids) => ids.length);
}

function close(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  const difference = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
  assert.ok(difference <= LARGEST_DIFFERENCE, `${what}: largest difference ${difference}`);
}
