/** Retrieval: the chunks that may answer a query, from vectors and from terms. */
import type { PathClass } from '../../core/corpus/pathClass';
import type { Filters, Query } from '../../core/query/query';
import { filtersNothing } from '../../core/query/query';
import { queryTerms, type QueryTerms } from '../../core/query/queryTerms';
import type { Candidate } from '../../core/rank/candidate';
import { symbolMatch } from '../../core/rank/signals';
import type { Weights } from '../../core/rank/weights';
import type { Ann } from '../index/ann';
import type { StoredChunk } from '../index/chunks';
import { dot } from '../index/exactIndex';
import type { StoredDocument } from '../index/documents';
import type { Store } from '../index/store';
import { corpusOf } from './corpus';

/** Neighbors and lexical hits that are fetched at least. */
const DEPTH = 200;
/** Definitions of a symbol that are fetched whatever they score. */
const MAX_DEFINITIONS = 50;
/** Definitions that are looked at to find those: `get` may be defined in every second class. */
const MAX_COMPARED = 1000;

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

/** Chunks that may answer; undefined when all may. */
export interface Allowed {
  readonly chunks: Members;
  readonly embeddings: Members;
}

export interface Members {
  has(id: number): boolean;
}

/** Candidates of a query, each chunk once, in no order. */
export function retrieve(
  store: Store,
  ann: Ann | undefined,
  query: Query,
  options: RetrieveOptions,
): Retrieval {
  const allowed = allowedBy(store, query.filters);
  const terms = queryTerms(query.text, corpusOf([store]), options.weights.variants);
  return { terms, candidates: gather(store, ann, terms, allowed, options).candidates };
}

/** What one index has for a query. */
export interface Gathered {
  readonly candidates: readonly FoundCandidate[];
  /** What another chunk must reach to be a candidate as well, by its vector or by its words. */
  readonly floor: { readonly similarity: number; readonly bm25: number };
}

/** The chunks of one index that are near by meaning, that hold the words, or that define them. */
export function gather(
  store: Store,
  ann: Ann | undefined,
  terms: QueryTerms,
  allowed: Allowed | undefined,
  options: RetrieveOptions,
): Gathered {
  const depth = Math.max(DEPTH, options.limit * 3);
  const bm25 = options.lexical
    ? lexicalHits(store, terms, allowed, options.weights, depth)
    : new Map<number, number>();
  const similarities = new Map<number, number>();
  let leastSimilarity = -1;
  const ids = new Set(bm25.keys());
  if (options.vector !== undefined && ann !== undefined) {
    const filter = allowed === undefined ? undefined : (id: number) => allowed.embeddings.has(id);
    const neighbors = ann.search(options.vector, depth, filter);
    if (neighbors.length >= depth) leastSimilarity = neighbors.at(-1)?.similarity ?? -1;
    for (const { id, similarity } of neighbors) {
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
  const scores = [...bm25.values()].filter((score) => score > 0);
  const leastBm25 = scores.length >= depth ? Math.min(...scores) : 0;
  return { candidates, floor: { similarity: leastSimilarity, bm25: leastBm25 } };
}

/** Chunk id to BM25 of the query's words, and of what defines the symbol that the query is. */
function lexicalHits(
  store: Store,
  terms: QueryTerms,
  allowed: Allowed | undefined,
  weights: Weights,
  depth: number,
): Map<number, number> {
  const hits = store.lexicon.search(wantedTerms(terms), {
    weights: weights.fields,
    variants: sharesOf(terms),
    limit: depth,
    ...(allowed === undefined ? {} : { allows: (id) => allowed.chunks.has(id) }),
  });
  const bm25 = new Map(hits.map((hit) => [hit.chunkId, hit.bm25]));
  for (const id of definitionsOf(store, terms, allowed)) if (!bm25.has(id)) bm25.set(id, 0);
  return bm25;
}

/** Chunks that define a name of the query; of many, those that answer it best as a symbol. */
function definitionsOf(store: Store, terms: QueryTerms, allowed: Allowed | undefined): number[] {
  const ids = new Set<number>();
  for (const { chunkId } of store.lexicon.definitionsNamed(namesAsked(terms))) {
    if (ids.size >= MAX_COMPARED) break;
    if (allowed?.chunks.has(chunkId) !== false) ids.add(chunkId);
  }
  if (ids.size <= MAX_DEFINITIONS || terms.symbol === undefined) return [...ids].slice(0, MAX_DEFINITIONS);
  return store.chunks
    .getAll(ids)
    .map((chunk) => ({ id: chunk.id, match: symbolMatch(chunk, terms) }))
    .sort((a, b) => b.match - a.match || a.id - b.id)
    .slice(0, MAX_DEFINITIONS)
    .map(({ id }) => id);
}

/** The terms that lexical search looks for. */
export function wantedTerms(terms: QueryTerms): Set<string> {
  return new Set(
    terms.words.flatMap(({ parts, whole }) => (whole === undefined ? parts : [...parts, whole])),
  );
}

/** The variants of those terms, each with what it counts. */
export function sharesOf({ variants }: QueryTerms): Map<string, number> {
  return new Map([...variants].map(([term, { share }]) => [term, share]));
}

/** The names whose definitions are candidates whatever they score; of a symbol its own name first. */
export function namesAsked({ words, variants, symbol }: QueryTerms): string[] {
  const own = symbol === undefined ? [] : [symbol.name];
  return [...own, ...words.map(({ word }) => word), ...variants.keys()];
}

/** What the filters leave of the index. */
export function allowedBy(store: Store, filters: Filters): Allowed | undefined {
  if (filtersNothing(filters)) return undefined;
  const allows = ({ path, language }: StoredDocument): boolean =>
    filters.paths.allows(path) && filters.languages.allows(language);
  return chunksOf(store, allows, filters.phrases);
}

/** The chunks of the documents that pass, and that hold every phrase. */
export function chunksOf(
  store: Store,
  allows: (document: StoredDocument) => boolean,
  phrases: readonly string[],
): { readonly chunks: ReadonlySet<number>; readonly embeddings: ReadonlySet<number> } {
  const documents = new Set<number>();
  for (const document of store.documents.all()) if (allows(document)) documents.add(document.id);
  const phrased = phrases.length > 0 ? new Set(store.chunks.containing(phrases)) : undefined;
  const chunks = new Set<number>();
  const embeddings = new Set<number>();
  for (const { id, documentId, embeddingId } of store.chunks.places()) {
    if (!documents.has(documentId) || phrased?.has(id) === false) continue;
    chunks.add(id);
    if (embeddingId !== undefined) embeddings.add(embeddingId);
  }
  return { chunks, embeddings };
}

/** What ranking needs to know of a chunk. */
export function candidateOf(chunk: StoredChunk): Omit<Candidate, 'similarity' | 'bm25'> {
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
