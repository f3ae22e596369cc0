/**
 * Headings of reStructuredText: lines underlined, or over- and underlined, with a punctuation character. Which
 * character is which level is the document's own choice: the first one seen is the highest.
 */
import type { Lines } from '../lines';
import { type Heading, lineText, plainHeading } from './heading';

export function restructuredTextHeadings(lines: Lines): Heading[] {
  const headings: Heading[] = [];
  const styles: string[] = [];
  const add = (line: number, title: string, style: string): void => {
    if (!styles.includes(style)) styles.push(style);
    const name = plainHeading(title.trim());
    if (name !== '') headings.push({ line, level: styles.indexOf(style) + 1, name });
  };
  for (let line = 0; line < lines.count; line++) {
    const text = lineText(lines, line);
    const isBehindBlank = line === 0 || lineText(lines, line - 1) === '';
    if (text.trim() === '' || !isBehindBlank) continue;
    const below = lineText(lines, line + 1);
    if (isRule(text)) {
      const under = lineText(lines, line + 2);
      if (isTitle(below.trim()) && under === text && text.length >= below.trim().length) {
        add(line, below, `over ${text.charAt(0)}`);
        line += 2;
      }
    } else if (isTitle(text) && isRule(below) && below.length >= Math.min(text.length, 4)) {
      add(line, text, below.charAt(0));
      line += 1;
    }
  }
  return headings;
}

/** A line of one punctuation character, twice or more. */
function isRule(text: string): boolean {
  return /^([!-/:-@[-`{-~])\1+$/.test(text);
}

function isTitle(text: string): boolean {
  return /^\S/.test(text) && !text.startsWith('.. ') && !isRule(text);
}
