/** Notebooks (.ipynb): JSON whose cells hold the text. Chunks are made of cells; lines are those of the file. */
import { parseTree, type Node } from 'jsonc-parser';
import type { Chunk } from '../corpus/document';
import type { TokenCounter } from '../encode/encoder';
import { Lines } from './lines';

/** A line of a cell's source, with where it stands in the file. */
interface SourceLine {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface Cell {
  readonly heading: string | undefined;
  readonly lines: readonly SourceLine[];
}

export interface NotebookOptions {
  readonly text: string;
  readonly counter: TokenCounter;
  readonly budget: number;
}

/** Chunks with less than this share of the budget take the next cell in. */
const ENOUGH = 0.5;

/** @returns undefined when the text is no notebook: then it is cut as plain text */
export function chunkNotebook({ text, counter, budget }: NotebookOptions): Chunk[] | undefined {
  const cells = cellsOf(text);
  if (cells === undefined) return undefined;
  const lines = new Lines(text);
  const chunks: Chunk[] = [];
  let open: { lines: SourceLine[]; tokens: number } = { lines: [], tokens: 0 };
  let title: string | undefined;
  const close = (): void => {
    const chunk = chunkOf(open.lines, lines, title, counter);
    if (chunk !== undefined) chunks.push(chunk);
    open = { lines: [], tokens: 0 };
  };
  for (const cell of cells) {
    const tokens = counter.count(sourceOf(cell.lines));
    const startsSection = cell.heading !== undefined;
    if (open.tokens + tokens > budget || startsSection || open.tokens >= budget * ENOUGH) close();
    title = cell.heading ?? title;
    for (const part of tokens > budget
      ? cell.lines.flatMap((line) => halves(line, counter, budget))
      : cell.lines) {
      const count = counter.count(part.text);
      if (open.tokens + count > budget) close();
      open.lines.push(part);
      open.tokens += count;
    }
  }
  close();
  return chunks;
}

function chunkOf(
  source: readonly SourceLine[],
  lines: Lines,
  title: string | undefined,
  counter: TokenCounter,
): Chunk | undefined {
  const content = source.filter(({ text }) => text.trim() !== '');
  const first = content[0];
  const last = content.at(-1);
  const start = source[0]?.start;
  const end = source.at(-1)?.end;
  if (first === undefined || last === undefined || start === undefined || end === undefined) return undefined;
  const text = sourceOf(source);
  const opensWithTitle = title !== undefined && text.trimStart().startsWith('#') && text.includes(title);
  const startLine = lines.lineAt(first.start);
  return {
    start,
    end,
    startLine,
    endLine: lines.lineAt(Math.max(last.end - 1, first.start)),
    kind: 'code',
    breadcrumb: title === undefined ? [] : [title],
    definitions: opensWithTitle ? [{ name: title, kind: 'heading', line: startLine }] : [],
    text,
    tokens: counter.count(text),
  };
}

function sourceOf(lines: readonly SourceLine[]): string {
  return lines.map(({ text }) => text).join('');
}

/** A line that is too large, cut in the middle until its parts fit. All of them stand on the same line of the file. */
function halves(line: SourceLine, counter: TokenCounter, budget: number): SourceLine[] {
  if (counter.count(line.text) <= budget || line.text.length < 2) return [line];
  let half = line.text.length >> 1;
  if (/[\uDC00-\uDFFF]/.test(line.text[half] ?? '')) half += 1;
  if (half >= line.text.length) return [line];
  return [
    ...halves({ ...line, text: line.text.slice(0, half) }, counter, budget),
    ...halves({ ...line, text: line.text.slice(half) }, counter, budget),
  ];
}

function cellsOf(text: string): Cell[] | undefined {
  const root = parseTree(text);
  const cells = property(root, 'cells')?.children;
  if (cells === undefined) return undefined;
  return cells.map((cell) => {
    const lines = sourceLines(property(cell, 'source'));
    const isProse = property(cell, 'cell_type')?.value === 'markdown';
    const heading = isProse ? /^#{1,6}\s+(.+?)\s*#*\s*$/m.exec(sourceOf(lines))?.[1] : undefined;
    return { heading, lines };
  });
}

/** A source is a string, or an array of strings that are its lines. */
function sourceLines(source: Node | undefined): SourceLine[] {
  const nodes = source?.type === 'array' ? (source.children ?? []) : source === undefined ? [] : [source];
  const lines = nodes.flatMap((node) =>
    typeof node.value === 'string'
      ? [{ text: node.value, start: node.offset, end: node.offset + node.length }]
      : [],
  );
  const last = lines.at(-1);
  // Cells are joined: the last line of one must not run into the first of the next.
  if (last !== undefined && !last.text.endsWith('\n'))
    lines[lines.length - 1] = { ...last, text: `${last.text}\n` };
  return lines;
}

function property(node: Node | undefined, name: string): Node | undefined {
  return node?.type === 'object'
    ? node.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1]
    : undefined;
}
