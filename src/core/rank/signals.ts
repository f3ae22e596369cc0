/** The signals of ranking beyond meaning and words; each gives 0 where it says nothing. */
import type { SymbolKind } from '../corpus/document';
import type { PathClass } from '../corpus/pathClass';
import type { QueryTerms } from '../query/queryTerms';
import { normalizeName, partsOf, stem, termsOf } from '../query/terms';
import type { Candidate } from './candidate';
import type { Weights } from './weights';

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

/**
 * How well a name that the chunk defines answers the query, in [0, 1]: 1 for the very symbol, and for a
 * question in words the share of the name and of the question that they have in common.
 */
export function definitionMatch(candidate: Candidate, query: QueryTerms): number {
  let best = 0;
  for (const { name, kind } of candidate.definitions) {
    if (query.symbol !== undefined && normalizeName(name) === query.symbol) {
      best = Math.max(best, KIND_SHARE[kind]);
    } else {
      best = Math.max(best, 0.5 * KIND_SHARE[kind] * overlap(partsOf(name).map(stem), query));
    }
  }
  return best;
}

/** The share of the query's weight that the path names, in [0, 1]: folders count half of the file name. */
export function pathMatch(path: string, query: QueryTerms): number {
  const slash = path.lastIndexOf('/');
  const file = new Set(termsOf(path.slice(slash + 1)));
  const folders = new Set(termsOf(path.slice(0, Math.max(slash, 0))));
  let found = 0;
  let all = 0;
  for (const [term, weight] of query.weights) {
    all += weight;
    if (file.has(term)) found += weight;
    else if (folders.has(term)) found += weight / 2;
  }
  return all > 0 ? found / all : 0;
}

/** What a candidate's score is multiplied by for the place that it lies in. */
export function placeFactor(candidate: Candidate, query: QueryTerms, weights: Weights): number {
  let factor = 1;
  for (const place of candidate.classes) {
    if (!asksFor(place, query)) factor *= weights.place[place];
  }
  return factor;
}

/** Whether the query itself speaks of such places ("tests for ...", "example of ..."). */
function asksFor(place: PathClass, query: QueryTerms): boolean {
  return query.all.has(stem(place));
}

/** Harmonic mean of how much of the name the query covers and how much of the query the name covers. */
function overlap(parts: readonly string[], query: QueryTerms): number {
  if (parts.length === 0) return 0;
  let all = 0;
  for (const weight of query.weights.values()) all += weight;
  let matched = 0;
  let covered = 0;
  for (const part of new Set(parts)) {
    const weight = query.weights.get(part);
    if (weight === undefined) continue;
    matched += 1;
    covered += weight;
  }
  if (matched === 0 || all === 0) return 0;
  const precision = matched / new Set(parts).size;
  const recall = covered / all;
  return (2 * precision * recall) / (precision + recall);
}
