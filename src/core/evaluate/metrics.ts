/** Measures of a ranked list against judgements, as the BEIR benchmarks define them. */

/** Relevance of documents for one query: id to grade; absent means 0. */
export type Judgements = ReadonlyMap<string, number>;

/** Normalised discounted cumulative gain at depth k, in [0, 1], with linear gains as trec_eval has it. */
export function ndcg(ranking: readonly string[], judgements: Judgements, k: number): number {
  const gains = ranking.slice(0, k).map((id) => judgements.get(id) ?? 0);
  const ideal = [...judgements.values()].sort((a, b) => b - a).slice(0, k);
  const best = discounted(ideal);
  return best > 0 ? discounted(gains) / best : 0;
}

/** Reciprocal rank of the first relevant document within depth k, in [0, 1]. */
export function reciprocalRank(ranking: readonly string[], judgements: Judgements, k: number): number {
  const at = ranking.slice(0, k).findIndex((id) => (judgements.get(id) ?? 0) > 0);
  return at < 0 ? 0 : 1 / (at + 1);
}

/** Share of the relevant documents found within depth k, in [0, 1]. */
export function recall(ranking: readonly string[], judgements: Judgements, k: number): number {
  const relevant = [...judgements].filter(([, grade]) => grade > 0).map(([id]) => id);
  const found = new Set(ranking.slice(0, k));
  return relevant.length > 0 ? relevant.filter((id) => found.has(id)).length / relevant.length : 0;
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
}
