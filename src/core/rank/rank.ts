/** Ranking: candidates of both retrievals in, one list in falling score out. Pure. */
import type { QueryTerms } from '../query/queryTerms';
import type { Candidate, Ranked, Reason } from './candidate';
import { definitionMatch, pathMatch, placeFactor } from './signals';
import type { Weights } from './weights';

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
  const meaning = scaler(candidates.map((c) => c.similarity));
  const words = Math.max(...candidates.map((c) => c.bm25), Number.MIN_VALUE);
  const scored = candidates.map((candidate) => {
    const reasons: Reason[] = [
      { signal: 'meaning', value: weights.meaning * meaning(candidate.similarity) },
      { signal: 'words', value: weights.words * (candidate.bm25 / words) },
      { signal: 'definition', value: weights.definition * definitionMatch(candidate, query) },
      { signal: 'path', value: weights.path * pathMatch(candidate.path, query) },
    ];
    return { candidate, reasons, own: total(reasons) };
  });
  const support = fileSupport(scored, weights);
  return scored
    .map(({ candidate, reasons, own }) => {
      const file = weights.file * (support.get(candidate.path) ?? 0);
      const factor = placeFactor(candidate, query, weights);
      const place = (own + file) * (factor - 1);
      const all: Reason[] = [...reasons, { signal: 'file', value: file }, { signal: 'place', value: place }];
      return {
        candidate,
        score: own + file + place,
        reasons: all.filter((r) => r.value !== 0).sort((a, b) => b.value - a.value),
      };
    })
    .sort(byScore);
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
  return ranked.filter(({ candidate: { path } }) => {
    const count = (taken.get(path) ?? 0) + 1;
    taken.set(path, count);
    return count <= perFile;
  });
}

/** Falling score; ties by path, then by line, so that an answer never depends on the order of retrieval. */
function byScore(a: Ranked, b: Ranked): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.candidate.path !== b.candidate.path) return a.candidate.path < b.candidate.path ? -1 : 1;
  return a.candidate.startLine - b.candidate.startLine;
}

/** Evidence per file in [0, 1]: its chunks' own scores in falling order, each weighing `fileDecay` of the last. */
function fileSupport(
  scored: readonly { candidate: Candidate; own: number }[],
  weights: Weights,
): Map<string, number> {
  const byFile = new Map<string, number[]>();
  for (const { candidate, own } of scored) {
    const scores = byFile.get(candidate.path);
    if (scores === undefined) byFile.set(candidate.path, [own]);
    else scores.push(own);
  }
  const support = new Map<string, number>();
  let most = Number.MIN_VALUE;
  for (const [path, scores] of byFile) {
    scores.sort((a, b) => b - a);
    let sum = 0;
    for (let i = scores.length - 1; i >= 0; i--) sum = (scores[i] ?? 0) + weights.fileDecay * sum;
    support.set(path, sum);
    most = Math.max(most, sum);
  }
  for (const [path, sum] of support) support.set(path, sum / most);
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

function total(reasons: readonly Reason[]): number {
  return reasons.reduce((sum, reason) => sum + reason.value, 0);
}
