/** Blocks of a text with headings: sections in sections, then paragraphs. */
import type { Definition, Span } from '../../corpus/document';
import type { Block } from '../block';
import type { Lines } from '../lines';
import { TextBlock } from '../textBlock';
import type { Heading } from './heading';

/** What stands between two headings, as a block. */
export type Leaf = (span: Span, path: readonly string[], definitions: readonly Definition[]) => Block;

interface ProseOptions {
  /** Whether a heading is a definition, or only a step of the path; true by default. */
  readonly defines?: boolean;
  /** Paragraphs by default. */
  readonly leaf?: Leaf;
}

/**
 * The whole text as a block.
 * @param headings in order
 */
export function proseBlock(lines: Lines, headings: readonly Heading[], options: ProseOptions = {}): Block {
  const { defines = true, leaf = textLeaf(lines) } = options;
  const span = { start: 0, end: lines.text.length };
  const [first, ...others] = headings;
  if (first === undefined) return leaf(span, [], []);
  const isTitle =
    lines.isBlank({ start: 0, end: lines.startOf(first.line) }) &&
    others.every(({ level }) => level > first.level);
  const root: Section = isTitle
    ? { path: [first.name], opening: definitionsOf(first, defines), headings: others, defines, leaf }
    : { path: [], opening: [], headings, defines, leaf };
  return new SectionBlock(lines, span, root);
}

function textLeaf(lines: Lines): Leaf {
  return (span, path, definitions) => new TextBlock(lines, span, path, definitions);
}

interface Section {
  readonly path: readonly string[];
  /** Its own heading. */
  readonly opening: readonly Definition[];
  /** Headings inside it. */
  readonly headings: readonly Heading[];
  readonly defines: boolean;
  readonly leaf: Leaf;
}

/** Sections in sections that are opened; deeper ones are paragraphs of the last. */
const MAX_DEPTH = 32;

class SectionBlock implements Block {
  readonly start: number;
  readonly end: number;
  readonly path: readonly string[];
  readonly holds = 'members';
  readonly isDefinition: boolean;
  readonly preamble = false;
  readonly definitions: readonly Definition[];
  private cut: readonly Block[] | undefined;

  constructor(
    private readonly lines: Lines,
    span: Span,
    private readonly section: Section,
  ) {
    this.start = span.start;
    this.end = span.end;
    this.path = section.path;
    this.isDefinition = section.path.length > 0;
    const inside = section.headings.flatMap((heading) => definitionsOf(heading, section.defines));
    this.definitions = [...section.opening, ...inside];
  }

  parts(): readonly Block[] {
    return (this.cut ??= this.open());
  }

  private open(): readonly Block[] {
    const { lines, section, start, path } = this;
    const [first] = section.headings;
    if (first === undefined || path.length > MAX_DEPTH) {
      return section.leaf(this, path, section.opening).parts();
    }
    const opening = { start, end: lines.startOf(first.line) };
    if (lines.isBlank(opening)) return this.subsections(start);
    return [section.leaf(opening, path, section.opening), ...this.subsections(opening.end)];
  }

  /** A subsection reaches up to the next heading that is not below it. */
  private subsections(start: number): SectionBlock[] {
    const { lines, section, path } = this;
    const { headings } = section;
    const sections: SectionBlock[] = [];
    for (let i = 0; i < headings.length;) {
      const heading = headings[i];
      if (heading === undefined) break;
      let next = i + 1;
      while (next < headings.length && (headings[next]?.level ?? 0) > heading.level) next++;
      const behind = headings[next];
      const span = {
        start: i === 0 ? start : lines.startOf(heading.line),
        end: behind === undefined ? this.end : lines.startOf(behind.line),
      };
      sections.push(
        new SectionBlock(lines, span, {
          path: [...path, heading.name],
          opening: definitionsOf(heading, section.defines),
          headings: headings.slice(i + 1, next),
          defines: section.defines,
          leaf: section.leaf,
        }),
      );
      i = next;
    }
    return sections;
  }
}

/** A title that only the front matter has is no line of the text. */
function definitionsOf({ name, line, level }: Heading, defines: boolean): Definition[] {
  return defines && level > 0 ? [{ name, kind: 'heading', line: line + 1 }] : [];
}
