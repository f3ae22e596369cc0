/** A candidate: a chunk that some retrieval found, with what ranking needs to know of it. */
import type { Definition, LineRange } from '../corpus/document';
import type { PathClass } from '../corpus/pathClass';

export interface Candidate extends LineRange {
  readonly chunkId: number;
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** Tells files of one path in several roots apart; the path where there is one root. */
  readonly file?: string;
  readonly language: string;
  readonly classes: ReadonlySet<PathClass>;
  readonly breadcrumb: readonly string[];
  readonly definitions: readonly Definition[];
  /** Cosine of query and chunk in [-1, 1]; undefined while the chunk has no vector. */
  readonly similarity: number | undefined;
  /** BM25 over the chunk's fields, 0 without a common term. */
  readonly bm25: number;
}

/** A candidate with its place in the answer. */
export interface Ranked<C extends Candidate = Candidate> {
  readonly candidate: C;
  /** Fused score, comparable within one answer only; higher is better. */
  readonly score: number;
  /** What made the score, largest first; the values add up to it. */
  readonly reasons: readonly Reason[];
}

/** One part of a score. */
export interface Reason {
  readonly signal: Signal;
  readonly value: number;
}

/** Everything that moves a score. `place` is what the path's class (tests, examples, ...) takes off or adds. */
export type Signal = 'meaning' | 'words' | 'symbol' | 'definition' | 'path' | 'file' | 'place';
