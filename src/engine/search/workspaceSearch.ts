/** Search over several roots: candidates of each index and of what is unsaved, ranked together. */
import { isAbort } from '../../base/cancellation';
import { messageOf } from '../../base/errors';
import { parseQuery, type Query } from '../../core/query/query';
import { queryTerms, type QueryTerms } from '../../core/query/queryTerms';
import type { Ranked } from '../../core/rank/candidate';
import { diversify, rank, rankBySimilarity } from '../../core/rank/rank';
import { WEIGHTS } from '../../core/rank/weights';
import type { SearchParams, WireAnswer, WireHit } from '../../protocol/messages';
import { gatherFrom, listFrom, type RootCandidate } from './gatherRoot';
import { corpusOf, type Corpus } from './corpus';
import { encodeQuery } from './searcher';
import type { Scope } from './scope';
import { wireHit } from './wireHit';
import type { WorkspaceRoot, WorkspaceShop } from './workspace';
import { encoderNotes, indexingNotes } from './workspaceNotes';

/**
 * Answers a query from all roots that it names. One root, nothing unsaved and nothing hidden gives exactly what
 * `search` gives.
 * @throws NeosearchError `empty-query`, `bad-argument`
 * @throws AbortError when the signal fires
 */
export async function searchWorkspace(
  shop: WorkspaceShop,
  params: SearchParams,
  signal?: AbortSignal,
): Promise<WireAnswer> {
  const { mode, paths, languages, kind, includeTests } = params;
  const query = parseQuery(params.query, { paths, languages });
  const scope: Scope = { filters: query.filters, kind, includeTests };
  const roots = rootsNamed(shop.roots, params.roots);
  const notes = indexingNotes(roots);
  if (query.text === '') return { hits: list(shop, roots, query, scope, params), notes };
  const meaning = mode === 'lexical' ? undefined : await meaningOf(shop, query.text, params, notes, signal);
  signal?.throwIfAborted();
  if (meaning !== undefined) notes.push(...encoderNotes(roots, meaning.encoder));
  const corpus = corpusOf(roots.map(({ store }) => store));
  const terms = termsIn(corpus, query.text);
  const weights = shop.weights ?? WEIGHTS;
  const candidates: RootCandidate[] = [];
  for (const root of roots) {
    const ann = meaning === undefined ? undefined : await root.ann();
    signal?.throwIfAborted();
    const unsaved = shop.overlays?.documentsOf(root.root, root.store) ?? [];
    candidates.push(
      ...gatherFrom(
        { root, ann, unsaved, corpus, scope, isAlone: roots.length === 1 },
        {
          terms,
          vector: meaning?.vector,
          encoder: meaning?.encoder,
          lexical: mode !== 'semantic',
          weights,
          limit: params.limit,
        },
      ),
    );
  }
  const ranked = mode === 'semantic' ? rankBySimilarity(candidates) : rank(candidates, terms, weights);
  const best = diversify(ranked, params.perFile).slice(0, params.limit);
  return { hits: best.map((found) => hitOf(found, terms, query, params)), notes };
}

/** The roots of a question; all where it names none. */
export function rootsNamed(
  roots: readonly WorkspaceRoot[],
  names: readonly string[] | undefined,
): readonly WorkspaceRoot[] {
  return names === undefined ? roots : roots.filter(({ root }) => names.includes(root));
}

/** The query's vector; where there is no encoder, a note, and words answer alone. */
async function meaningOf(
  shop: WorkspaceShop,
  text: string,
  { mode }: SearchParams,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<{ vector: Float32Array; encoder: string } | undefined> {
  try {
    const vector = await encodeQuery(shop, text, notes, signal);
    return { vector, encoder: (await shop.encoder()).info.id };
  } catch (error) {
    if (mode === 'semantic' || isAbort(error)) throw error;
    notes.push(`Only words are searched, not meaning: ${messageOf(error)}`);
    return undefined;
  }
}

/** The query's words with their weights in all roots together. */
function termsIn(corpus: Corpus, text: string): QueryTerms {
  return queryTerms(text, corpus.frequency, corpus.chunks);
}

function hitOf(
  { candidate, score, reasons }: Ranked<RootCandidate>,
  terms: QueryTerms,
  query: Query,
  { snippetLines }: SearchParams,
): WireHit {
  const { root, chunk, similarity } = candidate;
  return wireHit(root, chunk, {
    score,
    similarity,
    reasons,
    terms,
    phrases: query.filters.phrases,
    snippetLines,
  });
}

/** A query of filters only: what they match, by root, path and line, all with the same score. */
function list(
  shop: WorkspaceShop,
  roots: readonly WorkspaceRoot[],
  query: Query,
  scope: Scope,
  { limit, perFile, snippetLines }: SearchParams,
): WireHit[] {
  const hits: WireHit[] = [];
  for (const root of roots) {
    const unsaved = shop.overlays?.documentsOf(root.root, root.store) ?? [];
    for (const chunk of listFrom(root, unsaved, scope, { limit: limit - hits.length, perFile })) {
      hits.push(wireHit(root.root, chunk, { score: 1, phrases: query.filters.phrases, snippetLines }));
    }
  }
  return hits;
}
