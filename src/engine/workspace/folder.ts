/**
 * One root of the workspace and its upkeep: at most one update runs, and what comes meanwhile is one more. Small
 * changes go into the update that runs, ahead of the rest. Whoever holds no right to write reads, and tries again.
 */
import { isAbort } from '../../base/cancellation';
import { messageOf, NeosearchError } from '../../base/errors';
import type { Encoder, EncoderInfo } from '../../core/encode/encoder';
import type { RootState, WireRoot, WireRootStatus } from '../../protocol/messages';
import { Engine, type Installation } from '../engine';
import type { Grammars } from '../grammars/grammars';
import type { Store } from '../index/store';
import { holderOf } from '../index/writerLock';
import type { WorkspaceRoot } from '../search/workspace';
import { PathQueue } from '../update/pathQueue';
import { workFor } from './changes';
import { EditorGlobs } from './editorGlobs';
import { FolderFacts } from './folderFacts';
import { Gate } from './gate';
import { Latch } from './latch';
import { refuseNetworkDrive } from './networkDrive';
import { FolderProgress } from './progress';
import { writerSeemsAlive } from './writerHint';

export interface FolderParts {
  readonly home: string | undefined;
  readonly model: string;
  readonly chunkTokens: number | undefined;
  readonly installation: Installation;
  readonly encoder: { readonly open: () => Promise<Encoder>; info(): Promise<EncoderInfo> };
  readonly grammars: () => Promise<Grammars>;
  /** Whether no upkeep is wanted now. */
  readonly isPaused: () => boolean;
  /** See UpdateOptions.rest. */
  readonly rest: () => number;
  readonly log: (level: 'error' | 'warn' | 'info' | 'debug', line: string) => void;
  /** Told that the status is another. */
  readonly changed: () => void;
}

/** Milliseconds between two looks at who writes. */
const TAKEOVER_MS = 1500;
/** Of those, how many pass before the lock itself is tried though its holder seems to run. */
const TRUST = 10;
/** A damaged index is built anew this often; then something else is wrong. */
const MOST_REBUILDS = 3;
const REBUILT = 'The index was damaged and is built anew.';

export class WorkspaceFolder {
  private readonly gate = new Gate();
  private readonly queue = new PathQueue();
  private readonly latch = new Latch();
  private readonly facts = new FolderFacts();
  private readonly running: Promise<void>;
  private progress = new FolderProgress();
  private globs: EditorGlobs;
  private opening: Promise<Engine> | undefined;
  private engine: Engine | undefined;
  private encoderInfo: EncoderInfo | undefined;
  private state: RootState = 'waiting';
  private problem: string | undefined;
  private writer: string | undefined;
  private needsScan = true;
  /** Whether chunks wait for a vector that no scan would find. */
  private leftOver = false;
  private hasFailed = false;
  private isDeleted = false;
  private isClosed = false;
  private isDamaged = false;
  private rebuilds = 0;
  private looks = 0;
  /** Ends the update that runs: at once, or when what it does is stored. */
  private run: { readonly stop: AbortController; readonly halt: AbortController } | undefined;
  private isResting = false;
  private readonly whenResting = new Set<() => void>();
  private counting: Promise<void> | undefined;

  constructor(
    private wire: WireRoot,
    private readonly parts: FolderParts,
  ) {
    this.globs = globsOf(wire);
    this.running = this.upkeep();
  }

  get path(): string {
    return this.wire.path;
  }

  /** Other settings: what they exclude is hidden at once. */
  configure(wire: WireRoot): void {
    const before = this.wire;
    this.wire = wire;
    if (JSON.stringify(before.settings) === JSON.stringify(wire.settings)) return;
    this.globs = globsOf(wire);
    this.rescan();
  }

  /** Paths that changed, relative to the root; `deleted` ones may come back. */
  filesChanged(changed: readonly string[], deleted: readonly string[]): void {
    const { paths, scan } = workFor(changed, deleted);
    if (scan || this.hasFailed) this.rescan();
    if (this.state === 'reading' || this.isDeleted) return;
    this.queue.add(paths);
    this.latch.knock();
  }

  /** Paths that somebody looks at: they go first while there is more to do. */
  looking(paths: readonly string[]): void {
    if (this.run === undefined) return;
    this.queue.add(paths);
  }

  /** Compares the folder with the index as a whole. */
  rescan(): void {
    this.needsScan = true;
    this.hasFailed = false;
    // Encoding what is left takes long; the scan goes on with it.
    if (this.progress.phase === 'encode') this.run?.halt.abort();
    this.latch.knock();
  }

  /** The user or the power policy says another thing. */
  policyChanged(): void {
    if (this.parts.isPaused()) this.run?.halt.abort();
    else if (this.hasFailed) this.rescan();
    this.latch.knock();
  }

  /** @throws NeosearchError `index-busy` while another window writes it */
  async deleteIndex(): Promise<void> {
    this.isDeleted = true;
    try {
      await this.clear();
    } catch (error) {
      this.isDeleted = false;
      throw error;
    } finally {
      this.latch.knock();
    }
  }

  /** @throws NeosearchError `index-busy` while another window writes it */
  async rebuild(): Promise<void> {
    await this.deleteIndex();
    this.isDeleted = false;
    this.rebuilds = 0;
    this.problem = undefined;
    this.rescan();
  }

  /** Resolves when nothing known is left to do, or none is to be done. */
  async whenIdle(): Promise<void> {
    while (!this.isClosed && !(this.isResting && this.next() !== 'work')) {
      await new Promise<void>((resolve) => this.whenResting.add(resolve));
    }
  }

  /** Goes on where it was when it is opened again. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.run?.stop.abort();
    this.latch.knock();
    await this.running;
    await this.counting;
    await this.gate.exclusively(async () => this.engine?.close());
  }

  /** The root for a question; `leave` to be called when it is answered. */
  async enter(): Promise<{ readonly root: WorkspaceRoot | undefined; readonly leave: () => void }> {
    const engine = await this.opened();
    if (engine?.isReplaced() === true) await this.gate.exclusively(() => engine.reopen());
    const leave = await this.gate.enter();
    try {
      if (engine === undefined || this.isDeleted || !engine.exists()) return { root: undefined, leave };
      const { path, name } = this.wire;
      const root = engine.asRoot();
      return {
        root: { ...root, root: path, name, isShown: this.globs.isShown, indexing: this.indexing(engine) },
        leave,
      };
    } catch (error) {
      this.met(error);
      if (error instanceof NeosearchError) return { root: undefined, leave };
      leave();
      throw error;
    }
  }

  /** The store as it is at this moment, where there is one to read; not for use across an `await`. */
  peek(): Store | undefined {
    const { engine } = this;
    if (engine === undefined || this.isDeleted || engine.isReplaced() || !engine.exists()) return undefined;
    return engine.asRoot().store;
  }

  /** An index that somebody met damaged is built anew. */
  met(error: unknown): void {
    if (!(error instanceof NeosearchError) || error.code !== 'index-corrupt') return;
    this.parts.log('warn', error.message);
    this.isDamaged = true;
    this.needsScan = true;
    this.run?.stop.abort(error);
    this.latch.knock();
  }

  status(): WireRootStatus {
    this.count();
    const { path, name } = this.wire;
    const { share, filesDone, filesTotal } = this.progress;
    const isWorking = this.state === 'scanning' || this.state === 'indexing';
    return {
      path,
      name,
      state: this.state,
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      ...this.facts.current,
      progress: this.state === 'waiting' ? 0 : isWorking || this.state === 'paused' ? share : 1,
      filesDone: isWorking ? filesDone : this.facts.current.files,
      filesTotal: isWorking ? filesTotal : this.facts.current.files,
      indexDir: this.engine?.dir ?? '',
      ...(this.writer === undefined ? {} : { writer: this.writer }),
    };
  }

  // ---- upkeep ----------------------------------------------------------------------------------------------

  private async upkeep(): Promise<void> {
    // Whoever made it must be able to use it first.
    await Promise.resolve();
    while (!this.isOver()) {
      const next = this.next();
      if (next === 'work') {
        await this.work();
        continue;
      }
      this.become(next);
      await this.sleep();
    }
    this.rested();
  }

  /** Apart from the field: other turns of the event loop change it. */
  private isOver(): boolean {
    return this.isClosed;
  }

  private async sleep(milliseconds?: number): Promise<void> {
    this.isResting = true;
    this.rested();
    await this.latch.sleep(milliseconds);
    this.isResting = false;
  }

  private rested(): void {
    for (const resolve of [...this.whenResting]) resolve();
    this.whenResting.clear();
  }

  private next(): 'work' | 'ready' | 'paused' | 'deleted' | 'failed' | 'reading' {
    if (this.isDeleted) return 'deleted';
    if (this.state === 'reading' && this.isResting) return 'reading';
    const isLeft = this.needsScan || this.queue.size > 0 || this.leftOver;
    if (this.parts.isPaused()) return isLeft ? 'paused' : 'ready';
    if (this.hasFailed) return 'failed';
    return isLeft ? 'work' : 'ready';
  }

  private async work(): Promise<void> {
    const stop = new AbortController();
    const halt = new AbortController();
    this.run = { stop, halt };
    const scan = this.needsScan;
    try {
      if (this.isDamaged) await this.gate.exclusively(async () => this.engine?.release());
      this.isDamaged = false;
      if (this.engine?.isWriter !== true && !(await this.claim(stop.signal))) return;
      this.needsScan = false;
      this.begin(scan);
      await this.update(scan, stop.signal, halt.signal);
    } catch (error) {
      if (scan) this.needsScan = true;
      this.failed(stop.signal.aborted ? stop.signal.reason : error);
    } finally {
      this.run = undefined;
    }
  }

  private begin(scan: boolean): void {
    this.progress = new FolderProgress();
    this.become(scan ? 'scanning' : 'indexing');
  }

  private async update(scan: boolean, signal: AbortSignal, halt: AbortSignal): Promise<void> {
    const engine = await this.engineOf();
    const { useIgnoreFiles, maxFileBytes } = this.wire.settings;
    const report = await engine.update({
      scan,
      first: this.queue,
      signal,
      halt,
      rest: this.parts.rest,
      rules: { filter: this.globs, useIgnoreFiles, maxFileBytes },
      onProgress: (progress) => {
        this.progress.update(progress, this.facts.current.pending);
        if (this.state === 'scanning' && this.progress.encodes) this.become('indexing');
        this.parts.changed();
      },
    });
    if ((scan && !report.finished) || report.metFolder) this.needsScan = true;
    this.leftOver = report.withoutMeaning === undefined && engine.isWaiting();
    if (this.problem !== REBUILT) this.problem = report.withoutMeaning;
    await this.countNow();
    const { files, chunks, embedded, seconds } = report;
    this.parts.log(
      scan ? 'info' : 'debug',
      `${this.wire.name}: ${files} files, ${chunks} chunks; ${embedded} chunks encoded in ${seconds} s`,
    );
  }

  /** Takes the right to write. @returns whether it was to be had */
  private async claim(signal: AbortSignal): Promise<boolean> {
    const engine = await this.engineOf();
    const isFirst = this.state !== 'reading';
    if (!isFirst && this.looks++ % TRUST !== 0 && writerSeemsAlive(engine.dir)) {
      await this.keepReading();
      return false;
    }
    try {
      await refuseNetworkDrive(engine.dir);
      await this.gate.exclusively(() => engine.claim(signal));
    } catch (error) {
      if (!(error instanceof NeosearchError) || error.code !== 'index-busy') throw error;
      this.writer = holderOf(engine.dir) ?? 'another process';
      this.needsScan = true;
      this.queue.clear();
      this.become('reading');
      if (isFirst) this.parts.log('info', error.message);
      await this.keepReading();
      return false;
    }
    this.writer = undefined;
    this.looks = 0;
    return true;
  }

  private async keepReading(): Promise<void> {
    this.parts.changed();
    await this.sleep(TAKEOVER_MS);
  }

  private failed(error: unknown): void {
    if (this.isClosed || this.isDeleted || (isAbort(error) && !(error instanceof NeosearchError))) return;
    const isDamage = error instanceof NeosearchError && error.code === 'index-corrupt';
    if (isDamage && this.rebuilds < MOST_REBUILDS) {
      this.rebuilds += 1;
      this.needsScan = true;
      this.isDamaged = true;
      this.facts.forget();
      return;
    }
    this.problem = messageOf(error);
    this.hasFailed = true;
    const isExpected = error instanceof NeosearchError;
    this.parts.log(
      'error',
      `${this.wire.name}: ${!isExpected && error instanceof Error ? (error.stack ?? this.problem) : this.problem}`,
    );
    this.become('failed');
  }

  private async clear(): Promise<void> {
    this.run?.stop.abort();
    const engine = await this.engineOf();
    await this.untilStopped();
    await this.gate.exclusively(() => engine.clear());
    this.queue.clear();
    this.facts.forget();
    this.leftOver = false;
    this.needsScan = true;
    this.problem = undefined;
    this.become('deleted');
  }

  private async untilStopped(): Promise<void> {
    while (this.run !== undefined && !this.isResting) {
      await new Promise<void>((resolve) => this.whenResting.add(resolve));
    }
  }

  private become(state: RootState): void {
    if (this.state !== state) this.progress.restart();
    this.state = state;
    this.parts.changed();
  }

  // ---- the engine ------------------------------------------------------------------------------------------

  private async engineOf(): Promise<Engine> {
    const { parts } = this;
    this.opening ??= (async () => {
      this.encoderInfo = await parts.encoder.info();
      this.engine = await Engine.open({
        root: this.wire.path,
        home: parts.home,
        model: parts.model,
        chunkTokens: parts.chunkTokens,
        holder: 'window',
        installation: parts.installation,
        encoder: parts.encoder.open,
        grammars: parts.grammars,
        lockPatienceMs: -1,
        log: (line) => parts.log('info', `${this.wire.name}: ${line}`),
        onRebuilt: () => {
          this.problem = REBUILT;
        },
      });
      return this.engine;
    })();
    try {
      return await this.opening;
    } catch (error) {
      // The folder may be there later.
      this.opening = undefined;
      throw error;
    }
  }

  /** The engine, where it can be opened; why it cannot is in the status. */
  private async opened(): Promise<Engine | undefined> {
    try {
      return await this.engineOf();
    } catch (error) {
      if (error instanceof NeosearchError) return undefined;
      throw error;
    }
  }

  private indexing(engine: Engine): WorkspaceRoot['indexing'] {
    const isWorking = this.state !== 'ready' && this.state !== 'reading';
    if (!isWorking || engine.isComplete()) return undefined;
    const { filesDone, filesTotal } = this.progress;
    return { filesDone, filesTotal, pending: this.facts.current.pending };
  }

  /** Counts anew where it is time to; the result is in a later status. */
  private count(): void {
    if (this.facts.isDue && this.counting === undefined && !this.isDeleted) {
      this.counting = this.countNow().finally(() => {
        this.counting = undefined;
      });
    }
  }

  private async countNow(): Promise<void> {
    if (this.isClosed) return;
    const { root, leave } = await this.enter();
    try {
      if (root === undefined || this.encoderInfo === undefined) return;
      await this.facts.refresh(root.store, this.encoderInfo);
      this.parts.changed();
    } catch (error) {
      this.met(error);
      if (!(error instanceof NeosearchError)) throw error;
    } finally {
      leave();
    }
  }
}

function globsOf({ settings }: WireRoot): EditorGlobs {
  return new EditorGlobs(settings.exclude, settings.include);
}
