/**
 * Related files, in the explorer and in our container: what belongs with the active file, by meaning.
 * Owns the context key `neosearch.relatedPinned`.
 */
import * as vscode from 'vscode';
import { messageOf } from '../../base/errors';
import type { WirePlace } from '../../protocol/messages';
import type { EngineState, FeatureContext, Opener } from '../features';
import { COMMAND, CONTEXT, VIEW } from '../ids';
import { indexSignature } from '../indexSignature';
import { engineNotice } from '../notice/engineNotice';
import { signalToken } from '../notice/cancellation';
import { RelatedModel, type RelatedState, type Subject } from './relatedModel';
import { type RelatedNode, RelatedTree } from './relatedTree';

/** Most files: further down nothing belongs. */
const MOST_FILES = 20;
/** Milliseconds that the command waits for files to give the focus to. */
const FOCUS_WAIT = 1500;

interface ShownView {
  readonly id: string;
  readonly view: vscode.TreeView<RelatedNode>;
}

export function registerRelated(ctx: FeatureContext, opener: Opener): vscode.Disposable {
  const related = new Related(ctx, opener);
  return vscode.Disposable.from(
    related,
    ctx.command(COMMAND.showRelated, (uri) => related.reveal(uri)),
    ctx.command(COMMAND.relatedPin, () => related.pin()),
    ctx.command(COMMAND.relatedUnpin, () => related.unpin()),
    ctx.command(COMMAND.relatedRefresh, () => related.refresh()),
    ctx.command(COMMAND.relatedOpenToSide, (node) => related.openToSide(node)),
  );
}

class Related implements vscode.Disposable {
  private readonly tree: RelatedTree;
  private readonly model: RelatedModel;
  private readonly views: readonly [ShownView, ShownView];
  private readonly disposable: vscode.Disposable;
  private signature = '';

  constructor(
    private readonly ctx: FeatureContext,
    private readonly opener: Opener,
  ) {
    this.tree = new RelatedTree(opener);
    this.model = new RelatedModel(
      (subject, signal) => this.ask(subject, signal),
      (state) => this.render(state),
    );
    this.views = [this.createView(VIEW.related), this.createView(VIEW.relatedInExplorer)];
    this.disposable = vscode.Disposable.from(
      this.model,
      this.tree,
      ...this.views.flatMap(({ view }) => [
        view,
        view.onDidChangeVisibility(() => this.visibilityChanged()),
        view.onDidChangeSelection(({ selection }) => this.selected(selection[0])),
      ]),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.follow(editor?.document.uri)),
      vscode.window.onDidChangeActiveNotebookEditor((editor) => this.follow(editor?.notebook.uri)),
      ctx.engine.onDidChangeState((state) => this.engineChanged(state)),
    );
    this.follow(
      vscode.window.activeTextEditor?.document.uri ?? vscode.window.activeNotebookEditor?.notebook.uri,
    );
    this.visibilityChanged();
  }

  /** Shows the view; for another file than the active one it stays with that file. */
  async reveal(uri: unknown): Promise<void> {
    const place = uri instanceof vscode.Uri ? this.opener.placeOf(uri) : undefined;
    const active = vscode.window.activeTextEditor?.document.uri;
    if (place !== undefined && uri instanceof vscode.Uri && uri.toString() !== active?.toString()) {
      this.model.pin(place);
      await this.pinChanged();
    }
    const { id, view } = this.views.find((shown) => shown.view.visible) ?? this.views[0];
    await vscode.commands.executeCommand(`${id}.focus`);
    await this.whenAnswered();
    // An empty view keeps no focus: give it to the first file when that is there.
    const { first } = this.tree;
    if (first !== undefined) await view.reveal(first, { focus: true, select: false });
  }

  /** Waits for the answer that is on its way, but not for a slow one. */
  private async whenAnswered(): Promise<void> {
    const end = Date.now() + FOCUS_WAIT;
    while (this.model.busy && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, FOCUS_WAIT / 50));
    }
  }

  async pin(): Promise<void> {
    this.model.pin();
    await this.pinChanged();
  }

  async unpin(): Promise<void> {
    this.model.unpin();
    await this.pinChanged();
  }

  refresh(): void {
    this.model.refresh();
  }

  /** Opens the related side beside the editor; of a pair, the own side in the editor too. */
  async openToSide(value: unknown): Promise<void> {
    const node = isNode(value) ? value : this.views.flatMap(({ view }) => view.selection)[0];
    if (node === undefined) return;
    this.model.willOpen(node.file);
    if (node.kind !== 'file') await this.opener.open(placeAt(node.subject, node.pair.own));
    const side = node.kind === 'file' ? node.file.pairs[0]?.other : node.pair.other;
    await this.opener.open(placeAt(node.file, side), { toSide: true });
  }

  dispose(): void {
    this.disposable.dispose();
  }

  private async ask(subject: Subject, signal: AbortSignal): ReturnType<FeatureContext['engine']['related']> {
    if (this.isBlocked) return { files: [] };
    const source = signalToken(signal);
    try {
      const { root, path } = subject;
      return await this.ctx.engine.related({ root, path, limit: MOST_FILES }, source.token);
    } finally {
      source.dispose();
    }
  }

  private createView(id: string): ShownView {
    const view = vscode.window.createTreeView(id, { treeDataProvider: this.tree, showCollapseAll: true });
    return { id, view };
  }

  /** Selecting opens. */
  private selected(node: RelatedNode | undefined): void {
    if (node === undefined) return;
    this.model.willOpen(node.kind === 'side' && node.of === 'own' ? node.subject : node.file);
  }

  private follow(uri: vscode.Uri | undefined): void {
    if (uri === undefined) return;
    // A notebook's cells are documents of their own; the file is the notebook.
    const file = uri.scheme === 'vscode-notebook-cell' ? uri.with({ scheme: 'file', fragment: '' }) : uri;
    const place = this.opener.placeOf(file);
    if (place !== undefined) this.model.follow({ root: place.root, path: place.path });
  }

  private visibilityChanged(): void {
    this.model.show(this.views.some(({ view }) => view.visible));
  }

  private engineChanged(state: EngineState): void {
    const root = this.model.subject?.root;
    const signature =
      state.kind === 'running'
        ? `running ${indexSignature(state.status.roots.find(({ path }) => path === root))}`
        : state.kind;
    if (signature !== this.signature) {
      this.signature = signature;
      this.model.indexChanged();
    }
    this.describe(this.model.state);
  }

  private async pinChanged(): Promise<void> {
    await vscode.commands.executeCommand('setContext', CONTEXT.relatedPinned, this.model.pinned);
    this.describe(this.model.state);
  }

  private render(state: RelatedState): void {
    if (state.error !== undefined && !(state.error instanceof vscode.CancellationError)) {
      this.ctx.log.warn(`Related files: ${messageOf(state.error)}`);
    }
    this.tree.show(state.subject, state.files);
    this.describe(state);
  }

  /** The line above the files, and the name of the file that they belong with. */
  private describe(state: RelatedState): void {
    // An empty text is none.
    const message = this.messageFor(state) ?? '';
    const shown = state.files.length > 0 || !this.isBlocked ? state.subject : undefined;
    const subject = shown === undefined ? '' : this.opener.labelOf(shown);
    for (const { view } of this.views) {
      view.message = message;
      view.description =
        subject !== '' && this.model.pinned ? vscode.l10n.t('pinned: {0}', subject) : subject;
    }
  }

  private get isBlocked(): boolean {
    return engineNotice(this.ctx.engine.state, vscode.l10n)?.kind === 'blocked';
  }

  private messageFor(state: RelatedState): string | undefined {
    const notice = engineNotice(this.ctx.engine.state, vscode.l10n);
    if (notice?.kind === 'blocked' || notice?.kind === 'waiting') return notice.text;
    if (state.error !== undefined) return messageOf(state.error);
    if (state.subject === undefined || state.files.length > 0) return notice?.text;
    return state.reason ?? notice?.text ?? vscode.l10n.t('No other file is close to this one.');
  }
}

function placeAt(
  { root, path }: Subject,
  side: { readonly startLine: number; readonly endLine: number } | undefined,
): WirePlace {
  return { root, path, startLine: side?.startLine ?? 1, endLine: side?.endLine ?? 1 };
}

function isNode(value: unknown): value is RelatedNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'subject' in value;
}
