/**
 * The one encoder of a workspace, for all roots, for queries and passages. Its worker starts when something is to
 * be encoded and ends after some idle minutes, to give its memory back.
 */
import { availableParallelism } from 'node:os';
import type { EncodeOptions, Encoder, EncoderInfo, Role } from '../../core/encode/encoder';
import { describeEncoder } from '../encoder/describeEncoder';
import { openEncoder } from '../encoder/workerEncoder';

export interface SharedEncoderOptions {
  readonly modelDir: string;
  readonly workerPath: string;
  /** Half the processor's, at least one, unless told. */
  readonly threads?: number | undefined;
  /** Milliseconds without work after which the worker ends. */
  readonly idleMs?: number;
}

const IDLE_MS = 5 * 60_000;

export class SharedEncoder {
  private described: Promise<EncoderInfo> | undefined;
  private opening: Promise<Encoder> | undefined;
  /** Serves for counting after its worker has ended. */
  private last: Encoder | undefined;
  private busy = 0;
  private timer: NodeJS.Timeout | undefined;
  private threads: number | undefined;
  private isClosed = false;
  private readonly ends = new Set<Promise<void>>();

  constructor(private readonly options: SharedEncoderOptions) {
    this.threads = options.threads;
  }

  /** What it is, without loading it. @throws NeosearchError `bad-model` */
  info(): Promise<EncoderInfo> {
    this.described ??= describeEncoder(this.options.modelDir);
    this.described.catch(() => {
      this.described = undefined;
    });
    return this.described;
  }

  /** Holds from the next start of the worker on, which is now when it is at rest. */
  setThreads(threads: number | undefined): void {
    if (threads === this.threads) return;
    this.threads = threads;
    if (this.busy === 0) this.rest();
  }

  /** @throws NeosearchError `bad-model`, `engine-failed` */
  open = async (): Promise<Encoder> => {
    const [info] = await Promise.all([this.info(), this.worker()]);
    this.rearm();
    return {
      info,
      count: (text) => this.count(text),
      encode: (texts, role, options) => this.encode(texts, role, options),
      close: () => Promise.resolve(),
    };
  };

  /** Ends the worker for good. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.rest();
    await Promise.all(this.ends);
  }

  private count(text: string): number {
    if (this.last === undefined) throw new TypeError('The encoder was not opened.');
    return this.last.count(text);
  }

  private async encode(
    texts: readonly string[],
    role: Role,
    options?: EncodeOptions,
  ): Promise<Float32Array[]> {
    this.busy += 1;
    clearTimeout(this.timer);
    try {
      const encoder = await this.worker();
      return await encoder.encode(texts, role, options);
    } catch (error) {
      // One whose thread has died is of no more use; one that was told to stop is.
      if (!(error instanceof Error && error.name === 'AbortError')) this.rest();
      throw error;
    } finally {
      this.busy -= 1;
      this.rearm();
    }
  }

  private worker(): Promise<Encoder> {
    if (this.opening !== undefined) return this.opening;
    const opening = openEncoder({
      modelDir: this.options.modelDir,
      workerPath: this.options.workerPath,
      threads: this.threads ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    }).then(async (encoder) => {
      if (this.isClosed) await encoder.close();
      this.last = encoder;
      return encoder;
    });
    this.opening = opening;
    opening.catch(() => {
      if (this.opening === opening) this.opening = undefined;
    });
    return opening;
  }

  private rearm(): void {
    clearTimeout(this.timer);
    if (this.busy > 0 || this.isClosed) return;
    this.timer = setTimeout(() => this.rest(), this.options.idleMs ?? IDLE_MS);
    this.timer.unref();
  }

  private rest(): void {
    clearTimeout(this.timer);
    const { opening } = this;
    this.opening = undefined;
    // One that failed to open has told so already.
    const end: Promise<void> | undefined = opening
      ?.then(
        (encoder) => encoder.close(),
        () => undefined,
      )
      .finally(() => {
        if (end !== undefined) this.ends.delete(end);
      });
    if (end !== undefined) this.ends.add(end);
  }
}
