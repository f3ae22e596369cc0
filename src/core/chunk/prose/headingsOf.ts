/** Which languages have headings, and how they are found. */
import type { HeadingScanner } from './heading';
import { lineHeadings } from './lineHeadings';
import { markdownHeadings } from './markdown';
import { restructuredTextHeadings } from './restructuredText';

const prose: Readonly<Record<string, HeadingScanner>> = {
  asciidoc: lineHeadings('asciidoc'),
  djot: markdownHeadings,
  latex: lineHeadings('latex'),
  markdown: markdownHeadings,
  mdx: markdownHeadings,
  mediawiki: lineHeadings('mediawiki'),
  org: lineHeadings('org'),
  pod: lineHeadings('pod'),
  restructuredtext: restructuredTextHeadings,
  texinfo: lineHeadings('texinfo'),
  textile: lineHeadings('textile'),
  troff: lineHeadings('troff'),
  typst: lineHeadings('typst'),
};

const data: Readonly<Record<string, HeadingScanner>> = {
  ini: lineHeadings('ini'),
  toml: lineHeadings('ini'),
};

/** Documentation with headings. */
export function proseHeadings(language: string): HeadingScanner | undefined {
  return Object.hasOwn(prose, language) ? prose[language] : undefined;
}

/** Data with sections. */
export function dataHeadings(language: string): HeadingScanner | undefined {
  return Object.hasOwn(data, language) ? data[language] : undefined;
}
