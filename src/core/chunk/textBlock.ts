/**
 * Blocks of a text of which nothing is known but its shape: what begins at the margin behind a blank line, then
 * paragraphs, then lines.
 */
import type { Definition, Span } from '../corpus/document';
import type { Block } from './block';
import type { Lines } from './lines';

/** Where a text is cut first, and what comes next. */
type Grain = 'text' | 'passage' | 'paragraph';

export class TextBlock implements Block {
  readonly start: number;
  readonly end: number;
  readonly holds = 'rest';
  readonly isDefinition = false;
  readonly preamble = false;
  private cut: readonly Block[] | undefined;

  constructor(
    private readonly lines: Lines,
    span: Span,
    readonly path: readonly string[] = [],
    readonly definitions: readonly Definition[] = [],
    private readonly grain: Grain = 'text',
  ) {
    this.start = span.start;
    this.end = span.end;
  }

  parts(): readonly Block[] {
    return (this.cut ??= this.open());
  }

  private open(): readonly Block[] {
    if (this.grain === 'text') {
      const passages = this.cutAt('passage', (indent) => indent === 0);
      if (passages.length > 0) return passages;
    }
    return this.grain === 'paragraph' ? [] : this.cutAt('paragraph', () => true);
  }

  /** Cuts before lines behind a blank line whose indentation is as wanted. */
  private cutAt(grain: Grain, isWanted: (indent: number) => boolean): Block[] {
    const { lines, start, end, path } = this;
    const starts = [start];
    let isOpen = false;
    let behindBlank = false;
    for (let line = lines.lineAt(start); lines.startOf(line) < end && line < lines.count; line++) {
      const span = {
        start: Math.max(lines.startOf(line), start),
        end: Math.min(lines.startOf(line + 1), end),
      };
      const content = lines.trim(span);
      if (content !== undefined) {
        if (isOpen && behindBlank && isWanted(content.start - span.start)) starts.push(span.start);
        isOpen = true;
      }
      behindBlank = content === undefined;
    }
    if (starts.length < 2) return [];
    return starts.map((from, i) => {
      const definitions = i === 0 ? this.definitions : [];
      return new TextBlock(lines, { start: from, end: starts[i + 1] ?? end }, path, definitions, grain);
    });
  }
}
