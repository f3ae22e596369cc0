/** The signals of ranking beyond meaning and words; each gives 0 where it says nothing. */
import type { SymbolKind } from '../corpus/document';
import type { PathClass } from '../corpus/pathClass';
import type { QuerySymbol, QueryTerms } from '../query/queryTerms';
import { normalizeName, partsOf, stem } from '../query/terms';
import type { Candidate } from './candidate';

/** How much a definition of each kind answers a query that is its name. */
const KIND_SHARE: Readonly<Record<SymbolKind, number>> = {
  class: 1,
  interface: 1,
  type: 0.95,
  enum: 0.95,
  module: 0.9,
  function: 0.95,
  method: 0.8,
  constant: 0.8,
  heading: 0.5,
};

/** A name in another casing style (`session` for `Session`) is the second-best answer. */
const OTHER_CASE = 0.5;

/** What names a chunk, and what it names. */
type Named = Pick<Candidate, 'definitions' | 'breadcrumb' | 'path'>;

/** How well the chunk defines the very symbol that the query is, in [0, 1]; 0 for a question in words. */
export function symbolMatch(candidate: Named, query: QueryTerms): number {
  const { symbol } = query;
  if (symbol === undefined) return 0;
  let best = 0;
  for (const { name, kind } of candidate.definitions) {
    const own = lastPart(name);
    const likeness = sameName(own, symbol) || symbolVariant(normalizeName(own), query);
    if (likeness === 0) continue;
    best = Math.max(best, KIND_SHARE[kind] * likeness * qualifiedShare(name, candidate, symbol));
  }
  return best;
}

function sameName(own: string, symbol: QuerySymbol): number {
  if (normalizeName(own) !== symbol.normalized) return 0;
  return own === symbol.name ? 1 : OTHER_CASE;
}

/** What a name counts that is not the symbol's but may be meant by it. */
function symbolVariant(own: string, { variants, symbol }: QueryTerms): number {
  const variant = variants.get(own) ?? variants.get(stem(own));
  if (variant === undefined || symbol === undefined) return 0;
  const isMeant = variant.of === symbol.normalized || variant.of === stem(symbol.normalized);
  return isMeant ? variant.share * OTHER_CASE : 0;
}

/** What is left of a definition's match where nothing that the query qualifies its name with is around it. */
const UNQUALIFIED = 0.5;
/** A qualifier that is not the direct owner, but lies further out or is the file's name or a folder's. */
const FURTHER_OUT = 0.9;

/** From UNQUALIFIED to 1: how many of the query's qualifiers are around the definition, and how near. */
function qualifiedShare(name: string, { breadcrumb, path }: Named, { qualifiers }: QuerySymbol): number {
  if (qualifiers.length === 0) return 1;
  const own = normalizeName(lastPart(name));
  const scopes = [...breadcrumb, name.slice(0, -lastPart(name).length)]
    .flatMap((part) => part.split(/\.|::|#/))
    .map(normalizeName)
    .filter((part) => part !== '');
  // A chunk's breadcrumb may end with the definition itself.
  if (scopes.at(-1) === own) scopes.pop();
  const around = new Set([
    ...scopes,
    ...path
      .replace(/\.[^./]*$/, '')
      .split('/')
      .map(normalizeName),
  ]);
  let found = 0;
  for (const [i, qualifier] of qualifiers.entries()) {
    const isOwner = i < qualifiers.length - 1 || qualifier === scopes.at(-1);
    if (around.has(qualifier)) found += isOwner ? 1 : FURTHER_OUT;
  }
  return UNQUALIFIED + ((1 - UNQUALIFIED) * found) / qualifiers.length;
}

/** The share that the best of the chunk's names and the question have in common, in [0, 1]. */
export function definitionMatch(candidate: Candidate, query: QueryTerms): number {
  let best = 0;
  for (const { name, kind } of candidate.definitions) {
    best = Math.max(best, KIND_SHARE[kind] * overlap(partsOf(name).map(stem), query));
  }
  return best;
}

/**
 * How well the path answers the query, in [0, 1]: the better of what file name and query have in common, and
 * half of what the folders name of it.
 */
export function pathMatch(path: string, query: QueryTerms): number {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const dot = name.indexOf('.', 1);
  const file = overlap(wordsIn(dot > 0 ? name.slice(0, dot) : name), query);
  const folder = path.slice(path.lastIndexOf('/', slash - 1) + 1, Math.max(slash, 0));
  return Math.max(file, overlap(wordsIn(folder), query) / 2);
}

function wordsIn(text: string): string[] {
  return partsOf(text).map(stem);
}

function lastPart(name: string): string {
  return name.split(/\.|::|#/).pop() ?? name;
}

/** Whether the query itself speaks of such places ("tests for ...", "example of ..."). */
export function asksFor(place: PathClass, query: QueryTerms): boolean {
  return query.all.has(stem(place));
}

/** Harmonic mean of how much of the name the query covers and how much of the query the name covers. */
function overlap(parts: readonly string[], query: QueryTerms): number {
  if (parts.length === 0) return 0;
  let all = 0;
  for (const weight of query.weights.values()) all += weight;
  const distinct = new Set(parts);
  let matched = 0;
  /** The query's terms, each with what counts for it at most. */
  const shares = new Map<string, number>();
  for (const part of distinct) {
    const { terms, share } = termsMeantBy(part, query);
    matched += share;
    for (const term of terms) shares.set(term, Math.max(shares.get(term) ?? 0, share));
  }
  let covered = 0;
  for (const [term, share] of shares) covered += share * (query.weights.get(term) ?? 0);
  if (matched === 0 || all === 0) return 0;
  const precision = matched / distinct.size;
  const recall = covered / all;
  return (2 * precision * recall) / (precision + recall);
}

/** The query's terms that a part of a name stands for, and what it counts of them, in [0, 1]. */
function termsMeantBy(
  part: string,
  { weights, variants, joined }: QueryTerms,
): { readonly terms: readonly string[]; readonly share: number } {
  if (weights.has(part)) return { terms: [part], share: 1 };
  const both = joined.get(part);
  if (both !== undefined) return { terms: both, share: 1 };
  const variant = variants.get(part);
  return variant !== undefined && weights.has(variant.of)
    ? { terms: [variant.of], share: variant.share }
    : { terms: [], share: 0 };
}
