/** Encodes the chunks that have no vector yet, until there are none and none will come. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Encoder } from '../../core/encode/encoder';
import { passageOf } from '../../core/encode/passage';
import type { StoredChunk } from '../index/chunks';
import type { Store } from '../index/store';
import type { Tally } from './tally';

/** Chunks taken from the store at a time: enough to sort by length, few enough to lose little when stopped. */
const TAKE = 128;
/** How long to wait for the reading side when there is nothing to encode, in milliseconds. */
const IDLE_MS = 10;

export interface EncodeOptions {
  /** Ends it once what is being encoded is stored. */
  readonly halt?: AbortSignal | undefined;
  /** How long to rest after a batch, as a multiple of the time that it took. */
  readonly rest?: (() => number) | undefined;
}

export interface EncodeShop {
  readonly store: Store;
  readonly encoder: () => Promise<Encoder>;
}

/**
 * Keeps the encoder busy: while one batch is encoded, the next is taken and the last is stored.
 * @param reading `done` once no more chunks will come
 */
export async function encodePending(
  shop: EncodeShop,
  tally: Tally,
  reading: { readonly done: boolean },
  signal: AbortSignal,
  { halt, rest }: EncodeOptions = {},
): Promise<void> {
  const { store } = shop;
  const inFlight = new Set<string>();
  let previous: Promise<void> = Promise.resolve();
  for (;;) {
    signal.throwIfAborted();
    if (halt?.aborted === true) {
      await previous;
      return;
    }
    const started = performance.now();
    const over = reading.done;
    const chunks = store.chunks.pending(TAKE, inFlight);
    if (chunks.length === 0) {
      await previous;
      // Read before the look for chunks, so that none that came in between is missed.
      if (over && inFlight.size === 0) return;
      await wait(IDLE_MS, undefined, { signal });
      continue;
    }
    for (const { hash } of chunks) inFlight.add(hash);
    const encoder = await shop.encoder();
    const vectors = encoder.encode(chunks.map(passageOf), 'passage', { signal });
    const stored = Promise.all([vectors, previous]).then(([rows]) => {
      storeVectors(store, chunks, rows, tally);
      for (const { hash } of chunks) inFlight.delete(hash);
    });
    // A failure is met at the next await of `previous`; until then it must not count as unhandled.
    stored.catch(() => undefined);
    // The batch before this one is stored by now or soon; at most two are on their way.
    await previous;
    previous = stored;
    const factor = rest?.() ?? 0;
    if (factor > 0) {
      await previous;
      await wait((performance.now() - started) * factor, undefined, { signal });
    }
  }
}

/** @param rows row i is the vector of chunks[i] */
export function storeVectors(
  store: Store,
  chunks: readonly Pick<StoredChunk, 'hash' | 'tokens'>[],
  rows: readonly Float32Array[],
  tally: Tally,
): void {
  const linked = store.embeddings.put(
    chunks.flatMap(({ hash }, i) => {
      const vector = rows[i];
      return vector === undefined ? [] : [{ hash, vector }];
    }),
  );
  tally.encoded(
    linked,
    chunks.reduce((sum, { tokens }) => sum + tokens, 0),
  );
}
