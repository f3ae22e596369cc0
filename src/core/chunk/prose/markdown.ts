/** Headings of Markdown: `#` lines and underlined ones, outside code, comments and front matter. */
import type { Lines } from '../lines';
import { type Heading, lineText, plainHeading } from './heading';

export function markdownHeadings(lines: Lines): Heading[] {
  const headings: Heading[] = [];
  const front = frontMatter(lines);
  let fence: string | undefined;
  let inComment = false;
  /** Lines of the paragraph that the line above belongs to. */
  let paragraph = 0;
  for (let line = front.end; line < lines.count; line++) {
    const text = lineText(lines, line);
    const mark = /^\s*(?:[-*+>]\s+)*(`{3,}|~{3,})(.*)$/.exec(text);
    if (fence !== undefined) {
      if (mark?.[1]?.startsWith(fence) === true && mark[2]?.trim() === '') fence = undefined;
      continue;
    }
    if (inComment) {
      inComment = !text.includes('-->');
      continue;
    }
    if (mark?.[1] !== undefined && !mark[2]?.includes('`')) {
      fence = mark[1];
      paragraph = 0;
      continue;
    }
    if (/^\s*<!--/.test(text) && !text.includes('-->')) {
      inComment = true;
      continue;
    }
    const heading = atx(text, line) ?? (paragraph === 1 ? setext(lines, text, line) : undefined);
    if (heading !== undefined && heading.name !== '') headings.push(heading);
    const isText =
      heading === undefined && /^ {0,3}\S/.test(text) && !/^\s*([-*+>|]|\d+[.)])\s|^\s*[|<]/.test(text);
    paragraph = isText ? paragraph + 1 : 0;
  }
  const needsTitle = front.title !== undefined && !headings.some(({ level }) => level === 1);
  return needsTitle ? [{ line: 0, level: 0, name: front.title }, ...headings] : headings;
}

/** `## Heading ##` */
function atx(text: string, line: number): Heading | undefined {
  const match = /^ {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  return { line, level: match[1].length, name: plainHeading(match[2] ?? '') };
}

/** A single line of text above `===` or `---`. */
function setext(lines: Lines, text: string, line: number): Heading | undefined {
  const match = /^ {0,3}(=+|-{2,})$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  const level = match[1].startsWith('=') ? 1 : 2;
  return { line: line - 1, level, name: plainHeading(lineText(lines, line - 1)) };
}

interface FrontMatter {
  /** Line behind it; 0 when there is none. */
  readonly end: number;
  readonly title: string | undefined;
}

/** YAML or TOML between `---` or `+++` at the very beginning. */
function frontMatter(lines: Lines): FrontMatter {
  const none = { end: 0, title: undefined };
  const mark = lineText(lines, 0);
  if (mark !== '---' && mark !== '+++') return none;
  let title: string | undefined;
  for (let line = 1; line < lines.count; line++) {
    const text = lineText(lines, line);
    if (text === mark) return { end: line + 1, title };
    const named = /^title\s*[:=]\s*(.+)$/.exec(text)?.[1];
    if (named !== undefined) title = plainHeading(named.replace(/^(["'])(.*)\1$/, '$2')) || undefined;
  }
  return none;
}
