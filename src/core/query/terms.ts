/**
 * Terms: what lexical search matches. Code and prose go through the same rules, so that a question in
 * words meets an identifier: `retryPolicy`, `retry_policy` and "retry policies" share the terms
 * `retri` and `polici`, and the two identifiers share the whole-name term `retrypolicy` as well.
 */
import { stemmer } from 'stemmer';

/** A word as it stands in the text: letters, digits and underscores. */
const WORD = /[\p{L}\p{N}_]+/gu;
/** Inside a word: lower-case runs with their capital, runs of capitals, runs of digits, other letters. */
const PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|[\p{Lo}\p{Lt}\p{Lm}]+|\p{Lu}+/gu;
/** Longer words are data (hashes, encoded blobs), not language. */
const MAX_WORD = 64;
const STEM_CACHE_LIMIT = 100_000;

const stemCache = new Map<string, string>();
/** Words are few and come often: their terms are made once. */
const termCache = new Map<string, readonly string[]>();
const TERM_CACHE_LIMIT = 50_000;

/** Terms of a text in order, repetitions included: parts stemmed, and whole names of more than one part. */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const match of text.matchAll(WORD)) {
    if (match[0].length <= MAX_WORD) for (const term of termsOfWord(match[0])) terms.push(term);
  }
  return terms;
}

/** The terms of one word: its stemmed parts, then the joined name if there are several. */
function termsOfWord(word: string): readonly string[] {
  const known = termCache.get(word);
  if (known !== undefined) return known;
  const parts = partsOf(word);
  const terms = parts.map(stem);
  if (parts.length > 1) terms.push(parts.join(''));
  if (termCache.size >= TERM_CACHE_LIMIT) termCache.clear();
  termCache.set(word, terms);
  return terms;
}

/** A word where it stands in a text, as half-open ranges of UTF-16 code units. */
export interface PlacedWord {
  readonly start: number;
  readonly end: number;
  /** Its parts in order; `term` is the stemmed part. */
  readonly parts: readonly { readonly start: number; readonly end: number; readonly term: string }[];
  /** Joined lower-case name when the word has several parts, else undefined. */
  readonly whole: string | undefined;
}

/** The words that `termsOf` makes terms of, where they stand. */
export function* placedWords(text: string): Iterable<PlacedWord> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (word.length > MAX_WORD) continue;
    const parts: PlacedWord['parts'][number][] = [];
    let whole = '';
    for (const { 0: part, index: at } of word.matchAll(PART)) {
      const lower = part.toLowerCase();
      const start = index + at;
      parts.push({ start, end: start + part.length, term: stem(lower) });
      whole += lower;
    }
    yield { start: index, end: index + word.length, parts, whole: parts.length > 1 ? whole : undefined };
  }
}

/** Lower-cased parts of an identifier: `HTTPServer_v2` gives http, server, v, 2. */
export function partsOf(word: string): string[] {
  const parts: string[] = [];
  for (const match of word.matchAll(PART)) parts.push(match[0].toLowerCase());
  return parts;
}

/** An identifier as one lower-case word without separators, so that every casing style compares equal. */
export function normalizeName(name: string): string {
  return partsOf(name).join('');
}

/** Porter stem of a lower-case word; words with digits or outside a-z stay as they are. */
export function stem(word: string): string {
  const known = stemCache.get(word);
  if (known !== undefined) return known;
  const result = freshStem(word);
  if (stemCache.size >= STEM_CACHE_LIMIT) stemCache.clear();
  stemCache.set(word, result);
  return result;
}

/** The same without a memory: for words that nobody typed. */
export function freshStem(word: string): string {
  return word.length > 2 && /^[a-z]+$/.test(word) ? stemmer(word) : word;
}

/** English function words and words of asking: they say nothing of what is looked for. */
const STOP_WORDS = new Set(
  (
    'a about all also an and any are as at be been being but by can could did do does doing done for from ' +
    'had has have having how i if in into is it its itself just like me more most must my no not of off on ' +
    'or our out over own shall should so some such than that the their them then there these they this ' +
    'those through to too until up us use used uses using very was way we were what when where which while ' +
    'who whom whose why will with within would you your'
  ).split(' '),
);

/** One word of a query that lexical search looks for. */
export interface QueryWord {
  /** As typed. */
  readonly word: string;
  /** Parts as typed, in lower case. */
  readonly typed: readonly string[];
  /** Stemmed parts, in the same order. */
  readonly parts: readonly string[];
  /** Joined lower-case name when the word has several parts, else undefined. */
  readonly whole: string | undefined;
}

/** The words of a query without stop words; with them where nothing else would be left. */
export function queryWords(text: string): QueryWord[] {
  const words: QueryWord[] = [];
  for (const match of text.matchAll(WORD)) {
    if (match[0].length > MAX_WORD) continue;
    const parts = partsOf(match[0]);
    if (parts.length === 0) continue;
    words.push({
      word: match[0],
      typed: parts,
      parts: parts.map(stem),
      whole: parts.length > 1 ? parts.join('') : undefined,
    });
  }
  const content = words.filter((w) => !STOP_WORDS.has(w.word.toLowerCase()));
  return content.length > 0 ? content : words;
}
