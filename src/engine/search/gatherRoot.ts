/** The candidates of one root among several: from its index, and from unsaved text in place of what is stored. */
import type { QueryTerms } from '../../core/query/queryTerms';
import { normalizeName } from '../../core/query/terms';
import { bm25Of, countTerms, type TermCounts } from '../../core/rank/bm25';
import { chunkTerms } from '../../core/query/chunkTerms';
import type { Weights } from '../../core/rank/weights';
import type { Ann } from '../index/ann';
import type { StoredChunk } from '../index/chunks';
import { clamp, dot } from '../index/exactIndex';
import type { Corpus } from './corpus';
import type { OverlayChunk, OverlayDocument } from './overlayDocument';
import {
  candidateOf,
  gather,
  namesAsked,
  sharesOf,
  wantedTerms,
  type FoundCandidate,
  type Gathered,
} from './retrieve';
import { allowedIn, except, inScope, type Scope } from './scope';
import type { WorkspaceRoot } from './workspace';

/** A candidate that knows its root. */
export interface RootCandidate extends FoundCandidate {
  readonly root: string;
}

export interface RootShop {
  readonly root: WorkspaceRoot;
  readonly ann: Ann | undefined;
  /** Documents of the root with unsaved text. */
  readonly unsaved: readonly OverlayDocument[];
  /** All roots that are asked. */
  readonly corpus: Corpus;
  readonly scope: Scope;
  /** Whether no other root is asked: then the index's own BM25 holds. */
  readonly isAlone: boolean;
}

export interface Asked {
  readonly terms: QueryTerms;
  readonly vector: Float32Array | undefined;
  /** Id of the encoder that made the vector. */
  readonly encoder: string | undefined;
  readonly lexical: boolean;
  readonly weights: Weights;
  readonly limit: number;
}

export function gatherFrom(shop: RootShop, asked: Asked): RootCandidate[] {
  const { root, corpus, isAlone } = shop;
  const { candidates, floor } = gatherStored(shop, {
    ...asked,
    // Vectors of another encoder say nothing of this query.
    vector: root.store.encoder?.id === asked.encoder ? asked.vector : undefined,
  });
  const wanted = new Map([
    ...sharesOf(asked.terms),
    ...[...wantedTerms(asked.terms)].map((t) => [t, 1] as const),
  ]);
  const scoreOf = (counts: TermCounts): number =>
    bm25Of(counts, wanted, corpus.statistics(), asked.weights.fields);
  const stored = isAlone
    ? candidates
    : candidates.map((candidate) => {
        if (candidate.bm25 === 0) return candidate;
        const counts = countTerms(chunkTerms(candidate.chunk, candidate.path));
        return { ...candidate, bm25: scoreOf(counts) };
      });
  const names = new Set(namesAsked(asked.terms).map(normalizeName));
  const unsaved = overlayChunks(shop).flatMap(({ chunk, terms, vector: own }) => {
    const similarity = asked.vector && own ? clamp(dot(asked.vector, own, 0)) : undefined;
    const bm25 = asked.lexical ? scoreOf(terms) : 0;
    const isNear = similarity !== undefined && similarity >= floor.similarity;
    const holdsWords = bm25 > 0 && (!isAlone || bm25 >= floor.bm25);
    const defines = asked.lexical && chunk.definitions.some(({ name }) => names.has(normalizeName(name)));
    return isNear || holdsWords || defines ? [{ ...candidateOf(chunk), similarity, bm25, chunk }] : [];
  });
  return [...stored, ...unsaved].map((candidate) => ({
    ...candidate,
    root: root.root,
    ...(isAlone ? {} : { file: `${root.root}\0${candidate.path}` }),
  }));
}

/** From the index. Hidden documents are rare: only where one turns up is the index asked again without them. */
function gatherStored({ root, ann, unsaved, scope }: RootShop, asked: Asked): Gathered {
  const { store, isShown } = root;
  const replaced = new Set(unsaved.flatMap(({ path }) => store.chunks.ofDocument(path).map(({ id }) => id)));
  const found = gather(store, ann, asked.terms, except(allowedIn(store, scope), replaced), asked);
  const paths = new Set(found.candidates.map(({ path }) => path));
  if ([...paths].every(isShown)) return found;
  return gather(store, ann, asked.terms, except(allowedIn(store, scope, isShown), replaced), asked);
}

/** Unsaved chunks that lie in the scope. */
function overlayChunks({
  root,
  unsaved,
  scope,
}: Pick<RootShop, 'root' | 'unsaved' | 'scope'>): OverlayChunk[] {
  return unsaved
    .filter((document) => inScope(scope, document) && root.isShown(document.path))
    .flatMap(({ chunks }) => chunks.filter(({ chunk }) => holdsPhrases(chunk.text, scope)));
}

function holdsPhrases(text: string, { filters: { phrases } }: Scope): boolean {
  if (phrases.length === 0) return true;
  const lower = text.toLowerCase();
  return phrases.every((phrase) => lower.includes(phrase));
}

/** What filters alone match, by path and line. */
export function listFrom(
  root: WorkspaceRoot,
  unsaved: readonly OverlayDocument[],
  scope: Scope,
  { limit, perFile }: { readonly limit: number; readonly perFile: number },
): StoredChunk[] {
  const { store, isShown } = root;
  const allowed = allowedIn(store, scope);
  const replaced = new Map(unsaved.map((document) => [document.path, document]));
  const found: StoredChunk[] = [];
  for (const document of store.documents.all()) {
    if (found.length >= limit) break;
    if (!inScope(scope, document) || !isShown(document.path)) continue;
    const overlay = replaced.get(document.path);
    const chunks =
      overlay === undefined
        ? store.chunks.ofDocument(document.path).filter(({ id }) => allowed?.chunks.has(id) !== false)
        : overlay.chunks.map(({ chunk }) => chunk).filter(({ text }) => holdsPhrases(text, scope));
    found.push(...chunks.slice(0, Math.min(perFile, limit - found.length)));
  }
  return found;
}
