/** Facts about a whole index, and the two counters that tell readers what has changed. */
import { randomUUID } from 'node:crypto';
import { type Command, type Database, type Query } from './database';
import { corruptError } from './storeErrors';
import { number, text } from './rows';
import { FORMAT } from './schema';

/** The encoder whose vectors are linked to the chunks. */
export interface IndexEncoder {
  /** `EncoderInfo.id`. */
  readonly id: string;
  /** Length of its vectors. */
  readonly dimensions: number;
}

/** The encoder with the number that stands for it in the tables. */
export interface StoredEncoder extends IndexEncoder {
  readonly row: number;
}

/**
 * What a change does to the set of live vectors: nothing; it adds vectors with new ids; or it may add known
 * ones and remove some.
 */
export type VectorChange = 'none' | 'added' | 'relinked';

/** Keys of the table `meta`. */
type Key = 'format' | 'store' | 'created' | 'build' | 'encoder' | 'generation' | 'relinks' | 'revision';

export class Meta {
  private readonly value: Query<string>;
  private readonly set: Command;
  private readonly grow: Command;
  private readonly encoderByRow: Query<StoredEncoder>;
  private readonly encoderById: Query<StoredEncoder>;
  private readonly addEncoder: Command;

  constructor(
    private readonly database: Database,
    private readonly dir: string,
  ) {
    this.value = database.query('SELECT value FROM meta WHERE key = ?', (row) => text(row, 'value'));
    this.set = database.command(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
    this.grow = database.command('UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = ?');
    const decode = (row: Parameters<typeof text>[0]): StoredEncoder => ({
      row: number(row, 'id'),
      id: text(row, 'name'),
      dimensions: number(row, 'dimensions'),
    });
    this.encoderByRow = database.query('SELECT id, name, dimensions FROM encoders WHERE id = ?', decode);
    this.encoderById = database.query('SELECT id, name, dimensions FROM encoders WHERE name = ?', decode);
    this.addEncoder = database.command('INSERT INTO encoders (name, dimensions) VALUES (?, ?)');
  }

  /** Fills the table of a new index. */
  initialize(): void {
    this.set.run('format', String(FORMAT));
    this.set.run('store', randomUUID());
    this.set.run('created', new Date().toISOString());
    this.set.run('build', '');
    this.set.run('generation', '0');
    this.set.run('relinks', '0');
    this.set.run('revision', '0');
  }

  /** Version of the layout on disk. */
  format(): number {
    return this.count('format');
  }

  /** Random id of this very database: a rebuilt one has another. */
  storeId(): string {
    return this.required('store');
  }

  /** What the last writer said of chunker, terms and passage format. */
  build(): string {
    return this.required('build');
  }

  setBuild(build: string): void {
    this.set.run('build', build);
  }

  /** Grows with every committed change of the set of vectors that chunks are linked to. */
  generation(): number {
    return this.count('generation');
  }

  /** Grows with every committed change of documents, chunks or vectors. */
  revision(): number {
    return this.count('revision');
  }

  /** Grows with those changes of the set of live vectors that did more than add new ones. */
  relinks(): number {
    return this.count('relinks');
  }

  /** To be called inside the transaction that makes the change. */
  changed(vectors: VectorChange): void {
    this.grow.run('revision');
    if (vectors === 'none') return;
    this.grow.run('generation');
    if (vectors === 'relinked') this.grow.run('relinks');
  }

  encoder(): StoredEncoder | undefined {
    const row = this.value.get('encoder');
    return row === undefined ? undefined : this.encoderByRow.get(Number(row));
  }

  /** Makes `encoder` the one whose vectors count. To be called inside a transaction. */
  setEncoder(encoder: IndexEncoder): StoredEncoder {
    const row =
      this.encoderById.get(encoder.id)?.row ?? this.addEncoder.run(encoder.id, encoder.dimensions).lastId;
    this.set.run('encoder', String(row));
    return { ...encoder, row };
  }

  /** The number that stands for an encoder, if the index has vectors of it. */
  find(encoderId: string): StoredEncoder | undefined {
    return this.encoderById.get(encoderId);
  }

  private count(key: Key): number {
    const value = Number(this.required(key));
    if (!Number.isSafeInteger(value) || value < 0) throw this.missing(key);
    return value;
  }

  private required(key: Key): string {
    const value = this.value.get(key);
    if (value === undefined) throw this.missing(key);
    return value;
  }

  private missing(key: Key): Error {
    return this.database.typed(corruptError(this.dir, `no valid "${key}"`));
  }
}
