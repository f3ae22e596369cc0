/** What the tests of the store share: temporary folders, small documents, vectors that tell themselves apart. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { termsOf } from '../../src/core/query/terms';
import { vectorBytes, vectorFrom } from '../../src/engine/index/rows';
import { Store, type WriteOptions } from '../../src/engine/index/store';
import type { ChunkInput, DocumentInput } from '../../src/engine/index/documents';
import { WriterLock } from '../../src/engine/index/writerLock';

export const DIMENSIONS = 8;
export const ENCODER = { id: 'encoder-a', dimensions: DIMENSIONS };

/** A folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'neosearch-test-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export interface OpenStore {
  readonly store: Store;
  readonly lock: WriterLock;
  readonly close: () => void;
}

/** Opens the index in `dir` for writing. */
export function openStore(
  dir: string,
  options: Partial<Omit<WriteOptions, 'lock' | 'readOnly'>> = {},
): OpenStore {
  const lock = WriterLock.tryAcquire(dir, { what: 'cli' });
  if (lock === undefined) throw new Error('locked');
  try {
    const store = Store.open(dir, { build: 'build-1', encoder: ENCODER, ...options, lock });
    return {
      store,
      lock,
      close: () => {
        store.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export function document(docPath: string, content = docPath): DocumentInput {
  return {
    path: docPath,
    language: 'typescript',
    size: content.length,
    mtime: 1_700_000_000_123.5,
    hash: hashOf(content),
    lines: content.split('\n').length,
    classes: ['test'],
    title: `title of ${docPath}`,
  };
}

/** A chunk of one text, which is also what is hashed and what its terms are made of. */
export function chunk(text: string, name = 'someName'): ChunkInput {
  return {
    chunk: {
      start: 0,
      end: text.length,
      startLine: 1,
      endLine: text.split('\n').length,
      kind: 'code',
      breadcrumb: ['Outer', name],
      definitions: [{ name, kind: 'function', line: 1 }],
      text,
      tokens: text.split(' ').length,
    },
    hash: hashOf(text),
    terms: {
      symbols: termsOf(name).join(' '),
      breadcrumb: termsOf(`Outer ${name}`).join(' '),
      path: '',
      body: termsOf(text).join(' '),
    },
  };
}

/** A unit vector that depends on the seed alone, as a store gives it back. */
export function unitVector(seed: number, dimensions = DIMENSIONS): Float32Array {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  const values = Float32Array.from({ length: dimensions }, () => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32 - 0.5;
  });
  const length = Math.hypot(...values);
  const stored = vectorBytes(values.map((value) => value / length));
  return vectorFrom(stored, dimensions) ?? assert.fail();
}

/** Gives every pending chunk a vector. @returns how many were encoded */
export function encodeAll(
  store: Store,
  vectorOf: (text: string, n: number) => Float32Array = (_, n) => unitVector(n),
): number {
  const pending = store.chunks.pending(Infinity);
  store.embeddings.put(pending.map(({ hash, text }, n) => ({ hash, vector: vectorOf(text, n + 1) })));
  return pending.length;
}

/** The code of the NeosearchError that `action` throws. */
export function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** The next message of a child process; rejects when it exits first. */
export async function messageFrom(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`The child process exited with ${String(code)}.`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

export async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
