/**
 * Several roots as one corpus: what the questions of an editor are asked of. Each root has its own index;
 * all vectors come from one encoder.
 */
import type { Encoder } from '../../core/encode/encoder';
import type { Weights } from '../../core/rank/weights';
import type { Ann } from '../index/ann';
import type { Store } from '../index/store';
import type { Overlays } from './overlays';

/** One folder with its index, as a question sees it. */
export interface WorkspaceRoot {
  /** Absolute path of the folder; names the root in questions and answers. */
  readonly root: string;
  /** For people. */
  readonly name: string;
  readonly store: Store;
  readonly ann: () => Promise<Ann>;
  /**
   * Whether a document may appear in an answer. The same function as long as it says the same: what it lets pass
   * is remembered.
   * @param path relative to the root, with forward slashes
   */
  readonly isShown: (path: string) => boolean;
  /** How far indexing is; absent when all that is known is in the index. */
  readonly indexing?: IndexingState | undefined;
}

export interface IndexingState {
  /** Files that were looked at. */
  readonly filesDone: number;
  /** Files known so far. */
  readonly filesTotal: number;
  /** Chunks without a vector. */
  readonly pending: number;
}

/** What the questions need. */
export interface WorkspaceShop {
  readonly roots: readonly WorkspaceRoot[];
  /** Opened when a question first needs it. */
  readonly encoder: () => Promise<Encoder>;
  /** Unsaved texts, which stand in for what is stored of their documents. */
  readonly overlays?: Overlays | undefined;
  /** Weights of ranking, the tuned ones by default; see `weightsFor`. */
  readonly weights?: Weights | undefined;
}

export { duplicatesInWorkspace, type DuplicatesOptions } from './workspaceDuplicates';
export { Overlays, type OverlaysOptions } from './overlays';
export { relatedInWorkspace } from './workspaceRelated';
export { searchWorkspace } from './workspaceSearch';
export { similarInWorkspace } from './workspaceSimilar';
export { weightsFor } from './weightsFor';
