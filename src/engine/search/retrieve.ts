/** Retrieval: the chunks that may answer a query, from vectors and from terms. */
import type { PathClass } from '../../core/corpus/pathClass';
import type { Filters, Query } from '../../core/query/query';
import { filtersNothing } from '../../core/query/query';
import { queryTerms, type QueryTerms } from '../../core/query/queryTerms';
import type { Candidate } from '../../core/rank/candidate';
import type { Weights } from '../../core/rank/weights';
import type { Ann } from '../index/ann';
import type { StoredChunk } from '../index/chunks';
import { dot } from '../index/exactIndex';
import type { Store } from '../index/store';

/** Neighbors and lexical hits that are fetched at least. */
const DEPTH = 200;
/** Definitions of a symbol that are fetched whatever they score. */
const MAX_DEFINITIONS = 50;

/** A candidate with its chunk, for the snippet. */
export interface FoundCandidate extends Candidate {
  readonly chunk: StoredChunk;
}

export interface Retrieval {
  readonly terms: QueryTerms;
  readonly candidates: readonly FoundCandidate[];
}

export interface RetrieveOptions {
  /** Vector of the query; undefined for words alone. */
  readonly vector: Float32Array | undefined;
  /** Whether terms are looked up at all. */
  readonly lexical: boolean;
  readonly weights: Weights;
  /** Hits wanted in the end. */
  readonly limit: number;
}

/** Chunks that the filters leave; undefined when they leave all. */
export interface Allowed {
  readonly chunks: ReadonlySet<number>;
  readonly embeddings: ReadonlySet<number>;
}

/** Candidates of a query, each chunk once, in no order. */
export function retrieve(
  store: Store,
  ann: Ann | undefined,
  query: Query,
  options: RetrieveOptions,
): Retrieval {
  const allowed = allowedBy(store, query.filters);
  const depth = Math.max(DEPTH, options.limit * 3);
  const terms = termsOfQuery(store, query.text);
  const bm25 = options.lexical
    ? lexicalHits(store, terms, allowed, options.weights, depth)
    : new Map<number, number>();
  const similarities = new Map<number, number>();
  const ids = new Set(bm25.keys());
  if (options.vector !== undefined && ann !== undefined) {
    const filter = allowed === undefined ? undefined : (id: number) => allowed.embeddings.has(id);
    for (const { id, similarity } of ann.search(options.vector, depth, filter)) {
      similarities.set(id, similarity);
      for (const chunkId of store.chunks.ofEmbedding(id)) {
        if (allowed?.chunks.has(chunkId) !== false) ids.add(chunkId);
      }
    }
  }
  const candidates = store.chunks.getAll(ids).map((chunk) => {
    const { embeddingId } = chunk;
    const similarity =
      embeddingId === undefined || options.vector === undefined
        ? undefined
        : (similarities.get(embeddingId) ?? similarityOf(store, embeddingId, options.vector));
    return { ...candidateOf(chunk), similarity, bm25: bm25.get(chunk.id) ?? 0, chunk };
  });
  return { terms, candidates };
}

/** The query's words with their weights in this corpus. */
export function termsOfQuery(store: Store, text: string): QueryTerms {
  const plain = queryTerms(text, () => 0, 1);
  const frequencies = store.lexicon.frequencies(plain.weights.keys());
  return queryTerms(text, (term) => frequencies.get(term) ?? 0, store.chunks.count());
}

/** Chunk id to BM25 of the query's words, and of what defines the symbol that the query is. */
function lexicalHits(
  store: Store,
  terms: QueryTerms,
  allowed: Allowed | undefined,
  weights: Weights,
  depth: number,
): Map<number, number> {
  const wanted = new Set(
    terms.words.flatMap(({ parts, whole }) => (whole === undefined ? parts : [...parts, whole])),
  );
  const hits = store.lexicon.search(wanted, {
    weights: weights.fields,
    limit: depth,
    ...(allowed === undefined ? {} : { allows: (id) => allowed.chunks.has(id) }),
  });
  const bm25 = new Map(hits.map((hit) => [hit.chunkId, hit.bm25]));
  const names = terms.words.map(({ word }) => word);
  for (const { chunkId } of store.lexicon.definitionsNamed(names).slice(0, MAX_DEFINITIONS)) {
    if (allowed?.chunks.has(chunkId) !== false && !bm25.has(chunkId)) bm25.set(chunkId, 0);
  }
  return bm25;
}

/** What the filters leave of the index. */
export function allowedBy(store: Store, filters: Filters): Allowed | undefined {
  if (filtersNothing(filters)) return undefined;
  const documents = new Set<number>();
  for (const { id, path, language } of store.documents.all()) {
    if (filters.paths.allows(path) && filters.languages.allows(language)) documents.add(id);
  }
  const phrased = filters.phrases.length > 0 ? new Set(store.chunks.containing(filters.phrases)) : undefined;
  const chunks = new Set<number>();
  const embeddings = new Set<number>();
  for (const { id, documentId, embeddingId } of store.chunks.places()) {
    if (!documents.has(documentId) || phrased?.has(id) === false) continue;
    chunks.add(id);
    if (embeddingId !== undefined) embeddings.add(embeddingId);
  }
  return { chunks, embeddings };
}

function candidateOf(chunk: StoredChunk): Omit<Candidate, 'similarity' | 'bm25'> {
  return {
    chunkId: chunk.id,
    path: chunk.path,
    language: chunk.language,
    // The classes were written by classifyPath of this very build: another build's documents are stale.
    classes: new Set(chunk.classes as PathClass[]),
    breadcrumb: chunk.breadcrumb,
    definitions: chunk.definitions,
    startLine: chunk.startLine,
    endLine: chunk.endLine,
  };
}

function similarityOf(store: Store, embeddingId: number, vector: Float32Array): number | undefined {
  const other = store.embeddings.get(embeddingId);
  return other === undefined ? undefined : dot(vector, other, 0);
}
