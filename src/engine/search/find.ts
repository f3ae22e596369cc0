/** What a query finds in several roots: candidates of each index and of what is unsaved, ranked together. */
import { isAbort } from '../../base/cancellation';
import type { Encoder } from '../../core/encode/encoder';
import type { Query } from '../../core/query/query';
import { queryTerms, type QueryTerms } from '../../core/query/queryTerms';
import type { Reason } from '../../core/rank/candidate';
import { diversify, rank, rankBySimilarity } from '../../core/rank/rank';
import { WEIGHTS } from '../../core/rank/weights';
import type { StoredChunk } from '../index/chunks';
import type { Mode } from './answer';
import { corpusOf } from './corpus';
import { gatherFrom, listFrom } from './gatherRoot';
import type { Scope } from './scope';
import { NO_TERMS } from './wireHit';
import type { WorkspaceShop } from './workspace';
import { encoderNotes } from './workspaceNotes';

export interface Question {
  readonly query: Query;
  readonly scope: Scope;
  readonly mode: Mode;
  /** Most places. */
  readonly limit: number;
  /** Most places of one file. */
  readonly perFile: number;
  /**
   * What to tell where meaning is not to be had and words answer alone.
   * @returns undefined for a failure that is one
   */
  readonly withoutMeaning: (error: unknown) => string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundPlace {
  readonly root: string;
  readonly chunk: StoredChunk;
  readonly score: number;
  readonly similarity: number | undefined;
  readonly reasons: readonly Reason[];
}

export interface Found {
  /** Best first. */
  readonly places: readonly FoundPlace[];
  /** The query's words with their weights in all roots together. */
  readonly terms: QueryTerms;
  /** One sentence each. */
  readonly notes: readonly string[];
}

/**
 * Asks all roots of the shop.
 * @throws what `withoutMeaning` does not tell of
 * @throws AbortError when the signal fires
 */
export async function find(shop: WorkspaceShop, question: Question): Promise<Found> {
  const { query, scope, mode, limit, perFile, signal } = question;
  const { roots, weights = WEIGHTS } = shop;
  if (query.text === '') return { places: listed(shop, question), terms: NO_TERMS, notes: [] };
  const notes: string[] = [];
  const meaning = mode === 'lexical' ? undefined : await meaningOf(shop, question, notes);
  signal?.throwIfAborted();
  if (meaning !== undefined) notes.push(...encoderNotes(roots, meaning.encoder));
  const corpus = corpusOf(roots.map(({ store }) => store));
  const terms = queryTerms(query.text, corpus, weights.variants);
  const candidates = [];
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
          limit,
        },
      ),
    );
  }
  const ranked = mode === 'semantic' ? rankBySimilarity(candidates) : rank(candidates, terms, weights);
  const places = diversify(ranked, perFile)
    .slice(0, limit)
    .map(({ candidate: { root, chunk, similarity }, score, reasons }) => ({
      root,
      chunk,
      score,
      similarity,
      reasons,
    }));
  return { places, terms, notes };
}

/** The query's vector; where it is not to be had, a note, and words answer alone. */
async function meaningOf(
  { encoder: open }: WorkspaceShop,
  { query, mode, withoutMeaning, signal }: Question,
  notes: string[],
): Promise<{ readonly vector: Float32Array; readonly encoder: string } | undefined> {
  try {
    const encoder = await open();
    return { vector: await encodeQuery(encoder, query.text, notes, signal), encoder: encoder.info.id };
  } catch (error) {
    const note = mode === 'semantic' || isAbort(error) ? undefined : withoutMeaning(error);
    if (note === undefined) throw error;
    notes.push(note);
    return undefined;
  }
}

/** The vector of a query; a note where the query is longer than what the encoder reads. */
async function encodeQuery(
  encoder: Encoder,
  text: string,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
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

/** A query of filters only: what they match, by root, path and line, all with the same score. */
function listed(shop: WorkspaceShop, { scope, limit, perFile }: Question): FoundPlace[] {
  const places: FoundPlace[] = [];
  for (const root of shop.roots) {
    const unsaved = shop.overlays?.documentsOf(root.root, root.store) ?? [];
    for (const chunk of listFrom(root, unsaved, scope, { limit: limit - places.length, perFile })) {
      places.push({ root: root.root, chunk, score: 1, similarity: undefined, reasons: [] });
    }
  }
  return places;
}
