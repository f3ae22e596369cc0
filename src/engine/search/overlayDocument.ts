/** One unsaved text, cut into chunks that look like stored ones. */
import { createHash } from 'node:crypto';
import { chunkDocument } from '../../core/chunk/chunkDocument';
import { languageOf } from '../../core/corpus/language';
import { classifyPath } from '../../core/corpus/pathClass';
import type { TokenCounter } from '../../core/encode/encoder';
import { passageOf } from '../../core/encode/passage';
import { chunkTerms } from '../../core/query/chunkTerms';
import { countTerms, type TermCounts } from '../../core/rank/bm25';
import type { Grammars } from '../grammars/grammars';
import type { StoredChunk } from '../index/chunks';
import type { Store } from '../index/store';

export interface OverlayChunk {
  /** Its id is below 0, so that it is none of a stored chunk; `embeddingId` is absent. */
  readonly chunk: StoredChunk;
  readonly terms: TermCounts;
  /** Absent until the chunk is encoded. */
  vector: Float32Array | undefined;
}

export interface OverlayDocument {
  readonly path: string;
  readonly language: string;
  readonly classes: readonly string[];
  readonly chunks: readonly OverlayChunk[];
}

export interface OverlayText {
  readonly path: string;
  readonly text: string;
  /** The chunks of an earlier text: their vectors serve where the chunk is the same. */
  readonly before: OverlayDocument | undefined;
  /** The index that has the document as it was saved: likewise. */
  readonly store: Store | undefined;
  /** Id of the encoder whose vectors are wanted. */
  readonly encoder: string;
}

export interface OverlayTools {
  readonly grammars: Grammars;
  readonly counter: TokenCounter;
  /** Tokens of a chunk at most. */
  readonly budget: number;
}

let lastId = 0;

export async function chunkOverlay(source: OverlayText, tools: OverlayTools): Promise<OverlayDocument> {
  const { path, text, store } = source;
  const language = store?.documents.get(path)?.language ?? languageOf(path, text.slice(0, 256));
  const classes = [...classifyPath(path)];
  const { grammars, counter, budget } = tools;
  const parse = await grammars.parser(language);
  const chunks = chunkDocument({
    text,
    language,
    counter,
    budget,
    ...(parse === undefined ? {} : { parse }),
  });
  const vectors = knownVectors(source);
  return {
    path,
    language,
    classes,
    chunks: chunks.map((chunk, ordinal) => {
      const hash = createHash('sha256').update(passageOf(chunk)).digest('hex');
      lastId -= 1;
      return {
        chunk: {
          ...chunk,
          id: lastId,
          documentId: lastId,
          ordinal,
          embeddingId: undefined,
          hash,
          path,
          language,
          classes,
          title: undefined,
        },
        terms: countTerms(chunkTerms(chunk, path)),
        vector: vectors.get(hash),
      };
    }),
  };
}

/** Vectors by the hash of what was encoded, of the document's earlier texts. */
function knownVectors({ path, before, store, encoder }: OverlayText): Map<string, Float32Array> {
  const vectors = new Map<string, Float32Array>();
  for (const { chunk, vector } of before?.chunks ?? []) {
    if (vector !== undefined) vectors.set(chunk.hash, vector);
  }
  if (store?.encoder?.id !== encoder) return vectors;
  for (const { hash, embeddingId } of store.chunks.ofDocument(path)) {
    if (embeddingId === undefined || vectors.has(hash)) continue;
    const vector = store.embeddings.get(embeddingId);
    if (vector !== undefined) vectors.set(hash, vector);
  }
  return vectors;
}
