/**
 * All pairs of unit vectors that are nearer than a bound, found exactly. Most pairs are ruled out by a few
 * coordinates along the directions in which the vectors differ most: distances there never exceed the true ones.
 */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { clamp, dot } from '../index/exactIndex';
import { principalCoordinates } from './principal';

export interface NearPair {
  /** Row of the block, below `b`. */
  readonly a: number;
  readonly b: number;
  /** Cosine in [-1, 1]. */
  readonly similarity: number;
}

export interface NearPairsOptions {
  /** Least similarity of a pair, in [-1, 1]. */
  readonly minSimilarity: number;
  /** Most pairs; where there is one more, the search for them ends. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  /** @param done in [0, 1] */
  readonly onProgress?: ((done: number) => void) | undefined;
}

export interface NearPairs {
  readonly pairs: readonly NearPair[];
  /** Whether there were more than the limit. */
  readonly isCut: boolean;
}

/** Longest time that everything else waits, in milliseconds. */
const SLICE_MS = 12;
/** Rows between two looks at the clock. */
const STRIDE = 16;
/** Coordinates that are looked at first. */
const FIRST = 8;
/** Rounding of float32 sums. */
const TOLERANCE = 1e-5;

/**
 * @param block rows of `dimensions` values each
 * @throws AbortError when the signal fires
 */
export async function nearPairs(
  block: Float32Array,
  dimensions: number,
  options: NearPairsOptions,
): Promise<NearPairs> {
  const { minSimilarity, limit, signal, onProgress } = options;
  const count = Math.floor(block.length / dimensions);
  const { coordinates, width } = principalCoordinates(block, count, dimensions);
  // Squared distance of unit vectors: 2 - 2 cosine.
  const reach = 2 - 2 * minSimilarity + TOLERANCE;
  const order = byFirstCoordinate(coordinates, count, width);
  const sorted = new Float32Array(count * width);
  for (const [to, from] of order.entries()) {
    sorted.set(coordinates.subarray(from * width, (from + 1) * width), to * width);
  }
  const radius = Math.sqrt(reach);
  const pairs: NearPair[] = [];
  let since = performance.now();
  for (let i = 0; i < count; i++) {
    if (i % STRIDE === 0 && performance.now() - since > SLICE_MS) {
      onProgress?.(i / count);
      await setImmediate();
      signal?.throwIfAborted();
      since = performance.now();
    }
    const row = order[i] ?? 0;
    const end = at(sorted, i * width) + radius;
    for (let j = i + 1; j < count && at(sorted, j * width) <= end; j++) {
      if (!mayBeNear(sorted, i * width, j * width, width, reach)) continue;
      const other = order[j] ?? 0;
      const vector = block.subarray(row * dimensions, (row + 1) * dimensions);
      const similarity = clamp(dot(vector, block, other * dimensions));
      if (similarity < minSimilarity) continue;
      if (pairs.length >= limit) return { pairs, isCut: true };
      pairs.push({ a: Math.min(row, other), b: Math.max(row, other), similarity });
    }
  }
  return { pairs, isCut: false };
}

function mayBeNear(values: Float32Array, a: number, b: number, width: number, reach: number): boolean {
  let sum = 0;
  let i = 0;
  const first = Math.min(FIRST, width);
  for (; i < first; i++) {
    const difference = at(values, a + i) - at(values, b + i);
    sum += difference * difference;
  }
  if (sum > reach) return false;
  for (; i < width; i++) {
    const difference = at(values, a + i) - at(values, b + i);
    sum += difference * difference;
  }
  return sum <= reach;
}

function byFirstCoordinate(coordinates: Float32Array, count: number, width: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  return order.sort((a, b) => at(coordinates, a * width) - at(coordinates, b * width));
}

/** `index` must be within bounds. */
function at(values: Float32Array, index: number): number {
  return values[index] as number;
}
