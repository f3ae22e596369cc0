/** Copies a tree out of the parser's memory, in one walk. */
import type { Tree } from 'web-tree-sitter';
import { type NodeType, type SyntaxTree, SyntaxTreeBuilder } from '../../core/chunk/syntax/syntaxTree';

/** Node types of one grammar, each made once. */
export type NodeTypes = Map<number, NodeType>;

export function readTree(tree: Tree, text: string, types: NodeTypes): SyntaxTree {
  const builder = new SyntaxTreeBuilder();
  const cursor = tree.walk();
  try {
    for (;;) {
      const id = cursor.nodeTypeId;
      let type = types.get(id);
      if (type === undefined) {
        type = { name: cursor.nodeType, named: cursor.nodeIsNamed };
        types.set(id, type);
      }
      builder.open(type, cursor.currentFieldName ?? undefined, cursor.startIndex, cursor.endIndex);
      if (cursor.gotoFirstChild()) continue;
      builder.close();
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return builder.build(text);
        builder.close();
      }
    }
  } finally {
    cursor.delete();
  }
}
