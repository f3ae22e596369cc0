/** What the engine answers: hits with places, scores and snippets. Vectors never leave the engine. */
import type { LineRange } from '../../core/corpus/document';
import type { Reason } from '../../core/rank/candidate';

/** hybrid: meaning, words and signals; semantic: cosine order alone; lexical: words and signals. */
export type Mode = 'hybrid' | 'semantic' | 'lexical';
export const MODES = ['hybrid', 'semantic', 'lexical'] as const satisfies readonly Mode[];

export interface Hit extends LineRange {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** VS Code language id. */
  readonly language: string;
  readonly breadcrumb: readonly string[];
  /** Higher is better; comparable within one answer only. In semantic mode the similarity itself. */
  readonly score: number;
  /** Cosine with the query in [-1, 1], where the chunk has a vector. */
  readonly similarity: number | undefined;
  readonly reasons: readonly Reason[];
  readonly snippet: string;
  /** Line of the document that the snippet opens with, from 1. */
  readonly snippetLine: number;
}

export interface Answer {
  readonly hits: readonly Hit[];
  /** What the asker should know: a cut query, an index that is not complete. One sentence each. */
  readonly notes: readonly string[];
}

export interface SearchOptions {
  readonly mode?: Mode;
  /** Most hits; 10 by default. */
  readonly limit?: number;
  /** Most hits of one file; 3 by default. */
  readonly perFile?: number;
  /** Globs that a path must match one of, beside the query's own. */
  readonly paths?: readonly string[];
  /** Languages that may answer, beside the query's own. */
  readonly languages?: readonly string[];
  /** Most lines of a snippet; 12 by default. */
  readonly snippetLines?: number;
  readonly signal?: AbortSignal;
}
