/**
 * The weights of ranking, the only place that holds them. Each was chosen on the development repositories;
 * docs/ranking.md has the gain of every signal.
 */
import type { PathClass } from '../corpus/pathClass';
import type { VariantShares } from '../query/variants';

export interface Weights {
  /** Cosine, scaled to [0, 1] over the candidates of the query. */
  readonly meaning: number;
  /** BM25, scaled to [0, 1] over the candidates of the query. */
  readonly words: number;
  /** The chunk defines the very symbol that the query is. */
  readonly symbol: number;
  /** What a name that the chunk defines has in common with the query's words. */
  readonly definition: number;
  /** What file name or folder have in common with the query's words. */
  readonly path: number;
  /** Evidence in the other chunks of the same file, scaled to [0, 1]. */
  readonly file: number;
  /** Each further chunk of a file counts this much of the one before. */
  readonly fileDecay: number;
  /** BM25 field weights. */
  readonly fields: {
    readonly symbols: number;
    readonly breadcrumb: number;
    readonly path: number;
    readonly body: number;
  };
  /** What misspelt, abbreviated and inflected words count of the words themselves. */
  readonly variants: VariantShares;
  /** Factors on the score of chunks in such places, unless the query asks for them. */
  readonly place: Readonly<Record<PathClass, number>>;
  /** Factor on the score of chunks in a place that the query asks for. */
  readonly asked: number;
}

export const WEIGHTS: Weights = {
  meaning: 1,
  words: 0.47,
  symbol: 1.6,
  definition: 0.45,
  path: 1.3,
  file: 3.4,
  fileDecay: 0.8,
  fields: { symbols: 4, breadcrumb: 2, path: 2, body: 1 },
  variants: { form: 0.8, typo: 0.8, farTypo: 0.6, abbreviation: 0.5 },
  place: {
    test: 0.3,
    example: 0.6,
    benchmark: 0.6,
    vendored: 0.5,
    generated: 0.5,
    docs: 0.4,
    translation: 0.5,
    changelog: 0.5,
    legal: 0.5,
    stub: 0.7,
    legacy: 0.7,
    barrel: 0.8,
  },
  asked: 1.5,
};
