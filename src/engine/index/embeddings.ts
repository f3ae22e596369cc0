/**
 * The vectors of an index, addressed by what was encoded: (encoder, hash). A vector is live while a chunk is
 * linked to it; the others are kept for a while, for the branch that is switched back to.
 */
import { NeosearchError } from '../../base/errors';
import type { Command, Database, Query } from './database';
import type { Meta, StoredEncoder } from './meta';
import { bytesOf, number, vector, vectorBytes } from './rows';

export interface EmbeddingInput {
  /** Hash of what was encoded, hexadecimal. */
  readonly hash: string;
  /** Unit vector, as long as the encoder's dimensions. */
  readonly vector: Float32Array;
}

export interface StoredVector {
  readonly id: number;
  readonly vector: Float32Array;
}

/** At least this many vectors that no chunk is linked to are kept. */
const IDLE_FLOOR = 20_000;

export class Embeddings {
  private readonly idOf: Query<number>;
  private readonly vectorById: Query<Float32Array>;
  private readonly liveIdsOnly: Query<number>;
  private readonly liveVectors: Query<StoredVector>;
  private readonly countLive: Query<number>;
  private readonly countIdle: Query<number>;
  /** Dimensions of the vectors that are being read. */
  private width = 0;
  private readonly insert: Command;
  private readonly link: Command;
  private readonly relinkAll: Command;
  private readonly markIdle: Command;
  private readonly markUsed: Command;
  private readonly deleteOldestIdle: Command;

  constructor(
    private readonly database: Database,
    private readonly meta: Meta,
    private readonly encoder: () => StoredEncoder | undefined,
  ) {
    const id = (row: Parameters<typeof number>[0]): number => number(row, 'id');
    const count = (row: Parameters<typeof number>[0]): number => number(row, 'count');
    const live = 'SELECT embedding_id FROM chunks WHERE embedding_id IS NOT NULL';
    this.idOf = database.query('SELECT id FROM embeddings WHERE encoder = ? AND hash = ?', id);
    this.vectorById = database.query('SELECT vector FROM embeddings WHERE id = ?', (row) =>
      vector(row, 'vector', this.width),
    );
    this.liveIdsOnly = database.query(
      'SELECT DISTINCT embedding_id AS id FROM chunks WHERE embedding_id > ? ORDER BY embedding_id',
      id,
    );
    this.liveVectors = database.query(
      `SELECT id, vector FROM embeddings WHERE id IN (${live}) ORDER BY id`,
      (row) => ({ id: number(row, 'id'), vector: vector(row, 'vector', this.width) }),
    );
    this.countLive = database.query(
      'SELECT count(DISTINCT embedding_id) AS count FROM chunks WHERE embedding_id IS NOT NULL',
      count,
    );
    this.countIdle = database.query(
      'SELECT count(*) AS count FROM embeddings WHERE idle_since IS NOT NULL',
      count,
    );
    this.insert = database.command('INSERT INTO embeddings (encoder, hash, vector) VALUES (?, ?, ?)');
    this.link = database.command(
      'UPDATE chunks SET embedding_id = ? WHERE embedding_id IS NULL AND hash = ?',
    );
    this.relinkAll = database.command(
      'UPDATE chunks SET embedding_id = (SELECT id FROM embeddings WHERE encoder = ? AND hash = chunks.hash)',
    );
    this.markIdle = database.command(
      `UPDATE embeddings SET idle_since = ? WHERE idle_since IS NULL AND id NOT IN (${live})`,
    );
    this.markUsed = database.command(
      `UPDATE embeddings SET idle_since = NULL WHERE idle_since IS NOT NULL AND id IN (${live})`,
    );
    this.deleteOldestIdle = database.command(
      'DELETE FROM embeddings WHERE id IN (SELECT id FROM embeddings WHERE idle_since IS NOT NULL ' +
        'ORDER BY idle_since, id LIMIT ?)',
    );
  }

  /**
   * Stores vectors and links every chunk that waits for one of them, in one transaction.
   * @returns how many chunks were linked
   * @throws NeosearchError `engine-failed`, storing nothing, for a vector of another length or not finite
   */
  put(rows: Iterable<EmbeddingInput>): number {
    return this.database.transaction(() => {
      const encoder = this.required();
      let linked = 0;
      let relinked = false;
      for (const row of rows) {
        requireUsable(row.vector, encoder.dimensions);
        const hashBytes = bytesOf(row.hash);
        const known = this.idOf.get(encoder.row, hashBytes);
        const id = known ?? this.insert.run(encoder.row, hashBytes, vectorBytes(row.vector)).lastId;
        const changes = this.link.run(id, hashBytes).changes;
        linked += changes;
        if (changes > 0 && known !== undefined) relinked = true;
      }
      if (linked > 0) this.meta.changed(relinked ? 'relinked' : 'added');
      return linked;
    });
  }

  /** Whether a vector of the encoder in use is stored for a hash. */
  has(hash: string): boolean {
    return this.idOf.get(this.required().row, bytesOf(hash)) !== undefined;
  }

  /** One vector by its id, whether live or not. */
  get(id: number): Float32Array | undefined {
    this.width = this.required().dimensions;
    return this.vectorById.get(id);
  }

  /** Ids of the live vectors above `after`, rising. */
  liveIds(after = 0): number[] {
    return this.liveIdsOnly.all(after);
  }

  /** Visits the live vectors by rising id. */
  eachLive(visit: (vector: StoredVector) => void): void {
    this.width = this.required().dimensions;
    this.liveVectors.each(visit);
  }

  liveCount(): number {
    return this.countLive.get() ?? 0;
  }

  /** Links every chunk to its vector of the encoder in use, or to none. To be called inside a transaction. */
  relink(): void {
    this.relinkAll.run(this.required().row);
    this.meta.changed('relinked');
  }

  /**
   * Drops vectors that no chunk is linked to, those idle longest first, until at most
   * max(`floor`, number of live vectors) are left.
   * @param now milliseconds since 1970
   * @returns how many were dropped
   */
  prune(now: number, floor = IDLE_FLOOR): number {
    return this.database.transaction(() => {
      this.markUsed.run();
      this.markIdle.run(now);
      const excess = (this.countIdle.get() ?? 0) - Math.max(floor, this.liveCount());
      return excess > 0 ? this.deleteOldestIdle.run(excess).changes : 0;
    });
  }

  private required(): StoredEncoder {
    const encoder = this.encoder();
    if (encoder === undefined) {
      throw new NeosearchError(
        'engine-failed',
        'The index was opened without an encoder, so it has no vectors.',
      );
    }
    return encoder;
  }
}

function requireUsable(values: Float32Array, dimensions: number): void {
  if (values.length !== dimensions) {
    throw new NeosearchError(
      'engine-failed',
      `A vector of ${values.length} dimensions does not fit the index, which has ${dimensions}. Restart and index again.`,
    );
  }
  if (!values.every(Number.isFinite)) {
    throw new NeosearchError(
      'engine-failed',
      'The encoder gave a vector that is not finite. Choose another device or model.',
    );
  }
}
