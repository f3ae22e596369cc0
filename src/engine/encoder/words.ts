/**
 * Cuts a text where BERT's normalizer and pre-tokenizer cut it whatever stands around: the tokens of the text
 * are those of its words, one after the other.
 */

/** Beyond ASCII: the whitespace that the normalizer turns into a space. */
const WIDE_SPACES = new Set([
  0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a,
  0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]);

/**
 * Runs of ASCII letters and digits, and single ASCII punctuation marks; but a run between spaces that holds
 * anything else stays whole, since its characters may act on each other (a mark on the letter before it, a
 * final sigma, a control character that is dropped).
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const end = endOfRun(text, at);
    at = end.plain ? pushPlain(words, text, at, end.at) : pushWhole(words, text, at, end.at);
  }
  return words;
}

function isSpace(code: number): boolean {
  return (
    code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d || (code > 0x7f && WIDE_SPACES.has(code))
  );
}

/** Where the characters between spaces end, and whether all of them are visible ASCII. */
function endOfRun(text: string, start: number): { readonly at: number; readonly plain: boolean } {
  let plain = true;
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) break;
    if (code < 0x21 || code > 0x7e) plain = false;
  }
  return { at, plain };
}

function pushWhole(words: string[], text: string, start: number, end: number): number {
  words.push(text.slice(start, end));
  return end;
}

function pushPlain(words: string[], text: string, start: number, end: number): number {
  let word = start;
  for (let at = start; at < end; at += 1) {
    if (isLetterOrDigit(text.charCodeAt(at))) continue;
    if (word < at) words.push(text.slice(word, at));
    words.push(text.charAt(at));
    word = at + 1;
  }
  if (word < end) words.push(text.slice(word, end));
  return end;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a);
}
