/** What a status says of one root's index. Counting costs something, so it is done at most now and then. */
import { describeAnn } from '../index/ann';
import { diskBytes } from '../index/location';
import type { IndexEncoder } from '../index/meta';
import type { Store } from '../index/store';
import type { WireRootStatus } from '../../protocol/messages';

export type Facts = Pick<
  WireRootStatus,
  'files' | 'chunks' | 'pending' | 'revision' | 'skipped' | 'ann' | 'annReason' | 'diskBytes'
>;

export const NO_FACTS: Facts = {
  files: 0,
  chunks: 0,
  pending: 0,
  skipped: {},
  ann: 'exact',
  annReason: 'no index yet',
  diskBytes: 0,
};

/** Milliseconds between two counts, at least. */
const LEAST_MS = 500;
/** And at least this many times as long as a count takes. */
const FACTOR = 30;

export class FolderFacts {
  current: Facts = NO_FACTS;
  private due = 0;
  private revision = -1;

  forget(): void {
    this.current = NO_FACTS;
    this.due = 0;
    this.revision = -1;
  }

  /** Whether it is time to count again. */
  get isDue(): boolean {
    return performance.now() >= this.due;
  }

  /** Counts anew. The store must stay open meanwhile. */
  async refresh(store: Store, encoder: IndexEncoder): Promise<void> {
    const started = performance.now();
    const revision = store.revision();
    if (revision !== this.revision) {
      const { documents, chunks, pending, skipped } = store.counts();
      this.revision = revision;
      this.current = { ...this.current, files: documents, chunks, pending, revision, skipped };
      this.current = { ...this.current, diskBytes: diskBytes(store.dir) };
    }
    this.due = performance.now() + Math.max(LEAST_MS, (performance.now() - started) * FACTOR);
    const { kind, reason } = await describeAnn(store, { encoder });
    this.current = { ...this.current, ann: kind, annReason: reason ?? '' };
  }
}
