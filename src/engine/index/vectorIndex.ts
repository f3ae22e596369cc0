/** What can find the nearest vectors: exact search, or an HNSW graph. */

/** A vector near a query. */
export interface Neighbor {
  /** Embedding id. */
  readonly id: number;
  /** Cosine, in [-1, 1]. */
  readonly similarity: number;
}

/** Unit vectors of one encoder by embedding id. */
export interface VectorIndex {
  readonly kind: 'exact' | 'hnsw';
  readonly dimensions: number;
  /** Number of vectors. */
  readonly size: number;
  has(id: number): boolean;
  ids(): Iterable<number>;
  /** Adds a vector; an id stands for one vector for ever, so one that is known already is left as it is. */
  add(id: number, vector: Float32Array): void;
  /** Removes a vector, if it is there. */
  remove(id: number): void;
  /**
   * The nearest vectors to a unit vector, nearest first: min(k, number that pass the filter), of an HNSW
   * graph possibly fewer.
   * @param filter which ids may be neighbors; must give the same answer each time
   */
  search(query: Float32Array, k: number, filter?: (id: number) => boolean): Neighbor[];
}
