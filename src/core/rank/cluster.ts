/**
 * Clusters of near vectors by complete link: two clusters become one only while every member of one is near every
 * member of the other, so that no chain of small steps joins what is unlike.
 */

export interface ClusterPair {
  readonly a: number;
  readonly b: number;
  readonly similarity: number;
}

/**
 * @param vectorOf unit vector of an item
 * @param pairs of items, each at least `minSimilarity` near
 * @returns items of each cluster of two or more, rising
 */
export function clusters(
  pairs: readonly ClusterPair[],
  vectorOf: (item: number) => Float32Array,
  minSimilarity: number,
): number[][] {
  const groups = new Map<number, Group>();
  const groupOf = (item: number): Group => {
    let group = groups.get(item);
    if (group === undefined) {
      group = { items: [item], sum: vectorOf(item).slice() };
      groups.set(item, group);
    }
    return group;
  };
  const falling = [...pairs].sort((x, y) => y.similarity - x.similarity || x.a - y.a || x.b - y.b);
  for (const { a, b } of falling) {
    const one = groupOf(a);
    const other = groupOf(b);
    if (one === other || !areNear(one, other, vectorOf, minSimilarity - ROUNDING)) continue;
    const [large, small] = one.items.length >= other.items.length ? [one, other] : [other, one];
    for (let i = 0; i < large.sum.length; i++) large.sum[i] = (large.sum[i] ?? 0) + (small.sum[i] ?? 0);
    for (const item of small.items) {
      large.items.push(item);
      groups.set(item, large);
    }
  }
  return [...new Set(groups.values())]
    .filter(({ items }) => items.length > 1)
    .map(({ items }) => items.sort((x, y) => x - y));
}

/** Of sums of float32 products. */
const ROUNDING = 1e-5;

interface Group {
  readonly items: number[];
  /** Sum of the members' vectors. */
  readonly sum: Float32Array;
}

/** Whether all members of one group are near all members of the other. */
function areNear(
  one: Group,
  other: Group,
  vectorOf: (item: number) => Float32Array,
  minSimilarity: number,
): boolean {
  // Where they are not near on average, some are not near at all.
  if (product(one.sum, other.sum) < minSimilarity * one.items.length * other.items.length) return false;
  if (one.items.length === 1 && other.items.length === 1) return true;
  return one.items.every((a) => {
    const vector = vectorOf(a);
    return other.items.every((b) => product(vector, vectorOf(b)) >= minSimilarity);
  });
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
