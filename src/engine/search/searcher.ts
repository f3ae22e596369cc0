/** Search: a query in, an answer out, from what the index holds at that moment. */
import { isNoRuntime } from '../../base/errors';
import type { Encoder } from '../../core/encode/encoder';
import { parseQuery, type Query } from '../../core/query/query';
import type { QueryTerms } from '../../core/query/queryTerms';
import type { Ranked } from '../../core/rank/candidate';
import { diversify, rank, rankBySimilarity } from '../../core/rank/rank';
import { WEIGHTS, type Weights } from '../../core/rank/weights';
import { snippetOf } from '../../core/render/snippet';
import type { Ann } from '../index/ann';
import type { StoredChunk } from '../index/chunks';
import type { Store } from '../index/store';
import type { Answer, Hit, Mode, SearchOptions } from './answer';
import { allowedBy, retrieve, type FoundCandidate } from './retrieve';

/** What a search needs; vectors and encoder are opened when a query first needs them. */
export interface SearchShop {
  readonly store: Store;
  readonly ann: () => Promise<Ann>;
  readonly encoder: () => Promise<Encoder>;
  readonly weights?: Weights;
}

const DEFAULTS = { limit: 10, perFile: 3, snippetLines: 12 } as const;

type Found = Ranked<FoundCandidate>;

/**
 * Answers a query.
 * @throws NeosearchError `empty-query`, `bad-argument`
 * @throws AbortError when the signal fires
 */
export async function search(shop: SearchShop, input: string, options: SearchOptions = {}): Promise<Answer> {
  const query = parseQuery(input, { paths: options.paths ?? [], languages: options.languages ?? [] });
  const limit = options.limit ?? DEFAULTS.limit;
  if (query.text === '') return { hits: list(shop, query, limit, options), notes: [] };
  const mode = options.mode ?? 'hybrid';
  const notes: string[] = [];
  const vector =
    mode === 'lexical' ? undefined : await meaningOf(shop, query.text, mode, notes, options.signal);
  const ann = vector === undefined ? undefined : await shop.ann();
  const weights = shop.weights ?? WEIGHTS;
  const { terms, candidates } = retrieve(shop.store, ann, query, {
    vector,
    lexical: mode !== 'semantic',
    weights,
    limit,
  });
  const ranked = mode === 'semantic' ? rankBySimilarity(candidates) : rank(candidates, terms, weights);
  const best = diversify(ranked, options.perFile ?? DEFAULTS.perFile).slice(0, limit);
  return { hits: best.map((found) => hitOf(found, terms, options)), notes };
}

/** The query's vector; none, with a note, where this machine encodes nothing and words answer too. */
async function meaningOf(
  shop: SearchShop,
  text: string,
  mode: Mode,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<Float32Array | undefined> {
  try {
    return await encodeQuery(shop, text, notes, signal);
  } catch (error) {
    if (mode === 'semantic' || !isNoRuntime(error)) throw error;
    notes.push(error.message);
    return undefined;
  }
}

/** The vector of a query; a note where the query is longer than what the encoder reads. */
export async function encodeQuery(
  shop: Pick<SearchShop, 'encoder'>,
  text: string,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const encoder = await shop.encoder();
  const tokens = encoder.count(text);
  if (tokens + SPECIAL_TOKENS > encoder.info.window) {
    notes.push(
      `The query has ${tokens} tokens; its meaning is taken from the first ${encoder.info.window - SPECIAL_TOKENS}.`,
    );
  }
  const [vector] = await encoder.encode([text], 'query', signal === undefined ? {} : { signal });
  if (vector === undefined) throw new TypeError('The encoder gave no vector for the query.');
  return vector;
}

/** [CLS] and [SEP]. */
const SPECIAL_TOKENS = 2;

/** A query of filters only: what they match, by path and line, all with the same score. */
function list(shop: SearchShop, query: Query, limit: number, options: SearchOptions): Hit[] {
  const { store } = shop;
  const terms: QueryTerms = { words: [], weights: new Map(), symbol: undefined, all: new Set() };
  const perFile = options.perFile ?? DEFAULTS.perFile;
  const allowed = allowedBy(store, query.filters);
  const hits: Hit[] = [];
  for (const { path } of store.documents.all()) {
    if (hits.length >= limit) break;
    if (!query.filters.paths.allows(path)) continue;
    const chunks = store.chunks.ofDocument(path).filter(({ id }) => allowed?.chunks.has(id) !== false);
    for (const chunk of chunks.slice(0, Math.min(perFile, limit - hits.length))) {
      hits.push(placeHit(chunk, 1, terms, options));
    }
  }
  return hits;
}

function hitOf(found: Found, terms: QueryTerms, options: Pick<SearchOptions, 'snippetLines'>): Hit {
  return {
    ...placeHit(found.candidate.chunk, found.score, terms, options),
    similarity: found.candidate.similarity,
    reasons: found.reasons,
  };
}

/** A hit for a chunk, without reasons. */
export function placeHit(
  chunk: StoredChunk,
  score: number,
  terms: QueryTerms,
  options: Pick<SearchOptions, 'snippetLines'>,
): Hit {
  const snippet = snippetOf(
    chunk.text,
    chunk.startLine,
    terms,
    options.snippetLines ?? DEFAULTS.snippetLines,
  );
  return {
    path: chunk.path,
    startLine: chunk.startLine,
    endLine: chunk.endLine,
    language: chunk.language,
    breadcrumb: chunk.breadcrumb,
    score,
    similarity: undefined,
    reasons: [],
    snippet: snippet.text,
    snippetLine: snippet.startLine,
  };
}
