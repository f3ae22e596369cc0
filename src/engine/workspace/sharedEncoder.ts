/**
 * The one encoder of a workspace, for all roots, for queries and passages. Its worker starts when something is to
 * be encoded and ends after some idle minutes, to give its memory back.
 */
import { availableParallelism } from 'node:os';
import { isAbort } from '../../base/cancellation';
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

/** One life of the worker. */
interface Life {
  readonly opening: Promise<Encoder>;
  /** Requests that it has. */
  busy: number;
  /** Ends when it has nothing to do. */
  isRetired: boolean;
}

export class SharedEncoder {
  private described: Promise<EncoderInfo> | undefined;
  private life: Life | undefined;
  /** Serves for counting after its worker has ended. */
  private last: Encoder | undefined;
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

  /** Another worker takes over; the one before finishes what it has. */
  setThreads(threads: number | undefined): void {
    if (threads === this.threads) return;
    this.threads = threads;
    this.retire();
  }

  /** @throws NeosearchError `bad-model`, `engine-failed` */
  open = async (): Promise<Encoder> => {
    const [info] = await Promise.all([this.info(), this.worker().opening]);
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
    this.end(this.life);
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
    const life = this.worker();
    life.busy += 1;
    clearTimeout(this.timer);
    try {
      const encoder = await life.opening;
      return await encoder.encode(texts, role, options);
    } catch (error) {
      // One whose thread has died is of no more use; one that was told to stop is.
      if (!isAbort(error)) this.end(life);
      throw error;
    } finally {
      life.busy -= 1;
      if (life.isRetired && life.busy === 0) this.end(life);
      this.rearm();
    }
  }

  private worker(): Life {
    if (this.life !== undefined) return this.life;
    const opening = openEncoder({
      modelDir: this.options.modelDir,
      workerPath: this.options.workerPath,
      threads: this.threads ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    }).then((encoder) => {
      this.last = encoder;
      return encoder;
    });
    const life: Life = { opening, busy: 0, isRetired: false };
    this.life = life;
    opening.catch(() => {
      if (this.life === life) this.life = undefined;
    });
    return life;
  }

  private rearm(): void {
    clearTimeout(this.timer);
    if (this.isClosed || this.life === undefined || this.life.busy > 0) return;
    this.timer = setTimeout(() => this.retire(), this.options.idleMs ?? IDLE_MS);
    this.timer.unref();
  }

  private retire(): void {
    const { life } = this;
    if (life === undefined) return;
    life.isRetired = true;
    if (life.busy === 0) this.end(life);
    else this.life = undefined;
  }

  private end(life: Life | undefined): void {
    if (life === undefined) return;
    if (this.life === life) this.life = undefined;
    // One that failed to open has told so already.
    const end: Promise<void> = life.opening
      .then(
        (encoder) => encoder.close(),
        () => undefined,
      )
      .finally(() => this.ends.delete(end));
    this.ends.add(end);
  }
}
