/** Files that belong with a file, over several roots, each with the chunk pairs that say so. */
import { significantLines } from '../../core/render/plainText';
import type { RelatedParams, WirePair, WireRelated, WireRelatedFile } from '../../protocol/messages';
import type { StoredChunk } from '../index/chunks';
import { Neighborhood, ownChunks, type NearChunk } from './neighborhood';
import type { WorkspaceRoot, WorkspaceShop } from './workspace';
import { sampled } from './workspaceSimilar';

/** Chunks of a file that speak for it; more are sampled evenly. */
const MAX_VOICES = 64;
/** Neighbors that each of them names. */
const NEIGHBORS = 40;
/** Fewer lines, comments and imports not counted, say nothing of a file. */
const LEAST_LINES = 2;
/** Chunk pairs shown of a file. */
const MAX_PAIRS = 5;

/**
 * The files whose chunks are nearest to the chunks of one file, each with the pairs that say so.
 * @throws AbortError when the signal fires
 */
export async function relatedInWorkspace(
  shop: WorkspaceShop,
  params: RelatedParams,
  signal?: AbortSignal,
): Promise<WireRelated> {
  const { files, reason } = await filesLike(shop, params, signal);
  return { files: files.map(fileOf), ...(reason === undefined ? {} : { reason }) };
}

/** A file that is like another. */
export interface AlikeFile {
  readonly root: string;
  /** Its closest chunk. */
  readonly closest: NearChunk;
  readonly score: number;
  readonly pairs: readonly WirePair[];
}

/**
 * The files whose chunks are nearest to the chunks of one file. Each chunk of the file votes for the files of its
 * nearest neighbors, with the similarity in excess of the least of them, so that chunks that are like everything
 * (licence headers, imports) weigh little.
 * @returns best first; why there are none, in one sentence
 * @throws AbortError when the signal fires
 */
export async function filesLike(
  shop: WorkspaceShop,
  { root: name, path, limit }: RelatedParams,
  signal?: AbortSignal,
): Promise<{ readonly files: readonly AlikeFile[]; readonly reason?: string }> {
  const root = shop.roots.find((known) => known.root === name);
  const absence = absenceOf(root, path);
  if (root === undefined || absence !== undefined) return { files: [], reason: absence ?? NOT_OPEN };
  const encoder = (await shop.encoder()).info.id;
  const own = ownChunks(shop, root, path, encoder);
  const voices = sampled(telling(own), MAX_VOICES).flatMap(({ chunk, vector }) =>
    vector === undefined ? [] : [{ chunk, vector }],
  );
  if (voices.length === 0) {
    const reason =
      own.length === 0
        ? 'This file is blank.'
        : 'The meaning of this file is not indexed yet; related files show up once it is.';
    return { files: [], reason };
  }
  const neighborhood = await Neighborhood.open(shop, encoder);
  const files = new Map<string, Votes>();
  for (const { chunk, vector } of voices) {
    signal?.throwIfAborted();
    for (const [key, { near, excess }] of ballot(neighborhood, vector, name, path)) {
      const votes = files.get(key) ?? { root: near.root, closest: near, score: 0, pairs: [] };
      if (near.similarity > votes.closest.similarity) votes.closest = near;
      votes.score += excess / voices.length;
      votes.pairs.push(pairOf(chunk, near));
      files.set(key, votes);
    }
  }
  const best = [...files.values()]
    .sort((a, b) => b.score - a.score || (a.closest.chunk.path < b.closest.chunk.path ? -1 : 1))
    .slice(0, limit);
  return best.length > 0 ? { files: best } : { files: [], reason: 'No other file is indexed yet.' };
}

const NOT_OPEN = 'This file lies in no folder of the workspace.';

interface Votes extends AlikeFile {
  closest: NearChunk;
  score: number;
  readonly pairs: WirePair[];
}

/** Chunks that say something of their file; all where none does. Licence and imports are like those of any file. */
function telling<T extends { readonly chunk: StoredChunk }>(chunks: readonly T[]): readonly T[] {
  const found = chunks.filter(({ chunk }) => isTelling(chunk));
  return found.length > 0 ? found : chunks;
}

function isTelling({ text, language }: StoredChunk): boolean {
  return significantLines(text, language) >= LEAST_LINES;
}

/** Why a file cannot have related ones; undefined where it can. */
function absenceOf(root: WorkspaceRoot | undefined, path: string): string | undefined {
  if (root === undefined) return NOT_OPEN;
  if (root.store.documents.get(path) !== undefined) return undefined;
  const skipped = root.store.documents.skipped().find((file) => file.path === path);
  if (skipped !== undefined) return `This file is not indexed: ${skipped.reason}.`;
  if (!root.isShown(path)) return 'This file is excluded by the settings.';
  return root.indexing === undefined
    ? 'This file is not indexed: it is ignored, excluded or no text.'
    : 'This file is not indexed yet.';
}

/** One chunk's votes: for each other file its nearest chunk, and by how much it is nearer than the last. */
function ballot(
  neighborhood: Neighborhood,
  vector: Float32Array,
  root: string,
  path: string,
): Map<string, { near: NearChunk; excess: number }> {
  const neighbors = neighborhood.near(vector, NEIGHBORS);
  const least = neighbors[Math.min(NEIGHBORS, neighbors.length) - 1]?.similarity ?? 0;
  const best = new Map<string, { near: NearChunk; excess: number }>();
  for (const near of neighbors) {
    const key = `${near.root}\0${near.chunk.path}`;
    if (near.similarity < least || best.has(key)) continue;
    if (near.root === root && near.chunk.path === path) continue;
    best.set(key, { near, excess: near.similarity - least });
  }
  return best;
}

function pairOf(own: StoredChunk, { chunk, similarity }: NearChunk): WirePair {
  const side = ({ startLine, endLine, breadcrumb }: StoredChunk): WirePair['own'] => ({
    startLine,
    endLine,
    breadcrumb,
  });
  return { own: side(own), other: side(chunk), similarity };
}

function fileOf({ root, closest, score, pairs }: AlikeFile): WireRelatedFile {
  const { path, language } = closest.chunk;
  const best = [...pairs].sort((a, b) => b.similarity - a.similarity).slice(0, MAX_PAIRS);
  return { root, path, language, score, pairs: best };
}
