/** Clusters of duplicates as people read them: order, labels, places. */
import type { WireCluster, WireHit, WirePlace } from '../../protocol/messages';
import type { L10n } from '../notice/engineNotice';

/** One place of a cluster; copies that the engine folded into a hit are places like any other. */
export interface ClusterPlace extends WirePlace {
  readonly breadcrumb: readonly string[];
  readonly language: string;
}

export interface Cluster extends Omit<WireCluster, 'places'> {
  /** From 1, in the order shown. */
  readonly rank: number;
  readonly places: readonly ClusterPlace[];
}

/** Largest first, by the lines that could go; clusters of one place are none. */
export function clustersOf(wire: readonly WireCluster[]): readonly Cluster[] {
  return wire
    .map((cluster) => ({ ...cluster, places: cluster.places.flatMap(placesOf) }))
    .filter(({ places }) => places.length > 1)
    .sort((a, b) => b.redundantLines - a.redundantLines || b.places.length - a.places.length)
    .map((cluster, i) => ({ ...cluster, rank: i + 1 }));
}

/** What the cluster is: the name that most of its places share, else that of the first. */
export function clusterName(cluster: Cluster): string {
  const counts = new Map<string, number>();
  for (const place of cluster.places) {
    const name = nameOf(place);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  let best = '';
  let most = 0;
  for (const [name, count] of counts) {
    if (count > most) [best, most] = [name, count];
  }
  return best;
}

/** Size, likeness and spread on one line; the first words are what a narrow view still shows. */
export function clusterSpread(cluster: Cluster, l10n: L10n): string {
  return `${l10n.t('{0} lines', cluster.redundantLines)} · ${spread(cluster, l10n)}`;
}

/** The same where there is room to say what the lines are. */
export function clusterSummary(cluster: Cluster, l10n: L10n): string {
  return `${l10n.t('{0} lines could go', cluster.redundantLines)} · ${spread(cluster, l10n)}`;
}

function spread(cluster: Cluster, l10n: L10n): string {
  const files = cluster.files === 1 ? l10n.t('1 file') : l10n.t('{0} files', cluster.files);
  return [
    likeness(cluster, l10n),
    l10n.t('{0} places', cluster.places.length),
    cluster.folders > 1 ? l10n.t('{0} in {1} folders', files, cluster.folders) : files,
  ].join(' · ');
}

/** `identical`, or how alike the places are at least. */
export function likeness(cluster: Cluster, l10n: L10n): string {
  return cluster.identical ? l10n.t('identical') : l10n.t('{0}% alike', percent(cluster.minSimilarity));
}

/** A similarity in [-1, 1] as whole percents in [0, 100]; only what is equal reads as 100. */
export function percent(similarity: number): number {
  const clamped = Math.min(1, Math.max(0, similarity));
  return clamped === 1 ? 100 : Math.min(99, Math.round(clamped * 100));
}

export function nameOf(place: ClusterPlace): string {
  return place.breadcrumb.at(-1) ?? place.path.slice(place.path.lastIndexOf('/') + 1);
}

function placesOf(hit: WireHit): readonly ClusterPlace[] {
  const { breadcrumb, language } = hit;
  return [hit, ...hit.copies].map(({ root, path, startLine, endLine }) => ({
    root,
    path,
    startLine,
    endLine,
    breadcrumb,
    language,
  }));
}
