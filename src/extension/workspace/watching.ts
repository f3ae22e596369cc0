/**
 * Everything that tells the engine what happens in the workspace. It exists while the engine may run, and only
 * then: off means no watcher.
 */
import * as vscode from 'vscode';
import { Rescan } from '../../protocol/messages';
import type { EngineSupervisor } from '../engineClient/supervisor';
import type { Opener } from '../features';
import { LookedAt } from './looking';
import { Overlays } from './overlays';
import { RootWatcher } from './rootWatcher';
import { watchingIsUnreliable } from './unreliable';

export class Watching implements vscode.Disposable {
  private watchers = new Map<string, RootWatcher>();
  private others: vscode.Disposable | undefined;
  /** Roots whose changes the editor may miss, and whether the user was told. */
  private readonly unreliable = new Map<string, string>();

  constructor(
    private readonly engine: EngineSupervisor,
    private readonly opener: Opener,
    private readonly log: Pick<vscode.LogOutputChannel, 'info' | 'warn'>,
  ) {}

  /** Watches these roots and no others; nothing at all without any. */
  watch(roots: readonly string[]): void {
    if (roots.length === 0) {
      this.dispose();
      return;
    }
    for (const [root, watcher] of this.watchers) {
      if (roots.includes(root)) continue;
      watcher.dispose();
      this.watchers.delete(root);
      this.unreliable.delete(root);
    }
    for (const root of roots) {
      if (this.watchers.has(root)) continue;
      this.watchers.set(root, new RootWatcher(vscode.Uri.file(root), this.engine));
      this.check(root);
    }
    this.others ??= vscode.Disposable.from(
      new Overlays(this.engine, this.opener),
      new LookedAt(this.engine, this.opener),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.rescan();
      }),
    );
  }

  dispose(): void {
    for (const watcher of this.watchers.values()) watcher.dispose();
    this.watchers.clear();
    this.unreliable.clear();
    this.others?.dispose();
    this.others = undefined;
  }

  /** The window is looked at again: where watching may have missed something, the folder is compared. */
  private rescan(): void {
    const roots = [...this.unreliable.keys()];
    if (roots.length > 0) this.engine.notify(Rescan, { roots });
  }

  private check(root: string): void {
    watchingIsUnreliable(root).then(
      (why) => {
        if (why === undefined || !this.watchers.has(root)) return;
        this.unreliable.set(root, why);
        this.log.warn(
          vscode.l10n.t(
            'Changes in {0} may go unseen ({1}): it is compared with the index whenever this window is focused.',
            root,
            why,
          ),
        );
      },
      (error: unknown) => this.log.info(`watching ${root}: ${String(error)}`),
    );
  }
}
