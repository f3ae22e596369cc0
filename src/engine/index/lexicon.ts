/** The lexical side of an index: which chunks hold which terms (FTS5), and which define a name. */
import type { SymbolKind } from '../../core/corpus/document';
import { definitionKey } from './definitionKey';
import type { Database, Query } from './database';
import type { TermColumn } from './documents';
import { blob, number, symbolKind, text } from './rows';

/** How much a match in a column counts; 0 leaves the column out of the score. */
export type TermWeights = Readonly<Record<TermColumn, number>>;

export interface TermHit {
  readonly chunkId: number;
  /** At least 0, higher is better. */
  readonly bm25: number;
}

export interface TermSearchOptions {
  readonly weights: TermWeights;
  /** Further terms that count in part, each with its share in (0, 1). */
  readonly variants?: ReadonlyMap<string, number>;
  /** Most hits wanted. */
  readonly limit: number;
  /** Chunks that may be hits; all where absent. */
  readonly allows?: (chunkId: number) => boolean;
}

export interface DefinitionHit {
  /** The name that was looked for, as it was given. */
  readonly name: string;
  readonly chunkId: number;
  readonly kind: SymbolKind;
}

/** Size of the lexical index, as BM25 sees it. */
export interface LexiconSize {
  /** Chunks. */
  readonly rows: number;
  /** Terms of all chunks in all columns, repetitions included. */
  readonly terms: number;
}

/** More terms than this say nothing about a query; they are left out. */
const MAX_TERMS = 256;

export class Lexicon {
  /** By how many groups of terms they match, each group with a share of its own. */
  private readonly matches: Query<TermHit>[] = [];
  private readonly frequency: Query<number>;
  private readonly averages: Query<Uint8Array>;
  private readonly definitions: Query<{ chunkId: number; kind: SymbolKind }>;

  private readonly range: Query<readonly [string, number]>;
  private readonly ranges = new Map<string, ReadonlyMap<string, number>>();
  /** The size of the index that `ranges` are of. */
  private rangesOf = '';

  constructor(private readonly database: Database) {
    this.range = database.query(
      'SELECT term, doc AS count FROM terms_vocabulary WHERE term >= ? AND term < ?',
      (row) => [text(row, 'term'), number(row, 'count')],
    );
    this.frequency = database.query('SELECT doc AS count FROM terms_vocabulary WHERE term = ?', (row) =>
      number(row, 'count'),
    );
    // FTS5 keeps the number of rows, then each column's number of tokens, in this record of its own.
    this.averages = database.query('SELECT block FROM terms_data WHERE id = 1', (row) => blob(row, 'block'));
    this.definitions = database.query(
      'SELECT chunk_id, kind FROM definitions WHERE name = ? ORDER BY chunk_id',
      (row) => ({ chunkId: number(row, 'chunk_id'), kind: symbolKind(row, 'kind') }),
    );
  }

  /**
   * Chunks that hold any of the terms, best BM25 (k1 1.2, b 0.75) first. Terms are plain text: operators and
   * quotes of FTS5 mean nothing. No term that could match gives no hits.
   */
  search(terms: Iterable<string>, options: TermSearchOptions): TermHit[] {
    const hits: TermHit[] = [];
    const groups = [...grouped(terms, options.variants)];
    if (groups.length === 0 || options.limit <= 0) return hits;
    const { symbols, breadcrumb, path, body } = options.weights;
    const values = groups.flatMap(([share, group]) => [
      share,
      symbols,
      breadcrumb,
      path,
      body,
      group.map((term) => `"${term}"`).join(' OR '),
    ]);
    for (const hit of this.matching(groups.length).iterate(...values)) {
      if (options.allows?.(hit.chunkId) === false) continue;
      hits.push(hit);
      if (hits.length >= options.limit) break;
    }
    return hits;
  }

  private matching(groups: number): Query<TermHit> {
    const group = 'SELECT rowid AS id, ? * -bm25(terms, ?, ?, ?, ?) AS score FROM terms WHERE terms MATCH ?';
    const all = new Array<string>(groups).fill(group).join(' UNION ALL ');
    return (this.matches[groups] ??= this.database.query(
      groups === 1
        ? `${group} ORDER BY score DESC, id`
        : `SELECT id, sum(score) AS score FROM (${all}) GROUP BY id ORDER BY score DESC, id`,
      (row) => ({ chunkId: number(row, 'id'), bm25: Math.max(0, number(row, 'score')) }),
    ));
  }

  /** The terms that open with a letter, and in how many chunks each stands. Kept until the index changes. */
  termsFrom(letter: string): ReadonlyMap<string, number> {
    const state = (this.averages.get() ?? new Uint8Array()).join(' ');
    if (state !== this.rangesOf) this.ranges.clear();
    this.rangesOf = state;
    let terms = this.ranges.get(letter);
    if (terms === undefined) {
      terms = new Map(this.range.iterate(letter, `${letter}\u{10ffff}`));
      this.ranges.set(letter, terms);
    }
    return terms;
  }

  /**
   * In how many chunks each term stands; terms that stand in none are left out. Removed chunks may still be
   * counted until FTS5 merges its segments.
   */
  frequencies(terms: Iterable<string>): Map<string, number> {
    const counts = new Map<string, number>();
    for (const term of tokens(terms)) {
      const count = this.frequency.get(term);
      if (count !== undefined) counts.set(term, count);
    }
    return counts;
  }

  /** How much it holds, by FTS5's own count: what was removed without its text stays counted. */
  size(): LexiconSize {
    const [rows = 0, ...columns] = varints(this.averages.get() ?? new Uint8Array());
    return { rows, terms: columns.reduce((sum, count) => sum + count, 0) };
  }

  /** Chunks that define one of the names, whatever its casing style: `retry_policy` finds `RetryPolicy`. */
  definitionsNamed(names: Iterable<string>): DefinitionHit[] {
    const hits: DefinitionHit[] = [];
    for (const name of new Set(names)) {
      for (const hit of this.definitions.iterate(definitionKey(name))) hits.push({ name, ...hit });
    }
    return hits;
  }
}

/** Tokens by their share; those of `terms` count in full. */
function grouped(
  terms: Iterable<string>,
  variants: ReadonlyMap<string, number> = new Map(),
): Map<number, string[]> {
  const own = tokens(terms);
  const groups = new Map<number, string[]>();
  if (own.length > 0) groups.set(1, own);
  for (const [term, share] of variants) {
    const further = tokens([term]).filter((token) => !own.includes(token));
    if (further.length > 0) groups.set(share, [...(groups.get(share) ?? []), ...further]);
  }
  return groups;
}

/** Distinct tokens as FTS5's `ascii` tokenizer with `_` would cut them out of the terms. */
function tokens(terms: Iterable<string>): string[] {
  const distinct = new Set<string>();
  for (const term of terms) {
    for (const [token] of term.matchAll(/[A-Za-z0-9_\u0080-\uffff]+/g)) {
      if (distinct.size >= MAX_TERMS) return [...distinct];
      distinct.add(token.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
    }
  }
  return [...distinct];
}

/** SQLite's varints: seven bits a byte, the highest first, the top bit set on all but the last. */
function varints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    values.push(value);
    value = 0;
  }
  return values;
}
