/** Which parts of a snippet the words of a query match, and which line of it answers best. */
import type { Definition } from '../corpus/document';
import { type QueryTerms, weightOf } from '../query/queryTerms';
import { normalizeName, placedWords } from '../query/terms';
import type { Snippet } from './snippet';

/** Half-open range of UTF-16 code units. */
export type Mark = readonly [start: number, end: number];

/**
 * The ranges to mark, rising and apart: words whose stem the query has, parts of identifiers likewise, whole
 * names, and the query's phrases.
 * @param phrases in lower case
 */
export function marksOf(text: string, query: QueryTerms, phrases: readonly string[] = []): Mark[] {
  const wholes = new Set(query.words.map(({ word }) => normalizeName(word)));
  const found: [number, number][] = [];
  for (const { start, end, parts, whole } of placedWords(text)) {
    const matching = parts.filter(({ term }) => weightOf(term, query) > 0);
    // A word typed as one matches a name of several parts (`filename`, `fileName`).
    const isWhole = whole !== undefined && wholes.has(whole);
    if (isWhole || (matching.length > 0 && matching.length === parts.length)) found.push([start, end]);
    else for (const part of matching) found.push([part.start, part.end]);
  }
  const lower = text.toLowerCase();
  // Lower case may be longer than the text itself (Turkish dotted I): then positions mean nothing.
  for (const phrase of lower.length === text.length ? phrases : []) {
    for (let at = lower.indexOf(phrase); at >= 0 && phrase !== ''; at = lower.indexOf(phrase, at + 1)) {
      found.push([at, at + phrase.length]);
    }
  }
  return merged(found);
}

function merged(ranges: readonly [number, number][]): Mark[] {
  const result: [number, number][] = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/** What the line of a definition is worth, next to a query word. */
const DEFINITION_BONUS = 0.5;

/**
 * The line of the snippet with the most of the query's weight, a definition's line before others; the first
 * definition, else the first line that is not blank, where no word matches.
 * @returns line of the document, from 1
 */
export function focusLineOf(snippet: Snippet, definitions: readonly Definition[], query: QueryTerms): number {
  const lines = snippet.text.split('\n');
  const defined = new Set(definitions.map(({ line }) => line));
  let best: { line: number; value: number } | undefined;
  for (const [i, text] of lines.entries()) {
    const line = snippet.startLine + i;
    const terms = new Set(
      [...placedWords(text)].flatMap(({ parts, whole }) => [
        ...parts.map(({ term }) => term),
        ...(whole === undefined ? [] : [whole]),
      ]),
    );
    let value = 0;
    for (const term of terms) value += weightOf(term, query);
    if (value > 0 && defined.has(line)) value += DEFINITION_BONUS;
    if (value > (best?.value ?? 0)) best = { line, value };
  }
  if (best !== undefined) return best.line;
  const shown = definitions.find(
    ({ line }) => line >= snippet.startLine && line < snippet.startLine + lines.length,
  );
  const first = Math.max(
    0,
    lines.findIndex((line) => line.trim() !== ''),
  );
  return shown?.line ?? snippet.startLine + first;
}
