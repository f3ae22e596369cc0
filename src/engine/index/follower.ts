/** Keeps a vector index equal to the live vectors of a store, whichever process commits them. */
import type { IndexEncoder } from './meta';
import type { Store } from './store';
import type { VectorIndex } from './vectorIndex';

/** More missing vectors than this are read in one sweep rather than one by one. */
const SWEEP = 1000;

/** A state of the set of live vectors. */
export interface Followed {
  /** `Store.generation()`. */
  readonly generation: number;
  /** `Store.relinks()`. */
  readonly relinks: number;
}

export class Follower<I extends VectorIndex = VectorIndex> {
  /** While set, the index is left as it is (it is being written to a file). */
  frozen = false;
  /** Vectors added and removed so far. */
  changes = 0;
  /** The store's generation that `missing` was computed for; -1 before the first time. */
  private generation = -1;
  private relinks = -1;
  /** Live vectors that are still to be added, those to be added first at the end. */
  private missing: number[] = [];
  private highestId = 0;

  /** @param reached the state of the store that the index is equal to, if it is known */
  constructor(
    readonly index: I,
    private readonly store: Store,
    private readonly encoder: IndexEncoder,
    reached?: Followed,
  ) {
    if (reached === undefined) return;
    this.generation = reached.generation;
    this.relinks = reached.relinks;
    for (const id of index.ids()) this.highestId = Math.max(this.highestId, id);
  }

  /** The state of the store that the index was equal to when `catchUp` last returned true. */
  get followed(): Followed {
    return { generation: this.generation, relinks: this.relinks };
  }

  /**
   * Takes over what was committed since the last time. Adding stops after `budget` milliseconds and goes on
   * the next time.
   * @returns whether the index is up to date
   */
  catchUp(budget: number): boolean {
    if (this.frozen) return false;
    if (this.compare() > SWEEP && budget === Infinity) this.sweep();
    const end = performance.now() + budget;
    for (let id = this.missing.pop(); id !== undefined; id = this.missing.pop()) {
      const vector = this.store.embeddings.get(id);
      // Gone meanwhile: the next comparison knows.
      if (vector !== undefined) this.add(id, vector);
      if (performance.now() >= end) break;
    }
    return this.missing.length === 0;
  }

  /** Removes what is no longer live. @returns how many vectors are still to be added */
  compare(): number {
    const generation = this.store.generation();
    if (generation !== this.generation && !this.frozen) this.compareWith(generation);
    return this.missing.length;
  }

  private compareWith(generation: number): void {
    const relinks = this.store.relinks();
    if (relinks === this.relinks) {
      // Only new vectors came: their ids are higher than any before.
      this.enqueue(this.store.embeddings.liveIds(this.highestId));
    } else {
      const live = this.liveIds();
      const wanted = new Set(live);
      for (const id of [...this.index.ids()]) {
        if (wanted.has(id)) continue;
        this.index.remove(id);
        this.changes += 1;
      }
      this.missing = [];
      this.enqueue(live.filter((id) => !this.index.has(id)));
      this.highestId = live.at(-1) ?? 0;
    }
    this.relinks = relinks;
    this.generation = generation;
  }

  /** @param ids rising */
  private enqueue(ids: readonly number[]): void {
    this.missing = [...ids].reverse().concat(this.missing);
    this.highestId = ids.at(-1) ?? this.highestId;
  }

  private sweep(): void {
    this.store.embeddings.eachLive(({ id, vector }) => this.add(id, vector));
    this.missing = [];
  }

  private add(id: number, vector: Float32Array): void {
    if (this.index.has(id)) return;
    this.index.add(id, vector);
    this.changes += 1;
  }

  /** Nothing while the store is linked to another encoder. */
  private liveIds(): number[] {
    return this.store.encoder?.id === this.encoder.id ? this.store.embeddings.liveIds() : [];
  }
}
