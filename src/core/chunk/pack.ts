/** Packing: small pieces that belong together become one chunk; every chunk keeps the budget. */
import type { Chunk, ChunkKind } from '../corpus/document';
import type { Lines } from './lines';
import { countTokens, cutPlain, type Cutting, type Piece } from './piece';

/** A chunk with this share of the budget is large enough to stand alone. */
const ENOUGH: Readonly<Record<ChunkKind, number>> = { code: 0.25, prose: 0.5, data: 1 };
/** Pieces with fewer tokens than this join their neighbour even when they belong elsewhere. */
const TINY = 12;

/** @param pieces in the order of the text, covering it */
export function pack(cutting: Cutting, lines: Lines, pieces: readonly Piece[]): Chunk[] {
  const chunks: Chunk[] = [];
  for (const group of groups(cutting, pieces)) {
    for (const piece of fitted(cutting, group)) {
      const chunk = chunkOf(cutting, lines, piece);
      if (chunk !== undefined) chunks.push(chunk);
      else stretch(chunks, cutting.text, piece);
    }
  }
  return chunks;
}

function* groups({ budget, kind }: Cutting, pieces: readonly Piece[]): Iterable<Piece> {
  const enough = budget * ENOUGH[kind];
  let group: Piece | undefined;
  for (const piece of pieces) {
    if (group === undefined) {
      group = piece;
    } else if (
      group.tokens + piece.tokens <= budget &&
      (group.tokens < TINY ||
        piece.tokens < TINY ||
        (belongTogether(group, piece) && (group.tokens < enough || piece.tokens < enough / 2)))
    ) {
      group = merged(group, piece);
    } else {
      yield group;
      group = piece;
    }
  }
  if (group !== undefined) yield group;
}

/** Siblings, or a container's opening and one of its members. */
function belongTogether(a: Piece, b: Piece): boolean {
  return (
    commonPrefix(a.breadcrumb, b.breadcrumb).length >= Math.max(a.breadcrumb.length, b.breadcrumb.length) - 1
  );
}

function merged(a: Piece, b: Piece): Piece {
  // What has no token (white space) takes nothing from its neighbour's name.
  const breadcrumb =
    b.tokens === 0 ? a.breadcrumb : a.tokens === 0 ? b.breadcrumb : commonPrefix(a.breadcrumb, b.breadcrumb);
  return {
    start: a.start,
    end: b.end,
    breadcrumb,
    definitions: [...a.definitions, ...b.definitions],
    tokens: a.tokens + b.tokens,
  };
}

function commonPrefix(a: readonly string[], b: readonly string[]): readonly string[] {
  const length = a.findIndex((name, i) => name !== b[i]);
  return length < 0 ? a : a.slice(0, length);
}

/** The piece itself if it keeps the budget when it is counted as a whole, else its parts. */
function fitted(cutting: Cutting, piece: Piece): readonly Piece[] {
  const tokens = countTokens(cutting, piece);
  return tokens <= cutting.budget ? [{ ...piece, tokens }] : cutPlain(cutting, piece, piece);
}

/** The chunk of a piece, lines trimmed to what is not blank; undefined when all of it is. */
function chunkOf({ text, kind }: Cutting, lines: Lines, piece: Piece): Chunk | undefined {
  const content = text.slice(piece.start, piece.end);
  const lead = content.search(/\S/);
  if (lead < 0) return undefined;
  return {
    start: piece.start,
    end: piece.end,
    startLine: lines.lineAt(piece.start + lead),
    endLine: lines.lineAt(piece.start + content.trimEnd().length - 1),
    kind,
    breadcrumb: piece.breadcrumb,
    definitions: piece.definitions,
    text: content,
    tokens: piece.tokens,
  };
}

/** White space that would be a chunk of its own is given to the chunk before it. */
function stretch(chunks: Chunk[], text: string, blank: Piece): void {
  const last = chunks.at(-1);
  if (last !== undefined)
    chunks[chunks.length - 1] = { ...last, end: blank.end, text: text.slice(last.start, blank.end) };
}
