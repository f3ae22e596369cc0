/** Headings of documentation, whatever it is written in. */
import type { Lines } from '../lines';

export interface Heading {
  /** Line that the heading begins on, from 0. */
  readonly line: number;
  /** Depth: a heading encloses what follows up to the next one whose level is not greater. */
  readonly level: number;
  /** What it says, without markup; never empty. */
  readonly name: string;
}

/** Finds the headings of a text, in order. */
export type HeadingScanner = (lines: Lines) => Heading[];

/** A line without its line break and the white space behind it. */
export function lineText(lines: Lines, line: number): string {
  return lines.text.slice(lines.startOf(line), lines.startOf(line + 1)).trimEnd();
}

/** Longest heading; more is cut. */
const MAX_NAME = 120;

/** A heading's words, without images, links, emphasis, code marks and anchors. */
export function plainHeading(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])/g, '')
    .replace(/\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/:\w+:`~?([^`]*)`/g, '$1')
    .replace(/\s*\{#?[\w-]+\}\s*$/, '')
    .replace(/(\*\*|__|``?)(.+?)\1/g, '$2')
    .replace(/(^|\s)[*_](\S(?:.*?\S)?)[*_](?=\s|$)/g, '$1$2')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_NAME);
}
