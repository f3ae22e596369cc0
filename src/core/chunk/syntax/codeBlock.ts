/** Blocks of a parsed text: definitions with their comments, their members, and at last their statements. */
import type { Definition, Span } from '../../corpus/document';
import type { Block } from '../block';
import type { Lines } from '../lines';
import { commonPath } from '../path';
import { gather, type Gathered, isLicence } from './gather';
import { type Item, ItemReader, pathOf } from './items';
import type { LanguageSyntax } from './meaning';
import type { SyntaxNode } from './syntaxTree';

/** The whole text as a block. */
export function codeBlock(root: SyntaxNode, syntax: LanguageSyntax, lines: Lines): Block {
  const source: Source = { syntax, lines, reader: new ItemReader(syntax) };
  const span = { start: 0, end: lines.text.length };
  const whole: Item = {
    node: root,
    role: 'main',
    meaning: { names: [], path: [], container: true },
    around: { path: [], isLocal: false, isMember: false },
    isImport: false,
  };
  return new CodeBlock(source, [whole], span, [], 'root', 0);
}

interface Source {
  readonly syntax: LanguageSyntax;
  readonly lines: Lines;
  readonly reader: ItemReader;
}

/** Most levels that are opened in search of two parts, and most blocks in blocks; deeper text is cut at lines. */
const MAX_DEPTH = 64;

class CodeBlock implements Block {
  readonly start: number;
  readonly end: number;
  readonly path: readonly string[];
  readonly holds: 'members' | 'rest';
  readonly isDefinition: boolean;
  readonly preamble: boolean;
  private cut: readonly Block[] | undefined;
  private defined: readonly Definition[] | undefined;

  constructor(
    private readonly source: Source,
    private readonly items: readonly Item[],
    span: Span,
    /** Definitions of what this is the first part of. */
    private readonly carried: readonly Definition[],
    private readonly place: 'root' | 'preamble' | 'inside',
    private readonly depth: number,
  ) {
    this.start = span.start;
    this.end = span.end;
    const main = items.filter(({ role }) => role === 'main');
    this.path = commonPath((main.length > 0 ? main : items).map(pathOf));
    this.holds = main.some(({ meaning }) => meaning?.container === true) ? 'members' : 'rest';
    this.isDefinition = main.some(
      ({ meaning }) => (meaning?.names.length ?? 0) + (meaning?.path.length ?? 0) > 0,
    );
    this.preamble = place === 'preamble';
  }

  get definitions(): readonly Definition[] {
    return (this.defined ??= this.readDefinitions());
  }

  parts(): readonly Block[] {
    return (this.cut ??= this.open());
  }

  private readDefinitions(): readonly Definition[] {
    const parts = this.holds === 'members' ? this.parts() : [];
    if (parts.length > 0) return parts.flatMap(({ definitions }) => definitions);
    return [...this.carried, ...this.items.flatMap((item) => this.definedBy(item))];
  }

  private open(): readonly Block[] {
    if (this.depth > MAX_DEPTH) return [];
    const { reader, lines, syntax } = this.source;
    let { items, carried } = this;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const parts = gather(items, syntax, lines, depth > 0);
      if (parts.length > 1) return this.blocks(parts, carried);
      const hasMatter = items.some(({ role }) => role === 'main');
      const opened = items.map((item) => (this.isOpened(item, hasMatter) ? reader.inside(item) : []));
      if (opened.every((inside) => inside.length === 0)) break;
      const names = items.filter(({ meaning }, i) => opened[i]?.length !== 0 && meaning?.names.length === 1);
      carried = [...carried, ...names.flatMap((item) => this.definedBy(item))];
      items = items.flatMap((item, i) => (opened[i]?.length ? opened[i] : [this.kept(item)]));
    }
    return [];
  }

  /** What is longer than a line is opened, but for the comment of what is. */
  private isOpened({ node, role }: Item, hasMatter: boolean): boolean {
    const { lines } = this.source;
    const isLong = lines.lineAt(node.start) < lines.lineAt(node.end - 1);
    const isAside = role === 'comment' || role === 'prefix';
    return isLong && !(isAside && hasMatter);
  }

  /** A comment of what is opened belongs to its inside. */
  private kept(item: Item): Item {
    return item.role === 'main' ? item : { ...item, around: { ...item.around, path: this.path } };
  }

  /** Blocks from line to line; the white space between two belongs to the first. */
  private blocks(parts: readonly Gathered[], carried: readonly Definition[]): Block[] {
    const { lines } = this.source;
    const preamble = this.place === 'root' ? preambleLength(parts) : 0;
    return parts.map((part, i) => {
      const next = parts[i + 1];
      const span = {
        start: i === 0 ? this.start : lines.startOfLineAt(part.start),
        end: next === undefined ? this.end : lines.startOfLineAt(next.start),
      };
      const place = i < preamble ? 'preamble' : 'inside';
      return new CodeBlock(this.source, part.items, span, i === 0 ? carried : [], place, this.depth + 1);
    });
  }

  private definedBy({ meaning }: Item): Definition[] {
    const { lines } = this.source;
    return (meaning?.names ?? []).map(({ name, kind, at }) => ({ name, kind, line: lines.lineAt(at) + 1 }));
  }
}

/** How many of a file's parts, from its beginning, are licence, description and imports. */
function preambleLength(parts: readonly Gathered[]): number {
  const imports = parts.map(({ main }) => main?.isImport);
  const firstMatter = imports.findIndex((isImport) => isImport === false);
  const end = firstMatter < 0 ? parts.length : firstMatter;
  const lastImport = imports.lastIndexOf(true, end - 1);
  if (end > 0 && lastImport >= 0) return lastImport + 1;
  // Comments alone: the licence. Others are about what follows, or about the whole file.
  const comments = parts.slice(0, end);
  return comments.findLastIndex((part) => part.items.some(isLicence)) + 1;
}
