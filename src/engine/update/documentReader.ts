/** Reads one changed file into the index: text, chunks, terms, and the vectors that exist for them. */
import { createHash } from 'node:crypto';
import type { Chunk } from '../../core/corpus/document';
import { classifyPath } from '../../core/corpus/pathClass';
import { chunkDocument } from '../../core/chunk/chunkDocument';
import type { TokenCounter } from '../../core/encode/encoder';
import { passageOf } from '../../core/encode/passage';
import { chunkTerms } from '../../core/query/chunkTerms';
import type { CrawledFile } from '../crawl/crawl';
import { readDocument, type ReadDocument } from '../crawl/readDocument';
import type { SkipReason } from '../crawl/skipReason';
import type { Grammars } from '../grammars/grammars';
import type { DocumentInput, DocumentState, SkippedFile } from '../index/documents';
import type { Store } from '../index/store';
import type { Gone } from './gone';
import type { ReadOutcome } from './tally';

export interface ReadShop {
  readonly store: Store;
  readonly grammars: Grammars;
  readonly counter: TokenCounter;
  /** Tokens of a chunk at most. */
  readonly budget: number;
  readonly maxFileBytes?: number | undefined;
  /** A vector that another index has for a hash. */
  readonly donated: (hash: string) => Float32Array | undefined;
}

export interface FileOutcome extends ReadOutcome {
  /** Why the file is not indexed; undefined when it is. */
  readonly skipped: Omit<SkippedFile, 'path'> | undefined;
}

/** Whether a file is left out for what is in it: until it changes there is no need to look again. */
function isLasting(reason: SkipReason): boolean {
  return reason !== 'unreadable' && reason !== 'changing' && reason !== 'vanished';
}

const NOTHING = { reused: 0, waiting: 0, tokens: 0 } as const;

export class DocumentReader {
  constructor(private readonly shop: ReadShop) {}

  /**
   * Reads the file and stores it, in one transaction.
   * @param known what the index has at that path
   * @param gone documents whose files are gone: one with the same content was moved here
   * @param priority order in which its chunks are encoded, lowest first
   */
  async read(
    file: CrawledFile,
    known: DocumentState | undefined,
    gone: Gone,
    signal: AbortSignal,
    priority = 0,
  ): Promise<FileOutcome> {
    const { store, maxFileBytes } = this.shop;
    const read = await readDocument(file.absolutePath, {
      wanted: file.wanted,
      signal,
      ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
    });
    if (!read.ok) {
      if (known !== undefined) store.documents.remove([file.path]);
      const { size, mtimeMs: mtime } = file;
      return {
        ...NOTHING,
        skipped: { reason: read.reason, ...(isLasting(read.reason) ? { read: { size, mtime } } : {}) },
      };
    }
    if (known?.current === true && known.hash === read.hash) {
      store.documents.touch(file.path, { size: read.size, mtime: read.mtimeMs });
      return { ...NOTHING, skipped: undefined };
    }
    const document = documentOf(file.path, read);
    if (this.move(document, gone)) return { ...NOTHING, skipped: undefined };
    return { ...this.put(document, await this.chunk(read), priority), skipped: undefined };
  }

  /** Whether a document with the same content was somewhere else before; then it is there no longer. */
  private move(document: DocumentInput, gone: Gone): boolean {
    const { store } = this.shop;
    const from = gone.take(document.hash);
    if (from === undefined) return false;
    const terms = store.chunks.ofDocument(from).map((chunk) => chunkTerms(chunk, document.path));
    if (store.documents.rename(from, document, terms)) return true;
    gone.restore(document.hash, from);
    return false;
  }

  private async chunk({ text, language }: ReadDocument): Promise<Chunk[]> {
    const { grammars, counter, budget } = this.shop;
    const parse = await grammars.parser(language);
    return chunkDocument({
      text,
      language,
      counter,
      budget,
      ...(parse === undefined ? {} : { parse }),
    });
  }

  private put(document: DocumentInput, chunks: readonly Chunk[], priority: number): ReadOutcome {
    const { store, donated } = this.shop;
    const inputs = chunks.map((chunk) => ({
      chunk,
      hash: createHash('sha256').update(passageOf(chunk)).digest('hex'),
      terms: chunkTerms(chunk, document.path),
      priority,
    }));
    return store.transaction(() => {
      const { missing, reused } = store.documents.put(document, inputs);
      const found = missing.flatMap((hash) => {
        const vector = donated(hash);
        return vector === undefined ? [] : [{ hash, vector }];
      });
      const linked = found.length > 0 ? store.embeddings.put(found) : 0;
      const waiting = new Set(missing);
      for (const { hash } of found) waiting.delete(hash);
      const tokens = inputs.reduce(
        (sum, { hash, chunk }) => (waiting.has(hash) ? sum + chunk.tokens : sum),
        0,
      );
      return { reused: reused + linked, waiting: chunks.length - reused - linked, tokens };
    });
  }
}

function documentOf(path: string, read: ReadDocument): DocumentInput {
  return {
    path,
    language: read.language,
    size: read.size,
    mtime: read.mtimeMs,
    hash: read.hash,
    lines: read.text.split('\n').length,
    classes: [...classifyPath(path)],
  };
}
