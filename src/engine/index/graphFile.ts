/**
 * The HNSW graph on disk: `hnsw-<generation>-<random>.bin`, named and described by the stamp `hnsw.json`.
 * A new graph gets a new name and the stamp is replaced last, so that whenever the process dies the stamp
 * names a graph that is whole. The graph is a cache: all of it can be made from the database.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { NeosearchError, messageOf, systemCodeOf } from '../../base/errors';
import { syncFile, writeAtomically } from './atomicFile';
import type { Followed } from './follower';
import { HnswIndex, M, type VectorLookup } from './hnswIndex';
import type { NativeGraphClass } from './hnswlib';
import { filesOf } from './location';
import { isGraphFile } from './recovery';
import { FILES, FORMAT } from './schema';
import { storeError } from './storeErrors';

/** Whose vectors a graph holds. */
export interface GraphOwner {
  /** `Store.id`. */
  readonly store: string;
  /** `EncoderInfo.id`. */
  readonly encoder: string;
  readonly dimensions: number;
}

export interface GraphStamp extends GraphOwner, Followed {
  /** Version of the layout, as in schema.ts. */
  readonly format: number;
  /** Name of the graph file. */
  readonly file: string;
  /** Bytes of the graph file. */
  readonly size: number;
  /** CRC-32 of the graph file. */
  readonly crc32: number;
  /** Vectors that can be found. */
  readonly count: number;
  /** Ids of removed vectors that are still in the file. */
  readonly tombstones: readonly number[];
}

/** A graph that is equal to the live vectors of the state in its stamp. */
export interface LoadedGraph {
  readonly graph: HnswIndex;
  readonly stamp: GraphStamp;
}

/** The graph of `owner`, or one line that says why there is none that can be used. */
export async function readGraph(
  dir: string,
  library: NativeGraphClass,
  owner: GraphOwner,
  lookup: VectorLookup,
): Promise<LoadedGraph | { readonly unusable: string }> {
  const stamp = readStamp(dir, owner);
  if ('unusable' in stamp) return stamp;
  const file = path.join(dir, stamp.file);
  try {
    if (statSync(file).size !== stamp.size || (await checksum(file)) !== stamp.crc32) {
      return { unusable: 'its file is torn' };
    }
    const graph = await HnswIndex.read(library, owner.dimensions, file, stamp.tombstones, lookup);
    return graph.size === stamp.count ? { graph, stamp } : { unusable: 'its file holds other vectors' };
  } catch (error) {
    return { unusable: messageOf(error) };
  }
}

/** The stamp of the graph of `owner`. Whether the file is whole is not looked at. */
export function readStamp(dir: string, owner: GraphOwner): GraphStamp | { readonly unusable: string } {
  let source: string;
  try {
    source = readFileSync(path.join(dir, FILES.graphStamp), 'utf8');
  } catch (error) {
    return { unusable: systemCodeOf(error) === 'ENOENT' ? 'there is none' : messageOf(error) };
  }
  const stamp = parseStamp(source);
  if (stamp === undefined) return { unusable: 'its stamp cannot be read' };
  const { store, encoder, dimensions } = stamp;
  const same = store === owner.store && encoder === owner.encoder && dimensions === owner.dimensions;
  return same ? stamp : { unusable: 'it is of another index or encoder' };
}

/**
 * Writes a graph that is equal to the live vectors of `followed`, and removes older ones. Only for the process that
 * has the writer's lock. Nothing may be added to or removed from the graph meanwhile.
 * @throws NeosearchError `disk-full`, `permission-denied`; the old graph is then still there
 */
export async function writeGraph(
  dir: string,
  graph: HnswIndex,
  owner: GraphOwner,
  followed: Followed,
): Promise<void> {
  const name = `${FILES.graphPrefix}${followed.generation}-${randomBytes(4).toString('hex')}.bin`;
  const file = path.join(dir, name);
  const temporary = `${file}.tmp`;
  try {
    await graph.write(temporary);
    const size = statSync(temporary).size;
    // hnswlib does not notice that a disk is full.
    if (size < smallestSize(graph)) {
      throw new NeosearchError(
        'disk-full',
        `The disk is full: the graph of ${dir} could not be written. Free some space.`,
      );
    }
    syncFile(temporary);
    const stamp: GraphStamp = {
      ...owner,
      format: FORMAT,
      file: name,
      size,
      crc32: await checksum(temporary),
      ...followed,
      count: graph.size,
      tombstones: [...graph.tombstones],
    };
    renameSync(temporary, file);
    writeAtomically(path.join(dir, FILES.graphStamp), JSON.stringify(stamp), true);
  } catch (error) {
    rmSync(temporary, { force: true });
    rmSync(file, { force: true });
    throw storeError(error, dir);
  }
  removeGraphs(dir, name);
}

/** Removes the graph and what is left of older ones. Only for the process that has the writer's lock. */
export function removeGraphs(dir: string, except?: string): void {
  for (const name of filesOf(dir)) {
    if (!isGraphFile(name) || name === except) continue;
    if (name === FILES.graphStamp && except !== undefined) continue;
    try {
      rmSync(path.join(dir, name), { force: true });
    } catch (error) {
      // Windows keeps a file that a reader is just loading; the next graph takes it away.
      if (systemCodeOf(error) === undefined) throw error;
    }
  }
}

function parseStamp(source: string): GraphStamp | undefined {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const stamp = value as Partial<Record<keyof GraphStamp, unknown>>;
  const {
    format,
    store,
    encoder,
    dimensions,
    file,
    size,
    crc32: sum,
    generation,
    relinks,
    count,
    tombstones,
  } = stamp;
  if (format !== FORMAT || typeof store !== 'string' || typeof encoder !== 'string') return undefined;
  if (typeof file !== 'string' || path.basename(file) !== file || !isGraphFile(file)) return undefined;
  if (!isCount(dimensions) || !isCount(size) || !isCount(sum) || !isCount(count)) {
    return undefined;
  }
  if (!isCount(generation) || !isCount(relinks)) return undefined;
  if (!Array.isArray(tombstones) || !tombstones.every(isCount)) return undefined;
  return {
    format,
    store,
    encoder,
    dimensions,
    file,
    size,
    crc32: sum,
    generation,
    relinks,
    count,
    tombstones,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Bytes that hnswlib needs for the lowest layer alone: vector, label, edges; and a length for the others. */
function smallestSize(graph: HnswIndex): number {
  const edges = 4 * (2 * M + 1);
  const label = 8;
  const upperLength = 4;
  return (graph.size + graph.tombstones.size) * (graph.dimensions * 4 + label + edges + upperLength);
}

async function checksum(file: string): Promise<number> {
  let sum = 0;
  const stream = createReadStream(file, { highWaterMark: 1 << 20 });
  for await (const piece of stream as AsyncIterable<Buffer>) sum = crc32(piece, sum);
  return sum;
}
