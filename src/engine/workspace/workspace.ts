/** All roots of a window with one encoder: their upkeep, and the questions that are asked of them together. */
import type {
  Configuration,
  DuplicatesParams,
  EngineSettings,
  LogLevel,
  RelatedParams,
  SearchParams,
  SimilarParams,
  WireAnswer,
  WireDuplicates,
  WireRelated,
  WireStatus,
} from '../../protocol/messages';
import type { Installation } from '../engine';
import { Grammars } from '../grammars/grammars';
import { ModelStore } from '../hub/modelStore';
import { indexHome } from '../index/location';
import {
  duplicatesInWorkspace,
  type DuplicatesOptions,
  Overlays,
  relatedInWorkspace,
  searchWorkspace,
  similarInWorkspace,
  type WorkspaceRoot,
  type WorkspaceShop,
  weightsFor,
} from '../search/workspace';
import { chunkBudget } from '../settings';
import { WorkspaceFolder } from './folder';
import { Pausing } from './pausing';
import { SharedEncoder } from './sharedEncoder';

export interface WorkspaceParts {
  readonly installation: Installation;
  readonly log: (level: LogLevel, line: string) => void;
  /** Told that the status is another; often. */
  readonly changed: () => void;
}

/** What roots have in common and cannot change while they are open. */
interface Ground {
  readonly key: string;
  readonly encoder: SharedEncoder;
  readonly encoderKey: string;
  /** Tokens of a chunk at most. */
  budget: number;
}

export class Workspace {
  private settings: EngineSettings | undefined;
  private ground: Ground | undefined;
  /** By the path of the root. */
  private readonly folders = new Map<string, WorkspaceFolder>();
  private readonly overlays: Overlays;
  private readonly pausing: Pausing;
  private grammars: Promise<Grammars> | undefined;
  private device = '';
  private encoderName = '';
  private configuring: Promise<void> = Promise.resolve();

  constructor(private readonly parts: WorkspaceParts) {
    this.pausing = new Pausing(() => {
      for (const folder of this.folders.values()) folder.policyChanged();
      parts.changed();
    });
    this.overlays = new Overlays({
      storeOf: (root) => this.folders.get(root)?.peek(),
      encoder: () => this.required().encoder.open(),
      grammars: this.openGrammars,
      budget: () => this.required().budget,
      log: (line) => parts.log('warn', line),
    });
  }

  /** Takes over roots and settings; what did not change goes on. @throws NeosearchError `bad-argument`, `bad-model` */
  configure(configuration: Configuration): Promise<void> {
    const next = this.configuring.then(() => this.apply(configuration));
    // Whoever asked is told; the next one starts from what there is.
    this.configuring = next.catch(() => undefined);
    return next;
  }

  search(params: SearchParams, signal: AbortSignal): Promise<WireAnswer> {
    return this.ask(params.roots, (shop) => searchWorkspace(shop, params, signal));
  }

  similar(params: SimilarParams, signal: AbortSignal): Promise<WireAnswer> {
    return this.ask(undefined, (shop) => similarInWorkspace(shop, params, signal));
  }

  related(params: RelatedParams, signal: AbortSignal): Promise<WireRelated> {
    return this.ask(undefined, (shop) => relatedInWorkspace(shop, params, signal));
  }

  duplicates(params: DuplicatesParams, options: DuplicatesOptions): Promise<WireDuplicates> {
    return this.ask(params.roots, (shop) => duplicatesInWorkspace(shop, params, options));
  }

  status(): WireStatus {
    const { because } = this.pausing;
    return {
      roots: [...this.folders.values()].map((folder) => folder.status()),
      paused: this.pausing.isPaused,
      ...(because === undefined ? {} : { pausedBecause: because }),
      encoder: this.encoderName,
      device: this.device,
      memoryBytes: process.memoryUsage.rss(),
    };
  }

  async rebuild(roots?: readonly string[]): Promise<void> {
    await Promise.all(this.named(roots).map((folder) => folder.rebuild()));
  }

  async deleteIndex(roots?: readonly string[]): Promise<void> {
    await Promise.all(this.named(roots).map((folder) => folder.deleteIndex()));
  }

  pause(): void {
    this.pausing.setByUser(true);
    this.parts.changed();
  }

  resume(): void {
    this.pausing.setByUser(false);
    for (const folder of this.folders.values()) folder.policyChanged();
    this.parts.changed();
  }

  async whenIdle(): Promise<void> {
    await this.configuring;
    await Promise.all([...this.folders.values()].map((folder) => folder.whenIdle()));
    await this.overlays.whenIdle();
  }

  filesChanged(root: string, changed: readonly string[], deleted: readonly string[]): void {
    this.folders.get(root)?.filesChanged(changed, deleted);
  }

  rescan(roots?: readonly string[]): void {
    for (const folder of this.named(roots)) folder.rescan();
  }

  textChanged(root: string, file: string, text: string | null): void {
    if (text !== null) this.pausing.typed();
    if (this.folders.has(root)) this.overlays.set(root, file, text);
  }

  looking(root: string, paths: readonly string[]): void {
    if (!this.pausing.isPaused) this.folders.get(root)?.looking(paths);
  }

  /** Ends everything; what is finished is kept. */
  async close(): Promise<void> {
    this.pausing.close();
    this.overlays.dispose();
    await this.configuring;
    await this.closeAll([...this.folders.keys()]);
    await this.ground?.encoder.close();
    const grammars = await this.grammars;
    grammars?.dispose();
  }

  private async apply({ roots, engine }: Configuration): Promise<void> {
    this.settings = engine;
    const ground = await this.prepare(engine);
    const wanted = new Map(roots.map((root) => [root.path, root]));
    await this.closeAll([...this.folders.keys()].filter((root) => !wanted.has(root)));
    ground.encoder.setThreads(engine.threads);
    this.pausing.setByUser(engine.paused);
    // Some systems take seconds to tell; indexing that began meanwhile is paused then.
    void this.pausing.setPolicy(engine.onBattery);
    this.pausing.setWhileTyping(engine.whileTyping ?? 'slow');
    for (const [root, wire] of wanted) {
      const known = this.folders.get(root);
      if (known !== undefined) {
        known.configure(wire);
        continue;
      }
      this.folders.set(
        root,
        new WorkspaceFolder(wire, {
          home: engine.home,
          model: this.modelOf(engine),
          chunkTokens: engine.chunkTokens,
          installation: this.parts.installation,
          encoder: ground.encoder,
          grammars: this.openGrammars,
          isPaused: () => this.pausing.isPaused,
          rest: () => this.pausing.rest,
          log: this.parts.log,
          changed: this.parts.changed,
        }),
      );
    }
    this.parts.changed();
  }

  /** The ground for new settings; another one closes the roots that stand on the old one. */
  private async prepare(engine: EngineSettings): Promise<Ground> {
    const model = this.modelOf(engine);
    const key = JSON.stringify([engine.home, model, engine.chunkTokens]);
    const encoderKey = JSON.stringify([model]);
    const before = this.ground;
    if (before?.key === key) return before;
    const { installation } = this.parts;
    const encoder =
      before?.encoderKey === encoderKey
        ? before.encoder
        : new SharedEncoder({
            modelDir: model,
            workerPath: installation.encoderWorker,
            threads: engine.threads,
          });
    const info = await encoder.info();
    const budget = chunkBudget(engine.chunkTokens, info.window);
    await this.closeAll([...this.folders.keys()]);
    if (before !== undefined && before.encoder !== encoder) await before.encoder.close();
    this.encoderName = info.name;
    this.device = info.device;
    this.ground = { key, encoder, encoderKey, budget };
    return this.ground;
  }

  private modelOf(engine: EngineSettings): string {
    return new ModelStore(indexHome(engine.home), this.parts.installation.model).resolve(engine.model);
  }

  private async closeAll(roots: readonly string[]): Promise<void> {
    await Promise.all(
      roots.map(async (root) => {
        const folder = this.folders.get(root);
        this.folders.delete(root);
        this.overlays.forget(root);
        await folder?.close();
      }),
    );
  }

  private named(roots: readonly string[] | undefined): WorkspaceFolder[] {
    const all = [...this.folders.values()];
    return roots === undefined ? all : all.filter((folder) => roots.includes(folder.path));
  }

  /** Asks the roots named, which stay as they are until the answer is there. */
  private async ask<T>(
    names: readonly string[] | undefined,
    question: (shop: WorkspaceShop) => Promise<T>,
  ): Promise<T> {
    await this.configuring;
    const ground = this.required();
    // Always in one order: two questions that wait for each other's roots would wait for ever.
    const folders = this.named(names).sort((a, b) => (a.path < b.path ? -1 : 1));
    const leaves: (() => void)[] = [];
    const roots = new Map<string, WorkspaceRoot>();
    try {
      for (const folder of folders) {
        const { root, leave } = await folder.enter();
        leaves.push(leave);
        if (root !== undefined) roots.set(folder.path, root);
      }
      const inOrder = [...this.folders.keys()].flatMap((name) => roots.get(name) ?? []);
      return await question({
        roots: inOrder,
        encoder: ground.encoder.open,
        overlays: this.overlays,
        weights: weightsFor(this.settings?.testsAndVendored ?? 'lower'),
      });
    } catch (error) {
      for (const folder of folders) folder.met(error);
      throw error;
    } finally {
      for (const leave of leaves) leave();
    }
  }

  private required(): Ground {
    if (this.ground === undefined) throw new TypeError('The workspace was asked before it was configured.');
    return this.ground;
  }

  private readonly openGrammars = (): Promise<Grammars> => {
    this.grammars ??= Grammars.open({
      dir: this.parts.installation.grammars,
      log: (line) => this.parts.log('warn', line),
    });
    this.grammars.catch(() => {
      this.grammars = undefined;
    });
    return this.grammars;
  };
}
