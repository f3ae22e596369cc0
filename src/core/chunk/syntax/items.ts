/** The nodes beside each other inside a node, with what each is there for. */
import type { LanguageSyntax, Meaning } from './meaning';
import type { SyntaxNode } from './syntaxTree';

/**
 * main: what the text is about; comment; prefix: belongs to what follows (a decorator); suffix: belongs to
 * what precedes; token: a brace, a keyword.
 */
export type Role = 'main' | 'comment' | 'prefix' | 'suffix' | 'token';

export interface Item {
  readonly node: SyntaxNode;
  readonly role: Role;
  readonly meaning: Meaning | undefined;
  readonly around: Surroundings;
  readonly isImport: boolean;
}

/** What is around the nodes beside each other. */
export interface Surroundings {
  /** Names, outermost first. */
  readonly path: readonly string[];
  /** Inside a function, where constants are nobody else's business. */
  readonly isLocal: boolean;
  /** Right inside a type. */
  readonly isMember: boolean;
}

/** The names around an item and its own. */
export function pathOf(item: Item): readonly string[] {
  const { around, meaning } = item;
  return meaning === undefined || meaning.path.length === 0 ? around.path : [...around.path, ...meaning.path];
}

/** Reads nodes of one language. */
export class ItemReader {
  constructor(private readonly syntax: LanguageSyntax) {}

  read(nodes: readonly SyntaxNode[], around: Surroundings): Item[] {
    // What holds for the siblings that follow: packages, headings.
    const open: { readonly level: number; readonly path: readonly string[] }[] = [];
    return nodes.map((node) => {
      const isImport = this.syntax.imports.has(node.type) || this.syntax.isImport(node);
      const meaning = this.meaningOf(node, around, isImport);
      const level = meaning?.level;
      if (level !== undefined) while ((open.at(-1)?.level ?? -1) >= level) open.pop();
      const path = open.length === 0 ? around.path : [...around.path, ...open.flatMap((step) => step.path)];
      if (meaning !== undefined && level !== undefined) open.push({ level, path: meaning.path });
      return { node, role: this.roleOf(node), meaning, around: { ...around, path }, isImport };
    });
  }

  /** What an item consists of, under its own names; empty for a leaf. */
  inside(item: Item): Item[] {
    const { node, meaning, around } = item;
    const isFunction = meaning?.names.some(({ kind }) => kind === 'function' || kind === 'method') ?? false;
    return this.read(this.nodesIn(node, meaning?.core ?? node), {
      path: pathOf(item),
      isLocal: around.isLocal || isFunction || this.syntax.functions.has(node.type),
      // What only groups (`if`, `#ifdef`) is no type of its own.
      isMember: meaning?.path.length === 0 ? around.isMember : (meaning?.isType ?? false),
    });
  }

  private nodesIn(node: SyntaxNode, core: SyntaxNode): SyntaxNode[] {
    return node.children.flatMap((child) => {
      if (child === core) return this.nodesIn(child, child);
      const holdsCore = node !== core && child.start <= core.start && core.end <= child.end;
      return holdsCore ? this.nodesIn(child, core) : this.lookedThrough(child);
    });
  }

  /** A node, or its children where they stand in its place. */
  private lookedThrough(node: SyntaxNode, depth = 0): SyntaxNode[] {
    if (!this.syntax.transparent.has(node.type) || depth > 8 || node.children.length === 0) return [node];
    return node.children.flatMap((child) => this.lookedThrough(child, depth + 1));
  }

  private roleOf(node: SyntaxNode): Role {
    const { syntax } = this;
    if (!node.named) return 'token';
    if (/comment|haddock|^pod_/.test(node.type)) return 'comment';
    if (syntax.prefixes.has(node.type)) return 'prefix';
    if (syntax.suffixes.has(node.type)) return 'suffix';
    return syntax.prefixText?.test(node.text.slice(0, 32)) === true ? 'prefix' : 'main';
  }

  private meaningOf(node: SyntaxNode, around: Surroundings, isImport: boolean): Meaning | undefined {
    const meaning = this.ruleOf(node, 0);
    if (meaning === undefined || meaning.names.length === 0) return meaning;
    const noConstants = around.isLocal || isImport || (around.isMember && this.syntax.hasFields);
    const names = meaning.names
      .filter(({ kind, name }) => (kind !== 'constant' || !noConstants) && !/^_*$/.test(name))
      .map((name) =>
        around.isMember && name.kind === 'function' ? { ...name, kind: 'method' as const } : name,
      );
    return names.length === 0 ? undefined : { ...meaning, names };
  }

  private ruleOf(node: SyntaxNode, depth: number): Meaning | undefined {
    const rule = this.syntax.rules.get(node.type);
    const meaning = rule?.(node);
    if (meaning !== undefined || depth > 3 || !this.syntax.wrappers.has(node.type)) return meaning;
    for (const child of node.children) {
      const inner = child.named ? this.ruleOf(child, depth + 1) : undefined;
      if (inner !== undefined) return { ...inner, core: inner.core ?? child };
    }
    return undefined;
  }
}
