/** The tables of an index, and the version of their layout. docs/index-format.md describes every column. */

/** Layout of what is on disk. A program reads its own format and refuses a newer one. */
export const FORMAT = 2;

export const FILES = {
  database: 'index.sqlite',
  /** Size and time of the database when it was last closed in order. */
  clean: 'clean.json',
  /** There while the database is known to be damaged: whoever writes next builds it anew. */
  damaged: 'damaged',
  root: 'root.json',
  lock: 'writer.lock',
  holder: 'writer.json',
  /** Names the graph file in use and says what it holds. */
  graphStamp: 'hnsw.json',
  /** Graph files are `hnsw-<generation>-<random>.bin`. */
  graphPrefix: 'hnsw-',
} as const;

/** Tables that must be there; one that is missing means damage. */
export const TABLES = [
  'meta',
  'encoders',
  'documents',
  'embeddings',
  'chunks',
  'definitions',
  'skipped',
  'terms',
  'terms_vocabulary',
] as const;

/**
 * The tokenizer `ascii` with `_` as a token character leaves terms of [a-z0-9_] and of non-ASCII letters
 * exactly as they are: it folds only A-Z, and every character beyond ASCII belongs to a token.
 */
export const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE encoders (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  dimensions INTEGER NOT NULL
) STRICT;
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  language TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime REAL NOT NULL,
  hash BLOB NOT NULL,
  lines INTEGER NOT NULL,
  classes TEXT NOT NULL,
  title ANY,
  build TEXT NOT NULL
) STRICT;
CREATE TABLE embeddings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  encoder INTEGER NOT NULL REFERENCES encoders (id),
  hash BLOB NOT NULL,
  vector BLOB NOT NULL,
  idle_since INTEGER,
  UNIQUE (encoder, hash)
) STRICT;
CREATE TABLE chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  embedding_id INTEGER REFERENCES embeddings (id),
  priority INTEGER NOT NULL,
  span_start INTEGER NOT NULL,
  span_end INTEGER NOT NULL,
  start_line INTEGER NOT NULL,
  end_line INTEGER NOT NULL,
  kind TEXT NOT NULL,
  tokens INTEGER NOT NULL,
  hash BLOB NOT NULL,
  breadcrumb TEXT NOT NULL,
  definitions TEXT NOT NULL,
  text ANY NOT NULL
) STRICT;
CREATE INDEX chunks_of_document ON chunks (document_id, ordinal, embedding_id);
CREATE INDEX chunks_of_embedding ON chunks (embedding_id) WHERE embedding_id IS NOT NULL;
CREATE INDEX chunks_waiting ON chunks (priority, id) WHERE embedding_id IS NULL;
CREATE INDEX chunks_waiting_for ON chunks (hash) WHERE embedding_id IS NULL;
CREATE TABLE definitions (
  name TEXT NOT NULL,
  chunk_id INTEGER NOT NULL REFERENCES chunks (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  PRIMARY KEY (name, chunk_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX definitions_of_chunk ON definitions (chunk_id);
CREATE TABLE skipped (path TEXT PRIMARY KEY, reason TEXT NOT NULL, size INTEGER, mtime REAL) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE terms USING fts5 (
  symbols, breadcrumb, path, body,
  content = '', contentless_delete = 1, tokenize = "ascii tokenchars '_'"
);
CREATE VIRTUAL TABLE terms_vocabulary USING fts5vocab (terms, row);
CREATE TRIGGER chunk_removed AFTER DELETE ON chunks BEGIN
  DELETE FROM terms WHERE rowid = old.id;
END;
`;
