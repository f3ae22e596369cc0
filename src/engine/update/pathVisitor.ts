/** Looks at single paths ahead of everything else: reads what changed there, and encodes it at once. */
import { isNoRuntime } from '../../base/errors';
import type { Encoder } from '../../core/encode/encoder';
import { passageOf } from '../../core/encode/passage';
import { PathFinder } from '../crawl/crawl';
import { isUnchanged } from './difference';
import type { DocumentReader } from './documentReader';
import { storeVectors } from './encodePending';
import { Gone } from './gone';
import type { PathQueue } from './pathQueue';
import type { Tally } from './tally';
import type { Workshop } from './update';

/** Files of one turn that are encoded at once; the chunks of others go before those of the rest. */
const AT_ONCE = 8;
/** Chunks encoded at a time: a query that comes meanwhile waits for no more. */
const SLICE = 16;
/** Chunks of one file that are encoded at once. */
const MOST_CHUNKS = 256;
/** Encoded before others. */
const PRIORITY = -1;

const NONE = new Gone([]);

export class PathVisitor {
  /** Paths that were looked at. */
  readonly visited = new Set<string>();
  /** Whether one of them was a folder: only a crawl tells what is in it. */
  metFolder = false;
  /** Files that were read or forgotten. */
  changes = 0;

  constructor(
    private readonly shop: Workshop,
    private readonly queue: PathQueue | undefined,
    private readonly reader: () => Promise<DocumentReader>,
    private readonly tally: Tally,
    private readonly signal: AbortSignal,
  ) {}

  /** Looks at all paths that wait. */
  async drain(): Promise<void> {
    while (this.queue !== undefined && this.queue.size > 0) {
      const paths = this.queue.takeAll();
      try {
        await this.visitAll(paths);
      } catch (error) {
        // Whoever goes on later looks at them again.
        this.queue.add(paths);
        throw error;
      }
    }
  }

  private async visitAll(paths: readonly string[]): Promise<void> {
    const finder = await PathFinder.open(this.shop.root, this.shop.crawl);
    const present: string[] = [];
    for (const path of paths) {
      this.signal.throwIfAborted();
      if (await this.visit(path, finder)) present.push(path);
    }
    try {
      for (const path of present.slice(0, AT_ONCE)) await this.encode(path);
    } catch (error) {
      // Their words are found; whoever encodes the rest tells why there is no more.
      if (!isNoRuntime(error)) throw error;
    }
  }

  /** @returns whether there is a document now */
  private async visit(path: string, finder: PathFinder): Promise<boolean> {
    const { documents } = this.shop.store;
    const entry = await finder.find(path);
    if (entry === 'folder') {
      this.metFolder = true;
      return false;
    }
    this.visited.add(path);
    if (entry?.type !== 'file') {
      this.changes += documents.remove([path, ...documents.pathsBelow(path)]);
      if (entry?.path === path && !entry.folder) documents.skip({ path, reason: entry.reason });
      return false;
    }
    const known = documents.state(path);
    if (isUnchanged(known, entry)) return true;
    this.tally.found();
    const outcome = await (await this.reader()).read(entry, known, NONE, this.signal, PRIORITY);
    this.tally.read(outcome);
    this.changes += 1;
    if (outcome.skipped === undefined) return true;
    if (outcome.skipped.reason !== 'vanished') documents.skip({ path, ...outcome.skipped });
    return false;
  }

  private async encode(path: string): Promise<void> {
    const { store } = this.shop;
    const chunks = store.chunks.ofDocument(path).filter(({ embeddingId }) => embeddingId === undefined);
    if (chunks.length === 0) return;
    const encoder: Encoder = await this.shop.encoder();
    for (let at = 0; at < Math.min(chunks.length, MOST_CHUNKS); at += SLICE) {
      const slice = chunks.slice(at, at + SLICE);
      const { signal } = this;
      const rows = await encoder.encode(slice.map(passageOf), 'passage', { signal, urgent: true });
      storeVectors(store, slice, rows, this.tally);
    }
  }
}
