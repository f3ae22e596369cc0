/**
 * Tokens of any span of a text from one count per line: the text is counted once, whatever is asked later.
 * Exact for encoders whose tokens do not cross white space; for others a close estimate.
 */
import type { TokenCounter } from '../encode/encoder';
import type { Span } from '../corpus/document';
import type { Lines } from './lines';

export class TokenMeter {
  /** Tokens of all lines before line i. */
  private readonly before: number[] = [0];

  constructor(
    readonly lines: Lines,
    readonly counter: TokenCounter,
  ) {
    let sum = 0;
    for (let line = 0; line < lines.count; line++) {
      sum += this.count(lines.startOf(line), lines.startOf(line + 1));
      this.before.push(sum);
    }
  }

  tokens({ start, end }: Span): number {
    if (end <= start) return 0;
    const { lines } = this;
    const first = lines.lineAt(start);
    const last = lines.lineAt(end - 1);
    if (first === last && (start > lines.startOf(first) || end < lines.startOf(last + 1))) {
      return this.count(start, end);
    }
    let sum = (this.before[last + 1] ?? 0) - (this.before[first] ?? 0);
    if (start > lines.startOf(first)) sum -= this.count(lines.startOf(first), start);
    if (end < lines.startOf(last + 1)) sum -= this.count(end, lines.startOf(last + 1));
    return sum;
  }

  private count(start: number, end: number): number {
    return this.lines.isBlank({ start, end }) ? 0 : this.counter.count(this.lines.text.slice(start, end));
  }
}
