/**
 * Other indexes of the same home as a source of vectors: a second worktree, or a folder that was moved, need
 * not be encoded again.
 */
import path from 'node:path';
import { messageOf } from '../../base/errors';
import { Database, type Query } from './database';
import { bytesOf, number, text, vector } from './rows';
import { listIndexes } from './rootRecord';
import { FILES, FORMAT } from './schema';
import type { Log } from './storeErrors';
import { Store } from './store';

/** Most indexes that are asked. */
const MAX_DONORS = 8;
/** How far a unit vector's squared length may be from 1; what is further off is damaged. */
const LENGTH_TOLERANCE = 0.01;

export interface DonorOptions {
  /** Indexes of the same repository are asked first. */
  readonly gitCommonDir?: string;
  readonly log?: Log;
}

export class Donors {
  private constructor(
    private readonly donors: Donor[],
    private readonly log: Log,
  ) {}

  /**
   * Opens, for reading, those indexes of `home` that have vectors of an encoder: at most the 8 used last,
   * without the one in `exceptDir`. One that cannot be used is left out, with a line in the log.
   */
  static open(home: string, exceptDir: string, encoderId: string, options: DonorOptions = {}): Donors {
    const { gitCommonDir, log = () => undefined } = options;
    const entries = listIndexes(home).filter(({ dir }) => dir !== exceptDir && Store.exists(dir));
    if (gitCommonDir !== undefined) {
      const rank = (common: string | undefined): number => (common === gitCommonDir ? 0 : 1);
      entries.sort((a, b) => rank(a.gitCommonDir) - rank(b.gitCommonDir));
    }
    const donors: Donor[] = [];
    for (const { dir } of entries.slice(0, MAX_DONORS)) {
      try {
        const donor = Donor.open(dir, encoderId);
        if (donor !== undefined) donors.push(donor);
      } catch (error) {
        log(`Vectors of the index in ${dir} cannot be used: ${messageOf(error)}`);
      }
    }
    return new Donors(donors, log);
  }

  /** Number of indexes that are asked. */
  get size(): number {
    return this.donors.length;
  }

  /** The vector that another index has for a hash (hexadecimal). */
  lookup(hash: string): Float32Array | undefined {
    for (const donor of [...this.donors]) {
      try {
        const found = donor.lookup(hash);
        if (found !== undefined) return found;
      } catch (error) {
        this.log(`Vectors of the index in ${donor.dir} cannot be used: ${messageOf(error)}`);
        this.donors.splice(this.donors.indexOf(donor), 1);
        donor.close();
      }
    }
    return undefined;
  }

  close(): void {
    for (const donor of this.donors.splice(0)) donor.close();
  }
}

/** One other index, open for reading. */
class Donor {
  private readonly vectorOf: Query<Float32Array>;

  private constructor(
    readonly dir: string,
    private readonly database: Database,
    private readonly encoder: { readonly row: number; readonly dimensions: number },
  ) {
    this.vectorOf = database.query('SELECT vector FROM embeddings WHERE encoder = ? AND hash = ?', (row) =>
      vector(row, 'vector', encoder.dimensions),
    );
  }

  /** @returns undefined where the index is of another format or has no vectors of the encoder */
  static open(dir: string, encoderId: string): Donor | undefined {
    const database = new Database(path.join(dir, FILES.database), { readOnly: true, dir });
    try {
      const format = database.query("SELECT value FROM meta WHERE key = 'format'", (row) =>
        text(row, 'value'),
      );
      const encoder = database.query('SELECT id, dimensions FROM encoders WHERE name = ?', (row) => ({
        row: number(row, 'id'),
        dimensions: number(row, 'dimensions'),
      }));
      const found = format.get() === String(FORMAT) ? encoder.get(encoderId) : undefined;
      if (found !== undefined) return new Donor(dir, database, found);
    } catch (error) {
      database.close();
      throw error;
    }
    database.close();
    return undefined;
  }

  lookup(hash: string): Float32Array | undefined {
    const found = this.vectorOf.get(this.encoder.row, bytesOf(hash));
    return found !== undefined && isUnit(found) ? found : undefined;
  }

  close(): void {
    this.database.close();
  }
}

function isUnit(values: Float32Array): boolean {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.abs(squares - 1) <= LENGTH_TOLERANCE;
}
