/**
 * Chunking: a document's text in, chunks out. Code is cut along its syntax, documentation at its headings,
 * notebooks at their cells, anything else at blank lines.
 *
 * The chunks' spans lie one after the other and cover every character that is not white space (of a notebook:
 * of its cells' sources); no chunk has more tokens than the budget.
 */
import type { Chunk, ChunkKind } from '../corpus/document';
import { isProse } from '../corpus/language';
import type { TokenCounter } from '../encode/encoder';
import { CodeCutter } from './codeCutter';
import { Lines } from './lines';
import { chunkNotebook } from './notebook';
import { pack } from './pack';
import { cutPlain, type Cutting, type Piece } from './piece';
import { cutProse } from './proseCutter';
import type { SyntaxParser } from './syntax';

/** Changes whenever the same text gives other chunks: then every document is read again. */
export const CHUNKER_VERSION = 1;

export interface ChunkOptions {
  readonly text: string;
  /** VS Code language id. */
  readonly language: string;
  readonly counter: TokenCounter;
  /** Tokens of a chunk at most, at least 1. */
  readonly budget: number;
  /** Parser of the language, where there is a grammar. */
  readonly parse?: SyntaxParser;
}

export function chunkDocument(options: ChunkOptions): Chunk[] {
  const { text, language, counter, budget, parse } = options;
  if (text.trim() === '') return [];
  if (language === 'jupyter') {
    const chunks = chunkNotebook(options);
    if (chunks !== undefined) return chunks;
  }
  const lines = new Lines(text);
  const packed = (kind: ChunkKind, cut: (cutting: Cutting) => Piece[]): Chunk[] => {
    const cutting = { text, counter, budget, kind };
    return pack(cutting, lines, cut(cutting));
  };
  if (isProse(language)) return packed('prose', (cutting) => cutProse(cutting, lines, language));
  const chunks = parse?.(text, (root) =>
    packed('code', (cutting) => new CodeCutter(cutting, lines, language).cut(root)),
  );
  return chunks ?? packed('data', (cutting) => paragraphs(cutting));
}

/** Paragraphs, so that packing cuts between them rather than inside. */
function paragraphs(cutting: Cutting): Piece[] {
  const label = { breadcrumb: [], definitions: [] };
  const pieces: Piece[] = [];
  let start = 0;
  for (const { index, 0: gap } of cutting.text.matchAll(/\n(?:[^\S\n]*\r?\n)+/g)) {
    const end = index + gap.length;
    pieces.push(...cutPlain(cutting, { start, end }, label));
    start = end;
  }
  if (start < cutting.text.length)
    pieces.push(...cutPlain(cutting, { start, end: cutting.text.length }, label));
  return pieces;
}
