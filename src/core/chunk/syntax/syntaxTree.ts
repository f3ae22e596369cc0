/**
 * A parsed text: nodes with types, spans and field names, as a parser of any make reports them. Flat arrays in
 * preorder, so that a tree of a million nodes is a few allocations and needs no freeing.
 */

/**
 * Parses one text.
 * @returns undefined when the text could not be parsed, or not within the time that a parse may take
 */
export type SyntaxParser = (text: string) => SyntaxTree | undefined;

/** A node type of a grammar. */
export interface NodeType {
  readonly name: string;
  /** False for the literal tokens of a rule: `{`, `function`. */
  readonly named: boolean;
}

export class SyntaxTree {
  constructor(
    readonly text: string,
    /** Per node, in preorder. */
    readonly types: readonly NodeType[],
    readonly fields: readonly (string | undefined)[],
    /** UTF-16 offsets. */
    readonly starts: readonly number[],
    readonly ends: readonly number[],
    /** Index behind the last node of the node's subtree. */
    readonly subtreeEnds: readonly number[],
  ) {}

  /** Undefined for a tree without nodes. */
  get root(): SyntaxNode | undefined {
    return this.types.length > 0 ? new SyntaxNode(this, 0) : undefined;
  }
}

/** A node of a tree: a view, made when asked for. */
export class SyntaxNode {
  /** Half-open span without the white space around it; empty for a node of white space. */
  readonly start: number;
  readonly end: number;
  private childNodes: readonly SyntaxNode[] | undefined;

  constructor(
    private readonly tree: SyntaxTree,
    private readonly index: number,
  ) {
    const { text } = tree;
    let start = tree.starts[index] ?? 0;
    let end = Math.min(tree.ends[index] ?? 0, text.length);
    while (start < end && isSpace(text.charCodeAt(end - 1))) end--;
    while (start < end && isSpace(text.charCodeAt(start))) start++;
    this.start = start;
    this.end = end;
  }

  get type(): string {
    return this.tree.types[this.index]?.name ?? 'ERROR';
  }

  get named(): boolean {
    return this.tree.types[this.index]?.named ?? true;
  }

  /** The field that the node fills in its parent. */
  get field(): string | undefined {
    return this.tree.fields[this.index];
  }

  get text(): string {
    return this.tree.text.slice(this.start, this.end);
  }

  get children(): readonly SyntaxNode[] {
    return (this.childNodes ??= this.readChildren());
  }

  /** The first child in a field. */
  child(field: string): SyntaxNode | undefined {
    return this.children.find((child) => child.field === field);
  }

  /** The first child of one of the types. */
  childOfType(...types: readonly string[]): SyntaxNode | undefined {
    return this.children.find((child) => types.includes(child.type));
  }

  private readChildren(): SyntaxNode[] {
    const { subtreeEnds } = this.tree;
    const end = subtreeEnds[this.index] ?? 0;
    const children: SyntaxNode[] = [];
    for (let at = this.index + 1; at < end; at = subtreeEnds[at] ?? end) {
      const child = new SyntaxNode(this.tree, at);
      if (child.end > child.start) children.push(child);
    }
    return children;
  }
}

/** Builds a tree from a walk over it. */
export class SyntaxTreeBuilder {
  private readonly types: NodeType[] = [];
  private readonly fields: (string | undefined)[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly subtreeEnds: number[] = [];
  private readonly openNodes: number[] = [];

  /** Enters a node; offsets in UTF-16 code units. */
  open(type: NodeType, field: string | undefined, start: number, end: number): void {
    this.openNodes.push(this.types.length);
    this.types.push(type);
    this.fields.push(field);
    this.starts.push(start);
    this.ends.push(end);
    this.subtreeEnds.push(0);
  }

  /** Leaves the node that was entered last. */
  close(): void {
    const index = this.openNodes.pop();
    if (index !== undefined) this.subtreeEnds[index] = this.types.length;
  }

  /** @throws Error when a node is still open */
  build(text: string): SyntaxTree {
    if (this.openNodes.length > 0) throw new Error('A node of the tree is still open.');
    return new SyntaxTree(text, this.types, this.fields, this.starts, this.ends, this.subtreeEnds);
  }
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
