/**
 * Cuts a document into chunks: programs along their syntax, documentation along its headings, notebooks along
 * their cells, anything else at blank lines.
 */
import { NeosearchError } from '../../base/errors';
import type { Chunk, ChunkKind } from '../corpus/document';
import { isProse } from '../corpus/language';
import type { TokenCounter } from '../encode/encoder';
import type { Block } from './block';
import { type Draft, finish } from './finish';
import { syntaxOf } from './languages/languages';
import { limitsFor } from './limits';
import { Lines } from './lines';
import { readNotebook } from './notebook';
import { NotebookText } from './notebookBlock';
import { pack } from './pack';
import { dataHeadings, proseHeadings } from './prose/headingsOf';
import { proseBlock } from './prose/proseBlock';
import { codeBlock } from './syntax/codeBlock';
import { parsedText } from './syntax/meaning';
import type { SyntaxParser } from './syntax/syntaxTree';
import { TextBlock } from './textBlock';
import { TokenMeter } from './tokenMeter';

/** Changes whenever the same document gives other chunks: then every document is read again. */
export const CHUNKER_VERSION = 1;

export interface ChunkOptions {
  readonly text: string;
  /** VS Code language id. */
  readonly language: string;
  /** The language's parser; without it, or where it fails, a program is cut at blank lines. */
  readonly parse?: SyntaxParser;
  readonly counter: TokenCounter;
  /** Most tokens of a chunk, from 1. */
  readonly budget: number;
}

/**
 * The document's chunks, in order. Their spans are disjoint and tile the text (of a notebook: they hold the
 * cells' sources); white space between two belongs to the first. `startLine` and `endLine` are the lines of
 * the chunk's first and last character that is not white space. A blank text has no chunks.
 * @throws NeosearchError `bad-argument` for a budget below 1
 */
export function chunkDocument(options: ChunkOptions): Chunk[] {
  if (options.budget < 1) {
    throw new NeosearchError('bad-argument', `A chunk has 1 token or more, not ${options.budget}.`);
  }
  const cells = options.language === 'jupyter' ? readNotebook(options.text) : undefined;
  if (cells !== undefined) return notebookChunks(new NotebookText(options.text, cells), options);
  const lines = new Lines(options.text);
  const { block, kind } = documentBlock(lines, options);
  return drafts(block, kind, lines, options).flatMap((draft) => placed(draft, lines));
}

/** The document as a block, by what is known of its language. */
function documentBlock(
  lines: Lines,
  { text, language, parse }: ChunkOptions,
): { block: Block; kind: ChunkKind } {
  const syntax = language === 'jupyter' ? undefined : syntaxOf(language);
  if (syntax !== undefined) {
    const root = parse?.(parsedText(text, syntax))?.root;
    const block =
      root === undefined
        ? new TextBlock(lines, { start: 0, end: text.length })
        : codeBlock(root, syntax, lines);
    return { block, kind: syntax.kind };
  }
  const prose = proseHeadings(language);
  if (prose !== undefined) return { block: proseBlock(lines, prose(lines)), kind: 'prose' };
  const data = dataHeadings(language);
  if (data !== undefined) return { block: proseBlock(lines, data(lines), { defines: false }), kind: 'data' };
  const block = new TextBlock(lines, { start: 0, end: text.length });
  return { block, kind: isProse(language) ? 'prose' : 'data' };
}

function drafts(block: Block, kind: ChunkKind, lines: Lines, { counter, budget }: ChunkOptions): Draft[] {
  const meter = new TokenMeter(lines, counter);
  return finish(pack(block, meter, limitsFor(budget, kind)), kind, meter, budget);
}

/** A draft with its text and its lines. */
function placed(draft: Draft, lines: Lines): Chunk[] {
  const content = lines.trim(draft);
  if (content === undefined) return [];
  return [
    {
      ...draft,
      text: lines.text.slice(draft.start, draft.end),
      startLine: lines.lineAt(content.start) + 1,
      endLine: lines.lineAt(content.end - 1) + 1,
    },
  ];
}

function notebookChunks(notebook: NotebookText, options: ChunkOptions): Chunk[] {
  const { lines } = notebook;
  const file = new Lines(options.text);
  const fileLine = (offset: number): number =>
    file.lineAt(notebook.inFile({ start: offset, end: offset + 1 }).start) + 1;
  const block = notebook.block(syntaxOf(options.language), options.parse);
  return drafts(block, 'code', lines, options).flatMap((draft) => {
    const content = lines.trim(draft);
    if (content === undefined) return [];
    const definitions = draft.definitions.map((definition) => {
      const line = { start: lines.startOf(definition.line - 1), end: lines.startOf(definition.line) };
      return { ...definition, line: fileLine((lines.trim(line) ?? line).start) };
    });
    const text = lines.text.slice(content.start, content.end);
    return [
      {
        ...draft,
        ...notebook.inFile(content),
        definitions,
        text,
        tokens: options.counter.count(text),
        startLine: fileLine(content.start),
        endLine: fileLine(content.end - 1),
      },
    ];
  });
}
