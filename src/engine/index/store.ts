/**
 * One index on disk: SQLite as the truth. One process writes (it holds the WriterLock), any number read at
 * the same time and see what is committed.
 */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { NeosearchError, messageOf } from '../../base/errors';
import { Chunks } from './chunks';
import { Database, type Query } from './database';
import { Documents } from './documents';
import { Embeddings } from './embeddings';
import { Lexicon } from './lexicon';
import { Meta, type IndexEncoder, type StoredEncoder } from './meta';
import { damageOf, markDamaged, noteClosed, removeDatabase, verify } from './recovery';
import { number } from './rows';
import { FILES, FORMAT, SCHEMA } from './schema';
import { corruptError, storeError, type Log } from './storeErrors';
import type { WriterLock } from './writerLock';

export interface ReadOptions {
  readonly readOnly: true;
}

export interface WriteOptions {
  readonly readOnly?: false;
  /** The right to write this index. */
  readonly lock: WriterLock;
  /** Versions and settings of chunker, terms and passage format: documents of another build are stale. */
  readonly build: string;
  /** Whose vectors the chunks are linked to; absent, the index keeps the one that it has. */
  readonly encoder?: IndexEncoder | undefined;
  /** Told when a damaged index is built anew, or could not be tidied up. */
  readonly log?: Log;
  /** Told, beside `log`, that a damaged index is built anew. */
  readonly onRebuilt?: (() => void) | undefined;
}

export interface StoreCounts {
  readonly documents: number;
  readonly chunks: number;
  /** Chunks that have no vector yet. */
  readonly pending: number;
  /** Vectors that chunks are linked to. */
  readonly vectors: number;
  /** Reason to number of files that are not indexed. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** Where more than this part of the file is free pages, it is rewritten. */
const VACUUM_FRACTION = 0.25;
const VACUUM_MIN_PAGES = 1000;

export class Store {
  readonly documents: Documents;
  readonly chunks: Chunks;
  readonly embeddings: Embeddings;
  readonly lexicon: Lexicon;
  private readonly meta: Meta;
  private readonly counters: Record<
    'documents' | 'chunks' | 'pending' | 'pages' | 'freePages',
    Query<number>
  >;
  private readonly identity: string | undefined;
  private stored: StoredEncoder | undefined;
  private sound = true;
  /** Whether the disk was full when something was to be written. */
  private full = false;

  private constructor(
    /** Folder of the index. */
    readonly dir: string,
    private readonly database: Database,
    private readonly writing: WriteOptions | undefined,
  ) {
    this.meta = new Meta(database, dir);
    const encoder = (): StoredEncoder | undefined =>
      this.writing === undefined ? this.meta.encoder() : this.stored;
    this.documents = new Documents(database, this.meta, { build: writing?.build ?? '', encoder });
    this.chunks = new Chunks(database);
    this.embeddings = new Embeddings(database, this.meta, encoder);
    this.lexicon = new Lexicon(database);
    const counter = (sql: string): Query<number> => database.query(sql, (row) => number(row, 'count'));
    this.counters = {
      documents: counter('SELECT count(*) AS count FROM documents'),
      chunks: counter('SELECT count(*) AS count FROM chunks'),
      pending: counter('SELECT count(*) AS count FROM chunks WHERE embedding_id IS NULL'),
      pages: counter('SELECT page_count AS count FROM pragma_page_count'),
      freePages: counter('SELECT freelist_count AS count FROM pragma_freelist_count'),
    };
    this.identity = identityOf(dir);
  }

  /** Whether there is an index in `dir`. */
  static exists(dir: string): boolean {
    return identityOf(dir) !== undefined;
  }

  /**
   * Opens the index in `dir`; a writer creates what is missing and builds a damaged one anew.
   * @throws NeosearchError `index-too-new`; `index-corrupt` (readers only); `bad-argument` where a reader
   * finds no index; `permission-denied`; `disk-full`; `index-busy`
   */
  static open(dir: string, options: ReadOptions | WriteOptions): Store {
    try {
      return options.readOnly === true
        ? openReader(dir, Store.connect)
        : openWriter(dir, options, Store.connect);
    } catch (error) {
      throw storeError(error, dir);
    }
  }

  /** Id of this very database: a rebuilt one has another. */
  get id(): string {
    return this.meta.storeId();
  }

  /** What the last writer said of chunker, terms and passage format. */
  get build(): string {
    return this.meta.build();
  }

  /** The encoder whose vectors the chunks are linked to; undefined in an index without vectors. */
  get encoder(): IndexEncoder | undefined {
    return this.writing === undefined ? this.meta.encoder() : this.stored;
  }

  /** Grows with every committed change, by whatever process, of the set of live vectors. */
  generation(): number {
    return this.meta.generation();
  }

  /** Grows with those changes of the set of live vectors that did more than add new ones. */
  relinks(): number {
    return this.meta.relinks();
  }

  /** Grows with every committed change, by whatever process, of documents, chunks or vectors. */
  revision(): number {
    return this.meta.revision();
  }

  /** Whether the index was cleared or rebuilt since it was opened: then close it and open it again. */
  replaced(): boolean {
    return identityOf(this.dir) !== this.identity;
  }

  counts(): StoreCounts {
    const skipped: Record<string, number> = {};
    for (const { reason } of this.documents.skipped()) skipped[reason] = (skipped[reason] ?? 0) + 1;
    return {
      documents: this.counters.documents.get() ?? 0,
      chunks: this.counters.chunks.get() ?? 0,
      pending: this.counters.pending.get() ?? 0,
      vectors: this.embeddings.liveCount(),
      skipped,
    };
  }

  /** Groups several changes into one transaction: all are kept or, when `work` throws, none. */
  transaction<T>(work: () => T): T {
    return this.database.transaction(work);
  }

  /**
   * Upkeep, for when nothing else is going on: drops vectors that have been idle for long, merges the
   * lexical index's segments, and gives free space back where there is much of it.
   */
  compact(): { readonly dropped: number } {
    const dropped = this.embeddings.prune(Date.now());
    this.database.exec("INSERT INTO terms (terms) VALUES ('optimize')");
    const pages = this.counters.pages.get() ?? 0;
    const free = this.counters.freePages.get() ?? 0;
    if (pages >= VACUUM_MIN_PAGES && free > pages * VACUUM_FRACTION) this.database.exec('VACUUM');
    return { dropped };
  }

  /** Closes the index; a second call does nothing, and none throws. The writer's lock stays with its owner. */
  close(): void {
    if (!this.database.isOpen) return;
    if (this.writing === undefined || !this.sound) {
      this.database.close();
      return;
    }
    const { full } = this;
    try {
      this.database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)');
      this.database.close();
      noteClosed(this.dir);
    } catch (error) {
      // Nothing is lost: what was committed lies in the write-ahead log. Whoever met a full disk was told.
      const { code, message } = storeError(error, this.dir);
      if (code !== 'disk-full' || !full) {
        this.writing.log?.(`The index could not be tidied up: ${message}`);
      }
    } finally {
      this.database.close();
    }
  }

  /** Connects to a database whose format was found to be ours (a writer may find an empty file). */
  private static readonly connect = (dir: string, writing: WriteOptions | undefined): Store => {
    const state: { store?: Store } = {};
    const database = new Database(path.join(dir, FILES.database), {
      readOnly: writing === undefined,
      dir,
      onError: (error) => {
        if (state.store === undefined) return;
        if (error.code === 'disk-full') state.store.full = true;
        if (error.code !== 'index-corrupt') return;
        state.store.sound = false;
        markDamaged(dir, messageOf(error));
      },
    });
    try {
      const store = new Store(dir, database, writing);
      store.prepare();
      state.store = store;
      return store;
    } catch (error) {
      database.close();
      throw error;
    }
  };

  private prepare(): void {
    const tables = this.database.query('SELECT count(*) AS count FROM sqlite_schema', (row) =>
      number(row, 'count'),
    );
    if (tables.get() === 0) {
      if (this.writing === undefined) throw noIndex(this.dir);
      this.database.configure();
      this.database.transaction(() => {
        this.database.exec(SCHEMA);
        this.meta.initialize();
      });
    } else {
      this.requireFormat();
      this.database.configure();
      if (this.writing !== undefined) verify(this.database, this.dir);
    }
    if (this.writing !== undefined) this.adopt(this.writing);
  }

  /** Refuses an index of another format before anything is written to it. */
  private requireFormat(): void {
    const meta = this.database.query(
      "SELECT count(*) AS count FROM sqlite_schema WHERE name = 'meta'",
      (row) => number(row, 'count'),
    );
    if (meta.get() !== 1) throw corruptError(this.dir, 'the table "meta" is missing');
    const format = this.meta.format();
    if (format > FORMAT) {
      throw new NeosearchError(
        'index-too-new',
        `The index in ${this.dir} was made by a newer Neosearch (format ${format}, this one reads ${FORMAT}). Update this one, or run "neosearch clear" first.`,
      );
    }
    if (format < FORMAT) throw corruptError(this.dir, `its format is ${format}, an older Neosearch's`);
  }

  /** Makes the writer's build and encoder those of the index. */
  private adopt(writing: WriteOptions): void {
    const { build, encoder } = writing;
    this.database.transaction(() => {
      if (this.meta.build() !== build) this.meta.setBuild(build);
      this.stored = this.meta.encoder();
      if (encoder === undefined) return;
      const known = this.meta.find(encoder.id);
      if (known !== undefined && known.dimensions !== encoder.dimensions) {
        throw corruptError(this.dir, `the encoder ${encoder.id} has ${known.dimensions} dimensions there`);
      }
      if (known !== undefined && known.row === this.stored?.row) return;
      this.stored = this.meta.setEncoder(encoder);
      this.embeddings.relink();
    });
  }
}

type Connect = (dir: string, writing: WriteOptions | undefined) => Store;

function openReader(dir: string, connect: Connect): Store {
  if (!Store.exists(dir)) throw noIndex(dir);
  return connect(dir, undefined);
}

function openWriter(dir: string, writing: WriteOptions, connect: Connect): Store {
  if (writing.lock.dir !== dir || !writing.lock.held) {
    throw new NeosearchError('engine-failed', `The index in ${dir} was opened for writing without its lock.`);
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const damage = damageOf(dir);
  if (damage !== undefined) rebuild(dir, damage, writing);
  const isNew = !Store.exists(dir);
  try {
    return connect(dir, writing);
  } catch (error) {
    const typed = storeError(error, dir);
    // Half of a new database is none.
    if (isNew) removeDatabase(dir);
    if (typed.code !== 'index-corrupt') throw typed;
    rebuild(dir, typed.message, writing);
    return connect(dir, writing);
  }
}

function rebuild(dir: string, reason: string, { log, onRebuilt }: WriteOptions): void {
  removeDatabase(dir);
  log?.(`The index is built anew. ${reason}`);
  onRebuilt?.();
}

function noIndex(dir: string): NeosearchError {
  return new NeosearchError('bad-argument', `There is no index in ${dir} yet. Run "neosearch index" first.`);
}

function identityOf(dir: string): string | undefined {
  const stat = statSync(path.join(dir, FILES.database), { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}
