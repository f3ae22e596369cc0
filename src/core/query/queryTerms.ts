/** A query as ranking sees it: its words with their weights, and whether it is a symbol. */
import { normalizeName, queryWords, type QueryWord, stem, termsOf } from './terms';
import { variantsOf, variantsOfName, type Variant, type VariantShares, type Vocabulary } from './variants';

export interface QueryTerms {
  readonly words: readonly QueryWord[];
  /** Stemmed parts of all words, each once, with a weight in (0, 1]: rare terms of the corpus weigh most. */
  readonly weights: ReadonlyMap<string, number>;
  /** Other terms of the corpus that count for a part or a whole name, in part: misspelt, abbreviated, inflected. */
  readonly variants: ReadonlyMap<string, Variant>;
  /** Two neighbouring parts written as one word (`threadpool` of "thread pool"), each with the two terms. */
  readonly joined: ReadonlyMap<string, readonly [string, string]>;
  /** The name that the query is when it looks like a symbol (`net::HttpServer()`), else undefined. */
  readonly symbol: QuerySymbol | undefined;
  /** All terms of the query, stop words included: what it asks for by name, such as "tests" or "examples". */
  readonly all: ReadonlySet<string>;
}

export interface QuerySymbol {
  readonly name: string;
  readonly normalized: string;
  /** Normalized names that it is qualified with, the outermost first. */
  readonly qualifiers: readonly string[];
}

/** The corpus that a query is asked of, as far as its words go. */
export interface QueryCorpus {
  /** Number of chunks. */
  readonly chunks: number;
  /** How many chunks hold a term, in [0, chunks]. */
  readonly frequency: (term: string) => number;
  /** Absent, a word means itself alone. */
  readonly vocabulary?: Pick<Vocabulary, 'startingWith'>;
}

export function queryTerms(text: string, corpus: QueryCorpus, shares: VariantShares): QueryTerms {
  const words = queryWords(text);
  const variants = variantsOfWords(words, corpus, shares);
  // A word that stands nowhere is as rare as the commonest term that it may mean.
  const meant = new Map<string, number>();
  for (const [term, { of }] of variants) {
    meant.set(of, Math.max(meant.get(of) ?? 0, corpus.frequency(term)));
  }
  const idf = new Map<string, number>();
  for (const part of words.flatMap((w) => w.parts)) {
    const frequency = corpus.frequency(part) || (meant.get(part) ?? 0);
    idf.set(part, inverseFrequency(frequency, corpus.chunks));
  }
  const most = Math.max(...idf.values(), Number.MIN_VALUE);
  const weights = new Map([...idf].map(([term, value]) => [term, value / most]));
  return {
    words,
    weights,
    variants,
    joined: joinedParts(words),
    symbol: symbolOf(text),
    all: new Set(termsOf(text)),
  };
}

/** What a term of a text is worth to the query: of its own in full, of a variant its share, else 0. */
export function weightOf(term: string, { weights, variants }: QueryTerms): number {
  const own = weights.get(term);
  if (own !== undefined) return own;
  const variant = variants.get(term);
  return variant === undefined ? 0 : variant.share * (weights.get(variant.of) ?? 0);
}

function variantsOfWords(
  words: readonly QueryWord[],
  { frequency, vocabulary }: QueryCorpus,
  shares: VariantShares,
): Map<string, Variant> {
  const variants = new Map<string, Variant>();
  if (vocabulary === undefined) return variants;
  const known = { frequency, startingWith: vocabulary.startingWith };
  const asked = new Set(words.flatMap(({ parts, whole }) => [...parts, whole]));
  const keep = (found: ReadonlyMap<string, Variant>): void => {
    for (const [other, variant] of found) {
      if (!asked.has(other) && variant.share > (variants.get(other)?.share ?? 0))
        variants.set(other, variant);
    }
  };
  for (const { typed, parts, whole } of words) {
    for (const [i, word] of typed.entries()) keep(variantsOf(word, parts[i] ?? word, known, shares));
    if (whole !== undefined) keep(variantsOfName(whole, known, shares));
  }
  return variants;
}

function joinedParts(words: readonly QueryWord[]): Map<string, readonly [string, string]> {
  const parts = words.flatMap(({ typed, parts: terms }) =>
    typed.map((word, i) => ({ word, term: terms[i] ?? word })),
  );
  const joined = new Map<string, readonly [string, string]>();
  for (const [i, second] of parts.entries()) {
    const first = parts[i - 1];
    if (first === undefined) continue;
    const name = first.word + second.word;
    joined.set(name, [first.term, second.term]).set(stem(name), [first.term, second.term]);
  }
  return joined;
}

/** BM25's inverse document frequency, in its form that stays positive. */
function inverseFrequency(frequency: number, total: number): number {
  return Math.log(1 + (total - frequency + 0.5) / (frequency + 0.5));
}

/** What stands between the parts of a qualified name. */
const QUALIFIED = String.raw`\.|::?|->|#|\/|\\`;
/** A name on its own, or names joined by those, optionally with the arguments of a call. */
const SYMBOL = new RegExp(
  String.raw`^[@$#]?[\p{L}_][\p{L}\p{N}_]*(?:(?:${QUALIFIED})[\p{L}_][\p{L}\p{N}_]*)*[?!]?(?:\([^()]*\))?$`,
  'u',
);
const SEPARATOR = new RegExp(QUALIFIED);

function symbolOf(text: string): QuerySymbol | undefined {
  const trimmed = text.trim();
  if (!SYMBOL.test(trimmed)) return undefined;
  const names = trimmed
    .replace(/\(.*$/s, '')
    .split(SEPARATOR)
    .map((part) => part.replace(/^[@$#]|[?!]$/g, ''));
  const name = names.pop() ?? trimmed;
  const normalized = normalizeName(name);
  const qualifiers = names.map(normalizeName).filter((qualifier) => qualifier !== '');
  return normalized === '' ? undefined : { name, normalized, qualifiers };
}
