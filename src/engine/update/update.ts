/**
 * Brings an index up to date: crawl, read what changed, chunk, store; encode what has no vector yet while the
 * reading goes on. Paths that somebody waits for go first. Everything finished is committed, so that stopping at
 * any time loses nothing.
 */
import { performance } from 'node:perf_hooks';
import { isNoRuntime } from '../../base/errors';
import type { Encoder } from '../../core/encode/encoder';
import type { CrawlOptions } from '../crawl/crawl';
import type { SkippedFile } from '../index/documents';
import type { Store } from '../index/store';
import { compare, isUnchanged, type Difference } from './difference';
import type { DocumentReader } from './documentReader';
import { encodePending } from './encodePending';
import type { PathQueue } from './pathQueue';
import { PathVisitor } from './pathVisitor';
import { Tally } from './tally';
import type { UpdateProgress } from './progress';

export interface UpdateOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UpdateProgress) => void) | undefined;
  /** Called once, when every file is read and searchable by its words. Encoding goes on meanwhile. */
  readonly onReadable?: (() => Promise<void>) | undefined;
  /** Whether the whole folder is compared with the index; true unless told. Without, only `first` is looked at. */
  readonly scan?: boolean | undefined;
  /** Paths that go before all others, and may come at any time during the update. */
  readonly first?: PathQueue | undefined;
  /** Ends the update once what is being read and encoded is stored. */
  readonly halt?: AbortSignal | undefined;
  /** How long to rest after some work, as a multiple of the time that it took; 0 unless told. */
  readonly rest?: (() => number) | undefined;
}

export interface UpdateReport {
  readonly root: string;
  /** Files now in the index. */
  readonly files: number;
  /** Chunks now in the index. */
  readonly chunks: number;
  /** Chunks encoded in this run. */
  readonly embedded: number;
  /** Chunks of this run's changed files whose vector existed. */
  readonly reused: number;
  /** Reason to number of files and folders that are left out. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Files that were read, moved or forgotten in this run, and chunks that were encoded. */
  readonly changed: number;
  /** Whether everything was done that was asked for: it was not halted. */
  readonly finished: boolean;
  /** Whether a folder was among the paths that went first: only a scan tells what is in it. */
  readonly metFolder: boolean;
  /** Why chunks were left without a vector, where the machine cannot encode any. */
  readonly withoutMeaning?: string;
}

/** What an update works with. */
export interface Workshop {
  /** Canonical path of the root. */
  readonly root: string;
  readonly store: Store;
  /** What is crawled. */
  readonly crawl: Omit<CrawlOptions, 'signal'>;
  /** Opened when it is first needed: an unchanged folder needs none. */
  readonly encoder: () => Promise<Encoder>;
  readonly reader: () => Promise<DocumentReader>;
}

export async function update(shop: Workshop, options: UpdateOptions): Promise<UpdateReport> {
  const started = performance.now();
  // A side that fails stops the other one, so that neither goes on unseen.
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const run = new Run(shop, options, signal);
  const stopping = async (side: Promise<void>): Promise<void> => {
    try {
      await side;
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  const sides = [stopping(run.read()), stopping(run.encode())];
  await Promise.allSettled(sides);
  options.signal?.throwIfAborted();
  await Promise.all(sides);
  return run.report(Math.round(performance.now() - started) / 1000);
}

/** One update: a side that reads, and one that encodes. */
class Run {
  private readonly tally: Tally;
  private readonly visitor: PathVisitor;
  /** `done` once no more chunks of the scan will come. */
  private readonly reading = { done: false };
  private readonly encoded = new AbortController();
  private changed = 0;
  private finished = false;
  private withoutMeaning: string | undefined;
  private opening: Promise<DocumentReader> | undefined;

  constructor(
    private readonly shop: Workshop,
    private readonly options: UpdateOptions,
    private readonly signal: AbortSignal,
  ) {
    this.tally = new Tally(options.onProgress);
    this.visitor = new PathVisitor(shop, options.first, this.reader, this.tally, signal);
  }

  async read(): Promise<void> {
    await this.visitor.drain();
    this.finished = this.options.scan === false || (await this.scan());
    this.reading.done = true;
    this.tally.encoding();
    if (this.finished) await this.options.onReadable?.();
    const { first } = this.options;
    if (first === undefined) return;
    while (!this.encoded.signal.aborted && !this.isHalted()) {
      await first.whenAny(AbortSignal.any([this.encoded.signal, this.signal]));
      this.signal.throwIfAborted();
      if (!this.isHalted()) await this.visitor.drain();
    }
  }

  async encode(): Promise<void> {
    try {
      await encodePending(this.shop, this.tally, this.reading, this.signal, this.options);
    } catch (error) {
      if (!isNoRuntime(error)) throw error;
      this.withoutMeaning = error.message;
    } finally {
      this.encoded.abort();
    }
  }

  report(seconds: number): UpdateReport {
    const { visitor, tally } = this;
    const counts = this.shop.store.counts();
    return {
      root: this.shop.root,
      files: counts.documents,
      chunks: counts.chunks,
      embedded: tally.chunksEncoded,
      reused: tally.reused,
      skipped: counts.skipped,
      seconds,
      changed: this.changed + visitor.changes + tally.chunksEncoded,
      finished: this.finished,
      metFolder: visitor.metFolder,
      ...(this.withoutMeaning === undefined ? {} : { withoutMeaning: this.withoutMeaning }),
    };
  }

  private isHalted(): boolean {
    return this.options.halt?.aborted === true;
  }

  private readonly reader = (): Promise<DocumentReader> => (this.opening ??= this.shop.reader());

  /** @returns whether it came to its end */
  private async scan(): Promise<boolean> {
    const between = async (): Promise<boolean> => {
      await this.visitor.drain();
      return !this.isHalted();
    };
    const difference = await compare(this.shop, this.tally, this.signal, between);
    if (difference === undefined) return false;
    const { changed, gone, skipped } = difference;
    if (!(await this.readAll(changed, difference, between))) return false;
    const { documents } = this.shop.store;
    const { visited } = this.visitor;
    // What was looked at meanwhile is newer than what the crawl saw.
    documents.remove([...gone.rest()].filter((path) => !visited.has(path)));
    const newer = visited.size === 0 ? [] : documents.skipped().filter(({ path }) => visited.has(path));
    documents.setSkipped([...skipped.filter(({ path }) => !visited.has(path)), ...newer]);
    this.changed = changed.length + gone.count;
    return true;
  }

  /** Reads the changed files in the order of their paths. @returns whether it came to its end */
  private async readAll(
    changed: Difference['changed'],
    { gone, skipped }: { readonly gone: Difference['gone']; readonly skipped: SkippedFile[] },
    between: () => Promise<boolean>,
  ): Promise<boolean> {
    if (changed.length === 0) return true;
    const reader = await this.reader();
    for (const { file, known } of changed) {
      this.signal.throwIfAborted();
      if (!(await between())) return false;
      const newest = this.visitor.visited.has(file.path) ? this.shop.store.documents.state(file.path) : known;
      if (newest !== known && isUnchanged(newest, file)) {
        this.tally.passed();
        continue;
      }
      const outcome = await reader.read(file, newest, gone, this.signal);
      if (outcome.skipped !== undefined) skipped.push({ path: file.path, ...outcome.skipped });
      this.tally.read(outcome);
    }
    return true;
  }
}
