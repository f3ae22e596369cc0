/** Several indexes as one corpus, as far as the weights of words go. */
import type { CorpusStatistics } from '../../core/rank/bm25';
import type { Store } from '../index/store';

export interface Corpus {
  /** How many chunks there are. */
  readonly chunks: number;
  /** How many chunks hold a term. */
  readonly frequency: (term: string) => number;
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
