/** Several indexes as one corpus, as far as words go. */
import type { QueryCorpus } from '../../core/query/queryTerms';
import type { CorpusStatistics } from '../../core/rank/bm25';
import type { Store } from '../index/store';

export interface Corpus extends Required<QueryCorpus> {
  /** For BM25; computed when it is first needed. */
  readonly statistics: () => CorpusStatistics;
}

export function corpusOf(stores: readonly Store[]): Corpus {
  const known = new Map<string, number>();
  const frequency = (term: string): number => {
    let count = known.get(term);
    if (count === undefined) {
      count = stores.reduce((sum, { lexicon }) => sum + (lexicon.frequencies([term]).get(term) ?? 0), 0);
      known.set(term, count);
    }
    return count;
  };
  let statistics: CorpusStatistics | undefined;
  return {
    chunks: stores.reduce((sum, { chunks }) => sum + chunks.count(), 0),
    frequency,
    vocabulary: { startingWith: (letter) => merged(stores.map(({ lexicon }) => lexicon.termsFrom(letter))) },
    statistics: () => {
      if (statistics !== undefined) return statistics;
      const sizes = stores.map(({ lexicon }) => lexicon.size());
      statistics = {
        rows: sizes.reduce((sum, { rows }) => sum + rows, 0),
        terms: sizes.reduce((sum, { terms }) => sum + terms, 0),
        frequency,
      };
      return statistics;
    },
  };
}

function merged(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const [first, ...others] = counts;
  if (first !== undefined && others.length === 0) return first;
  const sums = new Map<string, number>();
  for (const [term, count] of counts.flatMap((own) => [...own]))
    sums.set(term, (sums.get(term) ?? 0) + count);
  return sums;
}
