/**
 * The engine: one folder, its index, and the questions that it answers. A facade over crawl, chunker, store,
 * encoder and ranking; the command line calls it in its own process, the editor in another.
 */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf, NeosearchError } from '../base/errors';
import { CHUNKER_VERSION } from '../core/chunk/chunkDocument';
import type { Encoder, EncoderInfo } from '../core/encode/encoder';
import { PASSAGE_VERSION } from '../core/encode/passage';
import { TERMS_VERSION } from '../core/query/chunkTerms';
import { findGitCommonDir } from './crawl/gitRepository';
import type { CrawlOptions } from './crawl/crawl';
import { describeEncoder } from './encoder/describeEncoder';
import { openEncoder } from './encoder/workerEncoder';
import { Grammars } from './grammars/grammars';
import { ModelStore } from './hub/modelStore';
import { Ann, describeAnn } from './index/ann';
import { clearIndex } from './index/clear';
import { Donors } from './index/donors';
import { canonicalRoot, diskBytes, indexDirFor, indexHome } from './index/location';
import { readRootRecord, recordUse } from './index/rootRecord';
import { Store } from './index/store';
import { holderOf, WriterLock, type WriterKind } from './index/writerLock';
import type { Answer, SearchOptions } from './search/answer';
import { type NeighborOptions, type Place, relatedTo, similarTo } from './search/neighbors';
import { search } from './search/searcher';
import type { WorkspaceRoot, WorkspaceShop } from './search/workspace';
import { chunkBudget } from './settings';
import { DocumentReader } from './update/documentReader';
import { update, type UpdateOptions, type UpdateReport } from './update/update';

/** Where the parts of an installed Neosearch lie. */
export interface Installation {
  /** Folder of the shipped model. */
  readonly model: string;
  /** Folder of the grammars. */
  readonly grammars: string;
  /** Script of the encoder's worker thread. */
  readonly encoderWorker: string;
}

export interface EngineOptions {
  /** The folder to search. */
  readonly root: string;
  /** The folder that holds all indexes; NEOSEARCH_HOME or the per-OS cache folder by default. */
  readonly home?: string | undefined;
  /** Name or folder of an encoder (`ModelStore.resolve`); the one in use by default. */
  readonly model?: string | undefined;
  /** Tokens of a chunk at most. */
  readonly chunkTokens?: number | undefined;
  /** Threads of the encoder. */
  readonly threads?: number | undefined;
  /** Who opens it, for the message to others that find it busy. */
  readonly holder: WriterKind;
  readonly installation: Installation;
  /** An encoder of `model` that others use as well and that somebody else closes; an own one by default. */
  readonly encoder?: (() => Promise<Encoder>) | undefined;
  /** Grammars that others use as well and that somebody else disposes of; own ones by default. */
  readonly grammars?: (() => Promise<Grammars>) | undefined;
  /** Milliseconds to wait for another writer that is about to end; 3,000 by default. */
  readonly lockPatienceMs?: number | undefined;
  /** Told what a user should know: a rebuilt index, a graph that could not be written. */
  readonly log: (line: string) => void;
  /** Told, beside `log`, that a damaged index is built anew. */
  readonly onRebuilt?: (() => void) | undefined;
}

/** Which files an update takes. */
export type CrawlRules = Pick<CrawlOptions, 'filter' | 'useIgnoreFiles' | 'maxFileBytes'>;

export interface EngineUpdateOptions extends UpdateOptions {
  readonly rules?: CrawlRules | undefined;
}

export interface Status {
  readonly root: string;
  readonly exists: boolean;
  readonly files: number;
  readonly chunks: number;
  /** Chunks that have no vector yet. */
  readonly pending: number;
  readonly encoder: string;
  readonly device: string;
  /** How neighbors are found. */
  readonly ann: 'hnsw' | 'exact';
  /** Why it is exact search; empty for HNSW. */
  readonly annReason: string;
  readonly chunkTokens: number;
  readonly diskBytes: number;
  readonly indexDir: string;
}

/** How long a command waits for another one that is about to end, in milliseconds. */
const LOCK_PATIENCE_MS = 3000;
const LOCK_RETRY_MS = 100;

export class Engine {
  private lock: WriterLock | undefined;
  private opened: Store | undefined;
  private encoding: Promise<Encoder> | undefined;
  private neighbors: Promise<Ann> | undefined;
  /** Whether the last upkeep was stopped. */
  private isUnkept = false;

  private constructor(
    /** Canonical path of the folder. */
    readonly root: string,
    /** Folder of its index. */
    readonly dir: string,
    private readonly home: string,
    private readonly modelDir: string,
    private readonly encoderInfo: EncoderInfo,
    private readonly budget: number,
    private readonly options: EngineOptions,
  ) {}

  /**
   * Looks at the folder and the encoder; creates nothing and loads no native code.
   * @throws NeosearchError `root-missing`, `root-not-a-folder`, `permission-denied`, `bad-model`, `bad-argument`
   */
  static async open(options: EngineOptions): Promise<Engine> {
    const root = canonicalRoot(options.root);
    const home = indexHome(options.home);
    const modelDir = new ModelStore(home, options.installation.model).resolve(options.model);
    const info = await describeEncoder(modelDir);
    const budget = chunkBudget(options.chunkTokens, info.window);
    return new Engine(root, indexDirFor(home, root), home, modelDir, info, budget, options);
  }

  /** Whether there is an index at all. */
  exists(): boolean {
    return Store.exists(this.dir);
  }

  /** Whether this engine has the right to write. */
  get isWriter(): boolean {
    return this.lock?.held === true;
  }

  /** Whether the index was cleared or rebuilt by others since it was opened: the next question opens it anew. */
  isReplaced(): boolean {
    return this.opened?.replaced() === true && this.lock === undefined;
  }

  /** Lets the next question open the index anew, unless this engine writes. Not while a question is answered. */
  async reopen(): Promise<void> {
    if (this.lock === undefined) await this.closeIndex();
  }

  /** Whether an update has come to its end before and left no chunk without a vector. */
  isComplete(): boolean {
    return this.exists() && readRootRecord(this.dir) !== undefined && !this.isWaiting();
  }

  /** Whether chunks of the index wait for a vector. */
  isWaiting(): boolean {
    return this.store().counts().pending > 0;
  }

  /**
   * Brings the index up to date, creating it where there is none.
   * @throws NeosearchError `index-busy` when somebody else writes it; `disk-full`, `permission-denied`,
   * `index-too-new`, `bad-model`
   * @throws AbortError when the signal fires; what was finished is kept
   */
  async update(options: EngineUpdateOptions = {}): Promise<UpdateReport> {
    const store = await this.writable(options.signal);
    const { rules = {} } = options;
    const isScan = options.scan !== false;
    const gitCommonDir = isScan ? await findGitCommonDir(this.root) : undefined;
    const { grammars: grammarsDir } = this.options.installation;
    let donors: Donors | undefined;
    let own: Grammars | undefined;
    try {
      const report = await update(
        {
          root: this.root,
          store,
          crawl: { ...rules, ownFolders: [this.home] },
          encoder: () => this.encoder(),
          reader: async () => {
            if (isScan) {
              donors = Donors.open(this.home, this.dir, this.encoderInfo.id, {
                log: this.options.log,
                ...(gitCommonDir === undefined ? {} : { gitCommonDir }),
              });
            }
            const shared = await this.options.grammars?.();
            if (shared === undefined) own = await Grammars.open({ dir: grammarsDir, log: this.options.log });
            const grammars = shared ?? own;
            if (grammars === undefined) throw new TypeError('There are no grammars.');
            return new DocumentReader({
              store,
              grammars,
              maxFileBytes: rules.maxFileBytes,
              counter: await this.encoder(),
              budget: this.budget,
              donated: (hash) => donors?.lookup(hash),
            });
          },
        },
        options,
      );
      if (isScan && report.finished) {
        recordUse(this.dir, { root: this.root, ...(gitCommonDir === undefined ? {} : { gitCommonDir }) });
      }
      if (report.finished) await this.upkeep(store, report, isScan, options);
      return report;
    } finally {
      donors?.close();
      own?.dispose();
    }
  }

  /** Answers a query from what the index holds. */
  async search(query: string, options: SearchOptions = {}): Promise<Answer> {
    return search(this.alone(), query, options);
  }

  /**
   * The places that are like some lines of a file, as the file is on disk.
   * @throws NeosearchError `bad-argument` for lines that the file does not have
   */
  async similar(place: Place, options: NeighborOptions = {}): Promise<Answer> {
    return similarTo(this.alone(), this.root, place, options);
  }

  /**
   * The files that belong with a file.
   * @param file relative to the root, with forward slashes
   * @throws NeosearchError `bad-argument` when the file is not in the index
   */
  async related(file: string, options: NeighborOptions = {}): Promise<Answer> {
    const store = this.store();
    if (store.documents.get(file) === undefined) {
      const reason = store.documents.skipped().find(({ path: skipped }) => skipped === file)?.reason;
      throw new NeosearchError(
        'bad-argument',
        reason === undefined
          ? `${file} is not in the index of ${this.root}. Is it a file of that folder?`
          : `${file} is not indexed (${reason}).`,
      );
    }
    return relatedTo(this.alone(), this.root, file, options);
  }

  /**
   * This folder as one of several that are asked together, as it is now: a question takes it anew.
   * @throws NeosearchError `bad-argument` where there is no index
   */
  asRoot(): WorkspaceRoot {
    return {
      root: this.root,
      name: path.basename(this.root) || this.root,
      store: this.store(),
      ann: () => this.ann(),
      isShown: () => true,
    };
  }

  /**
   * Takes the right to write ahead of `update`, which opens the index anew: not while a question is answered.
   * @throws NeosearchError `index-busy`, and what `update` throws
   */
  async claim(signal?: AbortSignal): Promise<void> {
    await this.writable(signal);
  }

  /** Gives the right to write back after an update, so that others can. Not while a question is answered. */
  async release(): Promise<void> {
    if (this.lock === undefined) return;
    await this.closeIndex();
    this.unlock();
  }

  /** What is indexed, and with what. Changes nothing. */
  async status(): Promise<Status> {
    const exists = this.exists();
    const counts = exists ? this.store().counts() : undefined;
    const { id, dimensions } = this.encoderInfo;
    const ann = exists
      ? await describeAnn(this.store(), { encoder: { id, dimensions } })
      : { kind: 'exact' as const, reason: 'no index yet' };
    return {
      root: this.root,
      exists,
      files: counts?.documents ?? 0,
      chunks: counts?.chunks ?? 0,
      pending: counts?.pending ?? 0,
      encoder: this.encoderInfo.name,
      device: this.encoderInfo.device,
      ann: ann.kind,
      annReason: ann.reason ?? '',
      chunkTokens: this.budget,
      diskBytes: diskBytes(this.dir),
      indexDir: this.dir,
    };
  }

  /**
   * Deletes the index.
   * @returns whether there was one
   * @throws NeosearchError `index-busy`
   */
  async clear(): Promise<boolean> {
    await this.close();
    return clearIndex(this.dir, { what: this.options.holder });
  }

  /**
   * A path relative to the root, with forward slashes.
   * @throws NeosearchError `bad-argument` for a file that lies elsewhere or is missing
   */
  relative(file: string): string {
    let real: string;
    try {
      real = realpathSync.native(file);
    } catch (error) {
      throw new NeosearchError('bad-argument', `${file} cannot be read: ${messageOf(error)}`, {
        cause: error,
      });
    }
    const relative = path.relative(this.root, real);
    if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) {
      throw new NeosearchError(
        'bad-argument',
        `${file} does not lie in ${this.root}. Name its folder with --root.`,
      );
    }
    return relative.split(path.sep).join('/');
  }

  /** Ends everything that runs. */
  async close(): Promise<void> {
    const encoder = this.encoding;
    this.encoding = undefined;
    await this.closeIndex();
    this.unlock();
    // An encoder that failed to open has told so already.
    await encoder?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  /** The next question opens it anew. */
  private async closeIndex(): Promise<void> {
    const neighbors = this.neighbors;
    this.neighbors = undefined;
    // Vectors that could not be loaded have been told of already.
    await neighbors?.then(
      (ann) => ann.close(),
      () => undefined,
    );
    this.opened?.close();
    this.opened = undefined;
  }

  private unlock(): void {
    this.lock?.release();
    this.lock = undefined;
  }

  /** The store as it is: for writing if this engine writes, for reading otherwise. */
  private store(): Store {
    if (this.isReplaced()) {
      this.opened?.close();
      this.opened = undefined;
      this.neighbors = undefined;
    }
    this.opened ??= Store.open(this.dir, { readOnly: true });
    return this.opened;
  }

  /** The store for writing, with the writer's lock. */
  private async writable(signal: AbortSignal | undefined): Promise<Store> {
    if (this.lock?.held === true && this.opened !== undefined) return this.opened;
    const lock = await this.acquire(signal);
    await this.closeIndex();
    this.lock = lock;
    const { id, dimensions } = this.encoderInfo;
    this.opened = Store.open(this.dir, {
      lock,
      build: `chunker ${CHUNKER_VERSION}, terms ${TERMS_VERSION}, passage ${PASSAGE_VERSION}, ${this.budget} tokens of ${id}`,
      encoder: { id, dimensions },
      log: this.options.log,
      onRebuilt: this.options.onRebuilt,
    });
    return this.opened;
  }

  private async acquire(signal: AbortSignal | undefined): Promise<WriterLock> {
    const until = Date.now() + (this.options.lockPatienceMs ?? LOCK_PATIENCE_MS);
    for (;;) {
      signal?.throwIfAborted();
      const lock = WriterLock.tryAcquire(this.dir, { what: this.options.holder });
      if (lock !== undefined) return lock;
      if (Date.now() > until) {
        throw new NeosearchError(
          'index-busy',
          `The index of ${this.root} is being written by ${holderOf(this.dir) ?? 'another process'}. Wait for it to end, or stop it.`,
        );
      }
      await wait(LOCK_RETRY_MS, undefined, signal === undefined ? {} : { signal });
    }
  }

  private encoder(): Promise<Encoder> {
    if (this.options.encoder !== undefined) return this.options.encoder();
    this.encoding ??= openEncoder({
      modelDir: this.modelDir,
      workerPath: this.options.installation.encoderWorker,
      ...(this.options.threads === undefined ? {} : { threads: this.options.threads }),
    });
    return this.encoding;
  }

  /** This folder as all that is asked. */
  private alone(): WorkspaceShop {
    return { roots: [this.asRoot()], encoder: () => this.encoder() };
  }

  private ann(): Promise<Ann> {
    const { id, dimensions } = this.encoderInfo;
    this.neighbors ??= Ann.open(this.store(), { encoder: { id, dimensions }, log: this.options.log });
    return this.neighbors;
  }

  /** After an update that changed something: the graph is built or brought up to date, idle vectors are dropped. */
  private async upkeep(
    store: Store,
    report: UpdateReport,
    isScan: boolean,
    { signal, halt, first }: UpdateOptions,
  ): Promise<void> {
    if ((report.changed === 0 && !this.isUnkept) || this.lock === undefined) return;
    const ann = await this.ann();
    // A path that somebody waits for comes before a graph, which the next update goes on with.
    const over = new AbortController();
    const stop = new AbortController();
    void first?.whenAny(over.signal).then(() => stop.abort());
    const signals = [stop.signal, signal, halt].filter((given) => given !== undefined);
    const stopped = AbortSignal.any(signals);
    this.isUnkept = true;
    await ann.keep({ lock: this.lock, signal: stopped });
    this.isUnkept = stopped.aborted;
    over.abort();
    if (isScan && !this.isUnkept) store.compact();
  }
}
