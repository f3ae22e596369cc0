/** Text files that hold nothing to search, known by what is in them: generated and minified ones. */
import { isProse } from '../../core/corpus/language';
import type { SkipReason } from './skipReason';

/** Why a text is left out; undefined when its content is no reason. */
export function skippedByContent(text: string, language: string): SkipReason | undefined {
  // A notebook's pictures are not its text: its cells are.
  if (language === 'jupyter') return undefined;
  if (isEncodedData(text)) return 'data';
  // Documentation is worth finding, whoever wrote it, and its paragraphs may be one line each.
  if (isProse(language)) return undefined;
  if (isGenerated(text)) return 'generated';
  return isMinified(text) ? 'minified' : undefined;
}

/** Whether a comment at the start says that a tool wrote the file and nobody should edit it. */
function isGenerated(text: string): boolean {
  const lines = text.slice(0, 4000).split(/\r?\n/, 40);
  const comments = lines.filter((line) => commentLine.test(line));
  return comments.some((line, at) => {
    if (/^\W*@generated\b/.test(line) || /<auto-?generated\b/i.test(line)) return true;
    // The two halves of the sentence may stand on lines of their own.
    return (
      madeByTool.test(line) && comments.slice(Math.max(0, at - 2), at + 3).some((near) => handsOff.test(near))
    );
  });
}

const commentLine = /^\s*(\/\/|\/?\*|#|--|;|<!--|%|\(\*|"""|'''|\{-|@?rem\b)/i;
const madeByTool =
  /(^\W*|\bauto[\s-]?|\b(automatically|machine|code|file|is|was|been|programmatically)[\s-])generated\b/i;
const handsOff =
  /\bdo\s+not\s+(hand[\s-])?(edit|modify|change|touch)\b|\bdon'?t\s+(edit|modify)\b|\b(changes|edits)\b.{0,60}\b(lost|overwritten)\b/i;

/** Whether nearly all of a text is one unbroken string after another: an encoded picture, a key, a blob. */
function isEncodedData(text: string): boolean {
  if (text.length < 2 * endless) return false;
  let unbroken = 0;
  for (const run of text.matchAll(/[\x21-\x7e]{1000,}/g)) {
    if (/^[\w+/=-]{1000,}$/.test(run[0])) unbroken += run[0].length;
  }
  return unbroken > text.length * 0.8;
}

/** Whether nearly all of a text lies in lines that nobody writes. */
function isMinified(text: string): boolean {
  if (text.length < 2 * endless) return false;
  let inEndless = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > endless) inEndless += end - start;
    start = end + 1;
  }
  return inEndless > text.length * 0.8;
}

/** Characters beyond which a line of a program was not typed. */
const endless = 2000;
