/** From the states of tokens to vectors of texts, for graphs that do not do it themselves. */
import type { Pooling } from './card';

/** No vector is shorter than this when it is normalised. */
const SMALLEST_NORM = 1e-12;

/**
 * @param states [batch, longest, width]; what stands at padding is not read
 * @param lengths tokens of each text, from 1
 * @returns [batch, width]
 */
export function pooledStates(
  states: Float32Array,
  lengths: Int32Array,
  width: number,
  pooling: Pooling,
): Float32Array {
  const longest = states.length / width / lengths.length;
  const vectors = new Float32Array(lengths.length * width);
  for (const [text, length] of lengths.entries()) {
    const first = pooling === 'lasttoken' ? length - 1 : 0;
    const end = pooling === 'cls' ? 1 : length;
    for (let i = 0; i < width; i += 1) {
      let sum = 0;
      for (let token = first; token < end; token += 1) {
        sum += states[(text * longest + token) * width + i] ?? NaN;
      }
      vectors[text * width + i] = sum / (end - first);
    }
  }
  return vectors;
}

/** Scales each row to length 1 (L2), in place. @param vectors [rows, width] */
export function normalizeRows(vectors: Float32Array, width: number): void {
  for (let from = 0; from < vectors.length; from += width) {
    const row = vectors.subarray(from, from + width);
    const norm = Math.max(SMALLEST_NORM, Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)));
    for (let i = 0; i < width; i += 1) row[i] = (row[i] ?? NaN) / norm;
  }
}
