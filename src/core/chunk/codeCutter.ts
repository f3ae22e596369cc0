/** Cuts source code along its syntax: definitions with their comments, large ones at their members or statements. */
import type { Definition, Span } from '../corpus/document';
import { definitionRule, isGroup, isTrivia, isWrapper, type DefinitionRule } from './languages';
import type { Lines } from './lines';
import { nameOf } from './names';
import { countTokens, cutPlain, type Cutting, type Piece } from './piece';
import { namedChildren, type SyntaxNode } from './syntax';

/** A node with the position from which on the text belongs to it: its comments and decorators come before it. */
interface Unit {
  readonly start: number;
  readonly node: SyntaxNode;
}

interface Found {
  readonly name: string;
  readonly rule: DefinitionRule;
  readonly node: SyntaxNode;
}

/** Deeper nesting is cut by lines: nobody reads it, and a tree may be deeper than the stack. */
const MAX_DEPTH = 64;
/** Levels below a node in which a wrapper's definition is looked for. */
const WRAPPED_DEPTH = 3;

export class CodeCutter {
  constructor(
    private readonly cutting: Cutting,
    private readonly lines: Lines,
    private readonly language: string,
  ) {}

  /** Pieces that cover the whole text. */
  cut(root: SyntaxNode): Piece[] {
    return this.cutUnits(this.units(root), [], { start: 0, end: this.cutting.text.length }, [], 0);
  }

  /**
   * Pieces of a span along the units in it; what stands before the first one is a piece of its own.
   * @param opening definitions that the first piece makes: the name of what is being cut
   */
  private cutUnits(
    units: readonly Unit[],
    breadcrumb: readonly string[],
    span: Span,
    opening: readonly Definition[],
    depth: number,
  ): Piece[] {
    const pieces: Piece[] = [];
    const first = units[0]?.start ?? span.end;
    if (first > span.start) {
      const header = { start: span.start, end: first };
      pieces.push(...this.plain(header, { breadcrumb, definitions: opening }));
    }
    for (const [i, { start, node }] of units.entries()) {
      const end = units[i + 1]?.start ?? span.end;
      pieces.push(...this.cutUnit(node, breadcrumb, { start, end }, depth));
    }
    const [head] = pieces;
    if (first <= span.start && head !== undefined && opening.length > 0) {
      pieces[0] = { ...head, definitions: [...opening, ...head.definitions] };
    }
    return pieces;
  }

  private cutUnit(node: SyntaxNode, breadcrumb: readonly string[], span: Span, depth: number): Piece[] {
    const found = this.definitionIn(node);
    const label = {
      breadcrumb: found === undefined ? breadcrumb : [...breadcrumb, found.name],
      definitions: found === undefined ? [] : [this.definition(found)],
    };
    const tokens = countTokens(this.cutting, span);
    if (tokens <= this.cutting.budget) {
      const members =
        found?.rule.container === true || isGroup(node.type) ? this.members(found?.node ?? node, 0) : [];
      return [{ ...span, ...label, definitions: [...label.definitions, ...members], tokens }];
    }
    const units = depth < MAX_DEPTH ? this.unitsInside(found?.node ?? node, span) : [];
    if (units.length === 0) return this.plain(span, label);
    return this.cutUnits(units, label.breadcrumb, span, label.definitions, depth + 1);
  }

  private plain(span: Span, label: Pick<Piece, 'breadcrumb' | 'definitions'>): Piece[] {
    return cutPlain(this.cutting, span, label);
  }

  /** Names of the definitions inside a container that stays whole. */
  private members(node: SyntaxNode, depth: number): Definition[] {
    if (depth > 4) return [];
    return namedChildren(node).flatMap((child) => {
      const found = this.definitionIn(child);
      if (found === undefined)
        return isBody(child) || isGroup(child.type) ? this.members(child, depth + 1) : [];
      return [this.definition(found), ...(found.rule.container ? this.members(found.node, depth + 1) : [])];
    });
  }

  /** Units of the innermost node that holds several children, in a span that is too large. */
  private unitsInside(node: SyntaxNode, span: Span): Unit[] {
    let inner: SyntaxNode | undefined = node;
    for (let level = 0; inner !== undefined && level < MAX_DEPTH; level++) {
      const body: SyntaxNode = inner.childForFieldName('body') ?? inner;
      const units = this.units(body).filter(({ start }) => start >= span.start && start < span.end);
      if (units.length > 1) return units;
      inner = largest(namedChildren(body));
    }
    return [];
  }

  /** The children of a node, each from the beginning of what belongs to it. */
  private units(node: SyntaxNode): Unit[] {
    const units: Unit[] = [];
    let waiting: SyntaxNode | undefined;
    let previousEnd = -1;
    for (const child of namedChildren(node)) {
      if (child.endIndex <= child.startIndex) continue;
      // A comment on the line of the node before it belongs to that one.
      if (isTrivia(child.type) && this.sameLine(previousEnd, child.startIndex)) {
        previousEnd = child.endIndex;
        continue;
      }
      // A comment that a blank line separates from what follows speaks for itself (a licence, a section).
      if (waiting !== undefined && this.blankBetween(previousEnd, child.startIndex)) {
        units.push({ start: this.from(waiting), node: waiting });
        waiting = undefined;
      }
      previousEnd = child.endIndex;
      if (isTrivia(child.type)) {
        waiting ??= child;
        continue;
      }
      units.push({ start: this.from(waiting ?? child), node: child });
      waiting = undefined;
    }
    if (waiting !== undefined) units.push({ start: this.from(waiting), node: waiting });
    // Two children on one line are one unit: a cut goes through white space only at a line's beginning.
    return units.filter(({ start }, i) => i === 0 || start > (units[i - 1]?.start ?? -1));
  }

  /** The beginning of a node's line if nothing but white space stands before it, else the node's own. */
  private from(node: SyntaxNode): number {
    const lineStart = this.lines.lineStart(node.startIndex);
    return this.cutting.text.slice(lineStart, node.startIndex).trim() === '' ? lineStart : node.startIndex;
  }

  private sameLine(end: number, start: number): boolean {
    return end >= 0 && !/[\r\n]/.test(this.cutting.text.slice(Math.max(end - 1, 0), start));
  }

  private blankBetween(end: number, start: number): boolean {
    return end >= 0 && /\n[^\S\n]*\r?\n/.test(this.cutting.text.slice(Math.max(end - 1, 0), start));
  }

  private definition({ name, rule, node }: Found): Definition {
    return { name, kind: rule.kind, line: this.lines.lineAt(node.startIndex) };
  }

  /** What a node defines: itself, or through a wrapper (an export, a decorator, `const f = () => ...`). */
  private definitionIn(node: SyntaxNode, depth = 0): Found | undefined {
    const special = nameOf(this.language, node);
    if (special !== undefined) return { ...special, node };
    const rule = definitionRule(this.language, node.type);
    if (rule !== undefined) {
      const name = nameOf(this.language, node, rule)?.name;
      if (name !== undefined) return { name, rule, node };
    }
    if (depth >= WRAPPED_DEPTH || !(isWrapper(node.type) || depth > 0)) return undefined;
    for (const child of namedChildren(node)) {
      if (isTrivia(child.type)) continue;
      if (
        !isWrapper(child.type) &&
        definitionRule(this.language, child.type) === undefined &&
        !isDeclarator(child.type)
      )
        continue;
      const found = this.definitionIn(child, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function isDeclarator(type: string): boolean {
  return ['variable_declarator', 'assignment_expression', 'assignment', 'init_declarator'].includes(type);
}

function isBody(node: SyntaxNode): boolean {
  return /body|block|list|members|suite|template|^declaration/.test(node.type);
}

function largest(nodes: readonly SyntaxNode[]): SyntaxNode | undefined {
  let best: SyntaxNode | undefined;
  for (const node of nodes) {
    if (best === undefined || node.endIndex - node.startIndex > best.endIndex - best.startIndex) best = node;
  }
  return best;
}
