/**
 * The vectors of a store, ready to be searched: exactly while they are few, through an HNSW graph when they
 * are many and there is one. It follows what is committed, by this process or another.
 */
import { setImmediate } from 'node:timers/promises';
import { messageOf } from '../../base/errors';
import { ExactIndex } from './exactIndex';
import { Follower } from './follower';
import {
  readGraph,
  readStamp,
  removeGraphs,
  writeGraph,
  type GraphOwner,
  type LoadedGraph,
} from './graphFile';
import { HnswIndex, type VectorLookup } from './hnswIndex';
import { loadHnswlib, type Hnswlib, type HnswlibLoader, type NativeGraphClass } from './hnswlib';
import type { IndexEncoder } from './meta';
import type { Store } from './store';
import type { Log } from './storeErrors';
import type { Neighbor, VectorIndex } from './vectorIndex';
import type { WriterLock } from './writerLock';

export interface AnnOptions {
  /** The encoder of the queries. */
  readonly encoder: IndexEncoder;
  /** Fewer vectors than this are searched exactly. Default: `exactLimit` of the dimensions. */
  readonly threshold?: number;
  readonly log?: Log;
  /** Gives hnswlib-node's exports, or throws; for tests. */
  readonly load?: HnswlibLoader;
}

export interface KeepOptions {
  /** The right to write the graph's files. */
  readonly lock: WriterLock;
  /** Stops the upkeep; what is done so far serves the next time. */
  readonly signal?: AbortSignal;
}

export interface AnnStatus {
  readonly kind: VectorIndex['kind'];
  /** Why it is exact search and no graph; absent with a graph. */
  readonly reason?: string;
}

/** An exact search that takes this many multiplications takes about 5 ms. */
const EXACT_MULTIPLICATIONS = 5_120_000;
/** More new vectors than this are not added to a graph that is being opened: that takes 1 ms each. */
const CATCH_UP_LIMIT = 500;
/** Longest time that adding to a graph holds up everything else, in milliseconds. */
const SLICE_MS = 15;
/** A graph in which more than this part is tombstones is made anew. */
const COMPACT_FRACTION = 0.3;
/** A graph that differs from its file by no more than this many vectors is not written again. */
const SAVE_SLACK = 100;

/** The number of vectors up to which exact search is fast enough: 20,000 of 256 dimensions. */
export function exactLimit(dimensions: number): number {
  return Math.round(EXACT_MULTIPLICATIONS / dimensions);
}

export class Ann {
  private readonly closing = new AbortController();
  private keeping: Promise<void> | undefined;
  /** A graph that is not ready yet. */
  private growing: Follower<HnswIndex> | undefined;
  /** Vectors by which the graph in use differs from its file. */
  private savedChanges = 0;

  private constructor(
    private readonly store: Store,
    private readonly encoder: IndexEncoder,
    private readonly threshold: number,
    private readonly library: Hnswlib,
    private readonly log: Log,
    private current: Follower<ExactIndex | HnswIndex>,
    private reason: string | undefined,
  ) {}

  /**
   * Loads the vectors of a store: the graph where there are enough of them and it lacks but a few, otherwise
   * every vector for exact search. Never builds a graph; `keep` does.
   */
  static async open(store: Store, options: AnnOptions): Promise<Ann> {
    const { encoder, log = () => undefined, threshold = exactLimit(options.encoder.dimensions) } = options;
    const library = await loadHnswlib(options.load);
    const found = await chooseIndex(store, encoder, threshold, library);
    if ('graph' in found) {
      const follower = new Follower(found.graph, store, encoder, found.stamp);
      if (follower.compare() <= CATCH_UP_LIMIT) {
        follower.catchUp(Infinity);
        return new Ann(store, encoder, threshold, library, log, follower, undefined);
      }
    }
    const reason = 'graph' in found ? 'the graph lacks many of the vectors' : found.reason;
    if (store.embeddings.liveCount() >= threshold) log(`Vectors are searched exactly: ${reason}.`);
    const exact = new ExactIndex(encoder.dimensions, store.embeddings.liveCount());
    const follower = new Follower(exact, store, encoder);
    follower.catchUp(Infinity);
    return new Ann(store, encoder, threshold, library, log, follower, reason);
  }

  /** Number of vectors that can be found. */
  get size(): number {
    return this.current.index.size;
  }

  get status(): AnnStatus {
    return { kind: this.current.index.kind, ...(this.reason === undefined ? {} : { reason: this.reason }) };
  }

  /**
   * The nearest live vectors to a unit vector, nearest first, from what is committed by now. Nothing while the
   * store is linked to another encoder.
   */
  search(query: Float32Array, k: number, filter?: (id: number) => boolean): Neighbor[] {
    this.current.catchUp(this.current.index.kind === 'exact' ? Infinity : SLICE_MS);
    return this.current.index.search(query, k, filter);
  }

  /**
   * Upkeep, for the writer when indexing is done: builds the graph once there are enough vectors, brings it up
   * to date, makes it anew when a third of it is tombstones, and saves it. Works in slices of some
   * milliseconds; searches go on meanwhile. A second call joins the first. A graph that cannot be written is
   * logged and used from memory.
   */
  keep(options: KeepOptions): Promise<void> {
    this.keeping ??= this.maintain(options).finally(() => {
      this.keeping = undefined;
    });
    return this.keeping;
  }

  /** Stops the upkeep. To be awaited before the store is closed. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.keeping;
  }

  private async maintain({ lock, signal }: KeepOptions): Promise<void> {
    const library = this.library.HierarchicalNSW;
    if (library === undefined || this.store.encoder?.id !== this.encoder.id) return;
    const count = this.store.embeddings.liveCount();
    if (count < this.threshold) {
      // Half: so that a graph of about the threshold's size is not built and dropped in turns.
      if (count < this.threshold / 2 && lock.held) removeGraphs(this.store.dir);
      return;
    }
    const stopped = (): boolean => this.closing.signal.aborted || signal?.aborted === true;
    const graph = await this.growable(library);
    while (!graph.catchUp(SLICE_MS)) {
      await setImmediate();
      if (stopped()) return;
    }
    this.current = graph;
    this.growing = undefined;
    this.reason = undefined;
    if (lock.held) await this.save(graph);
  }

  /** The graph to go on with: the one begun earlier, the one in use, the one on disk, or an empty one. */
  private async growable(library: NativeGraphClass): Promise<Follower<HnswIndex>> {
    const { store, encoder } = this;
    const begun = this.growing ?? (isGraph(this.current) ? this.current : undefined);
    const candidate = begun ?? (await this.fromDisk(library));
    if (candidate !== undefined) {
      candidate.compare();
      const { size, tombstones } = candidate.index;
      if (tombstones.size <= (size + tombstones.size) * COMPACT_FRACTION) return candidate;
    }
    const empty = HnswIndex.create(
      library,
      encoder.dimensions,
      store.embeddings.liveCount(),
      lookupIn(store),
    );
    this.savedChanges = -Infinity;
    this.growing = new Follower(empty, store, encoder);
    return this.growing;
  }

  private async fromDisk(library: NativeGraphClass): Promise<Follower<HnswIndex> | undefined> {
    const { store, encoder } = this;
    const found = await readGraph(store.dir, library, ownerOf(store, encoder), lookupIn(store));
    if ('unusable' in found) {
      this.log(`The graph of the vectors is built: ${found.unusable}.`);
      return undefined;
    }
    this.savedChanges = 0;
    this.growing = new Follower(found.graph, store, encoder, found.stamp);
    return this.growing;
  }

  private async save(graph: Follower<HnswIndex>): Promise<void> {
    const { store } = this;
    const owner = ownerOf(store, this.encoder);
    const onDisk = !('unusable' in readStamp(store.dir, owner));
    if (onDisk && graph.changes - this.savedChanges <= SAVE_SLACK) return;
    const changes = graph.changes;
    graph.frozen = true;
    try {
      await writeGraph(store.dir, graph.index, owner, graph.followed);
      this.savedChanges = changes;
    } catch (error) {
      this.log(`The graph of the vectors could not be saved: ${messageOf(error)}`);
    } finally {
      graph.frozen = false;
    }
  }
}

/** What `Ann.open` would search, without loading it: for a status line. */
export async function describeAnn(store: Store, options: AnnOptions): Promise<AnnStatus> {
  const { encoder, threshold = exactLimit(options.encoder.dimensions) } = options;
  const library = await loadHnswlib(options.load);
  if (library.HierarchicalNSW === undefined) return { kind: 'exact', reason: library.missing };
  const count = store.embeddings.liveCount();
  if (count < threshold) return { kind: 'exact', reason: fewVectors(count, threshold) };
  const stamp = readStamp(store.dir, ownerOf(store, encoder));
  return 'unusable' in stamp ? { kind: 'exact', reason: noGraph(stamp.unusable) } : { kind: 'hnsw' };
}

/** The graph on disk where it is to be used, or why it is not. */
async function chooseIndex(
  store: Store,
  encoder: IndexEncoder,
  threshold: number,
  library: Hnswlib,
): Promise<LoadedGraph | { readonly reason: string }> {
  if (library.HierarchicalNSW === undefined) return { reason: library.missing };
  const count = store.embeddings.liveCount();
  if (count < threshold) return { reason: fewVectors(count, threshold) };
  const owner = ownerOf(store, encoder);
  const found = await readGraph(store.dir, library.HierarchicalNSW, owner, lookupIn(store));
  return 'unusable' in found ? { reason: noGraph(found.unusable) } : found;
}

function isGraph(follower: Follower<ExactIndex | HnswIndex>): follower is Follower<HnswIndex> {
  return follower.index.kind === 'hnsw';
}

function ownerOf(store: Store, encoder: IndexEncoder): GraphOwner {
  return { store: store.id, encoder: encoder.id, dimensions: encoder.dimensions };
}

function lookupIn(store: Store): VectorLookup {
  return (id) => store.embeddings.get(id);
}

function fewVectors(count: number, threshold: number): string {
  return `${count} vectors are fewer than ${threshold}`;
}

function noGraph(why: string): string {
  return `the graph cannot be used (${why})`;
}
