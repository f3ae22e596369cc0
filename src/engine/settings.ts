/** Settings of an index and their defaults. */
import { NeosearchError } from '../base/errors';

/** Tokens of a chunk at most, unless set; docs/ranking.md has the measurement that it was chosen by. */
export const DEFAULT_CHUNK_TOKENS = 256;
/** No encoder of this architecture reads more. */
export const MAX_CHUNK_TOKENS = 4096;
/** Fewer would cut through single statements. */
export const MIN_CHUNK_TOKENS = 32;
/** [CLS] and [SEP]; and a breadcrumb is encoded with the chunk. */
const RESERVED_TOKENS = 2;

/**
 * Tokens of a chunk for an encoder: what was asked for, capped by the encoder's window.
 * @throws NeosearchError `bad-argument` outside [32, 4096]
 */
export function chunkBudget(asked: number | undefined, window: number): number {
  const budget = asked ?? DEFAULT_CHUNK_TOKENS;
  if (budget < MIN_CHUNK_TOKENS || budget > MAX_CHUNK_TOKENS) {
    throw new NeosearchError(
      'bad-argument',
      `A chunk has ${MIN_CHUNK_TOKENS} to ${MAX_CHUNK_TOKENS} tokens, not ${budget}.`,
    );
  }
  return Math.min(budget, window - RESERVED_TOKENS);
}
