/**
 * What is encoded for a chunk: its breadcrumb, then its text. The path is left out on purpose, so that a
 * renamed or moved file needs no new vectors; ranking knows the path by other means.
 */
import type { Chunk } from '../corpus/document';

/** Changes whenever `passageOf` gives another text for the same chunk. */
export const PASSAGE_VERSION = 1;

/** Most characters of a breadcrumb: a few names, not a paragraph used as a heading. */
const MAX_BREADCRUMB = 160;

export function passageOf(chunk: Pick<Chunk, 'breadcrumb' | 'text'>): string {
  const breadcrumb = chunk.breadcrumb.join(' ').slice(0, MAX_BREADCRUMB);
  const text = chunk.text.trim();
  return breadcrumb === '' ? text : `${breadcrumb}\n${text}`;
}
