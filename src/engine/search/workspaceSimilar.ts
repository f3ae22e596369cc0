/** Similar code over several roots: what is like some lines, the lines themselves left out. */
import { NeosearchError } from '../../base/errors';
import type { Encoder } from '../../core/encode/encoder';
import { languageOf } from '../../core/corpus/language';
import { plainText } from '../../core/render/plainText';
import type { SimilarParams, WireAnswer, WireHit, WirePlace } from '../../protocol/messages';
import { byNearness, Neighborhood, ownChunks, type NearChunk, type OwnChunk } from './neighborhood';
import { linesAt } from './linesAt';
import { wireHit } from './wireHit';
import type { WorkspaceRoot, WorkspaceShop } from './workspace';
import { indexingNotes } from './workspaceNotes';

/** A longer text is compared part by part, in tokens. */
const MAX_WHOLE = 512;
/** Lines of a part, where the index knows of none. */
const PART_LINES = 40;
/** Parts that speak for a long text; more are sampled evenly. */
const MAX_PARTS = 48;
/** Vectors that are looked at beyond the hits wanted: the place's own, hidden ones, copies. */
const SLACK = 40;

/**
 * The chunks that are most like some lines: nearest first, the score being the similarity. Chunks with the same
 * text (but for comments and layout) are one hit with `copies`; one with the very text asked for has similarity 1.
 * @throws NeosearchError `bad-argument` for blank lines, or lines that the file does not have
 * @throws AbortError when the signal fires
 */
export async function similarInWorkspace(
  shop: WorkspaceShop,
  { snippetLines, ...params }: SimilarParams & { readonly snippetLines?: number },
  signal?: AbortSignal,
): Promise<WireAnswer> {
  const alike = await chunksLike(shop, params, signal);
  const root = shop.roots.find((known) => known.root === params.place.root);
  return { hits: folded(alike, snippetLines).slice(0, params.limit), notes: notesOf(shop, root) };
}

/** A chunk that is like the lines asked for. */
export interface AlikeChunk extends NearChunk {
  /** Its text but for comments and layout. */
  readonly plain: string;
}

/**
 * The chunks that are most like some lines, nearest first, those lines themselves left out; at least `limit` of
 * different texts where there are so many. One with the very text asked for has similarity 1.
 * @throws NeosearchError `bad-argument` for blank lines, or lines that the file does not have
 * @throws AbortError when the signal fires
 */
export async function chunksLike(
  shop: WorkspaceShop,
  { place, text: given, limit }: SimilarParams,
  signal?: AbortSignal,
): Promise<AlikeChunk[]> {
  signal?.throwIfAborted();
  const root = shop.roots.find((known) => known.root === place.root);
  const text = given ?? (await linesAt(place, shop.overlays?.textOf(place.root, place.path)));
  if (text.trim() === '') {
    throw new NeosearchError('bad-argument', 'These lines are blank. Choose some that are not.');
  }
  const encoder = await shop.encoder();
  const own = root === undefined ? [] : ownChunks(shop, root, place.path, encoder.info.id);
  const touched = own.filter(({ chunk }) => touches(chunk, place));
  const language = touched[0]?.chunk.language ?? languageOf(place.path, text.slice(0, 256));
  const vectors = await vectorsOf(text, touched, encoder, place, signal);
  signal?.throwIfAborted();

  const neighborhood = await Neighborhood.open(shop, encoder.info.id);
  const nearest = new Map<string, NearChunk>();
  for (const vector of vectors) {
    for (const near of neighborhood.near(vector, limit * 2 + touched.length + SLACK)) {
      const { root: name, chunk, similarity } = near;
      if (name === place.root && chunk.path === place.path && touches(chunk, place)) continue;
      const key = `${name}\0${chunk.id}`;
      const known = nearest.get(key);
      if (known === undefined || similarity > known.similarity) nearest.set(key, near);
    }
  }
  const asked = plainText(text, language);
  const alike = [...nearest.values()].map((near) => {
    const plain = plainText(near.chunk.text, near.chunk.language);
    return { ...near, plain, ...(plain === asked ? { similarity: 1 } : {}) };
  });
  return alike.sort(byNearness);
}

/** One hit for each text, nearest first. */
function folded(alike: readonly AlikeChunk[], snippetLines: number | undefined): WireHit[] {
  const groups = new Map<string, NearChunk[]>();
  for (const found of alike) {
    const group = groups.get(found.plain);
    if (group === undefined) groups.set(found.plain, [found]);
    else group.push(found);
  }
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const { root, chunk, similarity } = first;
    const copies = rest.map(placeOf);
    return [wireHit(root, chunk, { score: similarity, similarity, copies, snippetLines })];
  });
}

function placeOf({ root, chunk: { path, startLine, endLine } }: NearChunk): WirePlace {
  return { root, path, startLine, endLine };
}

function touches(chunk: { startLine: number; endLine: number }, place: WirePlace): boolean {
  return chunk.startLine <= place.endLine && chunk.endLine >= place.startLine;
}

/** What speaks for the text: the vector of the chunk that it is, one of its own, or those of its parts. */
async function vectorsOf(
  text: string,
  touched: readonly OwnChunk[],
  encoder: Encoder,
  place: WirePlace,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const trimmed = text.trim();
  const same = touched.find(({ chunk }) => chunk.text.trim() === trimmed);
  if (same?.vector !== undefined) return [same.vector];
  const encode = (texts: readonly string[]): Promise<Float32Array[]> =>
    encoder.encode(texts, 'passage', signal === undefined ? {} : { signal });
  if (encoder.count(trimmed) <= MAX_WHOLE) return encode([trimmed]);
  const inside = touched.flatMap(({ chunk, vector }) =>
    vector !== undefined && chunk.startLine >= place.startLine && chunk.endLine <= place.endLine
      ? [vector]
      : [],
  );
  if (inside.length > 0) return sampled(inside, MAX_PARTS);
  const lines = trimmed.split(/\r?\n/u);
  const parts: string[] = [];
  for (let at = 0; at < lines.length; at += PART_LINES) {
    const part = lines
      .slice(at, at + PART_LINES)
      .join('\n')
      .trim();
    if (part !== '') parts.push(part);
  }
  return encode(sampled(parts, MAX_PARTS));
}

/** At most `count` of the items, evenly spread. */
export function sampled<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return items.filter(
    (_, i) => Math.floor((i * count) / items.length) !== Math.floor(((i - 1) * count) / items.length),
  );
}

function notesOf(shop: WorkspaceShop, root: WorkspaceRoot | undefined): string[] {
  const notes = indexingNotes(shop.roots);
  return root?.store.counts().chunks === 0 && notes.length === 0 ? ['Nothing is indexed yet.'] : notes;
}
