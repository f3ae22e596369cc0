/**
 * Notebooks: the sources of the cells, read out of the JSON with the places where they stand. Outputs and
 * metadata are left out.
 */
import type { Span } from '../corpus/document';

/** A run of a cell's source that stands as one string in the file. */
export interface Segment extends Span {
  /** The decoded string. */
  readonly text: string;
}

export interface Cell {
  readonly type: 'markdown' | 'code';
  /** In order; their texts together are the cell's source. Spans are those of the strings, quotes included. */
  readonly segments: readonly Segment[];
}

/**
 * The cells of a notebook whose source is not blank.
 * @returns undefined when the text is not JSON
 */
export function readNotebook(text: string): Cell[] | undefined {
  try {
    JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return new CellReader(text).read();
}

/** An object or an array that is being read. */
interface Open {
  readonly isObject: boolean;
  /** The key of the value that comes next. */
  key: string | undefined;
  expectsKey: boolean;
  cellType: string | undefined;
  readonly segments: Segment[];
}

/** Walks valid JSON; whatever object has a `cell_type` and a `source` is a cell. */
class CellReader {
  private readonly cells: Cell[] = [];
  private readonly open: Open[] = [];

  constructor(private readonly text: string) {}

  read(): Cell[] {
    const { text } = this;
    for (let at = 0; at < text.length; at++) {
      switch (text.charAt(at)) {
        case '{':
        case '[':
          this.enter(text[at] === '{');
          break;
        case '}':
        case ']':
          this.leave();
          break;
        case ',':
          this.expectKey();
          break;
        case '"': {
          const end = endOfString(text, at);
          this.string({ start: at, end });
          at = end - 1;
          break;
        }
        default:
      }
    }
    return this.cells;
  }

  private enter(isObject: boolean): void {
    this.open.push({ isObject, key: undefined, expectsKey: isObject, cellType: undefined, segments: [] });
  }

  private expectKey(): void {
    const top = this.open.at(-1);
    if (top?.isObject === true) top.expectsKey = true;
  }

  private string(span: Span): void {
    const top = this.open.at(-1);
    if (top === undefined) return;
    if (top.expectsKey) {
      top.key = this.decode(span);
      top.expectsKey = false;
      return;
    }
    // The source is a string, or an array of them.
    const owner = top.isObject ? top : this.open.at(-2);
    if (owner?.isObject !== true) return;
    if (owner.key === 'cell_type' && top.isObject) owner.cellType = this.decode(span);
    if (owner.key === 'source' || owner.key === 'input') {
      owner.segments.push({ ...span, text: this.decode(span) });
    }
  }

  private leave(): void {
    const cell = this.open.pop();
    if (cell?.cellType === undefined || !cell.segments.some(({ text }) => text.trim() !== '')) return;
    this.cells.push({ type: cell.cellType === 'code' ? 'code' : 'markdown', segments: cell.segments });
  }

  private decode({ start, end }: Span): string {
    const value: unknown = JSON.parse(this.text.slice(start, end));
    return typeof value === 'string' ? value : '';
  }
}

/** Offset behind the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}
