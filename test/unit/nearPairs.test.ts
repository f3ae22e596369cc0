/** Pairs of near vectors: exactly those that comparing all finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dot } from '../../src/engine/index/exactIndex';
import { nearPairs } from '../../src/engine/search/nearPairs';
import { unitVector } from '../engine/storeSupport';

/** Vectors around a few centres. */
function block(count: number, dimensions: number, centres: number): Float32Array {
  const values = new Float32Array(count * dimensions);
  for (let i = 0; i < count; i++) {
    const centre = unitVector((i % centres) + 1, dimensions);
    const noise = unitVector(i + 1000, dimensions);
    const vector = centre.map((value, k) => value + noise[k]! * (0.1 + (i % 7) / 20));
    const length = Math.hypot(...vector);
    values.set(
      vector.map((value) => value / length),
      i * dimensions,
    );
  }
  return values;
}

function brute(values: Float32Array, dimensions: number, least: number): string[] {
  const found: string[] = [];
  const count = values.length / dimensions;
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const row = values.subarray(a * dimensions, (a + 1) * dimensions);
      if (dot(row, values, b * dimensions) >= least) found.push(`${a} ${b}`);
    }
  }
  return found.sort();
}

test('finds every pair, in few dimensions and in many', async () => {
  for (const [count, dimensions] of [
    [120, 8],
    [300, 64],
    [1, 16],
    [0, 16],
  ] as const) {
    const values = block(count, dimensions, 9);
    for (const minSimilarity of [0.5, 0.9, 0.97]) {
      const { pairs, isCut } = await nearPairs(values, dimensions, { minSimilarity, limit: 1e6 });
      const found = pairs.map(({ a, b }) => `${a} ${b}`).sort();
      assert.deepEqual(found, brute(values, dimensions, minSimilarity));
      assert.equal(isCut, false);
    }
  }
});

test('keeps no more pairs than wanted, and says so', async () => {
  const { pairs, isCut } = await nearPairs(block(60, 8, 1), 8, { minSimilarity: -1, limit: 10 });
  assert.deepEqual([pairs.length, isCut], [10, true]);
});

test('finds equal vectors at similarity 1', async () => {
  const row = unitVector(5, 8);
  const { pairs } = await nearPairs(Float32Array.of(...row, ...row), 8, { minSimilarity: 1, limit: 10 });
  assert.ok(pairs.length <= 1);
  const near = await nearPairs(Float32Array.of(...row, ...row), 8, { minSimilarity: 0.99999, limit: 10 });
  assert.equal(near.pairs.length, 1);
});
