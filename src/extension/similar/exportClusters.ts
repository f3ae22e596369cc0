/** Duplicates as a text to keep: Markdown to read, JSON and CSV to work on. */
import type { WirePlace } from '../../protocol/messages';
import type { L10n } from '../notice/engineNotice';
import { type Cluster, clusterName, clusterSummary } from './clusters';

export type ExportFormat = 'markdown' | 'json' | 'csv';

export interface Labels {
  /** As shown to the user: with the folder's name first in a workspace of several. */
  readonly labelOf: (place: WirePlace) => string;
  readonly referenceOf: (place: WirePlace) => string;
}

export function exportClusters(
  clusters: readonly Cluster[],
  format: ExportFormat,
  labels: Labels,
  l10n: L10n,
): string {
  switch (format) {
    case 'markdown':
      return markdown(clusters, labels, l10n);
    case 'json':
      return json(clusters, labels);
    case 'csv':
      return csv(clusters, labels);
  }
}

function markdown(clusters: readonly Cluster[], { referenceOf }: Labels, l10n: L10n): string {
  const lines = clusters.reduce((sum, { redundantLines }) => sum + redundantLines, 0);
  const head = [
    `# ${l10n.t('Duplicates')}`,
    '',
    l10n.t('{0} clusters; {1} lines could go.', clusters.length, lines),
  ];
  const sections = clusters.flatMap((cluster) => [
    '',
    `## ${cluster.rank}. ${escapeMarkdown(clusterName(cluster))}`,
    '',
    clusterSummary(cluster, l10n),
    '',
    ...cluster.places.map(
      (place) =>
        `- \`${referenceOf(place)}\`${place.breadcrumb.length === 0 ? '' : ` ${escapeMarkdown(place.breadcrumb.join(' › '))}`}`,
    ),
  ]);
  return [...head, ...sections, ''].join('\n');
}

function json(clusters: readonly Cluster[], { labelOf }: Labels): string {
  const values = clusters.map((cluster) => ({
    name: clusterName(cluster),
    identical: cluster.identical,
    minSimilarity: cluster.minSimilarity,
    meanSimilarity: cluster.meanSimilarity,
    redundantLines: cluster.redundantLines,
    files: cluster.files,
    folders: cluster.folders,
    places: cluster.places.map((place) => ({
      path: labelOf(place),
      startLine: place.startLine,
      endLine: place.endLine,
      breadcrumb: place.breadcrumb,
      language: place.language,
    })),
  }));
  return `${JSON.stringify({ clusters: values }, undefined, 2)}\n`;
}

const COLUMNS =
  'cluster,name,identical,minSimilarity,meanSimilarity,redundantLines,path,startLine,endLine,breadcrumb';

function csv(clusters: readonly Cluster[], { labelOf }: Labels): string {
  const rows = clusters.flatMap((cluster) =>
    cluster.places.map((place) =>
      [
        cluster.rank,
        clusterName(cluster),
        cluster.identical,
        cluster.minSimilarity,
        cluster.meanSimilarity,
        cluster.redundantLines,
        labelOf(place),
        place.startLine,
        place.endLine,
        place.breadcrumb.join(' > '),
      ]
        .map(csvField)
        .join(','),
    ),
  );
  return [COLUMNS, ...rows, ''].join('\r\n');
}

/** Quoted where it must be; a text that a spreadsheet would run as a formula stays a text. */
function csvField(value: string | number | boolean): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/u.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/gu, '\\$&');
}
