/** The chunks of an index, read by id, by document, by vector or by what they contain. */
import type { Chunk } from '../../core/corpus/document';
import type { Database, Query, Row } from './database';
import {
  chunkKind,
  definitions,
  hash,
  number,
  optionalNumber,
  optionalStored,
  stored,
  strings,
  text,
} from './rows';

/** A chunk with what is known of its document. */
export interface StoredChunk extends Chunk {
  readonly id: number;
  readonly documentId: number;
  /** Position among the chunks of its document, from 0. */
  readonly ordinal: number;
  /** Absent until the chunk is encoded. */
  readonly embeddingId: number | undefined;
  /** Hash of what is encoded for this chunk, hexadecimal. */
  readonly hash: string;
  readonly path: string;
  readonly language: string;
  readonly classes: readonly string[];
  readonly title: string | undefined;
}

/** Where a chunk belongs, for filters over all of them. */
export interface ChunkPlace {
  readonly id: number;
  readonly documentId: number;
  readonly embeddingId: number | undefined;
}

export class Chunks {
  private readonly byId: Query<StoredChunk>;
  private readonly byPath: Query<StoredChunk>;
  private readonly byEmbedding: Query<number>;
  private readonly allPlaces: Query<ChunkPlace>;
  private readonly allTexts: Query<{ id: number; text: string }>;
  private readonly waiting: Query<StoredChunk>;
  private readonly counted: Query<number>;

  constructor(database: Database) {
    const select = `SELECT ${COLUMNS} FROM chunks AS c JOIN documents AS d ON d.id = c.document_id`;
    this.byId = database.query(`${select} WHERE c.id = ?`, decodeChunk);
    this.byPath = database.query(`${select} WHERE d.path = ? ORDER BY c.ordinal`, decodeChunk);
    this.byEmbedding = database.query('SELECT id FROM chunks WHERE embedding_id = ? ORDER BY id', (row) =>
      number(row, 'id'),
    );
    this.allPlaces = database.query(
      'SELECT id, document_id, embedding_id FROM chunks INDEXED BY chunks_of_document',
      (row) => ({
        id: number(row, 'id'),
        documentId: number(row, 'document_id'),
        embeddingId: optionalNumber(row, 'embedding_id'),
      }),
    );
    this.allTexts = database.query('SELECT id, text FROM chunks ORDER BY id', (row) => ({
      id: number(row, 'id'),
      text: stored(row, 'text'),
    }));
    this.counted = database.query('SELECT count(*) AS count FROM chunks', (row) => number(row, 'count'));
    this.waiting = database.query(
      `${select} WHERE c.embedding_id IS NULL ORDER BY c.priority, c.id`,
      decodeChunk,
    );
  }

  /** Number of chunks. */
  count(): number {
    return this.counted.get() ?? 0;
  }

  get(id: number): StoredChunk | undefined {
    return this.byId.get(id);
  }

  /** Chunks in the order of `ids`; ids that are gone are left out. */
  getAll(ids: Iterable<number>): StoredChunk[] {
    const found: StoredChunk[] = [];
    for (const id of ids) {
      const chunk = this.byId.get(id);
      if (chunk !== undefined) found.push(chunk);
    }
    return found;
  }

  /** The chunks of one document, in their order. */
  ofDocument(path: string): StoredChunk[] {
    return this.byPath.all(path);
  }

  /** Ids of the chunks that share a vector. */
  ofEmbedding(embeddingId: number): number[] {
    return this.byEmbedding.all(embeddingId);
  }

  /** Every chunk, without its text. */
  places(): ChunkPlace[] {
    return this.allPlaces.all();
  }

  /**
   * Ids of the chunks whose text contains every phrase, without regard to case. Reads every text: some 5 ms
   * per thousand chunks.
   */
  containing(phrases: readonly string[]): number[] {
    const wanted = phrases.map((phrase) => phrase.toLowerCase());
    const ids: number[] = [];
    for (const chunk of this.allTexts.iterate()) {
      const lower = chunk.text.toLowerCase();
      if (wanted.every((phrase) => lower.includes(phrase))) ids.push(chunk.id);
    }
    return ids;
  }

  /**
   * Chunks without a vector, first by priority, then by age; of those that share a hash only the first.
   * @param except hashes that are being encoded already
   */
  pending(limit: number, except: ReadonlySet<string> = new Set()): StoredChunk[] {
    const seen = new Set<string>();
    const chunks: StoredChunk[] = [];
    if (limit <= 0) return chunks;
    for (const chunk of this.waiting.iterate()) {
      if (except.has(chunk.hash) || seen.has(chunk.hash)) continue;
      seen.add(chunk.hash);
      chunks.push(chunk);
      if (chunks.length >= limit) break;
    }
    return chunks;
  }
}

const COLUMNS =
  'c.id, c.document_id, c.ordinal, c.embedding_id, c.span_start, c.span_end, c.start_line, c.end_line, c.kind, ' +
  'c.tokens, c.hash, c.breadcrumb, c.definitions, c.text, d.path, d.language, d.classes, d.title';

function decodeChunk(row: Row): StoredChunk {
  return {
    id: number(row, 'id'),
    documentId: number(row, 'document_id'),
    ordinal: number(row, 'ordinal'),
    embeddingId: optionalNumber(row, 'embedding_id'),
    start: number(row, 'span_start'),
    end: number(row, 'span_end'),
    startLine: number(row, 'start_line'),
    endLine: number(row, 'end_line'),
    kind: chunkKind(row, 'kind'),
    tokens: number(row, 'tokens'),
    hash: hash(row, 'hash'),
    breadcrumb: strings(row, 'breadcrumb'),
    definitions: definitions(row, 'definitions'),
    text: stored(row, 'text'),
    path: text(row, 'path'),
    language: text(row, 'language'),
    classes: strings(row, 'classes'),
    title: optionalStored(row, 'title'),
  };
}
