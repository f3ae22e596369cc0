/** What the encoder and its worker thread say to each other. Copied or transferred, never shared. */
import type { ErrorCode } from '../../base/errors';
import type { Pooling } from '../model/card';

/** Given to the worker when it starts. */
export interface WorkerSetup {
  readonly modelDir: string;
  readonly pooling: Pooling;
  readonly normalize: boolean;
  readonly threads: number;
  /** Of the NativeGate. */
  readonly gate: SharedArrayBuffer;
}

/** One batch: texts of `lengths[i]` tokens, their ids one after the other without padding. */
export interface RunRequest {
  readonly kind: 'run';
  readonly id: number;
  /** Urgent batches come before all others, each kind in the order of arrival. */
  readonly urgent: boolean;
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
}

/** Ends the thread after the batch that runs; those that wait are dropped. */
export interface CloseRequest {
  readonly kind: 'close';
}

export type WorkerRequest = RunRequest | CloseRequest;

export type WorkerReply =
  | { readonly kind: 'ready' }
  /** Vectors of a batch, row after row, and how long the run took. */
  | {
      readonly kind: 'vectors';
      readonly id: number;
      readonly vectors: Float32Array<ArrayBuffer>;
      readonly milliseconds: number;
    }
  /** What went wrong; without an id nothing can be run. */
  | { readonly kind: 'failure'; readonly id?: number; readonly code: ErrorCode; readonly message: string };
