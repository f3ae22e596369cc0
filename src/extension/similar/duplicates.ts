/** "Find Duplicates in Workspace": the search, its view, the comparison of two places, the export. */
import * as vscode from 'vscode';
import type { WirePlace } from '../../protocol/messages';
import type { FeatureContext, Opener } from '../features';
import { COMMAND, CONTEXT, VIEW } from '../ids';
import { unlessCancelled } from '../notice/cancellation';
import { linesOf } from '../ranges';
import { type ClusterPlace, clustersOf } from './clusters';
import { type DuplicateNode, DuplicatesTree } from './duplicatesTree';
import { type ExportFormat, exportClusters } from './exportClusters';
import type { RangeDocuments } from './rangeDocuments';

/** Below this similarity places are about one subject rather than doubles of each other. */
const MIN_SIMILARITY = 0.9;
/** Shorter pieces are alike by chance. */
const MIN_LINES = 5;

export class Duplicates implements vscode.Disposable {
  private readonly tree: DuplicatesTree;
  private readonly view: vscode.TreeView<DuplicateNode>;

  constructor(
    private readonly ctx: FeatureContext,
    private readonly opener: Opener,
    private readonly documents: RangeDocuments,
  ) {
    this.tree = new DuplicatesTree(opener);
    this.view = vscode.window.createTreeView(VIEW.duplicates, {
      treeDataProvider: this.tree,
      canSelectMany: true,
      showCollapseAll: true,
    });
  }

  async find(): Promise<void> {
    const work = vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Finding duplicates'),
        cancellable: true,
      },
      (progress, token) => {
        let reported = 0;
        return this.ctx.engine.duplicates(
          { minSimilarity: MIN_SIMILARITY, minLines: MIN_LINES, includeTests: false },
          ({ done, message }) => {
            const percent = Math.floor(done * 100);
            progress.report({ message, increment: Math.max(0, percent - reported) });
            reported = Math.max(reported, percent);
          },
          token,
        );
      },
    );
    const answer = await unlessCancelled(work);
    if (answer === undefined) return;
    const clusters = clustersOf(answer.clusters);
    if (clusters.length === 0) {
      await this.close();
      const note = answer.notes[0];
      const none = vscode.l10n.t('No duplicates of {0} lines or more were found.', MIN_LINES);
      void vscode.window.showInformationMessage(note === undefined ? none : `${none} ${note}`);
      return;
    }
    this.tree.show(clusters);
    const lines = clusters.reduce((sum, { redundantLines }) => sum + redundantLines, 0);
    this.view.description = vscode.l10n.t('{0} clusters, {1} lines could go', clusters.length, lines);
    this.view.message = answer.notes[0] ?? '';
    await vscode.commands.executeCommand('setContext', CONTEXT.hasDuplicates, true);
    await vscode.commands.executeCommand(`${VIEW.duplicates}.focus`);
  }

  async close(): Promise<void> {
    this.tree.show([]);
    // An empty text is none.
    this.view.message = '';
    this.view.description = '';
    await vscode.commands.executeCommand('setContext', CONTEXT.hasDuplicates, false);
  }

  /** Compares two selected places, else the one given with the first of its cluster. */
  async compare(...args: readonly unknown[]): Promise<void> {
    const node = isNode(args[0]) ? args[0] : this.view.selection.find(({ kind }) => kind === 'place');
    if (node?.kind !== 'place') return;
    const selected = this.view.selection.flatMap((n) => (n.kind === 'place' ? [n.place] : []));
    const others = selected.filter((place) => !samePlace(place, node.place));
    const [first, second] = node.cluster.places;
    const other =
      selected.length === 2 && others.length === 1
        ? others[0]
        : first !== undefined && samePlace(first, node.place)
          ? second
          : first;
    if (other === undefined) return;
    await this.documents.compare(this.side(other), this.side(node.place));
  }

  async export(): Promise<void> {
    const { clusters } = this.tree;
    if (clusters.length === 0) return;
    const format = await vscode.window.showQuickPick(formats(), {
      title: vscode.l10n.t('Export Duplicates'),
      placeHolder: vscode.l10n.t('Format'),
    });
    if (format === undefined) return;
    const text = exportClusters(
      clusters,
      format.format,
      {
        labelOf: (place) => this.opener.labelOf(place),
        referenceOf: (place) => this.opener.referenceOf(place),
      },
      vscode.l10n,
    );
    const where = await vscode.window.showQuickPick(
      [
        { label: vscode.l10n.t('$(new-file) To a new editor'), toFile: false },
        { label: vscode.l10n.t('$(save) To a file…'), toFile: true },
      ],
      { title: vscode.l10n.t('Export Duplicates') },
    );
    if (where === undefined) return;
    if (where.toFile) await saveAs(text, format.extension, format.label);
    else {
      const document = await vscode.workspace.openTextDocument({ content: text, language: format.language });
      await vscode.window.showTextDocument(document);
    }
  }

  dispose(): void {
    this.view.dispose();
    this.tree.dispose();
  }

  private side(place: ClusterPlace): { uri: vscode.Uri; range: vscode.Range; label: string } {
    return {
      uri: this.opener.uriOf(place),
      range: linesOf(place),
      label: this.opener.referenceOf(place),
    };
  }
}

export function registerDuplicateCommands(ctx: FeatureContext, duplicates: Duplicates): vscode.Disposable {
  return vscode.Disposable.from(
    ctx.command(COMMAND.findDuplicates, () => duplicates.find()),
    ctx.command(COMMAND.closeDuplicates, () => duplicates.close()),
    ctx.command(COMMAND.exportDuplicates, () => duplicates.export()),
    ctx.command(COMMAND.diffDuplicate, (...args) => duplicates.compare(...args)),
  );
}

interface FormatItem extends vscode.QuickPickItem {
  readonly format: ExportFormat;
  readonly language: string;
  readonly extension: string;
}

function formats(): FormatItem[] {
  return [
    {
      label: 'Markdown',
      description: vscode.l10n.t('to read'),
      format: 'markdown',
      language: 'markdown',
      extension: 'md',
    },
    {
      label: 'JSON',
      description: vscode.l10n.t('for programs'),
      format: 'json',
      language: 'json',
      extension: 'json',
    },
    {
      label: 'CSV',
      description: vscode.l10n.t('for spreadsheets, one line per place'),
      format: 'csv',
      language: 'plaintext',
      extension: 'csv',
    },
  ];
}

async function saveAs(text: string, extension: string, name: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    filters: { [name]: [extension] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `duplicates.${extension}`) }),
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(uri);
}

function isNode(value: unknown): value is DuplicateNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'cluster' in value;
}

function samePlace(a: WirePlace, b: WirePlace): boolean {
  return a.root === b.root && a.path === b.path && a.startLine === b.startLine && a.endLine === b.endLine;
}
