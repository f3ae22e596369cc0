/** What the rest of the engine knows of an encoder: texts in, unit vectors out. */
import type { CancellationSignal } from '../../base/cancellation';

/** A query asks, a passage answers; an encoder may treat them differently (prefixes). */
export type Role = 'query' | 'passage';

/** What an encoder is. Vectors of two encoders may be compared only if their `id` is equal. */
export interface EncoderInfo {
  /** Hash over weights, pooling and preprocessing; keys the stored vectors. */
  readonly id: string;
  /** For people: the model's name. */
  readonly name: string;
  /** Length of a vector. */
  readonly dimensions: number;
  /** Most tokens of one text, special tokens included. */
  readonly window: number;
  /** Execution provider that runs it, e.g. `cpu`. */
  readonly device: string;
}

/** Counts tokens as the encoder would see them, without special tokens. Synchronous and cheap. */
export interface TokenCounter {
  count(text: string): number;
}

export interface EncodeOptions {
  /** Passages that go ahead of others, as queries do: a few at a time, since queries wait for them. */
  readonly urgent?: boolean | undefined;
  readonly signal?: CancellationSignal;
}

export interface Encoder extends TokenCounter {
  readonly info: EncoderInfo;
  /**
   * Encodes texts; row i of the result is the vector of texts[i], L2-normalised, `info.dimensions` long.
   * A text longer than the window is cut at its end. Queries overtake passages that wait.
   * @throws AbortError when the signal fires before the work is done
   */
  encode(texts: readonly string[], role: Role, options?: EncodeOptions): Promise<Float32Array[]>;
  close(): Promise<void>;
}
