/** Clusters by complete link. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusters, type ClusterPair } from '../../src/core/rank/cluster';

/** Unit vectors in the plane, by their angle in degrees. */
const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

function clustered(angles: readonly number[], least: number): number[][] {
  const vectors = angles.map(at);
  const pairs: ClusterPair[] = [];
  for (let a = 0; a < vectors.length; a++) {
    for (let b = a + 1; b < vectors.length; b++) {
      const similarity = vectors[a]![0]! * vectors[b]![0]! + vectors[a]![1]! * vectors[b]![1]!;
      if (similarity >= least) pairs.push({ a, b, similarity });
    }
  }
  return clusters(pairs, (item) => vectors[item]!, least);
}

test('joins what is near and keeps apart what is not', () => {
  const found = clustered([0, 2, 90, 92, 180], 0.99);
  assert.deepEqual(found.sort(), [
    [0, 1],
    [2, 3],
  ]);
});

test('does not join the ends of a chain of small steps', () => {
  const angles = Array.from({ length: 13 }, (_, i) => i * 8);
  const least = Math.cos((10 * Math.PI) / 180);
  for (const members of clustered(angles, least)) assert.ok(members.length <= 2, String(members));
});

test('equal items are one cluster, however many', () => {
  assert.deepEqual(clustered([30, 30, 30, 30], 0.99999), [[0, 1, 2, 3]]);
  assert.deepEqual(
    clusters([], () => at(0), 0.9),
    [],
  );
});
