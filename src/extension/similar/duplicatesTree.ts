/** The duplicates view: clusters, largest first, each with its places. */
import * as vscode from 'vscode';
import type { Opener } from '../features';
import { linesOf } from '../ranges';
import {
  type Cluster,
  clusterName,
  type ClusterPlace,
  clusterSpread,
  clusterSummary,
  likeness,
  nameOf,
} from './clusters';

export type DuplicateNode =
  | { readonly kind: 'cluster'; readonly cluster: Cluster }
  | { readonly kind: 'place'; readonly cluster: Cluster; readonly place: ClusterPlace };

/** The editor's own command: opens a document at a selection. */
const OPEN_ITEM = 'vscode.open';

export class DuplicatesTree implements vscode.TreeDataProvider<DuplicateNode> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private nodes: readonly DuplicateNode[] = [];

  constructor(private readonly opener: Opener) {}

  get clusters(): readonly Cluster[] {
    return this.nodes.map(({ cluster }) => cluster);
  }

  show(clusters: readonly Cluster[]): void {
    this.nodes = clusters.map((cluster) => ({ kind: 'cluster', cluster }));
    this.changed.fire(undefined);
  }

  getChildren(node?: DuplicateNode): DuplicateNode[] {
    if (node === undefined) return [...this.nodes];
    if (node.kind === 'place') return [];
    const { cluster } = node;
    return cluster.places.map((place) => ({ kind: 'place', cluster, place }));
  }

  getParent(node: DuplicateNode): DuplicateNode | undefined {
    return node.kind === 'cluster' ? undefined : this.nodes.find(({ cluster }) => cluster === node.cluster);
  }

  getTreeItem(node: DuplicateNode): vscode.TreeItem {
    return node.kind === 'cluster' ? this.clusterItem(node.cluster) : this.placeItem(node);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private clusterItem(cluster: Cluster): vscode.TreeItem {
    const item = new vscode.TreeItem(clusterName(cluster), vscode.TreeItemCollapsibleState.Collapsed);
    item.id = `cluster ${cluster.rank}`;
    item.description = clusterSpread(cluster, vscode.l10n);
    item.iconPath = new vscode.ThemeIcon(cluster.identical ? 'copy' : 'files');
    item.contextValue = 'duplicateCluster';
    item.tooltip = [
      clusterSummary(cluster, vscode.l10n),
      vscode.l10n.t(
        'Similarity: {0} at least, {1} on average',
        cluster.minSimilarity.toFixed(3),
        cluster.meanSimilarity.toFixed(3),
      ),
      ...cluster.places.map((place) => this.opener.referenceOf(place)),
    ].join('\n');
    return item;
  }

  private placeItem({ cluster, place }: { cluster: Cluster; place: ClusterPlace }): vscode.TreeItem {
    const uri = this.opener.uriOf(place);
    const item = new vscode.TreeItem(nameOf(place));
    item.id = `cluster ${cluster.rank} ${this.opener.referenceOf(place)}`;
    item.description = `${this.opener.labelOf(place)}:${place.startLine}-${place.endLine}`;
    item.resourceUri = uri;
    item.iconPath = vscode.ThemeIcon.File;
    item.contextValue = 'duplicatePlace';
    item.tooltip = [
      place.breadcrumb.join(' › '),
      this.opener.referenceOf(place),
      likeness(cluster, vscode.l10n),
    ]
      .filter((line) => line !== '')
      .join('\n');
    item.command = {
      command: OPEN_ITEM,
      title: vscode.l10n.t('Open'),
      arguments: [uri, { selection: linesOf(place), preview: true }],
    };
    return item;
  }
}
