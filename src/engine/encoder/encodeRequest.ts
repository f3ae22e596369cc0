/** One call for vectors: rows of token ids that are cut into batches, and the vectors that came so far. */
import type { CancellationSignal } from '../../base/cancellation';
import { batchEnd } from './batches';

/** Some rows of a request, to be run together. */
export interface Batch {
  readonly request: EncodeRequest;
  /** Numbers of the rows in the request. */
  readonly rows: readonly number[];
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
}

export class EncodeRequest {
  /** Resolves with the vectors in the order of the rows; rejects when the request is given up. */
  readonly result: Promise<Float32Array[]>;
  /** Row numbers, shortest row first, and their lengths. */
  private readonly order: readonly number[];
  private readonly lengths: readonly number[];
  /** Rows in `order` that were handed out. */
  private taken = 0;
  private missing: number;
  private readonly vectors: Float32Array[];
  private settled = false;
  private resolve: (vectors: Float32Array[]) => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;

  constructor(
    private readonly rows: readonly (readonly number[])[],
    /** Whether it goes before those that are not. */
    readonly urgent: boolean,
    private readonly dimensions: number,
    private readonly signal: CancellationSignal | undefined,
  ) {
    const lengthOf = (row: number): number => rows[row]?.length ?? 0;
    this.order = [...rows.keys()].sort((a, b) => lengthOf(a) - lengthOf(b));
    this.lengths = this.order.map(lengthOf);
    this.missing = rows.length;
    this.vectors = new Array<Float32Array>(rows.length);
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    if (signal instanceof AbortSignal) signal.addEventListener('abort', this.rejectIfAborted);
    this.rejectIfAborted();
    if (rows.length === 0) this.settle(() => this.resolve([]));
  }

  /** Whether nothing is left to hand out. */
  get exhausted(): boolean {
    return this.settled || this.taken >= this.order.length;
  }

  /** The next rows to run, at most `tokens` with padding (or one row). Call it only while not exhausted. */
  take(tokens: number): Batch {
    const end = batchEnd(this.lengths, this.taken, tokens);
    const rows = this.order.slice(this.taken, end);
    const lengths = Int32Array.from(this.lengths.slice(this.taken, end));
    const ids = new Int32Array(lengths.reduce((a, b) => a + b, 0));
    let at = 0;
    for (const row of rows) {
      const from = this.rows[row] ?? [];
      ids.set(from, at);
      at += from.length;
    }
    this.taken = end;
    return { request: this, rows, ids, lengths };
  }

  /** @param block vectors of a batch, row after row */
  fill({ rows }: Batch, block: Float32Array): void {
    const { dimensions } = this;
    for (const [at, row] of rows.entries()) {
      this.vectors[row] = block.slice(at * dimensions, (at + 1) * dimensions);
    }
    this.missing -= rows.length;
    if (this.missing === 0) this.settle(() => this.resolve(this.vectors));
  }

  fail(error: unknown): void {
    this.settle(() => this.reject(error));
  }

  /** Gives up if the caller did. A signal that sends no event is asked at every batch. */
  readonly rejectIfAborted = (): void => {
    try {
      this.signal?.throwIfAborted();
    } catch (error) {
      this.fail(error);
    }
  };

  /** The first outcome stands. */
  private settle(outcome: () => void): void {
    if (this.settled) return;
    this.settled = true;
    if (this.signal instanceof AbortSignal) this.signal.removeEventListener('abort', this.rejectIfAborted);
    outcome();
  }
}
