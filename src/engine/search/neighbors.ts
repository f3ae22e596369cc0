/** Similar code and related files: what lies near a place of the workspace, by meaning. */
import type { Ann } from '../index/ann';
import type { StoredChunk } from '../index/chunks';
import type { Store } from '../index/store';
import type { Answer, Hit } from './answer';
import { hitOf } from './searcher';
import { NO_TERMS } from './wireHit';

export interface NeighborOptions {
  /** Most hits; 10 by default. */
  readonly limit?: number | undefined;
  /** Most lines of a snippet; 12 by default. */
  readonly snippetLines?: number;
  readonly signal?: AbortSignal;
}

/** Lines of one file, from 1, both ends included. */
export interface Place {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

const DEFAULT_LIMIT = 10;
/** Chunks of a file that speak for it; more are sampled evenly. */
const MAX_VOICES = 64;
/** Neighbors that each of them names. */
const NEIGHBORS = 40;

/** The chunks nearest to a vector, the place itself left out; the score is the similarity. */
export function similarTo(
  store: Store,
  ann: Ann,
  vector: Float32Array,
  place: Place,
  options: NeighborOptions,
): Answer {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const hits: Hit[] = [];
  // The place may hold several chunks, each of them a neighbor to leave out.
  const own = store.chunks.ofDocument(place.path).filter((chunk) => overlaps(chunk, place)).length;
  for (const { id, similarity } of ann.search(vector, limit + own)) {
    for (const chunk of store.chunks.getAll(store.chunks.ofEmbedding(id))) {
      if (hits.length < limit && !overlaps(chunk, place)) hits.push(hit(chunk, similarity, options));
    }
  }
  return { hits, notes: [] };
}

/**
 * The files whose chunks are nearest to the chunks of one file. Each chunk of the file votes for the files
 * of its nearest neighbors, with the similarity in excess of the least of them, so that chunks that are like
 * everything (licence headers, imports) weigh little. A hit's place is the closest chunk.
 */
export function relatedTo(store: Store, ann: Ann, path: string, options: NeighborOptions): Answer {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const voices = sampled(store.chunks.ofDocument(path), MAX_VOICES);
  const votes = new Map<string, { score: number; similarity: number; chunk: StoredChunk }>();
  for (const { embeddingId } of voices) {
    const vector = embeddingId === undefined ? undefined : store.embeddings.get(embeddingId);
    if (vector === undefined) continue;
    for (const [other, { similarity, excess, chunk }] of ballot(store, ann, vector, path)) {
      const known = votes.get(other);
      const closest = known === undefined || similarity > known.similarity ? { similarity, chunk } : known;
      votes.set(other, { ...closest, score: (known?.score ?? 0) + excess / voices.length });
    }
  }
  const hits = [...votes.values()]
    .sort((a, b) => b.score - a.score || (a.chunk.path < b.chunk.path ? -1 : 1))
    .slice(0, limit)
    .map(({ score, similarity, chunk }) => ({ ...hit(chunk, similarity, options), score }));
  return { hits, notes: [] };
}

/** One chunk's votes: for each other file its nearest chunk, and by how much it is nearer than the last. */
function ballot(
  store: Store,
  ann: Ann,
  vector: Float32Array,
  path: string,
): Map<string, { similarity: number; excess: number; chunk: StoredChunk }> {
  const neighbors = ann.search(vector, NEIGHBORS);
  const least = neighbors.at(-1)?.similarity ?? 0;
  const best = new Map<string, { similarity: number; excess: number; chunk: StoredChunk }>();
  for (const { id, similarity } of neighbors) {
    for (const chunk of store.chunks.getAll(store.chunks.ofEmbedding(id))) {
      if (chunk.path === path || best.has(chunk.path)) continue;
      best.set(chunk.path, { similarity, excess: similarity - least, chunk });
    }
  }
  return best;
}

function overlaps(chunk: StoredChunk, place: Place): boolean {
  return chunk.path === place.path && chunk.startLine <= place.endLine && chunk.endLine >= place.startLine;
}

function hit(chunk: StoredChunk, similarity: number, options: NeighborOptions): Hit {
  return hitOf({ chunk, score: similarity, similarity, reasons: [] }, NO_TERMS, options.snippetLines);
}

/** At most `count` of the items, evenly spread. */
function sampled<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return items.filter(
    (_, i) => Math.floor((i * count) / items.length) !== Math.floor(((i - 1) * count) / items.length),
  );
}
