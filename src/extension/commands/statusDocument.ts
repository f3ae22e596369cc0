/** The index status as a readable document, up to date while it is open. */
import * as vscode from 'vscode';
import type { FeatureContext } from '../features';
import { statusDocument } from '../status/statusText';

const SCHEME = 'neosearch-status';
/** Milliseconds between updates of an open document. */
const PACE = 1000;

export class StatusDocument implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly uri = vscode.Uri.from({ scheme: SCHEME, path: 'Neosearch Index Status.md' });
  private readonly disposable: vscode.Disposable;
  private waiting: NodeJS.Timeout | undefined;

  constructor(private readonly ctx: FeatureContext) {
    this.disposable = vscode.Disposable.from(
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.changed.event,
        provideTextDocumentContent: () => statusDocument(this.ctx.engine.state, vscode.l10n),
      }),
      ctx.engine.onDidChangeState(() => this.update()),
    );
  }

  /** Rendered where the editor can, else as text. */
  async show(): Promise<void> {
    this.changed.fire(this.uri);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', this.uri);
    } catch {
      // An editor without its Markdown extension.
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(this.uri));
    }
  }

  dispose(): void {
    clearTimeout(this.waiting);
    this.disposable.dispose();
  }

  private update(): void {
    if (!vscode.workspace.textDocuments.some(({ uri }) => uri.scheme === SCHEME)) return;
    this.waiting ??= setTimeout(() => {
      this.waiting = undefined;
      this.changed.fire(this.uri);
    }, PACE);
  }
}
