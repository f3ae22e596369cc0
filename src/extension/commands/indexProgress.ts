/** The notification while indexing goes on that the user asked for. Cancelling it pauses indexing. */
import * as vscode from 'vscode';
import type { WireStatus } from '../../protocol/messages';
import type { EngineState, FeatureContext } from '../features';
import { overallProgress } from '../notice/engineNotice';

/** Shorter work needs no notification. Milliseconds. */
const PATIENCE = 700;

export class IndexProgress {
  private shown = false;

  constructor(private readonly ctx: FeatureContext) {}

  /** Resolves when the work has begun to be shown, or was too short for that. */
  async show(title: string): Promise<void> {
    if (this.shown) return;
    const idle = this.ctx.engine.whenIdle().catch((error: unknown) => {
      this.ctx.log.warn(`${title}: ${String(error)}`);
    });
    const isShort = await Promise.race([
      idle.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE)),
    ]);
    if (isShort) return;
    this.shown = true;
    void vscode.window
      .withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        (progress, token) => this.follow(idle, progress, token),
      )
      .then(
        () => (this.shown = false),
        () => (this.shown = false),
      );
  }

  private async follow(
    idle: Promise<void>,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    let last = 0;
    const report = (state: EngineState): void => {
      if (state.kind !== 'running') return;
      const percent = Math.floor(overallProgress(state.status.roots) * 100);
      progress.report({ message: filesText(state.status), increment: Math.max(0, percent - last) });
      last = Math.max(last, percent);
    };
    const listening = this.ctx.engine.onDidChangeState(report);
    const cancelled = token.onCancellationRequested(() => {
      this.ctx.engine.pause().catch((error: unknown) => this.ctx.log.error(String(error)));
    });
    try {
      report(this.ctx.engine.state);
      await idle;
    } finally {
      listening.dispose();
      cancelled.dispose();
    }
  }
}

function filesText({ roots }: WireStatus): string {
  const done = roots.reduce((sum, root) => sum + root.filesDone, 0);
  const total = roots.reduce((sum, root) => sum + root.filesTotal, 0);
  return total === 0
    ? vscode.l10n.t('looking for files')
    : vscode.l10n.t('{0} of {1} files; cancel pauses indexing', done, total);
}
