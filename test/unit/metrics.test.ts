/** Measures of ranked lists, against values computed by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndcg, recall, reciprocalRank } from '../../src/core/evaluate/metrics';

const judged = new Map([
  ['a', 2],
  ['b', 1],
  ['c', 0],
  ['d', 1],
]);

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} instead of ${expected}`);
}

test('ndcg', () => {
  // Gains 1 (b) at rank 1 and 2 (a) at rank 3; the best order is 2, 1, 1.
  near(ndcg(['b', 'x', 'a'], judged, 10), (1 + 2 / 2) / (2 + 1 / Math.log2(3) + 1 / 2));
  near(ndcg(['a', 'b', 'd'], judged, 10), 1);
  near(ndcg(['a', 'd', 'b', 'c'], judged, 10), 1);
  near(ndcg(['x', 'a'], judged, 1), 0);
  // At depth 1 the best is 2, and so is the gain.
  near(ndcg(['a'], judged, 1), 1);
  near(ndcg(['x', 'y', 'b'], new Map([['b', 1]]), 10), 0.5);
  assert.equal(ndcg(['a'], new Map([['c', 0]]), 10), 0);
  assert.equal(ndcg([], judged, 10), 0);
});

test('reciprocal rank', () => {
  assert.equal(reciprocalRank(['c', 'x', 'd', 'a'], judged, 10), 1 / 3);
  assert.equal(reciprocalRank(['x', 'y', 'a'], judged, 2), 0);
  assert.equal(reciprocalRank([], judged, 10), 0);
});

test('recall', () => {
  near(recall(['a', 'x', 'd'], judged, 100), 2 / 3);
  near(recall(['a', 'x', 'd'], judged, 2), 1 / 3);
  near(recall(['c'], judged, 100), 0);
  assert.equal(recall(['a'], new Map(), 100), 0);
});
