/** The number of slips of typing between two words. */

/**
 * Damerau-Levenshtein distance in its restricted form (optimal string alignment; Damerau, "A technique for computer
 * detection and correction of spelling errors", 1964): letters that are missing, too many, wrong, or swapped with
 * the next one.
 * @returns the distance, or `most + 1` where it is above `most`
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let earlier: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let value = Math.min(
        (previous[j - 1] ?? 0) + (isSame ? 0 : 1),
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (earlier[j - 2] ?? 0) + 1);
      }
      row.push(value);
      least = Math.min(least, value);
    }
    if (least > most) return most + 1;
    earlier = previous;
    previous = row;
  }
  return Math.min(previous[b.length] ?? 0, most + 1);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The words at distance 1 of a word that open with its first letter, some of them more than once. */
export function* oneEditAway(word: string): Iterable<string> {
  for (let i = 1; i <= word.length; i++) {
    const head = word.slice(0, i);
    const tail = word.slice(i);
    for (const letter of LETTERS) yield head + letter + tail;
    if (tail === '') continue;
    const rest = tail.slice(1);
    yield head + rest;
    if (rest !== '') yield head + rest.charAt(0) + tail.charAt(0) + rest.slice(1);
    for (const letter of LETTERS) if (letter !== tail.charAt(0)) yield head + letter + rest;
  }
}
