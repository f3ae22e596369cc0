/** Ranking: candidates of both retrievals in, one list in falling score out. Pure. */
import type { PathClass } from '../corpus/pathClass';
import type { QueryTerms } from '../query/queryTerms';
import type { Candidate, Ranked, Reason } from './candidate';
import { asksFor, definitionMatch, pathMatch, symbolMatch } from './signals';
import type { Weights } from './weights';

/** A candidate with every signal as a number, before any weight. */
export interface Measured<C extends Candidate> {
  readonly candidate: C;
  /** Each in [0, 1]. */
  readonly signals: Readonly<Record<'meaning' | 'words' | 'symbol' | 'definition' | 'path', number>>;
  /** Classes of its path that the query does not ask for. */
  readonly unasked: readonly PathClass[];
  /** Whether it asks for one of the others. */
  readonly isAsked: boolean;
}

/**
 * Fuses meaning and words, adds the signals that code search needs, and lets good chunks of one file
 * support each other.
 * @param candidates each chunk at most once, in any order
 */
export function rank<C extends Candidate>(
  candidates: readonly C[],
  query: QueryTerms,
  weights: Weights,
): Ranked<C>[] {
  return fuse(measure(candidates, query), weights);
}

/** Scales similarity and BM25 over the candidates, and measures the other signals. */
export function measure<C extends Candidate>(candidates: readonly C[], query: QueryTerms): Measured<C>[] {
  const meaning = scaler(candidates.map((c) => c.similarity));
  const words = Math.max(...candidates.map((c) => c.bm25), Number.MIN_VALUE);
  return candidates.map((candidate) => ({
    candidate,
    signals: {
      meaning: meaning(candidate.similarity),
      words: candidate.bm25 / words,
      symbol: symbolMatch(candidate, query),
      definition: definitionMatch(candidate, query),
      path: pathMatch(candidate.path, query),
    },
    unasked: [...candidate.classes].filter((place) => !asksFor(place, query)),
    isAsked: [...candidate.classes].some((place) => asksFor(place, query)),
  }));
}

/** One score for each candidate, best first. */
export function fuse<C extends Candidate>(measured: readonly Measured<C>[], weights: Weights): Ranked<C>[] {
  const scored = measured.map(({ candidate, signals, unasked, isAsked }) => {
    const reasons: Reason[] = [
      { signal: 'meaning', value: weights.meaning * signals.meaning },
      { signal: 'words', value: weights.words * signals.words },
      { signal: 'symbol', value: weights.symbol * signals.symbol },
      { signal: 'definition', value: weights.definition * signals.definition },
      { signal: 'path', value: weights.path * signals.path },
    ];
    return {
      candidate,
      signals,
      unasked,
      isAsked,
      reasons,
      own: reasons.reduce((sum, { value }) => sum + value, 0),
    };
  });
  const support = fileSupport(scored, weights);
  const codeWords = Math.max(0, ...measured.filter(isPlain).map(({ signals }) => signals.words));
  return scored
    .map(({ candidate, signals, unasked, isAsked, reasons, own }) => {
      const file = weights.file * (support.get(fileOf(candidate)) ?? 0);
      const aside = unasked.reduce((product, place) => product * weights.place[place], 1);
      const alone = exclusiveWords(signals.words, codeWords);
      const factor = (aside + (1 - aside) * alone) * (isAsked ? weights.asked : 1);
      const place = (own + file) * (factor - 1);
      const all: Reason[] = [...reasons, { signal: 'file', value: file }, { signal: 'place', value: place }];
      return {
        candidate,
        score: own + file + place,
        reasons: all.filter((r) => r.value !== 0).sort((x, y) => y.value - x.value),
      };
    })
    .sort(byScore);
}

/** Whether nothing speaks against its place. */
function isPlain({ unasked }: Pick<Measured<Candidate>, 'unasked'>): boolean {
  return unasked.length === 0;
}

/**
 * How far a chunk has the query's words for itself, in [0, 1]: 0 once code elsewhere has half as much of them. So
 * what only the docs speak of is found in the docs.
 * @param words the chunk's signal
 * @param codeWords the largest of the chunks that nothing is held against
 */
function exclusiveWords(words: number, codeWords: number): number {
  return words > 0 ? Math.max(0, 1 - (2 * codeWords) / words) : 0;
}

/** Falling cosine, no signal beside it; candidates without a vector are left out. */
export function rankBySimilarity<C extends Candidate>(candidates: readonly C[]): Ranked<C>[] {
  return candidates
    .filter((candidate) => candidate.similarity !== undefined)
    .map((candidate) => {
      const score = candidate.similarity ?? 0;
      return { candidate, score, reasons: [{ signal: 'meaning' as const, value: score }] };
    })
    .sort(byScore);
}

/** Keeps the order and at most `perFile` chunks of one file. */
export function diversify<C extends Candidate>(ranked: readonly Ranked<C>[], perFile: number): Ranked<C>[] {
  const taken = new Map<string, number>();
  return ranked.filter(({ candidate }) => {
    const file = fileOf(candidate);
    const count = (taken.get(file) ?? 0) + 1;
    taken.set(file, count);
    return count <= perFile;
  });
}

function fileOf(candidate: Candidate): string {
  return candidate.file ?? candidate.path;
}

/** Falling score; ties by path, then by line, so that an answer never depends on the order of retrieval. */
function byScore(a: Ranked, b: Ranked): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.candidate.path !== b.candidate.path) return a.candidate.path < b.candidate.path ? -1 : 1;
  if (a.candidate.startLine !== b.candidate.startLine) return a.candidate.startLine - b.candidate.startLine;
  return fileOf(a.candidate) < fileOf(b.candidate) ? -1 : 1;
}

/** Evidence per file in [0, 1]: its chunks' own scores in falling order, each weighing `fileDecay` of the last. */
function fileSupport(
  scored: readonly { candidate: Candidate; own: number }[],
  weights: Weights,
): Map<string, number> {
  const byFile = new Map<string, number[]>();
  for (const { candidate, own } of scored) {
    const scores = byFile.get(fileOf(candidate));
    if (scores === undefined) byFile.set(fileOf(candidate), [own]);
    else scores.push(own);
  }
  const support = new Map<string, number>();
  let most = Number.MIN_VALUE;
  for (const [file, scores] of byFile) {
    scores.sort((a, b) => b - a);
    let sum = 0;
    for (let i = scores.length - 1; i >= 0; i--) sum = (scores[i] ?? 0) + weights.fileDecay * sum;
    support.set(file, sum);
    most = Math.max(most, sum);
  }
  for (const [file, sum] of support) support.set(file, sum / most);
  return support;
}

/** Scales similarities to [0, 1] over those there are; a missing one is 0. */
function scaler(similarities: readonly (number | undefined)[]): (similarity: number | undefined) => number {
  const known = similarities.filter((s) => s !== undefined);
  const low = Math.min(...known);
  const range = Math.max(...known) - low;
  return (similarity) => {
    if (similarity === undefined) return 0;
    return range > 0 ? (similarity - low) / range : 1;
  };
}
