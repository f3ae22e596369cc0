/** Reads one file of the crawl as text. */
import { createHash } from 'node:crypto';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { CancellationSignal } from '../../base/cancellation';
import { systemCodeOf } from '../../base/errors';
import { languageOf } from '../../core/corpus/language';
import { skippedByContent } from './contentRules';
import { decode, type Encoding } from './decode';
import { defaultMaxFileBytes, skippedBySize } from './fileRules';
import { whenFilesAreFree } from './openFiles';
import type { SkipReason } from './skipReason';

export interface ReadOptions {
  /** Largest file, in bytes; 1 MiB unless told. */
  readonly maxFileBytes?: number;
  /** Read generated, minified and data files, too: an ignore file took this one in by name. */
  readonly wanted?: boolean;
  readonly signal?: CancellationSignal;
}

/** A file that was read, or why it was not. */
export type ReadResult = ReadDocument | { readonly ok: false; readonly reason: SkipReason };

export interface ReadDocument {
  readonly ok: true;
  /** Without a byte order mark; line ends as they are in the file. Spans count its UTF-16 code units. */
  readonly text: string;
  /** VS Code language id, by name and first line. */
  readonly language: string;
  readonly encoding: Encoding;
  /** Of the file, in bytes. */
  readonly size: number;
  /** Modification time in milliseconds since 1970, with a fraction; of the very bytes that were read. */
  readonly mtimeMs: number;
  /** SHA-256 of the file's bytes, in hex. */
  readonly hash: string;
}

/**
 * Reads a file and decodes it. A file that changes meanwhile is read again, three times at most. Whatever
 * the file system refuses is a result, not an error.
 * @throws AbortError when the signal fires
 */
export async function readDocument(absolutePath: string, options: ReadOptions = {}): Promise<ReadResult> {
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    const read = await readOnce(absolutePath, options.maxFileBytes ?? defaultMaxFileBytes, options.wanted);
    if (read !== 'changed') return 'bytes' in read ? documentOf(absolutePath, read, options) : read;
    if (attempt === attempts) return { ok: false, reason: 'changing' };
    await wait(pauseMs);
  }
}

const attempts = 3;
/** Between two attempts at a file that is being written. */
const pauseMs = 20;

interface Bytes {
  readonly bytes: Uint8Array;
  readonly mtimeMs: number;
}

function documentOf(path: string, { bytes, mtimeMs }: Bytes, options: ReadOptions): ReadResult {
  const decoded = decode(bytes);
  if (!decoded) return { ok: false, reason: 'binary' };
  const { text, encoding } = decoded;
  if (text === '') return { ok: false, reason: 'empty' };
  const language = languageOf(path, text.slice(0, firstLineLength).split(/[\r\n]/, 1)[0]);
  const reason = options.wanted ? undefined : skippedByContent(text, language);
  if (reason !== undefined) return { ok: false, reason };
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { ok: true, text, language, encoding, size: bytes.length, mtimeMs, hash };
}

const firstLineLength = 1000;

async function readOnce(
  path: string,
  maxFileBytes: number,
  wanted = false,
): Promise<Bytes | 'changed' | { readonly ok: false; readonly reason: SkipReason }> {
  let handle: FileHandle | undefined;
  try {
    // Opening a pipe would wait for a writer.
    const before = await lstat(path);
    if (before.isSymbolicLink()) return { ok: false, reason: 'symlink' };
    if (!before.isFile()) return { ok: false, reason: 'special-file' };
    const reason = skippedBySize(path, before.size, maxFileBytes);
    if (reason !== undefined && !(reason === 'data' && wanted)) return { ok: false, reason };
    handle = await whenFilesAreFree(() => open(path, 'r'));
    const bytes = new Uint8Array(before.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const after = await handle.stat();
    const same =
      length === before.size &&
      after.size === before.size &&
      after.mtimeMs === before.mtimeMs &&
      after.ino === before.ino;
    return same ? { bytes, mtimeMs: after.mtimeMs } : 'changed';
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    return { ok: false, reason: code === 'ENOENT' || code === 'ENOTDIR' ? 'vanished' : 'unreadable' };
  } finally {
    await handle?.close();
  }
}
