import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clusterName, clustersOf, clusterSpread, percent } from '../../../src/extension/similar/clusters';
import { exportClusters, type Labels } from '../../../src/extension/similar/exportClusters';
import { cluster, hit, l10n } from './support';

const LABELS: Labels = {
  labelOf: ({ path }) => path,
  referenceOf: ({ path, startLine, endLine }) => `${path}#L${startLine}-L${endLine}`,
};

describe('clustersOf', () => {
  it('puts the largest first and counts from 1', () => {
    const clusters = clustersOf([
      cluster({ redundantLines: 5 }),
      cluster({ redundantLines: 50 }),
      cluster({ redundantLines: 20 }),
    ]);
    assert.deepEqual(
      clusters.map(({ rank, redundantLines }) => [rank, redundantLines]),
      [
        [1, 50],
        [2, 20],
        [3, 5],
      ],
    );
  });

  it('makes folded copies places, and a lone place no cluster', () => {
    const copy = { root: '/r', path: 'src/c.ts', startLine: 1, endLine: 11 };
    const [first, ...others] = clustersOf([
      cluster({ places: [hit({ copies: [copy] })] }),
      cluster({ places: [hit()] }),
    ]);
    assert.equal(others.length, 0);
    assert.deepEqual(
      first?.places.map(({ path }) => path),
      ['src/a.ts', 'src/c.ts'],
    );
  });
});

describe('a cluster in words', () => {
  it('is named as most of its places are', () => {
    const [named] = clustersOf([
      cluster({
        places: [hit({ breadcrumb: ['odd'] }), hit({ breadcrumb: ['same'] }), hit({ breadcrumb: ['same'] })],
      }),
    ]);
    assert.equal(named && clusterName(named), 'same');
  });

  it('says size, spread and likeness', () => {
    const [alike] = clustersOf([cluster({ folders: 2 })]);
    assert.equal(
      alike && clusterSpread(alike, l10n),
      '11 lines · 93% alike · 2 places · 2 files in 2 folders',
    );
    const [same] = clustersOf([cluster({ identical: true, files: 1 })]);
    assert.match(same ? clusterSpread(same, l10n) : '', / identical · 2 places · 1 file$/);
  });

  it('calls nothing a hundred percent that is not', () => {
    assert.deepEqual([percent(0.9999), percent(1), percent(-0.5)], [99, 100, 0]);
  });
});

describe('exportClusters', () => {
  const clusters = clustersOf([
    cluster({
      places: [hit({ breadcrumb: ['say "hi", all'] }), hit({ path: '=cmd.ts', breadcrumb: ['*b*'] })],
    }),
  ]);

  it('writes Markdown that reads as meant', () => {
    const text = exportClusters(clusters, 'markdown', LABELS, l10n);
    assert.match(text, /^# Duplicates\n\n1 clusters; 11 lines could go\.\n\n## 1\. /);
    assert.match(text, /^- `src\/a\.ts#L10-L20` say "hi", all$/m);
    assert.match(text, /\\\*b\\\*/);
  });

  it('writes JSON with every place', () => {
    const { clusters: read } = JSON.parse(exportClusters(clusters, 'json', LABELS, l10n)) as {
      clusters: { places: { path: string; startLine: number }[] }[];
    };
    assert.deepEqual(
      read[0]?.places.map(({ path, startLine }) => [path, startLine]),
      [
        ['src/a.ts', 10],
        ['=cmd.ts', 10],
      ],
    );
  });

  it('writes CSV that no spreadsheet misreads or runs', () => {
    const lines = exportClusters(clusters, 'csv', LABELS, l10n).split('\r\n');
    assert.equal(lines.length, 4);
    assert.match(lines[1] ?? '', /,"say ""hi"", all"$/);
    assert.match(lines[2] ?? '', /,'=cmd\.ts,/);
  });
});
