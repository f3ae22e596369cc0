/** From pieces to chunks: none blank, none over the budget by the encoder's own count. */
import type { ChunkKind, Definition, Span } from '../corpus/document';
import { cutSpan } from './cutLines';
import type { Piece } from './piece';
import type { TokenMeter } from './tokenMeter';

/** A chunk of a text, before its place in the document is said. */
export interface Draft extends Span {
  readonly kind: ChunkKind;
  readonly breadcrumb: readonly string[];
  /** In order of their lines. */
  readonly definitions: readonly Definition[];
  readonly tokens: number;
}

/** Drafts that tile the pieces; none for a blank text. */
export function finish(
  pieces: readonly Piece[],
  kind: ChunkKind,
  meter: TokenMeter,
  budget: number,
): Draft[] {
  const { lines, counter } = meter;
  return withoutBlanks(pieces, meter).flatMap((piece) => {
    const definitions = [...piece.definitions].sort((a, b) => a.line - b.line);
    return counted(piece, meter, budget).map((span, i) => ({
      ...span,
      kind,
      breadcrumb: piece.path,
      definitions: i === 0 ? definitions : [],
      tokens: counter.count(lines.text.slice(span.start, span.end)),
    }));
  });
}

/** White space belongs to what precedes it, or at the beginning to what follows. */
function withoutBlanks(pieces: readonly Piece[], { lines }: TokenMeter): Piece[] {
  const result: Piece[] = [];
  let start: number | undefined;
  for (const piece of pieces) {
    const last = result.at(-1);
    if (!lines.isBlank(piece)) {
      result.push(start === undefined ? piece : { ...piece, start });
      start = undefined;
    } else if (last === undefined) start ??= piece.start;
    else result[result.length - 1] = { ...last, end: piece.end };
  }
  return result;
}

/** The span, cut where lines together have more tokens than each alone. */
function counted(span: Span, meter: TokenMeter, budget: number): Span[] {
  const { lines, counter } = meter;
  let share = budget;
  for (;;) {
    const spans = share === budget ? [span] : nonBlank(cutSpan(span, meter, share), meter);
    const isOver = spans.some(({ start, end }) => counter.count(lines.text.slice(start, end)) > budget);
    if (!isOver || share <= 1) return spans.map(({ start, end }) => ({ start, end }));
    share = Math.floor(share / 2);
  }
}

function nonBlank(spans: readonly Span[], { lines }: TokenMeter): Span[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of spans) {
    const last = result.at(-1);
    if (last !== undefined && (lines.isBlank({ start, end }) || lines.isBlank(last))) last.end = end;
    else result.push({ start, end });
  }
  return result;
}
