/**
 * BM25 as FTS5 computes it, for chunks that are not in an index (unsaved text) or are in several: with the
 * statistics of whatever corpus they are to be compared in.
 */
import type { ChunkTerms } from '../query/chunkTerms';
import type { Weights } from './weights';

/** FTS5's constants. */
const K1 = 1.2;
const B = 0.75;
/** FTS5's floor for terms that stand in more than half of all rows. */
const LEAST_IDF = 1e-6;

export interface CorpusStatistics {
  /** Chunks. */
  readonly rows: number;
  /** Terms of all chunks, repetitions included. */
  readonly terms: number;
  /** How many chunks hold a term. */
  readonly frequency: (term: string) => number;
}

/** How often each term stands in the fields of one chunk. */
export interface TermCounts {
  /** Terms of all fields, repetitions included. */
  readonly total: number;
  readonly counts: ReadonlyMap<string, Readonly<Record<keyof ChunkTerms, number>>>;
}

export function countTerms(terms: ChunkTerms): TermCounts {
  const counts = new Map<string, Record<keyof ChunkTerms, number>>();
  let total = 0;
  for (const field of FIELDS) {
    for (const term of terms[field].split(' ')) {
      if (term === '') continue;
      total += 1;
      let known = counts.get(term);
      if (known === undefined) {
        known = { symbols: 0, breadcrumb: 0, path: 0, body: 0 };
        counts.set(term, known);
      }
      known[field] += 1;
    }
  }
  return { total, counts };
}

/**
 * @param wanted terms, each with what it counts, in (0, 1]
 * @returns at least 0; 0 where no term is common
 */
export function bm25Of(
  chunk: TermCounts,
  wanted: ReadonlyMap<string, number>,
  corpus: CorpusStatistics,
  weights: Weights['fields'],
): number {
  const average = corpus.rows > 0 && corpus.terms > 0 ? corpus.terms / corpus.rows : Math.max(chunk.total, 1);
  const length = K1 * (1 - B + (B * chunk.total) / average);
  let score = 0;
  for (const [term, share] of wanted) {
    const counts = chunk.counts.get(term);
    if (counts === undefined) continue;
    const found = FIELDS.reduce((sum, field) => sum + weights[field] * counts[field], 0);
    const idf = inverseFrequency(corpus.frequency(term), corpus.rows);
    score += (share * idf * found * (K1 + 1)) / (found + length);
  }
  return score;
}

const FIELDS = ['symbols', 'breadcrumb', 'path', 'body'] as const satisfies readonly (keyof ChunkTerms)[];

function inverseFrequency(frequency: number, rows: number): number {
  const value = Math.log((rows - frequency + 0.5) / (frequency + 0.5));
  return value > 0 ? value : LEAST_IDF;
}
