/** Principal directions of a set of vectors, by subspace iteration on a sample. */
import { dot } from '../index/exactIndex';

/** Directions that are taken. */
const DIRECTIONS = 32;
/** Vectors that they are estimated from. */
const SAMPLE = 1500;
const ITERATIONS = 4;

/**
 * Each row's coordinates along orthonormal directions, the one of greatest spread first, and as the last one how
 * far the row lies off their span. The distance of two rows is at least that of their coordinates, whatever the
 * directions; the better these are, the nearer it comes.
 */
export function principalCoordinates(
  block: Float32Array,
  count: number,
  dimensions: number,
): { readonly coordinates: Float32Array; readonly width: number } {
  const directions = principalDirections(block, count, dimensions);
  const width = directions.length + 1;
  const coordinates = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    const vector = block.subarray(row * dimensions, (row + 1) * dimensions);
    let rest = dot(vector, vector, 0);
    for (const [i, direction] of directions.entries()) {
      const value = dot(vector, direction, 0);
      coordinates[row * width + i] = value;
      rest -= value * value;
    }
    coordinates[row * width + width - 1] = Math.sqrt(Math.max(0, rest));
  }
  return { coordinates, width };
}

function principalDirections(block: Float32Array, count: number, dimensions: number): Float32Array[] {
  const rows = centred(block, count, dimensions);
  // Any start that spans enough: the unit vectors, stirred.
  let directions = orthonormal(
    Array.from({ length: Math.min(DIRECTIONS, dimensions) }, (_, k) =>
      Float32Array.from({ length: dimensions }, (_, i) => Math.sin((i + 1) * (k + 1) * 0.7 + k)),
    ),
  );
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const next = directions.map(() => new Float32Array(dimensions));
    for (const row of rows) {
      for (const [k, direction] of directions.entries()) {
        const target = next[k];
        if (target !== undefined) add(target, row, dot(row, direction, 0));
      }
    }
    directions = orthonormal(next);
  }
  return directions;
}

/** A sample of the rows, their mean taken off. */
function centred(block: Float32Array, count: number, dimensions: number): Float32Array[] {
  const step = Math.max(1, Math.floor(count / SAMPLE));
  const rows: Float32Array[] = [];
  const mean = new Float32Array(dimensions);
  for (let row = 0; row < count && rows.length < SAMPLE; row += step) {
    rows.push(block.slice(row * dimensions, (row + 1) * dimensions));
  }
  for (const row of rows) add(mean, row, 1 / rows.length);
  for (const row of rows) add(row, mean, -1);
  return rows;
}

/** Gram-Schmidt, in order; what depends on those before is left out. */
function orthonormal(vectors: readonly Float32Array[]): Float32Array[] {
  const result: Float32Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    // Twice: once leaves what rounding brought in.
    for (let pass = 0; pass < 2; pass++) {
      for (const direction of result) add(rest, direction, -dot(rest, direction, 0));
    }
    const length = Math.sqrt(dot(rest, rest, 0));
    if (length > 1e-6) result.push(rest.map((value) => value / length));
  }
  return result;
}

function add(target: Float32Array, vector: Float32Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (vector[i] ?? 0);
}
