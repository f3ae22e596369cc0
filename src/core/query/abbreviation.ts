/** Whether a short word stands for a longer one, by rules of form alone: there is no list of abbreviations. */

/** Shorter words abbreviate too much to tell what. */
const LEAST_LETTERS = 3;
/** What an abbreviation that is not the beginning of the word keeps of its consonants at least. */
const LEAST_KEPT = 0.5;

/**
 * How well `short` abbreviates `long`, both lower-case: its beginning (`auth`, `config`), or its first letter and at
 * least half of its other consonants, in their order (`cfg`, `ctx`, `msg`, `btn`).
 * @returns the share of those consonants that the shorter word keeps, in [0, 1]; 0 where it is no abbreviation
 */
export function abbreviates(short: string, long: string): number {
  if (short.length < LEAST_LETTERS || long.length <= short.length || short[0] !== long[0]) return 0;
  const isBeginning = long.startsWith(short);
  if (!isBeginning && /[^b-df-hj-np-tv-z]/.test(short.slice(1))) return 0;
  if (/[^a-z]/.test(short) || /[^a-z]/.test(long)) return 0;
  const kept = consonants(short);
  const all = consonants(long);
  if (!isBeginning && !isSubsequence(kept, all)) return 0;
  const share = kept.length / Math.max(all.length, 1);
  return isBeginning || share >= LEAST_KEPT ? share : 0;
}

/** The consonants after the first letter, doubled ones once. */
function consonants(word: string): string {
  return word
    .slice(1)
    .replace(/(.)\1/g, '$1')
    .replace(/[aeiou]/g, '');
}

function isSubsequence(letters: string, of: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = of.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
