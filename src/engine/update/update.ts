/**
 * Brings an index up to date: crawl, read what changed, chunk, store; encode what has no vector yet while the
 * reading goes on. Everything finished is committed, so that stopping at any time loses nothing.
 */
import { performance } from 'node:perf_hooks';
import type { Encoder } from '../../core/encode/encoder';
import { crawl, type CrawledFile } from '../crawl/crawl';
import type { DocumentState, SkippedFile } from '../index/documents';
import type { Store } from '../index/store';
import type { DocumentReader } from './documentReader';
import { encodePending } from './encodePending';
import { Gone } from './gone';
import { Tally } from './tally';
import type { UpdateProgress } from './progress';

export interface UpdateOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UpdateProgress) => void) | undefined;
  /** Called once, when every file is read and searchable by its words. Encoding goes on meanwhile. */
  readonly onReadable?: (() => Promise<void>) | undefined;
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
}

/** What an update works with. */
export interface Workshop {
  /** Canonical path of the root. */
  readonly root: string;
  readonly store: Store;
  /** Folders that hold indexes: never crawled. */
  readonly ownFolders: readonly string[];
  readonly maxFileBytes?: number | undefined;
  /** Opened when it is first needed: an unchanged folder needs none. */
  readonly encoder: () => Promise<Encoder>;
  readonly reader: () => Promise<DocumentReader>;
}

export async function update(shop: Workshop, options: UpdateOptions): Promise<UpdateReport> {
  const started = performance.now();
  const tally = new Tally(options.onProgress);
  const { store } = shop;
  const difference = await compare(shop, tally, options.signal);

  // A side that fails stops the other one, so that neither goes on unseen.
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const reading = { done: false };
  const stopping = async (side: Promise<void>): Promise<void> => {
    try {
      await side;
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  const read = async (): Promise<void> => {
    await readChanged(shop, difference, tally, signal);
    reading.done = true;
    tally.encoding();
    await options.onReadable?.();
  };
  const sides = [stopping(read()), stopping(encodePending(shop, tally, reading, signal))];
  await Promise.allSettled(sides);
  options.signal?.throwIfAborted();
  await Promise.all(sides);

  const counts = store.counts();
  return {
    root: shop.root,
    files: counts.documents,
    chunks: counts.chunks,
    embedded: tally.chunksEncoded,
    reused: tally.reused,
    skipped: counts.skipped,
    seconds: Math.round(performance.now() - started) / 1000,
    changed: difference.changed.length + difference.gone.count + tally.chunksEncoded,
  };
}

/** What differs between the folder and its index. */
interface Difference {
  /** Files that are new, or whose size or time is another, with what the index has of them. */
  readonly changed: readonly { readonly file: CrawledFile; readonly known: DocumentState | undefined }[];
  /** Documents whose files are gone. */
  readonly gone: Gone;
  readonly skipped: SkippedFile[];
}

/** Crawls the root and compares sizes and times; reads no file. */
async function compare(shop: Workshop, tally: Tally, signal: AbortSignal | undefined): Promise<Difference> {
  const states = shop.store.documents.states();
  const leftOut = new Map(shop.store.documents.skipped().map((file) => [file.path, file]));
  const changed: { file: CrawledFile; known: DocumentState | undefined }[] = [];
  const skipped: SkippedFile[] = [];
  const entries = crawl(shop.root, {
    ownFolders: shop.ownFolders,
    ...(shop.maxFileBytes === undefined ? {} : { maxFileBytes: shop.maxFileBytes }),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const entry of entries) {
    if (entry.type === 'skipped') {
      skipped.push({ path: entry.path, reason: entry.reason });
      continue;
    }
    tally.found();
    const known = states.get(entry.path);
    states.delete(entry.path);
    const rejected = known === undefined && !entry.wanted ? leftOut.get(entry.path) : undefined;
    if (known?.current === true && isSame(known, entry)) {
      tally.passed();
    } else if (rejected?.read !== undefined && isSame(rejected.read, entry)) {
      skipped.push(rejected);
      tally.passed();
    } else {
      changed.push({ file: entry, known });
    }
  }
  return { changed, skipped, gone: new Gone([...states].map(([path, { hash }]) => [path, hash])) };
}

function isSame(known: { readonly size: number; readonly mtime: number }, file: CrawledFile): boolean {
  return known.size === file.size && known.mtime === file.mtimeMs;
}

/** Reads the changed files in the order of their paths, then forgets the documents whose files are gone. */
async function readChanged(
  shop: Workshop,
  { changed, gone, skipped }: Difference,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const { documents } = shop.store;
  if (changed.length > 0) {
    const reader = await shop.reader();
    for (const { file, known } of changed) {
      signal.throwIfAborted();
      const outcome = await reader.read(file, known, gone, signal);
      if (outcome.skipped !== undefined) skipped.push({ path: file.path, ...outcome.skipped });
      tally.read(outcome);
    }
  }
  documents.remove(gone.rest());
  documents.setSkipped(skipped);
}
