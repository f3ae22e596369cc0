/** What the user decided about this workspace's index, remembered with the workspace. */
import type * as vscode from 'vscode';
import type { Configuration, WireRootStatus, WireStatus } from '../../protocol/messages';

const PAUSED = 'indexing.paused';
const DELETED = 'index.deletedRoots';

export class IndexMemory {
  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {}

  get paused(): boolean {
    return this.memento.get(PAUSED, false);
  }

  async setPaused(paused: boolean): Promise<void> {
    await this.memento.update(PAUSED, paused || undefined);
  }

  /** Paths of roots that are not to be indexed until the user asks for it. */
  get deleted(): readonly string[] {
    return this.memento.get<readonly string[]>(DELETED, []);
  }

  async markDeleted(roots: readonly string[]): Promise<void> {
    await this.memento.update(DELETED, [...new Set([...this.deleted, ...roots])]);
  }

  async unmarkDeleted(roots: readonly string[]): Promise<void> {
    const left = this.deleted.filter((root) => !roots.includes(root));
    await this.memento.update(DELETED, left.length > 0 ? left : undefined);
  }

  /** What the engine is told: without deleted roots, paused where the user paused it. */
  applyTo({ roots, engine }: Configuration): Configuration {
    const { deleted, paused } = this;
    return {
      roots: roots.filter((root) => !deleted.includes(root.path)),
      engine: { ...engine, paused },
    };
  }

  /** What the user sees: the engine's status, with the deleted roots that it was not told of. */
  addTo(status: WireStatus, { roots }: Configuration): WireStatus {
    const known = new Set(status.roots.map((root) => root.path));
    const missing = roots.filter((root) => this.deleted.includes(root.path) && !known.has(root.path));
    if (missing.length === 0) return status;
    return { ...status, roots: [...status.roots, ...missing.map(deletedRoot)] };
  }
}

function deletedRoot({ path, name }: { readonly path: string; readonly name: string }): WireRootStatus {
  return {
    path,
    name,
    state: 'deleted',
    files: 0,
    chunks: 0,
    pending: 0,
    progress: 1,
    filesDone: 0,
    filesTotal: 0,
    skipped: {},
    ann: 'exact',
    annReason: '',
    diskBytes: 0,
    indexDir: '',
  };
}
