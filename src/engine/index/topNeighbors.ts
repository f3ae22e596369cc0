/** The k best of many neighbors, kept in a heap of bounded size. */
import type { Neighbor } from './vectorIndex';

export class TopNeighbors {
  private readonly ids: Float64Array;
  private readonly similarities: Float64Array;
  private size = 0;
  /** A neighbor below this similarity cannot enter: the worst kept one's, once k are kept. */
  floor = -Infinity;

  /** @param k at least 1 */
  constructor(private readonly k: number) {
    this.ids = new Float64Array(k);
    this.similarities = new Float64Array(k);
  }

  /** Offers a neighbor. Of equal similarities the smaller id wins; NaN never enters. */
  offer(id: number, similarity: number): void {
    if (this.size < this.k) {
      if (Number.isNaN(similarity)) return;
      this.rise(this.size, id, similarity);
      this.size += 1;
    } else if (this.worse(0, id, similarity)) {
      this.sink(id, similarity);
    } else {
      return;
    }
    if (this.size === this.k) this.floor = this.similarities[0] ?? -Infinity;
  }

  /** What was kept, best first. */
  sorted(): Neighbor[] {
    const kept: Neighbor[] = [];
    for (let i = 0; i < this.size; i += 1) kept.push({ id: this.idAt(i), similarity: this.similarityAt(i) });
    return kept.sort((a, b) => b.similarity - a.similarity || a.id - b.id);
  }

  /** Whether the kept neighbor at a place is worse than another. */
  private worse(place: number, id: number, similarity: number): boolean {
    const kept = this.similarityAt(place);
    return kept < similarity || (kept === similarity && this.idAt(place) > id);
  }

  /** Puts a neighbor into the free leaf `place` and moves it up past better ones. */
  private rise(place: number, id: number, similarity: number): void {
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.worse(parent, id, similarity)) break;
      this.move(parent, place);
      place = parent;
    }
    this.set(place, id, similarity);
  }

  /** Puts a neighbor in place of the worst one and moves it down past worse ones. */
  private sink(id: number, similarity: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.worse(child + 1, this.idAt(child), this.similarityAt(child)))
        child += 1;
      if (!this.worse(child, id, similarity)) break;
      this.move(child, place);
      place = child;
    }
    this.set(place, id, similarity);
  }

  private move(from: number, to: number): void {
    this.set(to, this.idAt(from), this.similarityAt(from));
  }

  private set(place: number, id: number, similarity: number): void {
    this.ids[place] = id;
    this.similarities[place] = similarity;
  }

  private idAt(place: number): number {
    return this.ids[place] ?? NaN;
  }

  private similarityAt(place: number): number {
    return this.similarities[place] ?? NaN;
  }
}
