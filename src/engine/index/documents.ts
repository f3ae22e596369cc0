/** The documents of an index. Each is written with its chunks, terms and definitions in one transaction. */
import type { Chunk } from '../../core/corpus/document';
import { definitionKey } from './definitionKey';
import type { Command, Database, Query, Row } from './database';
import type { Meta, StoredEncoder } from './meta';
import {
  bytesOf,
  encodeDefinitions,
  hash,
  number,
  optionalNumber,
  optionalStored,
  storable,
  strings,
  text,
} from './rows';

/** A file as it was when it was read. */
export interface DocumentInput {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** VS Code language id. */
  readonly language: string;
  /** Bytes. */
  readonly size: number;
  /** Time of last modification in milliseconds since 1970, fractions included. */
  readonly mtime: number;
  /** Hash of the content, hexadecimal. */
  readonly hash: string;
  /** Number of lines. */
  readonly lines: number;
  /** What kind of path it is, e.g. `test`, `generated`. */
  readonly classes: readonly string[];
  readonly title?: string;
}

export interface StoredDocument extends DocumentInput {
  readonly id: number;
}

/** What decides whether a file must be read again. */
export interface DocumentState {
  readonly id: number;
  readonly size: number;
  readonly mtime: number;
  readonly hash: string;
  /** Whether it was chunked by this very build; if not, it is to be chunked again. */
  readonly current: boolean;
}

/** Columns of the lexical index. */
export type TermColumn = 'symbols' | 'breadcrumb' | 'path' | 'body';

/** Terms of one chunk, joined by spaces, as core/query/terms makes them. */
export type ChunkTerms = Readonly<Record<TermColumn, string>>;

export interface ChunkInput {
  readonly chunk: Chunk;
  /** Hash of what is encoded for this chunk, hexadecimal. Equal hashes share one vector. */
  readonly hash: string;
  readonly terms: ChunkTerms;
  /** Order in which chunks without a vector are encoded, lowest first; 0 where absent. */
  readonly priority?: number;
}

export interface PutResult {
  readonly documentId: number;
  /** Hashes that no vector is stored for, each once. */
  readonly missing: readonly string[];
  /** Chunks whose vector was there. */
  readonly reused: number;
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
  /** What the file was when it was read and left out for its content; absent where it was never read. */
  readonly read?: { readonly size: number; readonly mtime: number };
}

export class Documents {
  private readonly selectAll: Query<StoredDocument>;
  private readonly selectOne: Query<StoredDocument>;
  private readonly selectStates: Query<{
    path: string;
    size: number;
    mtime: number;
    hash: string;
    id: number;
    build: string;
  }>;
  private readonly selectBelow: Query<string>;
  private readonly selectSkipped: Query<SkippedFile>;
  private readonly buildOf: Query<string>;
  private readonly embeddingsOf: Query<number | undefined>;
  private readonly embeddingOf: Query<number>;
  private readonly chunkIdsOf: Query<number>;
  private readonly insertDocument: Command;
  private readonly updateDocument: Command;
  private readonly updateTouched: Command;
  private readonly deleteDocument: Command;
  private readonly deleteChunks: Command;
  private readonly insertChunk: Command;
  private readonly insertTerms: Command;
  private readonly deleteTerms: Command;
  private readonly insertDefinition: Command;
  private readonly insertSkipped: Command;
  private readonly deleteSkipped: Command;

  constructor(
    private readonly database: Database,
    private readonly meta: Meta,
    private readonly writer: { readonly build: string; readonly encoder: () => StoredEncoder | undefined },
  ) {
    const columns = 'id, path, language, size, mtime, hash, lines, classes, title';
    this.selectAll = database.query(`SELECT ${columns} FROM documents ORDER BY path`, decodeDocument);
    this.selectOne = database.query(`SELECT ${columns} FROM documents WHERE path = ?`, decodeDocument);
    this.selectStates = database.query('SELECT id, path, size, mtime, hash, build FROM documents', (row) => ({
      id: number(row, 'id'),
      path: text(row, 'path'),
      size: number(row, 'size'),
      mtime: number(row, 'mtime'),
      hash: hash(row, 'hash'),
      build: text(row, 'build'),
    }));
    this.selectBelow = database.query(
      'SELECT path FROM documents WHERE path >= ? AND path < ? ORDER BY path',
      (row) => text(row, 'path'),
    );
    this.selectSkipped = database.query(
      'SELECT path, reason, size, mtime FROM skipped ORDER BY path',
      decodeSkipped,
    );
    this.buildOf = database.query('SELECT build FROM documents WHERE id = ?', (row) => text(row, 'build'));
    this.embeddingsOf = database.query('SELECT embedding_id FROM chunks WHERE document_id = ?', (row) =>
      optionalNumber(row, 'embedding_id'),
    );
    this.embeddingOf = database.query('SELECT id FROM embeddings WHERE encoder = ? AND hash = ?', (row) =>
      number(row, 'id'),
    );
    this.chunkIdsOf = database.query('SELECT id FROM chunks WHERE document_id = ? ORDER BY ordinal', (row) =>
      number(row, 'id'),
    );
    this.insertDocument = database.command(
      'INSERT INTO documents (path, language, size, mtime, hash, lines, classes, title, build) ' +
        'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.updateDocument = database.command(
      'UPDATE documents SET path = ?, language = ?, size = ?, mtime = ?, hash = ?, lines = ?, classes = ?, ' +
        'title = ?, build = ? WHERE id = ?',
    );
    this.updateTouched = database.command('UPDATE documents SET size = ?, mtime = ? WHERE path = ?');
    this.deleteDocument = database.command('DELETE FROM documents WHERE id = ?');
    this.deleteChunks = database.command('DELETE FROM chunks WHERE document_id = ?');
    this.insertChunk = database.command(
      'INSERT INTO chunks (document_id, ordinal, embedding_id, priority, span_start, span_end, start_line, ' +
        'end_line, kind, tokens, hash, breadcrumb, definitions, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.insertTerms = database.command(
      'INSERT INTO terms (rowid, symbols, breadcrumb, path, body) VALUES (?, ?, ?, ?, ?)',
    );
    this.deleteTerms = database.command('DELETE FROM terms WHERE rowid = ?');
    this.insertDefinition = database.command(
      'INSERT OR IGNORE INTO definitions (name, chunk_id, kind) VALUES (?, ?, ?)',
    );
    this.insertSkipped = database.command(
      'INSERT INTO skipped (path, reason, size, mtime) VALUES (?, ?, ?, ?)',
    );
    this.deleteSkipped = database.command('DELETE FROM skipped WHERE path = ?');
  }

  /** Every document, by path. */
  all(): StoredDocument[] {
    return this.selectAll.all();
  }

  get(path: string): StoredDocument | undefined {
    return this.selectOne.get(path);
  }

  /** Paths of the documents in a folder, at any depth. */
  pathsBelow(folder: string): string[] {
    // `0` is the character after `/`.
    return this.selectBelow.all(`${folder}/`, `${folder}0`);
  }

  /** What decides whether one file must be read again; undefined where there is no document. */
  state(path: string): DocumentState | undefined {
    const known = this.selectOne.get(path);
    if (known === undefined) return undefined;
    const { id, size, mtime, hash: content } = known;
    return { id, size, mtime, hash: content, current: this.buildOf.get(id) === this.writer.build };
  }

  /** Path to what decides whether the file must be read again. */
  states(): Map<string, DocumentState> {
    const states = new Map<string, DocumentState>();
    for (const { path, build, ...state } of this.selectStates.iterate()) {
      states.set(path, { ...state, current: build === this.writer.build });
    }
    return states;
  }

  /** Writes a document in place of what was at its path. Vectors that are stored are linked at once. */
  put(document: DocumentInput, chunks: readonly ChunkInput[]): PutResult {
    return this.database.transaction(() => {
      const known = this.selectOne.get(document.path)?.id;
      const before = new Set(known === undefined ? [] : this.embeddingsOf.all(known));
      if (known !== undefined) this.deleteChunks.run(known);
      const documentId = this.write(document, known);
      const missing = new Set<string>();
      const after = new Set<number>();
      let reused = 0;
      for (const [ordinal, input] of chunks.entries()) {
        const embeddingId = this.putChunk(documentId, ordinal, input);
        if (embeddingId === undefined) {
          missing.add(input.hash);
        } else {
          after.add(embeddingId);
          reused += 1;
        }
      }
      this.deleteSkipped.run(document.path);
      before.delete(undefined);
      const same = before.size === after.size && [...after].every((id) => before.has(id));
      this.meta.changed(same ? 'none' : 'relinked');
      return { documentId, missing: [...missing], reused };
    });
  }

  /**
   * Moves a document whose content is the same to `document.path`, replacing what was there. Chunks and
   * vectors stay; `terms` takes the place of the chunks' terms, in their order.
   * @returns false, and changes nothing, when there is no document at `from`, or it has another language or
   * another number of chunks, or was chunked by another build: then `put` it
   */
  rename(from: string, document: DocumentInput, terms: readonly ChunkTerms[]): boolean {
    return this.database.transaction(() => {
      const moved = this.selectOne.get(from);
      if (moved?.language !== document.language || this.buildOf.get(moved.id) !== this.writer.build)
        return false;
      const chunkIds = this.chunkIdsOf.all(moved.id);
      if (chunkIds.length !== terms.length) return false;
      const replaced = from === document.path ? false : this.remove([document.path]) > 0;
      this.write(document, moved.id);
      for (const [ordinal, chunkId] of chunkIds.entries()) {
        const row = terms[ordinal];
        this.deleteTerms.run(chunkId);
        if (row !== undefined) this.putTerms(chunkId, row);
      }
      this.deleteSkipped.run(document.path);
      this.meta.changed(replaced ? 'relinked' : 'none');
      return true;
    });
  }

  /** Notes a new time and size of a file whose content is the same. */
  touch(path: string, state: { readonly size: number; readonly mtime: number }): void {
    this.updateTouched.run(state.size, state.mtime, path);
  }

  /** Removes documents in one transaction. @returns how many there were */
  remove(paths: Iterable<string>): number {
    return this.database.transaction(() => {
      let removed = 0;
      for (const path of paths) {
        this.deleteSkipped.run(path);
        const known = this.selectOne.get(path)?.id;
        if (known === undefined) continue;
        this.deleteDocument.run(known);
        removed += 1;
      }
      if (removed > 0) this.meta.changed('relinked');
      return removed;
    });
  }

  /** Files that are not indexed, by path. */
  skipped(): SkippedFile[] {
    return this.selectSkipped.all();
  }

  /** Makes `files` the list of skipped files. Writes only what differs. */
  setSkipped(files: Iterable<SkippedFile>): void {
    this.database.transaction(() => {
      const known = new Map(this.selectSkipped.all().map((file) => [file.path, file]));
      for (const file of files) {
        if (!sameSkipped(known.get(file.path), file)) this.skip(file);
        known.delete(file.path);
      }
      for (const path of known.keys()) this.deleteSkipped.run(path);
    });
  }

  /** Notes that one file is not indexed, and why. A document at its path stays; `remove` it first. */
  skip(file: SkippedFile): void {
    this.database.transaction(() => {
      this.deleteSkipped.run(file.path);
      this.insertSkipped.run(file.path, file.reason, file.read?.size ?? null, file.read?.mtime ?? null);
    });
  }

  private write(document: DocumentInput, id: number | undefined): number {
    const values = [
      document.path,
      document.language,
      document.size,
      document.mtime,
      bytesOf(document.hash),
      document.lines,
      JSON.stringify(document.classes),
      document.title === undefined ? null : storable(document.title),
      this.writer.build,
    ] as const;
    if (id === undefined) return this.insertDocument.run(...values).lastId;
    this.updateDocument.run(...values, id);
    return id;
  }

  /** @returns the embedding that the chunk is linked to */
  private putChunk(documentId: number, ordinal: number, input: ChunkInput): number | undefined {
    const { chunk } = input;
    const encoder = this.writer.encoder();
    const hashBytes = bytesOf(input.hash);
    const embeddingId = encoder === undefined ? undefined : this.embeddingOf.get(encoder.row, hashBytes);
    const chunkId = this.insertChunk.run(
      documentId,
      ordinal,
      embeddingId ?? null,
      input.priority ?? 0,
      chunk.start,
      chunk.end,
      chunk.startLine,
      chunk.endLine,
      chunk.kind,
      chunk.tokens,
      hashBytes,
      JSON.stringify(chunk.breadcrumb),
      encodeDefinitions(chunk.definitions),
      storable(chunk.text),
    ).lastId;
    this.putTerms(chunkId, input.terms);
    for (const { name, kind } of chunk.definitions) {
      this.insertDefinition.run(definitionKey(name), chunkId, kind);
    }
    return embeddingId;
  }

  private putTerms(chunkId: number, terms: ChunkTerms): void {
    this.insertTerms.run(chunkId, terms.symbols, terms.breadcrumb, terms.path, terms.body);
  }
}

function decodeDocument(row: Row): StoredDocument {
  const title = optionalStored(row, 'title');
  return {
    id: number(row, 'id'),
    path: text(row, 'path'),
    language: text(row, 'language'),
    size: number(row, 'size'),
    mtime: number(row, 'mtime'),
    hash: hash(row, 'hash'),
    lines: number(row, 'lines'),
    classes: strings(row, 'classes'),
    ...(title === undefined ? {} : { title }),
  };
}

function decodeSkipped(row: Row): SkippedFile {
  const size = optionalNumber(row, 'size');
  const mtime = optionalNumber(row, 'mtime');
  return {
    path: text(row, 'path'),
    reason: text(row, 'reason'),
    ...(size === undefined || mtime === undefined ? {} : { read: { size, mtime } }),
  };
}

function sameSkipped(a: SkippedFile | undefined, b: SkippedFile): boolean {
  return a?.reason === b.reason && a.read?.size === b.read?.size && a.read?.mtime === b.read?.mtime;
}
