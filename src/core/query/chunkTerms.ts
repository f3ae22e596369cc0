/** The terms of a chunk by field, as lexical search stores them. */
import type { Chunk } from '../corpus/document';
import { termsOf } from './terms';

/** Changes whenever terms are made in another way: then every document is read again. */
export const TERMS_VERSION = 1;

/** Terms joined by spaces. */
export interface ChunkTerms {
  /** Names that the chunk defines. */
  readonly symbols: string;
  readonly breadcrumb: string;
  readonly path: string;
  readonly body: string;
}

/** @param path relative to the root, with forward slashes */
export function chunkTerms(
  chunk: Pick<Chunk, 'definitions' | 'breadcrumb' | 'text'>,
  path: string,
): ChunkTerms {
  const join = (text: string): string => termsOf(text).join(' ');
  return {
    symbols: join(chunk.definitions.map(({ name }) => name).join(' ')),
    breadcrumb: join(chunk.breadcrumb.join(' ')),
    path: join(path),
    body: join(chunk.text),
  };
}
