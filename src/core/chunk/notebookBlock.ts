/** A notebook as a text of its own: the cells' sources one below the other, and where each stands in the file. */
import type { Definition, Span } from '../corpus/document';
import type { Block } from './block';
import { Lines } from './lines';
import type { Cell } from './notebook';
import { type Heading } from './prose/heading';
import { markdownHeadings } from './prose/markdown';
import { proseBlock } from './prose/proseBlock';
import { codeBlock } from './syntax/codeBlock';
import type { LanguageSyntax } from './syntax/meaning';
import type { SyntaxParser } from './syntax/syntaxTree';
import { TextBlock } from './textBlock';

/** A cell's place in the notebook's text. */
interface PlacedCell extends Span {
  readonly type: Cell['type'];
}

/** A string's place in the notebook's text, and in the file. */
interface PlacedSegment extends Span {
  readonly inFile: Span;
}

export class NotebookText {
  readonly lines: Lines;
  private readonly cells: readonly PlacedCell[];
  private readonly segments: readonly PlacedSegment[];

  constructor(
    private readonly file: string,
    cells: readonly Cell[],
  ) {
    let text = '';
    const placedCells: PlacedCell[] = [];
    const segments: PlacedSegment[] = [];
    for (const cell of cells) {
      if (text !== '') text += text.endsWith('\n') ? '\n' : '\n\n';
      const start = text.length;
      for (const segment of cell.segments) {
        const at = text.length;
        text += segment.text;
        segments.push({ start: at, end: text.length, inFile: { start: segment.start, end: segment.end } });
      }
      placedCells.push({ type: cell.type, start, end: text.length });
    }
    this.lines = new Lines(text);
    this.cells = placedCells;
    this.segments = segments.filter(({ start, end }) => end > start);
  }

  /** Where a span of the notebook's text that begins and ends with a source's character stands in the file. */
  inFile({ start, end }: Span): Span {
    const last = this.fileOffset(end - 1);
    return { start: this.fileOffset(start), end: last + this.unitLength(last) };
  }

  /**
   * The notebook as a block: sections by the headings of its text, in them cells.
   * @param parse for the code's definitions; without it there are only headings
   */
  block(syntax: LanguageSyntax | undefined, parse: SyntaxParser | undefined): Block {
    const { lines } = this;
    const headings = this.headings();
    const defined = syntax === undefined || parse === undefined ? [] : this.definitions(syntax, parse);
    return proseBlock(lines, headings, {
      leaf: (span, path, opening) => new CellsBlock(lines, span, path, opening, this.cells, defined),
    });
  }

  private headings(): Heading[] {
    const { text } = this.lines;
    return this.cells
      .filter(({ type }) => type === 'markdown')
      .flatMap(({ start, end }) => {
        const firstLine = this.lines.lineAt(start);
        return markdownHeadings(new Lines(text.slice(start, end))).map((heading) => ({
          ...heading,
          line: heading.line + firstLine,
        }));
      });
  }

  /** Functions and classes of the code cells, which are parsed together. */
  private definitions(syntax: LanguageSyntax, parse: SyntaxParser): readonly Definition[] {
    const { text } = this.lines;
    const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
    let code = '';
    for (const { type, start, end } of this.cells) {
      code += blank(text.slice(code.length, start));
      const source = text.slice(start, end);
      // `%magic` and `!command` are the notebook's own.
      code += type === 'code' ? source.replace(/^\s*[%!?].*$/gm, blank) : blank(source);
    }
    const root = parse(code)?.root;
    if (root === undefined) return [];
    return codeBlock(root, syntax, this.lines).definitions.filter(({ kind }) => kind !== 'constant');
  }

  private fileOffset(offset: number): number {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.segments[middle]?.start ?? Infinity) <= offset) low = middle;
      else high = middle - 1;
    }
    const segment = this.segments[low];
    if (segment === undefined) return 0;
    let at = segment.inFile.start + 1;
    for (let i = segment.start; i < offset; i++) at += this.unitLength(at);
    return at;
  }

  /** A code unit of a source is one character of the file, or an escape of two or six. */
  private unitLength(at: number): number {
    if (this.file.charAt(at) !== '\\') return 1;
    return this.file.charAt(at + 1) === 'u' ? 6 : 2;
  }
}

/** Cells beside each other. */
class CellsBlock implements Block {
  readonly start: number;
  readonly end: number;
  readonly holds = 'rest';
  readonly isDefinition = false;
  readonly preamble = false;
  readonly definitions: readonly Definition[];

  constructor(
    private readonly lines: Lines,
    span: Span,
    readonly path: readonly string[],
    private readonly opening: readonly Definition[],
    private readonly cells: readonly PlacedCell[],
    private readonly defined: readonly Definition[],
  ) {
    this.start = span.start;
    this.end = span.end;
    this.definitions = [...opening, ...this.definedIn(span)];
  }

  parts(): readonly Block[] {
    const { start, end, lines, path } = this;
    const inside = this.cells.filter((cell) => cell.start < end && cell.end > start);
    if (inside.length < 2) return new TextBlock(lines, this, path, this.definitions).parts();
    return inside.map((cell, i) => {
      const span = { start: i === 0 ? start : cell.start, end: inside[i + 1]?.start ?? end };
      const definitions = [...(i === 0 ? this.opening : []), ...this.definedIn(span)];
      return new TextBlock(lines, span, path, definitions);
    });
  }

  private definedIn({ start, end }: Span): Definition[] {
    const first = this.lines.lineAt(start) + 1;
    const last = this.lines.lineAt(end - 1) + 1;
    return this.defined.filter(({ line }) => line >= first && line <= last);
  }
}
