/** A query as ranking sees it: its words with their weights, and whether it is a symbol. */
import { normalizeName, queryWords, type QueryWord, termsOf } from './terms';

export interface QueryTerms {
  readonly words: readonly QueryWord[];
  /** Stemmed parts of all words, each once, with a weight in (0, 1]: rare terms of the corpus weigh most. */
  readonly weights: ReadonlyMap<string, number>;
  /** The name that the query is when it looks like a symbol (`net::HttpServer()`), else undefined. */
  readonly symbol: { readonly name: string; readonly normalized: string } | undefined;
  /** All terms of the query, stop words included: what it asks for by name, such as "tests" or "examples". */
  readonly all: ReadonlySet<string>;
}

/** How many of the corpus' chunks hold a term. */
export type DocumentFrequency = (term: string) => number;

/**
 * @param frequency chunks that hold a term, in [0, total]
 * @param total number of chunks in the corpus
 */
export function queryTerms(text: string, frequency: DocumentFrequency, total: number): QueryTerms {
  const words = queryWords(text);
  const idf = new Map<string, number>();
  for (const part of words.flatMap((w) => w.parts)) idf.set(part, inverseFrequency(frequency(part), total));
  const most = Math.max(...idf.values(), Number.MIN_VALUE);
  const weights = new Map([...idf].map(([term, value]) => [term, value / most]));
  return { words, weights, symbol: symbolOf(text), all: new Set(termsOf(text)) };
}

/** BM25's inverse document frequency, in its form that stays positive. */
function inverseFrequency(frequency: number, total: number): number {
  return Math.log(1 + (total - frequency + 0.5) / (frequency + 0.5));
}

/** A name on its own: one word, or words joined by `.`, `::`, `->`, `#` or `/`, optionally with `()`. */
const SYMBOL = /^[@$#]?[\p{L}_][\p{L}\p{N}_]*(?:(?:\.|::|->|#|\/)[\p{L}_][\p{L}\p{N}_]*)*[?!]?(?:\(\))?$/u;

function symbolOf(text: string): QueryTerms['symbol'] {
  const trimmed = text.trim();
  if (!SYMBOL.test(trimmed)) return undefined;
  const last = trimmed.split(/\.|::|->|#|\//).pop() ?? trimmed;
  const name = last.replace(/^[@$#]|[?!]?(?:\(\))?$/g, '');
  const normalized = normalizeName(name);
  return normalized === '' ? undefined : { name, normalized };
}
