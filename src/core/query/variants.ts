/**
 * Variants: terms of the index that a word of a query may mean beside its own, because it is misspelt, because one
 * abbreviates the other, or because they are forms of one word. All come from the index's own vocabulary.
 */
import { abbreviates } from './abbreviation';
import { editDistance, oneEditAway } from './editDistance';
import { otherForms } from './inflection';
import { freshStem, stem } from './terms';

/** The terms of an index. */
export interface Vocabulary {
  /** How many chunks hold a term. */
  readonly frequency: (term: string) => number;
  /** The terms with that first letter, and how many chunks hold each. */
  readonly startingWith: (letter: string) => ReadonlyMap<string, number>;
}

export interface Variant {
  /** The query's term that it stands in for. */
  readonly of: string;
  /** What it counts of that term, in (0, 1). */
  readonly share: number;
}

/** What a variant of each kind counts of the word itself, each in [0, 1); 0 looks for none. */
export interface VariantShares {
  /** Another form of the same word. */
  readonly form: number;
  /** One slip of typing away. */
  readonly typo: number;
  /** Two slips away. */
  readonly farTypo: number;
  /** One abbreviates the other. */
  readonly abbreviation: number;
}

/** Most variants of one word of each kind. */
const MOST = 3;
/** Shorter words have too many others one slip away. */
const TYPO_LETTERS = 4;
/** Two slips of a shorter word leave too little of it. */
const FAR_TYPO_LETTERS = 8;
/** Words of the index that are longer are words, not abbreviations. */
const ABBREVIATION_LETTERS = 4;
/** A word of the index in so few chunks may be a slip of its author's, or of one that is far commoner. */
const RARE = 2;
const RARE_LETTERS = 6;
const FAR_COMMONER = 50;
/** A word of the index is taken for an abbreviation where the longer word stands in so many times more chunks. */
const COMMONER = 10;

/**
 * @param word lower-case part of a word of the query as typed
 * @param term its stem, which stands for it in the index
 * @returns terms of the index, each with its share of `term`; none equals `term`
 */
export function variantsOf(
  word: string,
  term: string,
  vocabulary: Vocabulary,
  shares: VariantShares,
): Map<string, Variant> {
  const variants = new Map<string, Variant>();
  if (!/^[a-z]+$/.test(word)) return variants;
  const add = (others: Iterable<string>, share: number): void => {
    for (const other of others) {
      if (other !== term && share > (variants.get(other)?.share ?? 0))
        variants.set(other, { of: term, share });
    }
  };
  const frequency = vocabulary.frequency(term);
  add(
    otherForms(word)
      .map(stem)
      .filter((other) => vocabulary.frequency(other) > 0),
    shares.form,
  );
  if (frequency === 0 || term.length <= ABBREVIATION_LETTERS) {
    add(abbreviated(word, term, vocabulary), shares.abbreviation);
  }
  if (frequency > RARE || (frequency > 0 && word.length < RARE_LETTERS)) return variants;
  const near = oneSlipAway(word, freshStem, vocabulary);
  add(
    near.filter((other) => vocabulary.frequency(other) >= frequency * FAR_COMMONER),
    shares.typo,
  );
  if (frequency > 0 || variants.size > 0) return variants;
  add(abbreviations(term, vocabulary), shares.abbreviation);
  if (word.length >= FAR_TYPO_LETTERS) add(twoSlipsAway(term, vocabulary), shares.farTypo);
  return variants;
}

/** The same of a whole name of several parts: what may be misspelt of it. */
export function variantsOfName(
  name: string,
  vocabulary: Vocabulary,
  shares: VariantShares,
): Map<string, Variant> {
  const asItIs = (word: string): string => word;
  const isMisspelt = /^[a-z]+$/.test(name) && vocabulary.frequency(name) === 0;
  const found = isMisspelt ? oneSlipAway(name, asItIs, vocabulary) : [];
  return new Map(found.map((other) => [other, { of: name, share: shares.typo }]));
}

/** Terms one slip away, commonest first: of the word as typed, so that a slip in an ending is found as well. */
function oneSlipAway(word: string, toTerm: (word: string) => string, vocabulary: Vocabulary): string[] {
  if (word.length < TYPO_LETTERS) return [];
  const found = new Map<string, number>();
  const take = (term: string, frequency = 0): void => {
    if (frequency > 0) found.set(term, frequency);
  };
  const terms = vocabulary.startingWith(word.charAt(0));
  for (const other of oneEditAway(word)) {
    const term = toTerm(other);
    take(term, terms.get(term));
  }
  // The one slip that the first letter may have.
  const swapped = toTerm(`${word.charAt(1)}${word.charAt(0)}${word.slice(2)}`);
  take(swapped, vocabulary.frequency(swapped));
  return commonest(found);
}

function twoSlipsAway(term: string, vocabulary: Vocabulary): string[] {
  const found = new Map<string, number>();
  for (const [other, frequency] of vocabulary.startingWith(term.charAt(0))) {
    if (other.length >= FAR_TYPO_LETTERS - 2 && editDistance(term, other, 2) <= 2)
      found.set(other, frequency);
  }
  return commonest(found);
}

/** Terms that the word abbreviates; of a word of the index, far commoner ones only. */
function abbreviated(word: string, term: string, vocabulary: Vocabulary): string[] {
  const least = vocabulary.frequency(term) * COMMONER;
  return commonestKept(term, vocabulary, (other, frequency) =>
    frequency >= least ? abbreviates(word, other) : 0,
  );
}

/** Terms that abbreviate the word: consonants alone, or a beginning that is more than a syllable. */
function abbreviations(term: string, vocabulary: Vocabulary): string[] {
  return commonestKept(term, vocabulary, (other) =>
    other.length >= ABBREVIATION_LETTERS || !/[aeiou]/.test(other) ? abbreviates(other, term) : 0,
  );
}

/** By how common they are, and by how much of the longer word the shorter one keeps. */
function commonestKept(
  term: string,
  vocabulary: Vocabulary,
  kept: (other: string, frequency: number) => number,
): string[] {
  const found = new Map<string, number>();
  for (const [other, frequency] of vocabulary.startingWith(term.charAt(0))) {
    const share = other === term ? 0 : kept(other, frequency);
    if (share > 0) found.set(other, frequency * share);
  }
  return commonest(found);
}

function commonest(found: ReadonlyMap<string, number>): string[] {
  return [...found]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST)
    .map(([term]) => term);
}
