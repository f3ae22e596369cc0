/** Headings that are one line with a mark of its own, in the languages where that is all there is to them. */
import type { Lines } from '../lines';
import { type Heading, type HeadingScanner, lineText, plainHeading } from './heading';

interface Style {
  /** Matches a heading's line; gives its level and its text. */
  readonly read: (text: string) => { readonly level: number; readonly name: string } | undefined;
  /** Opens a block in which nothing is a heading; gives the test for the line that closes it. */
  readonly verbatim?: Verbatim;
}

type Verbatim = (text: string) => ((text: string) => boolean) | undefined;

/** A heading's level is the length of the mark in front of it. */
const marked =
  (pattern: RegExp): Style['read'] =>
  (text) => {
    const match = pattern.exec(text);
    return match?.[1] === undefined ? undefined : { level: match[1].length, name: match[2] ?? '' };
  };

/** The block ends with the mark that it began with. */
const between =
  (pattern: RegExp): Verbatim =>
  (text) => {
    const mark = pattern.exec(text)?.[1];
    return mark === undefined ? undefined : (line) => line === mark;
  };

const latexLevels = ['part', 'chapter', 'section', 'subsection', 'subsubsection', 'paragraph'];
const texinfoLevels = ['top', 'chapter', 'appendix', 'section', 'subsection', 'subsubsection'];

const styles = {
  asciidoc: {
    read: marked(/^(={1,6}|#{1,6})\s+(.*?)(?:\s+\1)?$/),
    verbatim: between(/^(-{4,}|\.{4,}|\+{4,}|\/{4,}|`{3,})\w*$/),
  },
  org: {
    read: marked(/^(\*+)\s+(?:(?:TODO|DONE)\s+)?(.*?)(?:\s+:[\w:]+:)?$/),
    verbatim: (text) => (/^\s*#\+begin_/i.test(text) ? (line) => /^\s*#\+end_/i.test(line) : undefined),
  },
  typst: { read: marked(/^(=+)\s+(.*)$/), verbatim: between(/^(`{3,})/) },
  mediawiki: { read: marked(/^(={1,6})\s*(.*?)\s*\1$/) },
  textile: {
    read: (text) => {
      const match = /^h([1-6])\.\s+(.*)$/.exec(text);
      return match === null ? undefined : { level: Number(match[1]), name: match[2] ?? '' };
    },
  },
  pod: {
    read: (text) => {
      const match = /^=head([1-6])\s+(.*)$/.exec(text);
      return match === null ? undefined : { level: Number(match[1]), name: match[2] ?? '' };
    },
  },
  latex: {
    read: (text) => {
      const match = /^\s*\\(part|chapter|(?:sub){0,2}section|paragraph)\*?(?:\[[^\]]*\])?\{(.*)\}/.exec(text);
      return match?.[1] === undefined
        ? undefined
        : { level: latexLevels.indexOf(match[1]), name: latexText(match[2] ?? '') };
    },
    verbatim: (text) =>
      /^\s*\\begin\{(verbatim|lstlisting|minted)\}/.test(text)
        ? (line) => /^\s*\\end\{(verbatim|lstlisting|minted)\}/.test(line)
        : undefined,
  },
  texinfo: {
    read: (text) => {
      const match = /^@(top|chapter|appendix|section|subsection|subsubsection)\s+(.*)$/.exec(text);
      return match?.[1] === undefined
        ? undefined
        : { level: texinfoLevels.indexOf(match[1]), name: match[2] ?? '' };
    },
  },
  troff: {
    read: (text) => {
      const match = /^\.\s*(SH|Sh|SS|Ss)\s+"?(.*?)"?$/.exec(text);
      return match === null
        ? undefined
        : { level: match[1]?.toUpperCase() === 'SH' ? 1 : 2, name: match[2] ?? '' };
    },
  },
  /** `[section]` of INI and TOML. */
  ini: {
    read: (text) => {
      const name = /^\[{1,2}([^[\]]+)\]{1,2}\s*(?:[#;].*)?$/.exec(text)?.[1];
      return name === undefined ? undefined : { level: 1, name };
    },
  },
} satisfies Record<string, Style>;

export function lineHeadings(style: keyof typeof styles): HeadingScanner {
  const { read, verbatim }: Style = styles[style];
  return (lines) => scan(lines, read, verbatim);
}

function scan(lines: Lines, read: Style['read'], verbatim: Verbatim | undefined): Heading[] {
  const headings: Heading[] = [];
  let closes: ((text: string) => boolean) | undefined;
  for (let line = 0; line < lines.count; line++) {
    const text = lineText(lines, line);
    if (closes !== undefined) {
      if (closes(text)) closes = undefined;
      continue;
    }
    closes = verbatim?.(text);
    const found = closes === undefined ? read(text) : undefined;
    const name = found === undefined ? '' : plainHeading(found.name);
    if (found !== undefined && name !== '') headings.push({ line, level: found.level, name });
  }
  return headings;
}

/** What LaTeX prints for a heading, near enough. */
function latexText(text: string): string {
  return text.replace(/\\[a-zA-Z]+\s*/g, ' ').replace(/[{}~]/g, ' ');
}
