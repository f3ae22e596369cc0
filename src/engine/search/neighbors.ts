/** Similar code and related files, as the command line asks: what lies near a place of one folder, by meaning. */
import type { LineRange } from '../../core/corpus/document';
import type { Answer, Hit } from './answer';
import { hitOf } from './searcher';
import { NO_TERMS } from './wireHit';
import type { NearChunk } from './neighborhood';
import type { WorkspaceShop } from './workspace';
import { filesLike } from './workspaceRelated';
import { chunksLike } from './workspaceSimilar';

export interface NeighborOptions {
  /** Most hits; 10 by default. */
  readonly limit?: number | undefined;
  /** Most lines of a snippet; 12 by default. */
  readonly snippetLines?: number;
  readonly signal?: AbortSignal;
}

/** Lines of one file. */
export interface Place extends LineRange {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
}

const DEFAULT_LIMIT = 10;

/**
 * The chunks that are most like some lines of a file of the root, those lines left out; the score is the similarity.
 * @throws NeosearchError `bad-argument` for blank lines, or lines that the file does not have
 */
export async function similarTo(
  shop: WorkspaceShop,
  root: string,
  place: Place,
  { limit = DEFAULT_LIMIT, snippetLines, signal }: NeighborOptions,
): Promise<Answer> {
  const alike = await chunksLike(shop, { place: { ...place, root }, limit }, signal);
  return { hits: alike.slice(0, limit).map((near) => hit(near, near.similarity, snippetLines)), notes: [] };
}

/** The files that are like one file of the root; a hit's place is the closest chunk. */
export async function relatedTo(
  shop: WorkspaceShop,
  root: string,
  path: string,
  { limit = DEFAULT_LIMIT, snippetLines, signal }: NeighborOptions,
): Promise<Answer> {
  const { files, reason } = await filesLike(shop, { root, path, limit }, signal);
  return {
    hits: files.map(({ closest, score }) => hit(closest, score, snippetLines)),
    notes: reason === undefined ? [] : [reason],
  };
}

function hit({ chunk, similarity }: NearChunk, score: number, snippetLines: number | undefined): Hit {
  return hitOf({ chunk, score, similarity, reasons: [] }, NO_TERMS, snippetLines);
}
