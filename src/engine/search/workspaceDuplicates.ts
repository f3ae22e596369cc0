/** Duplicates: clusters of near-equal chunks over several roots. */
import { clusters } from '../../core/rank/cluster';
import type { DuplicatesParams, WireCluster, WireDuplicates } from '../../protocol/messages';
import { dot } from '../index/exactIndex';
import { collectDuplicable, type DuplicableChunk, type DuplicableText } from './duplicable';
import { nearPairs } from './nearPairs';
import { wireHit } from './wireHit';
import type { WorkspaceRoot, WorkspaceShop } from './workspace';
import { indexingNotes } from './workspaceNotes';
import { rootsNamed } from './workspaceSearch';

export interface DuplicatesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how far it is. @param done in [0, 1] */
  readonly onProgress?: ((done: number, message: string) => void) | undefined;
}

/** Pairs beyond this many say nothing new: whole folders are alike. */
const MAX_PAIRS = 1_000_000;
/** Clusters of an answer; the largest. */
const MAX_CLUSTERS = 500;
/** Places of one cluster that are shown. */
const MAX_PLACES = 200;
/** Members of a cluster that are compared one by one for its least similarity. */
const MAX_COMPARED = 300;
/** The share of the work that reading is. */
const READING = 0.2;

/**
 * Clusters of chunks that are alike, those with most redundant lines first. Generated, vendored and legal files and
 * data are left out, and so are chunks that consist of imports and comments.
 * @throws AbortError when the signal fires
 */
export async function duplicatesInWorkspace(
  shop: WorkspaceShop,
  params: Omit<DuplicatesParams, 'progressId'>,
  { signal, onProgress }: DuplicatesOptions = {},
): Promise<WireDuplicates> {
  signal?.throwIfAborted();
  const { minSimilarity } = params;
  const roots = rootsNamed(shop.roots, params.roots);
  const notes = indexingNotes(roots);
  const collection = await collectDuplicable(roots, params, {
    signal,
    onProgress: (done) => onProgress?.(done * READING, 'Reading chunks'),
  });
  const { texts, block, dimensions } = collection;
  if (collection.leftOut > 0) {
    notes.push(`Only the ${texts.length} longest chunks were compared; ${collection.leftOut} were not.`);
  }
  const { pairs, isCut } = await nearPairs(block, dimensions, {
    minSimilarity,
    limit: MAX_PAIRS,
    signal,
    onProgress: (done) => onProgress?.(READING + done * (1 - READING), 'Comparing chunks'),
  });
  if (isCut) notes.push('There are too many alike chunks to compare them all; raise the least similarity.');
  const vectorOf = (row: number): Float32Array => block.subarray(row * dimensions, (row + 1) * dimensions);
  const groups = clusters(pairs, vectorOf, minSimilarity);
  const joined = new Set(groups.flat());
  const copies = texts.flatMap(({ places }, row) => (places.length > 1 && !joined.has(row) ? [[row]] : []));
  const found = [...groups, ...copies].map((rows) => measured(rows, texts, vectorOf)).sort(byRedundancy);
  onProgress?.(1, 'Done');
  if (found.length > MAX_CLUSTERS) {
    notes.push(`${found.length} clusters were found; the ${MAX_CLUSTERS} largest are shown.`);
  }
  const byName = new Map(roots.map((root) => [root.root, root]));
  const answer = found.slice(0, MAX_CLUSTERS).map((cluster) => wireCluster(cluster, byName));
  if (answer.some(({ places }) => places.length >= MAX_PLACES)) {
    notes.push(`Of clusters with more places, ${MAX_PLACES} are shown.`);
  }
  return { clusters: answer.filter(({ places }) => places.length > 1), notes };
}

interface Cluster {
  /** Longest first. */
  readonly places: readonly DuplicableChunk[];
  readonly identical: boolean;
  readonly minSimilarity: number;
  readonly meanSimilarity: number;
  readonly redundantLines: number;
}

function measured(
  rows: readonly number[],
  texts: readonly DuplicableText[],
  vectorOf: (row: number) => Float32Array,
): Cluster {
  const members = rows.flatMap((row) => texts[row] ?? []);
  const places = members.flatMap((member) => member.places).sort(byLength);
  const identical = new Set(places.map(({ plain }) => plain)).size === 1;
  const { least, mean } = spread(
    rows.map(vectorOf),
    members.map((member) => member.places.length),
  );
  const lines = places.reduce((sum, place) => sum + linesOf(place), 0);
  const [longest] = places;
  return {
    places,
    identical,
    minSimilarity: identical ? 1 : least,
    meanSimilarity: identical ? 1 : mean,
    redundantLines: lines - (longest === undefined ? 0 : linesOf(longest)),
  };
}

/** Least and mean similarity of two different places, of which `counts[i]` have the vector `vectors[i]`. */
function spread(
  vectors: readonly Float32Array[],
  counts: readonly number[],
): { readonly least: number; readonly mean: number } {
  let least = 1;
  const compared = vectors.slice(0, MAX_COMPARED);
  for (const [i, one] of compared.entries()) {
    for (const other of compared.slice(i + 1)) least = Math.min(least, dot(one, other, 0));
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const [row, vector] of vectors.entries()) {
    const count = counts[row] ?? 1;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + count * (vector[i] ?? 0);
  }
  // The square of the sum holds every pair twice, and every place with itself.
  const mean = total > 1 ? (dot(sum, sum, 0) - total) / (total * (total - 1)) : 1;
  return { least, mean: Math.min(1, Math.max(least, mean)) };
}

function linesOf({ startLine, endLine }: DuplicableChunk): number {
  return endLine - startLine + 1;
}

function byLength(a: DuplicableChunk, b: DuplicableChunk): number {
  return linesOf(b) - linesOf(a) || byPlace(a, b);
}

function byPlace(a: DuplicableChunk, b: DuplicableChunk): number {
  if (a.root !== b.root) return a.root < b.root ? -1 : 1;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.startLine - b.startLine;
}

function byRedundancy(a: Cluster, b: Cluster): number {
  if (a.redundantLines !== b.redundantLines) return b.redundantLines - a.redundantLines;
  const [first] = a.places;
  const [second] = b.places;
  return first === undefined || second === undefined ? 0 : byPlace(first, second);
}

function wireCluster(cluster: Cluster, roots: ReadonlyMap<string, WorkspaceRoot>): WireCluster {
  const { places, identical, minSimilarity, meanSimilarity, redundantLines } = cluster;
  const shown = places.slice(0, MAX_PLACES).flatMap(({ root, id }) => {
    const chunk = roots.get(root)?.store.chunks.get(id);
    return chunk === undefined ? [] : [wireHit(root, chunk, { score: meanSimilarity })];
  });
  return {
    places: shown,
    identical,
    minSimilarity,
    meanSimilarity,
    redundantLines,
    files: new Set(places.map(({ root, path }) => `${root}\0${path}`)).size,
    folders: new Set(places.map(({ root, path }) => `${root}\0${firstFolder(path)}`)).size,
  };
}

/** The folder of the first level below the root; empty for a file right in the root. */
function firstFolder(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
