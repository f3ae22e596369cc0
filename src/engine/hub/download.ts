/**
 * One file, from the hub to the disk: taken up again where it was cut, and only under its name once it is what it
 * should be.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, NeosearchError, systemCodeOf } from '../../base/errors';
import { isMissing } from '../model/folder';
import type { Connection } from './connection';
import type { RemoteFile } from './repository';

export interface Download {
  readonly url: string;
  readonly file: RemoteFile;
  /** Where it is to lie. What is on the way lies beside it, with `.part` at the end of its name. */
  readonly target: string;
  readonly signal: AbortSignal;
  /** Told how many of the file's bytes are here. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * @throws NeosearchError as Connection.get; `model-damaged` for bytes that are not those listed, which are deleted;
 * `disk-full` and `permission-denied`. What came before stays in the `.part` for the next time.
 * @throws AbortError
 */
export async function download(connection: Connection, what: Download): Promise<void> {
  const { file, target } = what;
  const part = partOf(target);
  await onDisk(part, () => mkdir(path.dirname(part), { recursive: true }));
  // What an earlier run left may be worth nothing: then the whole is fetched once more.
  const before = await bytesAt(part);
  let right = await fetched(connection, what, part);
  if (!right && before > 0) right = await fetched(connection, what, part);
  if (!right) {
    throw new NeosearchError(
      'model-damaged',
      `${file.path} is not what the hub lists (its ${file.digest.kind === 'git' ? 'SHA-1' : 'SHA-256'} or size differs), and was deleted. Pull again; if it stays so, the hub or a proxy changes files.`,
    );
  }
  await onDisk(part, () => rename(part, target));
}

export function partOf(target: string): string {
  return `${target}.part`;
}

/** Size of a file; 0 where there is none. */
export async function bytesAt(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** Brings the part to its full size. @returns whether it is what is listed; if not, it is gone */
async function fetched(connection: Connection, what: Download, part: string): Promise<boolean> {
  const { file } = what;
  const handle = await onDisk(part, () => open(part, 'a+', 0o600));
  let right: boolean;
  try {
    const hash = await completed(connection, what, handle, part);
    right = hash?.digest('hex') === file.digest.hex;
    if (right) await onDisk(part, () => handle.sync());
  } finally {
    await handle.close();
  }
  if (!right) await rm(part, { force: true });
  return right;
}

/** @returns the hash over a part of the right size; undefined if more came than is listed */
async function completed(
  connection: Connection,
  { url, file, signal, onBytes }: Download,
  handle: FileHandle,
  part: string,
): Promise<Hash | undefined> {
  let { hash, bytes } = await hashed(file, part, signal);
  let attempt = 0;
  let most = bytes;
  while (bytes < file.size) {
    onBytes(bytes);
    const answer = await connection.get(url, bytes > 0 ? { range: `bytes=${bytes}-` } : {});
    if (bytes > 0 && !continues(answer, bytes)) {
      await onDisk(part, () => handle.truncate(0));
      ({ hash, bytes } = { hash: newHash(file), bytes: 0 });
      if (answer.status !== 200) {
        // The rest was refused or is another one: all of it is asked for.
        await answer.body?.cancel();
        attempt += 1;
        await connection.pause(attempt, undefined, connection.cut(url, new Error('the rest was refused')));
        continue;
      }
    }
    const cut = await arriving(answer.body, async (chunk) => {
      await onDisk(part, () => handle.appendFile(chunk));
      hash.update(chunk);
      bytes += chunk.byteLength;
      onBytes(Math.min(bytes, file.size));
      return bytes <= file.size;
    });
    if (bytes < file.size) {
      // As long as each attempt comes further than all before, there may be any number of them.
      attempt = bytes > most ? 1 : attempt + 1;
      most = Math.max(most, bytes);
      await connection.pause(
        attempt,
        undefined,
        connection.cut(url, cut ?? new Error('the answer ended early')),
      );
    }
  }
  return bytes === file.size ? hash : undefined;
}

/** Hands on what arrives until `take` has enough. @returns what cut it off, if something did; errors of `take` are thrown */
async function arriving(
  body: AsyncIterable<Uint8Array> | null,
  take: (chunk: Uint8Array) => Promise<boolean>,
): Promise<unknown> {
  if (body === null) return undefined;
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array, unknown>;
    try {
      next = await chunks.next();
    } catch (error) {
      return error;
    }
    if (next.done === true) return undefined;
    let more = false;
    try {
      more = await take(next.value);
    } finally {
      if (!more) await chunks.return?.();
    }
    if (!more) return undefined;
  }
}

/** Whether an answer goes on at a byte. */
function continues(
  answer: { readonly status: number; readonly headers: { get(name: string): string | null } },
  at: number,
): boolean {
  return answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${at}-`) === true;
}

/** The hash over what is there, and its size. */
async function hashed(
  file: RemoteFile,
  part: string,
  signal: AbortSignal,
): Promise<{ hash: Hash; bytes: number }> {
  const hash = newHash(file);
  let bytes = 0;
  for await (const chunk of createReadStream(part, { signal }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { hash, bytes };
}

function newHash({ digest, size }: RemoteFile): Hash {
  return digest.kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`);
}

/** Says of the disk what a user can do something about. */
export async function onDisk<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    switch (systemCodeOf(error)) {
      case 'ENOSPC':
      case 'EDQUOT':
        throw new NeosearchError(
          'disk-full',
          `The disk is full: ${file} could not be written. Free some space and pull again; what has come is kept.`,
          { cause: error },
        );
      case 'EACCES':
      case 'EPERM':
      case 'EROFS':
        throw new NeosearchError(
          'permission-denied',
          `${file} may not be written (${messageOf(error)}). Make it writable for you, or name another home with --index-dir or NEOSEARCH_HOME.`,
          { cause: error },
        );
      case undefined:
      default:
        throw error;
    }
  }
}
