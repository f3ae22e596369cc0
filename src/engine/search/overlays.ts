/**
 * Overlays: unsaved texts of open editors, chunked and encoded in memory. In an answer an overlay's chunks stand
 * in for what is stored of its document. Whoever sets texts waits for a pause in typing; work goes one text at a time.
 */
import { setImmediate } from 'node:timers/promises';
import { isAbort } from '../../base/cancellation';
import { messageOf } from '../../base/errors';
import type { Encoder } from '../../core/encode/encoder';
import { passageOf } from '../../core/encode/passage';
import type { Grammars } from '../grammars/grammars';
import type { Store } from '../index/store';
import { MOST_UNSAVED } from '../../protocol/limits';
import { chunkOverlay, type OverlayDocument } from './overlayDocument';

export interface OverlaysOptions {
  /** The store of a root, for the vectors that exist already; undefined where there is none. */
  readonly storeOf: (root: string) => Store | undefined;
  readonly encoder: () => Promise<Encoder>;
  readonly grammars: () => Promise<Grammars>;
  /** Tokens of a chunk at most, as the index was made with. */
  readonly budget: () => number;
  /** Told what went wrong with one text; the stored one answers instead, or its words alone. */
  readonly log: (line: string) => void;
}

/** Most UTF-16 code units of all texts; those set longest ago are dropped first. */
const MAX_TOTAL = 4_000_000;

interface Entry {
  readonly root: string;
  readonly path: string;
  readonly text: string;
  /** Of an earlier text, until this one is chunked. */
  document: OverlayDocument | undefined;
  /** Whether `document` is of `text`. */
  isChunked: boolean;
  readonly cancel: AbortController;
}

export class Overlays {
  /** By root and path, in the order in which they were set. */
  private readonly entries = new Map<string, Entry>();
  private working: Promise<void> | undefined;
  private isDisposed = false;

  constructor(private readonly options: OverlaysOptions) {}

  /** The text of a document while it differs from the disk; null when it does no longer. Returns at once. */
  set(root: string, path: string, text: string | null): void {
    const key = keyOf(root, path);
    const before = this.entries.get(key);
    if (before?.text === text) return;
    before?.cancel.abort();
    this.entries.delete(key);
    if (text === null || text.length > MOST_UNSAVED || this.isDisposed) return;
    const document = before?.document;
    this.entries.set(key, { root, path, text, document, isChunked: false, cancel: new AbortController() });
    this.bound();
    this.working ??= this.work();
  }

  /** Forgets the texts of a root. */
  forget(root: string): void {
    for (const entry of [...this.entries.values()]) {
      if (entry.root === root) this.set(root, entry.path, null);
    }
  }

  /** Forgets everything and stops what runs. */
  dispose(): void {
    this.isDisposed = true;
    for (const { cancel } of this.entries.values()) cancel.abort();
    this.entries.clear();
  }

  /** Resolves when every text that was set is searchable by meaning. */
  async whenIdle(): Promise<void> {
    while (this.working !== undefined) await this.working;
  }

  /** What is unsaved of a root, of documents that its index has; for the questions. */
  documentsOf(root: string, store: Store): OverlayDocument[] {
    const documents: OverlayDocument[] = [];
    for (const { root: own, path, document } of this.entries.values()) {
      if (own === root && document !== undefined && store.documents.get(path) !== undefined) {
        documents.push(document);
      }
    }
    return documents;
  }

  /** The unsaved text of a document, chunked or not. */
  textOf(root: string, path: string): string | undefined {
    return this.entries.get(keyOf(root, path))?.text;
  }

  private bound(): void {
    let total = 0;
    for (const { text } of this.entries.values()) total += text.length;
    for (const [key, { text, cancel }] of this.entries) {
      if (total <= MAX_TOTAL) return;
      total -= text.length;
      cancel.abort();
      this.entries.delete(key);
    }
  }

  /** Works on what waits until nothing does. */
  private async work(): Promise<void> {
    try {
      for (;;) {
        // Queries that came in meanwhile go first.
        await setImmediate();
        const next = [...this.entries.values()].find(({ isChunked }) => !isChunked);
        if (next === undefined) return;
        try {
          await this.chunk(next);
        } catch (error) {
          if (!isAbort(error)) this.options.log(`The unsaved text of ${next.path}: ${messageOf(error)}`);
        }
      }
    } finally {
      this.working = undefined;
    }
  }

  private async chunk(entry: Entry): Promise<void> {
    entry.isChunked = true;
    const { root, path, text, cancel } = entry;
    const [encoder, grammars] = await Promise.all([this.options.encoder(), this.options.grammars()]);
    cancel.signal.throwIfAborted();
    const document = await chunkOverlay(
      { path, text, before: entry.document, store: this.options.storeOf(root), encoder: encoder.info.id },
      { grammars, counter: encoder, budget: this.options.budget() },
    );
    cancel.signal.throwIfAborted();
    entry.document = document;
    const missing = document.chunks.filter(({ vector }) => vector === undefined);
    if (missing.length === 0) return;
    const passages = missing.map(({ chunk }) => passageOf(chunk));
    const vectors = await encoder.encode(passages, 'passage', { signal: cancel.signal });
    for (const [i, chunk] of missing.entries()) chunk.vector = vectors[i];
  }
}

function keyOf(root: string, path: string): string {
  return `${root}\0${path}`;
}
