/** A chunk as a hit of an answer: its place, its snippet, what of it to mark and where to look first. */
import type { QueryTerms } from '../../core/query/queryTerms';
import { focusLineOf, marksOf } from '../../core/render/marks';
import { snippetOf } from '../../core/render/snippet';
import type { Reason } from '../../core/rank/candidate';
import type { WireHit } from '../../protocol/messages';
import type { StoredChunk } from '../index/chunks';

export const NO_TERMS: QueryTerms = {
  words: [],
  weights: new Map(),
  variants: new Map(),
  joined: new Map(),
  symbol: undefined,
  all: new Set(),
};

export const DEFAULT_SNIPPET_LINES = 12;

export interface HitParts {
  readonly score: number;
  readonly similarity?: number | undefined;
  readonly reasons?: readonly Reason[];
  readonly terms?: QueryTerms;
  /** In lower case. */
  readonly phrases?: readonly string[];
  readonly snippetLines?: number | undefined;
  readonly copies?: WireHit['copies'];
}

/** @param root names the root in the answer */
export function wireHit(root: string, chunk: StoredChunk, parts: HitParts): WireHit {
  const { score, similarity, reasons = [], terms = NO_TERMS, phrases = [], copies = [] } = parts;
  const { startLine, endLine } = chunk;
  const snippet = snippetOf(chunk.text, startLine, terms, parts.snippetLines ?? DEFAULT_SNIPPET_LINES);
  const focus = focusLineOf(snippet, chunk.definitions, terms);
  return {
    root,
    path: chunk.path,
    startLine,
    endLine,
    language: chunk.language,
    breadcrumb: chunk.breadcrumb,
    score,
    ...(similarity === undefined ? {} : { similarity }),
    reasons,
    snippet: snippet.text,
    snippetLine: snippet.startLine,
    marks: marksOf(snippet.text, terms, phrases),
    // Of a notebook, whose cells lie apart in the file, lines of the snippet are but close to the file's.
    focusLine: Math.min(Math.max(focus, startLine), endLine),
    copies,
  };
}
