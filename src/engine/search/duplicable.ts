/** The chunks whose duplicates are worth knowing, and their vectors. */
import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { plainText, significantLines } from '../../core/render/plainText';
import type { StoredChunk } from '../index/chunks';
import type { WorkspaceRoot } from './workspace';

/** A chunk, without its text. */
export interface DuplicableChunk {
  readonly root: string;
  readonly id: number;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Equal for texts that differ by comments and layout at most. */
  readonly plain: string;
}

/** The places of one text; the vector of any speaks for all. */
export interface DuplicableText {
  readonly places: readonly DuplicableChunk[];
}

export interface Collection {
  readonly texts: readonly DuplicableText[];
  /** Row i is the vector of texts[i]. */
  readonly block: Float32Array;
  readonly dimensions: number;
  /** Texts that were too many. */
  readonly leftOut: number;
}

export interface CollectOptions {
  readonly signal?: AbortSignal | undefined;
  /** @param done in [0, 1] */
  readonly onProgress: (done: number) => void;
}

/** Copies in such files are meant to be. */
const LEFT_OUT = ['generated', 'vendored', 'legal', 'translation', 'changelog'];
/** Texts that are compared with each other: some 200 MB of vectors, a minute or two. */
const MAX_TEXTS = 120_000;
/** Longest time that everything else waits, in milliseconds. */
const SLICE_MS = 12;

export async function collectDuplicable(
  roots: readonly WorkspaceRoot[],
  { minLines, includeTests }: { readonly minLines: number; readonly includeTests: boolean },
  { signal, onProgress }: CollectOptions,
): Promise<Collection> {
  const encoder = roots.find(({ store }) => store.encoder !== undefined)?.store.encoder;
  const byText = new Map<string, { places: DuplicableChunk[]; vector: () => Float32Array | undefined }>();
  let since = performance.now();
  for (const [nth, { root, store, isShown }] of roots.entries()) {
    if (store.encoder?.id !== encoder?.id) continue;
    const documents = store.documents.all();
    for (const [i, { path, classes }] of documents.entries()) {
      if (performance.now() - since > SLICE_MS) {
        onProgress((nth + i / documents.length) / roots.length);
        await setImmediate();
        signal?.throwIfAborted();
        since = performance.now();
      }
      if (!isShown(path) || classes.some((name) => LEFT_OUT.includes(name))) continue;
      if (!includeTests && classes.includes('test')) continue;
      for (const chunk of store.chunks.ofDocument(path)) {
        const { embeddingId } = chunk;
        if (embeddingId === undefined || !isWorthKnowing(chunk, minLines)) continue;
        const place = placeOf(root, chunk);
        const known = byText.get(place.plain);
        if (known === undefined) {
          byText.set(place.plain, { places: [place], vector: () => store.embeddings.get(embeddingId) });
        } else known.places.push(place);
      }
    }
  }
  const longest = [...byText.values()].sort((a, b) => linesOf(b.places) - linesOf(a.places));
  const dimensions = encoder?.dimensions ?? 1;
  const block = new Float32Array(Math.min(longest.length, MAX_TEXTS) * dimensions);
  const texts: DuplicableText[] = [];
  for (const { places, vector } of longest.slice(0, MAX_TEXTS)) {
    if (performance.now() - since > SLICE_MS) {
      await setImmediate();
      signal?.throwIfAborted();
      since = performance.now();
    }
    // Gone since it was listed, when the index changes meanwhile.
    const values = vector();
    if (values === undefined) continue;
    block.set(values, texts.length * dimensions);
    texts.push({ places });
  }
  return {
    texts,
    block: block.subarray(0, texts.length * dimensions),
    dimensions,
    leftOut: Math.max(0, longest.length - MAX_TEXTS),
  };
}

function isWorthKnowing(chunk: StoredChunk, minLines: number): boolean {
  if (chunk.kind === 'data' || chunk.endLine - chunk.startLine + 1 < minLines) return false;
  return significantLines(chunk.text, chunk.language) >= minLines;
}

function placeOf(
  root: string,
  { id, path, startLine, endLine, text, language }: StoredChunk,
): DuplicableChunk {
  const plain = createHash('sha256').update(plainText(text, language)).digest('base64');
  return { root, id, path, startLine, endLine, plain };
}

function linesOf(places: readonly DuplicableChunk[]): number {
  const [first] = places;
  return first === undefined ? 0 : first.endLine - first.startLine;
}
