/**
 * Cuts texts into batches: of similar length, so that little is padding, and small, so that a query need not wait
 * long for the batch that runs.
 */

/** Most tokens of a batch, padding included. Larger ones fall out of the processor's caches: 2,048 are slower. */
const MOST_TOKENS = 512;
/** Fewer are slower for each token, above all where the weights fit into no cache. */
const LEAST_TOKENS = 128;
/** How long a batch shall take, in milliseconds. */
const TARGET_MS = 60;
/** The shortest text of a batch has at least this share of the longest's tokens: padding costs more than it saves. */
const SIMILAR = 0.9;
/** Weight of the last batch in the speed that is kept. */
const FRESH = 0.3;

/** How many tokens a batch shall have, by how fast the last ones were. */
export class BatchSize {
  /** Tokens in a millisecond; unknown before the first batch. */
  private speed: number | undefined;

  /** In tokens, padding included. */
  get tokens(): number {
    const wanted = Math.round((this.speed ?? 0) * TARGET_MS);
    return Math.min(MOST_TOKENS, Math.max(LEAST_TOKENS, wanted));
  }

  /** Tells how long a batch took. */
  measured(tokens: number, milliseconds: number): void {
    // A query is nearly all overhead.
    if (tokens < LEAST_TOKENS / 2 || milliseconds <= 0) return;
    const speed = tokens / milliseconds;
    this.speed = this.speed === undefined ? speed : this.speed + FRESH * (speed - this.speed);
  }
}

/**
 * Where the batch that begins at `from` ends; it has at least one text.
 * @param lengths tokens of each text, rising
 * @param tokens of the batch at most, padding included
 */
export function batchEnd(lengths: readonly number[], from: number, tokens: number): number {
  const shortest = lengths[from] ?? 0;
  let end = from + 1;
  for (; end < lengths.length; end += 1) {
    const longest = lengths[end] ?? 0;
    if ((end + 1 - from) * longest > tokens || shortest < SIMILAR * longest) break;
  }
  return end;
}
