/** The chunks near a vector in several roots, unsaved text in place of what is stored. */
import type { Ann } from '../index/ann';
import type { StoredChunk } from '../index/chunks';
import { clamp, dot } from '../index/exactIndex';
import type { OverlayDocument } from './overlayDocument';
import type { WorkspaceRoot, WorkspaceShop } from './workspace';

/** A chunk near a vector. */
export interface NearChunk {
  readonly root: string;
  readonly chunk: StoredChunk;
  /** Cosine in [-1, 1]. */
  readonly similarity: number;
}

interface OpenRoot {
  readonly root: WorkspaceRoot;
  readonly ann: Ann;
  readonly unsaved: readonly OverlayDocument[];
  /** Paths of `unsaved`. */
  readonly replaced: ReadonlySet<string>;
}

export class Neighborhood {
  private constructor(private readonly roots: readonly OpenRoot[]) {}

  /** Opens the vectors of all roots whose index was made with the encoder. */
  static async open(shop: WorkspaceShop, encoder: string): Promise<Neighborhood> {
    const roots: OpenRoot[] = [];
    for (const root of shop.roots) {
      if (root.store.encoder?.id !== encoder) continue;
      const unsaved = shop.overlays?.documentsOf(root.root, root.store) ?? [];
      const replaced = new Set(unsaved.map(({ path }) => path));
      roots.push({ root, ann: await root.ann(), unsaved, replaced });
    }
    return new Neighborhood(roots);
  }

  /**
   * The nearest shown chunks, nearest first; of equal ones by path and line.
   * @param count vectors that are looked at in each root; those may stand for more chunks, or for hidden ones
   */
  near(vector: Float32Array, count: number): NearChunk[] {
    return this.roots.flatMap((open) => nearIn(open, vector, count)).sort(byNearness);
  }
}

function nearIn(
  { root, ann, unsaved, replaced }: OpenRoot,
  vector: Float32Array,
  count: number,
): NearChunk[] {
  const near: NearChunk[] = [];
  const neighbors = ann.search(vector, count);
  for (const { id, similarity } of neighbors) {
    for (const chunk of root.store.chunks.getAll(root.store.chunks.ofEmbedding(id))) {
      if (replaced.has(chunk.path) || !root.isShown(chunk.path)) continue;
      near.push({ root: root.root, chunk, similarity });
    }
  }
  const floor = neighbors.length < count ? -1 : (neighbors.at(-1)?.similarity ?? -1);
  for (const { path, chunks } of unsaved) {
    if (!root.isShown(path)) continue;
    for (const { chunk, vector: own } of chunks) {
      if (own === undefined) continue;
      const similarity = clamp(dot(vector, own, 0));
      if (similarity >= floor) near.push({ root: root.root, chunk, similarity });
    }
  }
  return near;
}

export function byNearness(a: NearChunk, b: NearChunk): number {
  if (a.similarity !== b.similarity) return b.similarity - a.similarity;
  if (a.root !== b.root) return a.root < b.root ? -1 : 1;
  if (a.chunk.path !== b.chunk.path) return a.chunk.path < b.chunk.path ? -1 : 1;
  return a.chunk.startLine - b.chunk.startLine;
}

/** A chunk with its vector, where it has one. */
export interface OwnChunk {
  readonly chunk: StoredChunk;
  readonly vector: Float32Array | undefined;
}

/** The chunks of one document: unsaved ones in place of what is stored. */
export function ownChunks(
  { overlays }: WorkspaceShop,
  { root, store }: WorkspaceRoot,
  path: string,
  encoder: string,
): readonly OwnChunk[] {
  const unsaved = overlays?.documentsOf(root, store).find((document) => document.path === path);
  if (unsaved !== undefined) return unsaved.chunks;
  const isSame = store.encoder?.id === encoder;
  return store.chunks.ofDocument(path).map((chunk) => ({
    chunk,
    vector: !isSame || chunk.embeddingId === undefined ? undefined : store.embeddings.get(chunk.embeddingId),
  }));
}
