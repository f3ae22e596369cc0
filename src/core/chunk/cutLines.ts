/** Cuts text of which nothing is known: between lines, and where a line alone is too long, inside it. */
import type { Span } from '../corpus/document';
import type { Block } from './block';
import { partition } from './partition';
import { fragmentOf, type Piece } from './piece';
import type { TokenMeter } from './tokenMeter';

/** Pieces of at most `budget` tokens that tile the block. */
export function cutLines(block: Block, meter: TokenMeter, budget: number): Piece[] {
  return cutSpan(block, meter, budget).map((span) => fragmentOf(block, span, meter.tokens(span)));
}

interface LineUnit extends Span {
  readonly tokens: number;
  readonly cutCost: number;
}

/** Spans of at most `budget` tokens (one character at least) that tile a span. */
export function cutSpan(span: Span, meter: TokenMeter, budget: number): Span[] {
  const units = [...lineUnits(span, meter, budget)];
  return partition(units, budget, budget).flatMap((run) => {
    const [first] = run;
    const last = run.at(-1);
    return first === undefined || last === undefined ? [] : [{ start: first.start, end: last.end }];
  });
}

/** The span's lines, and the parts of those that are too long. */
function* lineUnits({ start, end }: Span, meter: TokenMeter, budget: number): Iterable<LineUnit> {
  const { lines } = meter;
  let blankBefore = false;
  for (let at = start; at < end;) {
    const next = Math.min(lines.startOf(lines.lineAt(at) + 1), end);
    const line = { start: at, end: next };
    const tokens = meter.tokens(line);
    if (tokens <= budget) yield { ...line, tokens, cutCost: blankBefore ? 0 : indentCost(line, meter) };
    else yield* wordUnits(line, meter, budget);
    blankBefore = lines.isBlank(line);
    at = next;
  }
}

/** A cut before an indented line costs more than one at the margin. */
function indentCost({ start, end }: Span, meter: TokenMeter): number {
  const content = meter.lines.trim({ start, end });
  return content === undefined ? 1 : Math.min(0.3 + (content.start - start) * 0.05, 0.9);
}

/** The words of a line, with the white space behind them; long ones in parts. */
function* wordUnits({ start, end }: Span, meter: TokenMeter, budget: number): Iterable<LineUnit> {
  const line = meter.lines.text.slice(start, end);
  for (const match of line.matchAll(/\s*\S{1,64}\s*/gu)) {
    const from = start + match.index;
    yield* smallUnits({ start: from, end: from + match[0].length }, meter, budget);
  }
}

/** Halves a word until it is within the budget; a surrogate pair stays together. */
function smallUnits(span: Span, meter: TokenMeter, budget: number): LineUnit[] {
  const tokens = meter.tokens(span);
  if (tokens <= budget || span.end - span.start < 2) return [{ ...span, tokens, cutCost: 0.5 }];
  const middle = codePointBoundary(meter.lines.text, (span.start + span.end) >>> 1);
  if (middle <= span.start || middle >= span.end) return [{ ...span, tokens, cutCost: 0.5 }];
  return [
    ...smallUnits({ start: span.start, end: middle }, meter, budget),
    ...smallUnits({ start: middle, end: span.end }, meter, budget),
  ];
}

/** The offset, or the one before it where it lies inside a surrogate pair. */
function codePointBoundary(text: string, at: number): number {
  const isPair = isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
  return isPair ? at - 1 : at;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
