/** A SQLite connection whose errors are typed, whose statements are prepared once, and whose transactions nest. */
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import type { NeosearchError } from '../../base/errors';
import { storeError } from './storeErrors';

/** One row as SQLite gives it; rows.ts decodes it. */
export type Row = Record<string, SQLOutputValue>;

/** How long a statement waits for a lock of another process, in milliseconds. */
const BUSY_TIMEOUT = 2000;
/** Page cache of one connection, in KiB. */
const PAGE_CACHE = 16_384;
/** The write-ahead log is cut back to this many bytes after a checkpoint. */
const WAL_LIMIT = 33_554_432;
/** Vectors of 1 to 3 KiB fill pages of this many bytes better than the default 4,096. */
const PAGE_SIZE = 8192;

export interface DatabaseOptions {
  readonly readOnly: boolean;
  /** Folder named in error messages. */
  readonly dir: string;
  /** Told of every error before it is thrown. */
  readonly onError?: (error: NeosearchError) => void;
}

export class Database {
  private readonly connection: DatabaseSync;
  private depth = 0;

  /** Opens (and, unless readOnly, creates) a database file. Writes nothing yet. */
  constructor(
    file: string,
    private readonly options: DatabaseOptions,
  ) {
    this.connection = this.guard(
      () => new DatabaseSync(file, { readOnly: options.readOnly, timeout: BUSY_TIMEOUT }),
    );
  }

  /** Settings that last for the connection. */
  configure(): void {
    this.exec(`PRAGMA cache_size = -${PAGE_CACHE}; PRAGMA temp_store = MEMORY`);
    if (this.options.readOnly) return;
    this.exec(
      `PRAGMA page_size = ${PAGE_SIZE}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ` +
        `PRAGMA journal_size_limit = ${WAL_LIMIT}`,
    );
  }

  /** A SELECT whose rows `decode` turns into values. Prepared at its first use and kept. */
  query<T>(sql: string, decode: (row: Row) => T): Query<T> {
    return new Query(this, sql, decode);
  }

  /** An INSERT, UPDATE or DELETE. Prepared at its first use and kept. */
  command(sql: string): Command {
    return new Command(this, sql);
  }

  prepare(sql: string): StatementSync {
    return this.guard(() => this.connection.prepare(sql));
  }

  exec(sql: string): void {
    this.guard(() => this.connection.exec(sql));
  }

  /**
   * Runs `work` in one transaction: all of it is kept, or, when it throws, nothing. Inside another
   * transaction it joins that one.
   */
  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.exec('BEGIN IMMEDIATE');
    this.depth += 1;
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors (disk full, damage).
      if (this.connection.isTransaction) this.exec('ROLLBACK');
      throw error;
    } finally {
      this.depth -= 1;
    }
  }

  /** Runs `action`; what it throws becomes a NeosearchError. */
  guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw this.typed(error);
    }
  }

  typed(error: unknown): NeosearchError {
    const typed = storeError(error, this.options.dir);
    this.options.onError?.(typed);
    return typed;
  }

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  /** Closes the connection; a second call does nothing. */
  close(): void {
    if (this.connection.isOpen) this.connection.close();
  }
}

/** A SELECT, with its rows as values of T. */
export class Query<T> {
  private prepared: StatementSync | undefined;

  constructor(
    private readonly database: Database,
    private readonly sql: string,
    private readonly decode: (row: Row) => T,
  ) {}

  /** The first row, if there is one. */
  get(...values: SQLInputValue[]): T | undefined {
    return this.database.guard(() => {
      const row = this.statement().get(...values);
      return row === undefined ? undefined : this.decode(row);
    });
  }

  all(...values: SQLInputValue[]): T[] {
    return this.database.guard(() =>
      this.statement()
        .all(...values)
        .map(this.decode),
    );
  }

  /** Calls `visit` for each row: the fastest way through very many. */
  each(visit: (value: T) => void, ...values: SQLInputValue[]): void {
    this.database.guard(() => {
      for (const row of this.statement().iterate(...values)) visit(this.decode(row));
    });
  }

  /** Rows one by one. Not for use across an `await`: the statement stays open until the loop ends. */
  *iterate(...values: SQLInputValue[]): Generator<T, void, undefined> {
    const rows: Iterator<Row> = this.database.guard(() => this.statement().iterate(...values));
    try {
      for (;;) {
        const next = this.database.guard(() => {
          const step = rows.next();
          return step.done === true ? END : this.decode(step.value);
        });
        if (next === END) return;
        yield next;
      }
    } finally {
      rows.return?.();
    }
  }

  private statement(): StatementSync {
    return (this.prepared ??= this.database.prepare(this.sql));
  }
}

const END: unique symbol = Symbol('end');

/** A statement that changes rows. */
export class Command {
  private prepared: StatementSync | undefined;

  constructor(
    private readonly database: Database,
    private readonly sql: string,
  ) {}

  /** @returns rows changed, and the id of the row inserted last */
  run(...values: SQLInputValue[]): { readonly changes: number; readonly lastId: number } {
    this.prepared ??= this.database.prepare(this.sql);
    const statement = this.prepared;
    const result = this.database.guard(() => statement.run(...values));
    return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
  }
}
