/** Decoding of rows: the one place where what SQLite gives becomes typed values. */
import type { ChunkKind, Definition, SymbolKind } from '../../core/corpus/document';
import { NeosearchError } from '../../base/errors';
import type { Row } from './database';

export function number(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : mismatch(column);
}

export function optionalNumber(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : number(row, column);
}

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : mismatch(column);
}

/**
 * A text of a document for a column of type ANY. One with a NUL character becomes a blob: node:sqlite of
 * Node 22 would read it back only up to there.
 */
export function storable(content: string): string | Uint8Array {
  return content.includes('\0') ? Buffer.from(content, 'utf8') : content;
}

/** What `storable` made. */
export function stored(row: Row, column: string): string {
  const value = row[column];
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : text(row, column);
}

export function optionalStored(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : stored(row, column);
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : mismatch(column);
}

/** A hash as lower-case hexadecimal digits. */
export function hash(row: Row, column: string): string {
  return hexOf(blob(row, column));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** @param hex an even number of hexadecimal digits, at least two */
export function bytesOf(hex: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) {
    throw new NeosearchError(
      'engine-failed',
      `"${hex}" is no hash: an even number of hexadecimal digits is.`,
    );
  }
  return Buffer.from(hex, 'hex');
}

/** Bytes of the scale before a vector's numbers. */
const SCALE_BYTES = 4;
const INT8_MAX = 127;

/**
 * A vector as it is stored: a scale as float32, little endian, then its numbers as int8, the largest 127. Numbers times
 * scale have the length of the vector, and storing them again changes nothing.
 */
export function vectorBytes(vector: Float32Array): Uint8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const bytes = new Uint8Array(SCALE_BYTES + vector.length);
  if (largest === 0) return bytes;
  const steps = new Int8Array(bytes.buffer, SCALE_BYTES);
  steps.set(vector.map((value) => Math.round((value / largest) * INT8_MAX)));
  new DataView(bytes.buffer).setFloat32(0, lengthOf(vector) / lengthOf(steps), true);
  return bytes;
}

function lengthOf(values: Float32Array | Int8Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** What `vectorBytes` made of a vector, undefined where the bytes are none of so many dimensions. */
export function vectorFrom(bytes: Uint8Array, dimensions: number): Float32Array | undefined {
  if (bytes.byteLength !== SCALE_BYTES + dimensions) return undefined;
  const scale = new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
  const steps = new Int8Array(bytes.buffer, bytes.byteOffset + SCALE_BYTES, dimensions);
  const values = new Float32Array(dimensions);
  for (let i = 0; i < dimensions; i += 1) values[i] = (steps[i] as number) * scale;
  return values;
}

export function vector(row: Row, column: string, dimensions: number): Float32Array {
  return vectorFrom(blob(row, column), dimensions) ?? mismatch(column);
}

/** A JSON array of strings. */
export function strings(row: Row, column: string): string[] {
  const value = json(row, column);
  if (!Array.isArray(value)) return mismatch(column);
  return value.map((item: unknown) => (typeof item === 'string' ? item : mismatch(column)));
}

const CHUNK_KINDS: Record<ChunkKind, true> = { code: true, prose: true, data: true };

export function chunkKind(row: Row, column: string): ChunkKind {
  const value = text(row, column);
  return isKeyOf(CHUNK_KINDS, value) ? value : mismatch(column);
}

const SYMBOL_KINDS: Record<SymbolKind, true> = {
  function: true,
  method: true,
  class: true,
  interface: true,
  type: true,
  enum: true,
  module: true,
  constant: true,
  heading: true,
};

export function symbolKind(row: Row, column: string): SymbolKind {
  const value = text(row, column);
  return isKeyOf(SYMBOL_KINDS, value) ? value : mismatch(column);
}

/** Definitions as `encodeDefinitions` writes them. */
export function definitions(row: Row, column: string): Definition[] {
  const value = json(row, column);
  if (!Array.isArray(value)) return mismatch(column);
  return value.map((item: unknown) => {
    if (!Array.isArray(item)) return mismatch(column);
    const [name, kind, line] = item as unknown[];
    if (typeof name !== 'string' || typeof kind !== 'string' || typeof line !== 'number') {
      return mismatch(column);
    }
    return isKeyOf(SYMBOL_KINDS, kind) ? { name, kind, line } : mismatch(column);
  });
}

/** JSON: an array of [name, kind, line]. */
export function encodeDefinitions(list: readonly Definition[]): string {
  return JSON.stringify(list.map(({ name, kind, line }) => [name, kind, line]));
}

function json(row: Row, column: string): unknown {
  const source = text(row, column);
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return mismatch(column);
  }
}

function isKeyOf<K extends string>(record: Record<K, true>, key: string): key is K {
  return Object.hasOwn(record, key);
}

function mismatch(column: string): never {
  throw new NeosearchError(
    'index-corrupt',
    `The index holds an impossible value in "${column}". Run "neosearch index" to rebuild it.`,
  );
}
