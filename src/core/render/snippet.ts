/** The lines of a chunk that answer a query best. */
import { type QueryTerms, weightOf } from '../query/queryTerms';
import { termsOf } from '../query/terms';

export interface Snippet {
  /** Line of the document that the snippet opens with, from 1. */
  readonly startLine: number;
  /** Whole lines, joined by `\n`, without trailing white space. */
  readonly text: string;
}

/** What the first lines of a chunk are worth, next to a query word: they hold its name and its purpose. */
const OPENING_BONUS = 0.75;

/**
 * The window of at most `maxLines` lines with the most of the query's weight, each term counting once;
 * between equal windows the earlier one.
 * @param text a chunk's text
 * @param startLine line of the chunk's first non-blank character, from 1
 */
export function snippetOf(text: string, startLine: number, query: QueryTerms, maxLines: number): Snippet {
  const lines = text
    .replace(/^(?:[^\S\n]*\r?\n)+/, '')
    .trimEnd()
    .split(/\r?\n/);
  if (lines.length <= maxLines) return { startLine, text: lines.join('\n') };
  const termsByLine = lines.map((line) => new Set(termsOf(line).filter((t) => weightOf(t, query) > 0)));
  let best = { at: 0, value: -1 };
  for (let at = 0; at + maxLines <= lines.length; at++) {
    if (at > 0 && lines[at]?.trim() === '') continue;
    const found = new Set(termsByLine.slice(at, at + maxLines).flatMap((terms) => [...terms]));
    let value = at === 0 ? OPENING_BONUS : 0;
    for (const term of found) value += weightOf(term, query);
    if (value > best.value) best = { at, value };
  }
  return {
    startLine: startLine + best.at,
    text: lines
      .slice(best.at, best.at + maxLines)
      .join('\n')
      .trimEnd(),
  };
}
