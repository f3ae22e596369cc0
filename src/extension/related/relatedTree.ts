/** The related-files views: files, the chunk pairs that bind them, and the two sides of each pair. */
import * as vscode from 'vscode';
import type { WirePair, WirePairSide, WireRelatedFile } from '../../protocol/messages';
import type { Opener } from '../features';
import type { Subject } from './relatedModel';
import { linesText, pairText, reasonOf, sideText } from './relatedText';

export type RelatedNode =
  | { readonly kind: 'file'; readonly subject: Subject; readonly file: WireRelatedFile }
  | {
      readonly kind: 'pair';
      readonly subject: Subject;
      readonly file: WireRelatedFile;
      readonly pair: WirePair;
      /** From 0, in the file. */
      readonly index: number;
    }
  | {
      readonly kind: 'side';
      readonly of: 'own' | 'other';
      readonly subject: Subject;
      readonly file: WireRelatedFile;
      readonly pair: WirePair;
      readonly index: number;
    };

export class RelatedTree implements vscode.TreeDataProvider<RelatedNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private nodes: readonly RelatedNode[] = [];

  constructor(private readonly opener: Opener) {}

  show(subject: Subject | undefined, files: readonly WireRelatedFile[]): void {
    this.nodes = subject === undefined ? [] : files.map((file) => ({ kind: 'file', subject, file }));
    this.changed.fire(undefined);
  }

  getChildren(node?: RelatedNode): RelatedNode[] {
    if (node === undefined) return [...this.nodes];
    const { subject, file } = node;
    switch (node.kind) {
      case 'file':
        return file.pairs.map((pair, index) => ({ kind: 'pair', subject, file, pair, index }));
      case 'pair':
        return (['own', 'other'] as const).map((of) => ({ ...node, kind: 'side', of }));
      case 'side':
        return [];
    }
  }

  getParent(node: RelatedNode): RelatedNode | undefined {
    const { subject, file } = node;
    switch (node.kind) {
      case 'file':
        return undefined;
      case 'pair':
        return { kind: 'file', subject, file };
      case 'side':
        return { kind: 'pair', subject, file, pair: node.pair, index: node.index };
    }
  }

  /** The closest file, if there is any. */
  get first(): RelatedNode | undefined {
    return this.nodes[0];
  }

  getTreeItem(node: RelatedNode): vscode.TreeItem {
    switch (node.kind) {
      case 'file':
        return this.fileItem(node.subject, node.file);
      case 'pair':
        return this.pairItem(node.file, node.pair, node.index);
      case 'side':
        return this.sideItem(node);
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  private fileItem(subject: Subject, file: WireRelatedFile): vscode.TreeItem {
    const item = new vscode.TreeItem(
      this.opener.uriOf(file),
      file.pairs.length === 0
        ? vscode.TreeItemCollapsibleState.None
        : vscode.TreeItemCollapsibleState.Collapsed,
    );
    item.id = idOf(file);
    const reason = reasonOf(file, vscode.l10n);
    item.description = reason;
    item.iconPath = vscode.ThemeIcon.File;
    item.contextValue = 'relatedFile';
    item.tooltip = this.fileTooltip(subject, file);
    item.accessibilityInformation = { label: `${this.opener.labelOf(file)}, ${reason}` };
    const closest = file.pairs[0]?.other;
    item.command = this.openCommand(file, closest);
    return item;
  }

  private fileTooltip(subject: Subject, file: WireRelatedFile): string {
    const lines = [this.opener.labelOf(file)];
    const [pair] = file.pairs;
    if (pair !== undefined) {
      lines.push(
        vscode.l10n.t(
          'Closest: {0} is like {1} of {2} (similarity {3})',
          sideText(pair.other, vscode.l10n),
          sideText(pair.own, vscode.l10n),
          this.opener.labelOf(subject),
          pair.similarity.toFixed(2),
        ),
      );
    }
    return lines.join('\n');
  }

  private pairItem(file: WireRelatedFile, pair: WirePair, index: number): vscode.TreeItem {
    const { label, description } = pairText(pair, vscode.l10n);
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = `${idOf(file)} ${index}`;
    item.description = description;
    item.iconPath = new vscode.ThemeIcon('link');
    item.contextValue = 'relatedPair';
    item.tooltip = vscode.l10n.t('Similarity {0}', pair.similarity.toFixed(2));
    item.command = this.openCommand(file, pair.other);
    return item;
  }

  private sideItem(node: RelatedNode & { readonly kind: 'side' }): vscode.TreeItem {
    const isOwn = node.of === 'own';
    const side = isOwn ? node.pair.own : node.pair.other;
    const file = isOwn ? node.subject : node.file;
    const item = new vscode.TreeItem(sideText(side, vscode.l10n));
    item.id = `${idOf(node.file)} ${node.index} ${node.of}`;
    item.description = `${this.opener.labelOf(file)} · ${linesText(side, vscode.l10n)}`;
    item.iconPath = new vscode.ThemeIcon(isOwn ? 'arrow-small-left' : 'arrow-small-right');
    item.contextValue = 'relatedSide';
    item.command = this.openCommand(file, side);
    return item;
  }

  private openCommand(file: Subject, side: WirePairSide | undefined): vscode.Command {
    const options: vscode.TextDocumentShowOptions = { preview: true };
    if (side !== undefined) {
      options.selection = new vscode.Range(side.startLine - 1, 0, side.startLine - 1, 0);
    }
    return {
      command: 'vscode.open',
      title: vscode.l10n.t('Open'),
      arguments: [this.opener.uriOf(file), options],
    };
  }
}

function idOf(file: WireRelatedFile): string {
  return `${file.root}\n${file.path}`;
}
