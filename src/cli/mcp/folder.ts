/**
 * One folder that agents ask about: its index is brought up to date before a question where that is quick, in the
 * background where it is not. Between updates the right to write is given back, so that an editor can have it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { isAbort } from '../../base/cancellation';
import { messageOf, NeosearchError } from '../../base/errors';
import type { Engine, Status } from '../../engine/engine';
import type { WorkspaceRoot } from '../../engine/search/workspace';
import type { UpdateProgress } from '../../engine/update/progress';
import { Gate } from '../../engine/workspace/gate';

/** An index that was compared with its folder so recently is not compared again, in milliseconds. */
const FRESH_MS = 1000;
/** How long after an update began questions wait for its end, in milliseconds. */
const PATIENCE_MS = 5000;

export class Folder {
  private updating: Promise<void> | undefined;
  private updatingSince = -Infinity;
  private updatedAt = -Infinity;
  private progress: UpdateProgress | undefined;
  /** Whether the index was complete when the running update began. */
  private wasComplete = false;
  /** Why the last update failed. */
  private problem: string | undefined;
  /** Questions are inside; the index is not opened anew meanwhile. */
  private readonly gate = new Gate();
  private readonly closing = new AbortController();

  constructor(
    private readonly engine: Engine,
    private readonly log: (line: string) => void,
  ) {}

  get root(): string {
    return this.engine.root;
  }

  /** Begins to bring the index up to date, unless that is going on or was just done. */
  refresh(): void {
    if (this.updating !== undefined || this.closing.signal.aborted) return;
    if (performance.now() - this.updatedAt < FRESH_MS) return;
    this.updatingSince = performance.now();
    this.updating = this.update().finally(() => {
      this.updating = undefined;
      this.progress = undefined;
      this.updatedAt = performance.now();
    });
  }

  /** Waits for the update that is going on, but not for long. @throws AbortError when the signal fires */
  async settle(signal: AbortSignal): Promise<void> {
    this.refresh();
    const updating = this.updating;
    if (updating === undefined) return;
    const left = this.updatingSince + PATIENCE_MS - performance.now();
    const patience = new AbortController();
    const either = AbortSignal.any([signal, patience.signal]);
    try {
      // The wait ends early by its signal, which is no failure.
      const timeout = wait(Math.max(0, left), undefined, { signal: either }).catch(() => undefined);
      await Promise.race([updating, timeout]);
    } finally {
      patience.abort();
    }
    signal.throwIfAborted();
  }

  /**
   * Answers a question from the index as it is now.
   * @throws NeosearchError where there is none yet
   */
  async ask<T>(question: (root: WorkspaceRoot) => Promise<T>): Promise<T> {
    const leave = await this.gate.enter();
    try {
      if (!this.engine.exists()) throw this.nothingYet();
      const root = this.engine.asRoot();
      return await question({ ...root, indexing: this.indexing(root) });
    } finally {
      leave();
    }
  }

  /** What an asker should know of this index, in one sentence each. */
  notes(): string[] {
    const { problem } = this;
    if (problem !== undefined)
      return [`The index of ${this.root} could not be brought up to date: ${problem}`];
    return this.updating !== undefined && this.wasComplete
      ? [`${this.root} is still being compared with its index: what changed lately may be missing.`]
      : [];
  }

  status(): Promise<Status> {
    return this.gate.exclusively(() => this.engine.status());
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.updating;
    await this.engine.close();
  }

  private nothingYet(): NeosearchError {
    return new NeosearchError(
      'index-busy',
      this.problem ?? `${this.root} is only beginning to be indexed. Ask again in a moment.`,
    );
  }

  /** How far indexing is, by this process or another; undefined when nothing is missing that is known of. */
  private indexing({ store }: WorkspaceRoot): WorkspaceRoot['indexing'] {
    if (this.updating !== undefined && this.wasComplete) return undefined;
    const { pending } = store.counts();
    const { filesDone, filesTotal } = this.progress ?? { filesDone: 0, filesTotal: 0 };
    return pending === 0 && filesDone === filesTotal ? undefined : { filesDone, filesTotal, pending };
  }

  private async update(): Promise<void> {
    const { engine } = this;
    const { signal } = this.closing;
    try {
      this.wasComplete = await this.gate.exclusively(async () => {
        await engine.claim(signal);
        return engine.isComplete();
      });
      await engine.update({
        signal,
        onProgress: (progress) => {
          this.progress = progress;
        },
      });
      await this.gate.exclusively(() => engine.release());
      this.problem = undefined;
    } catch (error) {
      if (isAbort(error)) return;
      // Somebody else writes this index, and keeps it up to date.
      const isBusy = error instanceof NeosearchError && error.code === 'index-busy';
      this.problem = isBusy ? undefined : messageOf(error);
      if (!isBusy) this.log(messageOf(error));
      await this.gate.exclusively(() => engine.release());
    }
  }
}
