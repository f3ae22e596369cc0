/** What is searched: documents cut into chunks. Words as in docs/architecture.md. */

/** Half-open range of UTF-16 code units in a document's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Lines from 1, both ends included. */
export interface LineRange {
  readonly startLine: number;
  readonly endLine: number;
}

/** What a name that a chunk defines stands for. */
export type SymbolKind =
  'function' | 'method' | 'class' | 'interface' | 'type' | 'enum' | 'module' | 'constant' | 'heading';

/** A name that a chunk defines (or a heading that it opens with). */
export interface Definition {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Line of the definition, from 1. */
  readonly line: number;
}

/** code: a span cut along syntax; prose: documentation by headings; data: anything else by blank lines. */
export type ChunkKind = 'code' | 'prose' | 'data';

/** A span of one document that is encoded and found as a whole. */
export interface Chunk extends Span, LineRange {
  readonly kind: ChunkKind;
  /** Enclosing symbols or headings, outermost first, the chunk's own name (if it has one) last. */
  readonly breadcrumb: readonly string[];
  /** Names defined in the chunk, in order of their lines. */
  readonly definitions: readonly Definition[];
  /** The text that is encoded, shown and matched. For a notebook: the cells' sources; else text.slice(start, end). */
  readonly text: string;
  /** Tokens of `text` for the encoder in use, special tokens not counted. */
  readonly tokens: number;
}
