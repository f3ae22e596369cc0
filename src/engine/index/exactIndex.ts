/** Exact nearest-neighbor search: every vector in one block of memory, every dot product taken. */
import { NeosearchError } from '../../base/errors';
import { TopNeighbors } from './topNeighbors';
import type { Neighbor, VectorIndex } from './vectorIndex';

/** Rows of the first block. */
const FIRST_CAPACITY = 256;

export class ExactIndex implements VectorIndex {
  readonly kind = 'exact';
  private block: Float32Array;
  /** Row to id. */
  private readonly idOfRow: number[] = [];
  private readonly rowOfId = new Map<number, number>();

  /** @param capacity rows to make room for at first; more are made as needed */
  constructor(
    readonly dimensions: number,
    capacity = FIRST_CAPACITY,
  ) {
    this.block = new Float32Array(Math.max(capacity, 1) * dimensions);
  }

  get size(): number {
    return this.idOfRow.length;
  }

  has(id: number): boolean {
    return this.rowOfId.has(id);
  }

  ids(): Iterable<number> {
    return this.rowOfId.keys();
  }

  add(id: number, vector: Float32Array): void {
    requireDimensions(vector, this.dimensions);
    if (this.rowOfId.has(id)) return;
    const row = this.size;
    const end = (row + 1) * this.dimensions;
    if (end > this.block.length) this.grow(end);
    this.block.set(vector, row * this.dimensions);
    this.idOfRow.push(id);
    this.rowOfId.set(id, row);
  }

  remove(id: number): void {
    const row = this.rowOfId.get(id);
    const lastId = this.idOfRow.at(-1);
    if (row === undefined || lastId === undefined) return;
    const last = this.size - 1;
    // The last row takes the place of the removed one.
    const from = last * this.dimensions;
    this.block.copyWithin(row * this.dimensions, from, from + this.dimensions);
    this.idOfRow[row] = lastId;
    this.rowOfId.set(lastId, row);
    this.idOfRow.pop();
    this.rowOfId.delete(id);
  }

  search(query: Float32Array, k: number, filter?: (id: number) => boolean): Neighbor[] {
    requireDimensions(query, this.dimensions);
    const wanted = Math.min(Math.floor(k), this.size);
    if (!(wanted > 0)) return [];
    const top = new TopNeighbors(wanted);
    for (const [row, id] of this.idOfRow.entries()) {
      if (filter !== undefined && !filter(id)) continue;
      const similarity = dot(query, this.block, row * this.dimensions);
      if (similarity >= top.floor) top.offer(id, clamp(similarity));
    }
    return top.sorted();
  }

  private grow(needed: number): void {
    const larger = new Float32Array(Math.max(needed, Math.ceil(this.block.length * 1.5)));
    larger.set(this.block);
    this.block = larger;
  }
}

/** Dot product of a vector with the one that begins at `offset` in a block. */
export function dot(vector: Float32Array, block: Float32Array, offset: number): number {
  const length = vector.length;
  const unrolled = length - (length % 4);
  // Four sums, so that an addition need not wait for the one before.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < unrolled; i += 4) {
    a += at(vector, i) * at(block, offset + i);
    b += at(vector, i + 1) * at(block, offset + i + 1);
    c += at(vector, i + 2) * at(block, offset + i + 2);
    d += at(vector, i + 3) * at(block, offset + i + 3);
  }
  for (; i < length; i += 1) a += at(vector, i) * at(block, offset + i);
  return a + b + c + d;
}

/** `index` must be within bounds. */
function at(values: Float32Array, index: number): number {
  return values[index] as number;
}

/** Rounding may carry a cosine past 1. */
export function clamp(similarity: number): number {
  return Math.min(1, Math.max(-1, similarity));
}

export function requireDimensions(vector: Float32Array, dimensions: number): void {
  if (vector.length !== dimensions) {
    throw new NeosearchError(
      'engine-failed',
      `A vector of ${vector.length} dimensions was used with an index of ${dimensions}. Index the folder again with this encoder.`,
    );
  }
}
