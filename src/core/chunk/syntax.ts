/** The part of a syntax tree that chunking looks at; web-tree-sitter's nodes fit. Indices count UTF-16 code units. */
export interface SyntaxNode {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly text: string;
  readonly isNamed: boolean;
  readonly children: readonly (SyntaxNode | null)[];
  readonly namedChildren: readonly (SyntaxNode | null)[];
  childForFieldName(name: string): SyntaxNode | null;
}

/**
 * Parses a text and hands its tree to `visit`; the tree is freed afterwards.
 * @returns undefined when the text could not be parsed in time
 */
export type SyntaxParser = <T>(text: string, visit: (root: SyntaxNode) => T) => T | undefined;

export function namedChildren(node: SyntaxNode): SyntaxNode[] {
  return node.namedChildren.filter((child) => child !== null);
}

export function children(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter((child) => child !== null);
}
