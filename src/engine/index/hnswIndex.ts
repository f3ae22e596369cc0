/**
 * Approximate nearest-neighbor search in an HNSW graph (hnswlib). The only file that knows distances:
 * hnswlib's inner-product distance of unit vectors is 1 - similarity.
 */
import { clamp, dot, requireDimensions } from './exactIndex';
import type { NativeGraph, NativeGraphClass } from './hnswlib';
import { TopNeighbors } from './topNeighbors';
import type { Neighbor, VectorIndex } from './vectorIndex';

/** Edges of a node on the upper layers; twice as many on the lowest. */
export const M = 16;
const EF_CONSTRUCTION = 200;
/** Fewest candidates that a search keeps; a search for k neighbors keeps at least 2 k. */
const MIN_EF = 200;
const SEED = 100;
/** A filter that lets no more than this many vectors pass is answered exactly: walking the graph would cost more. */
const EXACT_FILTERED = 2000;

/** Gives a vector by its id. */
export type VectorLookup = (id: number) => Float32Array | undefined;

export class HnswIndex implements VectorIndex {
  readonly kind = 'hnsw';

  private constructor(
    private readonly graph: NativeGraph,
    readonly dimensions: number,
    private readonly live: Set<number>,
    private readonly dead: Set<number>,
    private readonly lookup: VectorLookup,
  ) {}

  /** @param capacity vectors to make room for at first; more is made as needed */
  static create(
    library: NativeGraphClass,
    dimensions: number,
    capacity: number,
    lookup: VectorLookup,
  ): HnswIndex {
    const graph = new library('ip', dimensions);
    graph.initIndex({
      maxElements: Math.max(capacity, 1),
      m: M,
      efConstruction: EF_CONSTRUCTION,
      randomSeed: SEED,
    });
    return new HnswIndex(graph, dimensions, new Set(), new Set(), lookup);
  }

  /** Reads a file that `write` has written. @param tombstones ids that were removed before it was written */
  static async read(
    library: NativeGraphClass,
    dimensions: number,
    file: string,
    tombstones: Iterable<number>,
    lookup: VectorLookup,
  ): Promise<HnswIndex> {
    const graph = new library('ip', dimensions);
    await graph.readIndex(file);
    const dead = new Set(tombstones);
    const live = new Set<number>();
    for (const id of graph.getIdsList()) if (!dead.has(id)) live.add(id);
    return new HnswIndex(graph, dimensions, live, dead, lookup);
  }

  get size(): number {
    return this.live.size;
  }

  /** Removed vectors that still take part in the graph's paths. */
  get tombstones(): ReadonlySet<number> {
    return this.dead;
  }

  has(id: number): boolean {
    return this.live.has(id);
  }

  ids(): Iterable<number> {
    return this.live.keys();
  }

  add(id: number, vector: Float32Array): void {
    requireDimensions(vector, this.dimensions);
    if (this.live.has(id)) return;
    if (this.dead.delete(id)) {
      this.graph.unmarkDelete(id);
    } else {
      const used = this.live.size + this.dead.size;
      if (used >= this.graph.getMaxElements()) this.graph.resizeIndex(Math.ceil(used * 1.5) + 1);
      this.graph.addPoint(Array.from(vector), id);
    }
    this.live.add(id);
  }

  remove(id: number): void {
    if (!this.live.delete(id)) return;
    this.graph.markDelete(id);
    this.dead.add(id);
  }

  search(query: Float32Array, k: number, filter?: (id: number) => boolean): Neighbor[] {
    requireDimensions(query, this.dimensions);
    const wanted = Math.min(Math.floor(k), this.live.size);
    if (!(wanted > 0)) return [];
    if (filter !== undefined) {
      const passing = this.passing(filter);
      if (passing !== undefined) return this.searchExactly(query, wanted, passing);
    }
    this.graph.setEf(Math.max(2 * wanted, MIN_EF));
    const { neighbors, distances } = this.graph.searchKnn(Array.from(query), wanted, filter);
    return neighbors.map((id, i) => ({ id, similarity: clamp(1 - (distances[i] ?? NaN)) }));
  }

  /** Writes the graph to `file`. Nothing may be added or removed until it is done. */
  async write(file: string): Promise<void> {
    await this.graph.writeIndex(file);
  }

  /** The ids that pass, or undefined if they are many. */
  private passing(filter: (id: number) => boolean): number[] | undefined {
    const ids: number[] = [];
    for (const id of this.live) {
      if (!filter(id)) continue;
      if (ids.length >= EXACT_FILTERED) return undefined;
      ids.push(id);
    }
    return ids;
  }

  private searchExactly(query: Float32Array, k: number, ids: readonly number[]): Neighbor[] {
    const top = new TopNeighbors(k);
    for (const id of ids) {
      const vector = this.lookup(id);
      if (vector !== undefined) top.offer(id, clamp(dot(query, vector, 0)));
    }
    return top.sorted();
  }
}
