/** A piece of a document on its way to being a chunk: blocks beside each other. */
import type { Definition, Span } from '../corpus/document';
import type { Block } from './block';
import { commonPath } from './path';

export interface Piece extends Span {
  readonly tokens: number;
  readonly path: readonly string[];
  readonly definitions: readonly Definition[];
  /** Not to be merged with what is beside it, unless that is tiny. */
  readonly sealed: boolean;
  readonly preamble: boolean;
}

export function pieceOf(block: Block, tokens: number, sealed: boolean): Piece {
  const { start, end, path, definitions, preamble } = block;
  return { start, end, tokens, path, definitions, sealed, preamble };
}

/** A part of a block that has no parts of its own. */
export function fragmentOf(block: Block, span: Span, tokens: number): Piece {
  const { path, preamble } = block;
  const definitions = span.start === block.start ? block.definitions : [];
  return { ...span, tokens, path, definitions, sealed: false, preamble };
}

/**
 * Pieces beside each other as one. Its path is what the paths of all have in common, but a definition to which
 * no more than something tiny was joined keeps its own.
 */
export function join(pieces: readonly Piece[]): Piece | undefined {
  const [first] = pieces;
  const last = pieces.at(-1);
  if (first === undefined || last === undefined || pieces.length === 1) return first;
  const tokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
  const [only, ...others] = pieces.filter(({ sealed }) => sealed);
  return {
    start: first.start,
    end: last.end,
    tokens,
    path: only !== undefined && others.length === 0 ? only.path : commonPath(pieces.map(({ path }) => path)),
    definitions: pieces.flatMap(({ definitions }) => definitions),
    sealed: pieces.some(({ sealed }) => sealed),
    preamble: pieces.every(({ preamble }) => preamble),
  };
}
