/** The folders that agents ask about, asked together. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { NeosearchError } from '../../base/errors';
import type { Encoder } from '../../core/encode/encoder';
import type { Status } from '../../engine/engine';
import type { WorkspaceRoot, WorkspaceShop } from '../../engine/search/workspace';
import type { Folder } from './folder';

export class Folders {
  constructor(
    private readonly folders: readonly Folder[],
    readonly encoder: () => Promise<Encoder>,
  ) {}

  /** Begins to bring all indexes up to date. */
  refresh(): void {
    for (const folder of this.folders) folder.refresh();
  }

  /** Asks all folders, brought up to date where that is quick. @throws AbortError when the signal fires */
  async ask<T>(question: (shop: WorkspaceShop) => Promise<T>, signal: AbortSignal): Promise<T> {
    await Promise.all(this.folders.map((folder) => folder.settle(signal)));
    const roots: WorkspaceRoot[] = [];
    const [first, ...rest] = this.folders;
    const gather = (folder: Folder | undefined, others: readonly Folder[]): Promise<T> => {
      if (folder === undefined) return question({ roots, encoder: this.encoder });
      return folder.ask((root) => {
        roots.push(root);
        return gather(others[0], others.slice(1));
      });
    };
    return gather(first, rest);
  }

  /** What an asker should know, in one sentence each. */
  notes(): string[] {
    return this.folders.flatMap((folder) => folder.notes());
  }

  status(): Promise<Status[]> {
    return Promise.all(this.folders.map((folder) => folder.status()));
  }

  /** A path as agents see it: relative where there is one folder, absolute where there are several. */
  shown(root: string, relative: string): string {
    return this.folders.length === 1 ? relative : path.join(root, relative).split(path.sep).join('/');
  }

  /**
   * The folder that a file of an agent's question lies in.
   * @param file absolute, or relative to a folder
   * @throws NeosearchError `bad-argument` where it lies in none
   */
  placeOf(file: string): { readonly root: string; readonly path: string } {
    const roots = this.folders.map(({ root }) => root);
    for (const root of roots) {
      const relative = path.relative(root, path.resolve(root, file));
      const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
      if (isInside && existsSync(path.join(root, relative))) {
        return { root, path: relative.split(path.sep).join('/') };
      }
    }
    throw new NeosearchError('bad-argument', `There is no file ${file} in ${roots.join(' or ')}.`);
  }

  async close(): Promise<void> {
    await Promise.all(this.folders.map((folder) => folder.close()));
  }
}
