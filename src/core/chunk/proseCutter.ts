/** Cuts documentation at its headings: Markdown, reStructuredText and AsciiDoc. */
import type { Lines } from './lines';
import { countTokens, cutPlain, type Cutting, type Piece } from './piece';

/** A heading: where its section begins, how deep it stands (1 is the top), and what it says. */
interface Heading {
  readonly start: number;
  readonly level: number;
  readonly title: string;
  readonly line: number;
}

/** Pieces that cover the whole text: one for each section, large ones cut at their paragraphs. */
export function cutProse(cutting: Cutting, lines: Lines, language: string): Piece[] {
  const headings = headingsOf(lines, language);
  const pieces: Piece[] = [];
  const first = headings[0]?.start ?? cutting.text.length;
  if (first > 0)
    pieces.push(...cutPlain(cutting, { start: 0, end: first }, { breadcrumb: [], definitions: [] }));
  const path: Heading[] = [];
  for (const [i, heading] of headings.entries()) {
    while ((path.at(-1)?.level ?? 0) >= heading.level) path.pop();
    path.push(heading);
    const span = { start: heading.start, end: headings[i + 1]?.start ?? cutting.text.length };
    const label = {
      breadcrumb: path.map(({ title }) => title),
      definitions: [{ name: heading.title, kind: 'heading' as const, line: heading.line }],
    };
    const tokens = countTokens(cutting, span);
    pieces.push(
      ...(tokens <= cutting.budget ? [{ ...span, ...label, tokens }] : cutPlain(cutting, span, label)),
    );
  }
  return pieces;
}

function headingsOf(lines: Lines, language: string): Heading[] {
  const rows = rowsOf(lines);
  switch (language) {
    case 'restructuredtext':
      return underlined(lines, rows);
    case 'asciidoc':
      return prefixed(lines, rows, /^(={1,6})\s+(\S.*)$/, /^(?:-{4,}|\.{4,}|={4,}|\+{4,}|_{4,}|\/{4,})\s*$/);
    default:
      return markdown(lines, rows);
  }
}

function rowsOf(lines: Lines): string[] {
  return Array.from({ length: lines.count }, (_, i) =>
    lines.text.slice(lines.startOf(i + 1), lines.startOf(i + 2)).replace(/[\r\n]+$/, ''),
  );
}

function heading(lines: Lines, row: number, level: number, title: string): Heading {
  return { start: lines.startOf(row + 1), level, title: plainTitle(title), line: row + 1 };
}

/** A title without emphasis, code marks, links and anchors. */
function plainTitle(title: string): string {
  return title
    .replace(/\s+#+\s*$/, '')
    .replace(/\{#[^}]*\}|<[^>]+>/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]|:\w+:(?=`)/g, '')
    .trim();
}

/** ATX and setext headings, outside of fenced code and front matter. */
function markdown(lines: Lines, rows: readonly string[]): Heading[] {
  const headings: Heading[] = [];
  let fence: string | undefined;
  let row = frontMatterEnd(rows);
  for (; row < rows.length; row++) {
    const line = rows[row] ?? '';
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence !== undefined) {
      if (mark?.[1]?.startsWith(fence) === true && mark[2]?.trim() === '') fence = undefined;
      continue;
    }
    if (mark?.[1] !== undefined) {
      fence = mark[1];
      continue;
    }
    const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line);
    if (atx?.[1] !== undefined) {
      const title = atx[2] ?? '';
      if (title.trim() !== '') headings.push(heading(lines, row, atx[1].length, title));
      continue;
    }
    const under = /^ {0,3}(=+|-+)[ \t]*$/.exec(rows[row + 1] ?? '');
    const before = rows[row - 1] ?? '';
    if (under?.[1] !== undefined && /^ {0,3}[^\s>*+\-|#]/.test(line) && (row === 0 || before.trim() === '')) {
      headings.push(heading(lines, row, under[1].startsWith('=') ? 1 : 2, line));
      row += 1;
    }
  }
  return headings;
}

/** The row behind YAML or TOML front matter. */
function frontMatterEnd(rows: readonly string[]): number {
  const mark = rows[0]?.trim();
  if (mark !== '---' && mark !== '+++') return 0;
  const end = rows.findIndex((row, i) => i > 0 && row.trim() === mark);
  return end < 0 ? 0 : end + 1;
}

/** Headings that open with as many marks as they are deep, outside of delimited blocks. */
function prefixed(lines: Lines, rows: readonly string[], pattern: RegExp, delimiter: RegExp): Heading[] {
  const headings: Heading[] = [];
  let block: string | undefined;
  for (const [row, line] of rows.entries()) {
    if (delimiter.test(line)) {
      const mark = line.trim();
      if (block === undefined) block = mark;
      else if (block === mark) block = undefined;
      continue;
    }
    const match = block === undefined ? pattern.exec(line) : null;
    if (match?.[1] !== undefined && match[2] !== undefined)
      headings.push(heading(lines, row, match[1].length, match[2]));
  }
  return headings;
}

/** reStructuredText: a line of punctuation under a title, or over and under it; levels by first appearance. */
function underlined(lines: Lines, rows: readonly string[]): Heading[] {
  const headings: Heading[] = [];
  const styles: string[] = [];
  for (let row = 0; row + 1 < rows.length; row++) {
    const title = rows[row] ?? '';
    const under = rows[row + 1] ?? '';
    if (title.trim() === '' || !isAdornment(under) || under.trimEnd().length < title.trimEnd().length)
      continue;
    if (isAdornment(title) || /^\s/.test(under)) continue;
    const over = row > 0 && (rows[row - 1] ?? '').trimEnd() === under.trimEnd();
    if (!over && /^\s/.test(title)) continue;
    const style = `${over ? 'over' : ''}${under[0] ?? ''}`;
    if (!styles.includes(style)) styles.push(style);
    headings.push({
      ...heading(lines, row, styles.indexOf(style) + 1, title),
      start: lines.startOf(over ? row : row + 1),
    });
    row += 1;
  }
  return headings;
}

function isAdornment(line: string): boolean {
  return /^([!-/:-@[-`{-~])\1{2,}\s*$/.test(line);
}
