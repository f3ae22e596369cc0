/**
 * Pieces: what a document is cut into before it is packed into chunks. The pieces of a document lie one after
 * the other and cover all of its text.
 */
import type { ChunkKind, Definition, Span } from '../corpus/document';
import type { TokenCounter } from '../encode/encoder';

export interface Piece extends Span {
  /** Symbols or headings around it, outermost first, its own name last if it has one. */
  readonly breadcrumb: readonly string[];
  readonly definitions: readonly Definition[];
  readonly tokens: number;
}

/** What cutting needs at every step. */
export interface Cutting {
  readonly text: string;
  readonly counter: TokenCounter;
  /** Tokens of a piece at most. */
  readonly budget: number;
  readonly kind: ChunkKind;
}

export function countTokens({ text, counter }: Cutting, { start, end }: Span): number {
  return counter.count(text.slice(start, end));
}

/**
 * Cuts a span that is too large: after blank lines, else after lines, else (in one endless line) between
 * characters. Neighbours are joined again as far as the budget allows.
 */
export function cutPlain(
  cutting: Cutting,
  span: Span,
  label: Pick<Piece, 'breadcrumb' | 'definitions'>,
): Piece[] {
  const parts = [...plainParts(cutting, span)];
  // A definition belongs to the part that it stands in: the first one.
  return joined(cutting, parts).map((part, i) => ({
    ...part,
    breadcrumb: label.breadcrumb,
    definitions: i === 0 ? label.definitions : [],
  }));
}

type Part = Span & { readonly tokens: number };

function* plainParts(cutting: Cutting, span: Span): Iterable<Part> {
  const tokens = countTokens(cutting, span);
  if (tokens <= cutting.budget) {
    yield { ...span, tokens };
    return;
  }
  const { text } = cutting;
  const cuts = cutsIn(text, span, /(?<=\n)[^\S\n]*\r?\n/g) ??
    cutsIn(text, span, /\r\n|\n|\r/g) ?? [middle(text, span)];
  let start = span.start;
  for (const cut of [...cuts, span.end]) {
    if (cut > start) yield* plainParts(cutting, { start, end: cut });
    start = cut;
  }
}

/** Positions after each match inside the span; undefined when none of them cuts it. */
function cutsIn(text: string, { start, end }: Span, separator: RegExp): number[] | undefined {
  const cuts: number[] = [];
  for (const { index, 0: match } of text.slice(start, end).matchAll(separator)) {
    const cut = start + index + match.length;
    if (cut > start && cut < end) cuts.push(cut);
  }
  return cuts.length > 0 ? cuts : undefined;
}

/** The middle of a span, next to white space where there is some near, never inside a surrogate pair. */
function middle(text: string, { start, end }: Span): number {
  const half = start + ((end - start) >> 1);
  const near = text.slice(half, Math.min(half + 64, end - 1)).search(/\s/);
  const cut = near >= 0 ? half + near + 1 : half;
  const splitsPair = /[\uD800-\uDBFF]/.test(text[cut - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[cut] ?? '');
  return splitsPair && cut + 1 < end ? cut + 1 : cut;
}

/** Joins neighbours while they fit the budget. */
function joined({ budget }: Cutting, parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last !== undefined && last.tokens + part.tokens <= budget) {
      result[result.length - 1] = { start: last.start, end: part.end, tokens: last.tokens + part.tokens };
    } else {
      result.push(part);
    }
  }
  return result;
}
