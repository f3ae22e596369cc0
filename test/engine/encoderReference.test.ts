/**
 * The shipped encoder against its training code: vectors of the same texts, computed there in float32 from the
 * same int8 weights (test/fixtures/embedded-reference.json).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openEncoder } from '../../src/engine/encoder/workerEncoder';
import { cosine } from './modelSupport';

interface Reference {
  readonly texts: string[];
  readonly vectors: number[][];
}

/** What quantising the activations may cost. */
const LEAST_COSINE = 0.995;

test('the shipped encoder gives the vectors of its training code', async () => {
  const file = path.join(process.cwd(), 'test/fixtures/embedded-reference.json');
  const { texts, vectors } = JSON.parse(readFileSync(file, 'utf8')) as Reference;
  assert.ok(texts.length > 0 && texts.length === vectors.length);
  const encoder = await openEncoder({
    modelDir: path.join(process.cwd(), 'media/model'),
    workerPath: path.join(process.cwd(), 'dist/encoderWorker.js'),
    threads: 1,
  });
  try {
    const actual = await encoder.encode(texts, 'passage');
    for (const [i, vector] of actual.entries()) {
      const similarity = cosine(vector, vectors[i]!);
      assert.ok(similarity >= LEAST_COSINE, `${JSON.stringify(texts[i])}: cosine ${similarity}`);
    }
  } finally {
    await encoder.close();
  }
});
