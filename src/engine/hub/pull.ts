/** Pulling a model from the hub: whole and checked under its name, or not at all. */
import { readdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { NeosearchError } from '../../base/errors';
import { WriterLock } from '../index/writerLock';
import { readFields } from '../model/folder';
import { type Asking, askHub } from './askHub';
import type { Connection } from './connection';
import { bytesAt, download, onDisk, partOf } from './download';
import { chooseFiles, configOf } from './modelFiles';
import { type ModelStore, type PullRecord, UNFINISHED } from './modelStore';
import { folderOf, type ModelName } from './names';
import { DEFAULT_REVISION, readRepository, type RemoteFile, type RemoteRepository } from './repository';

export interface PullProgress {
  /** The file that comes now, by its path in the repository. */
  readonly file: string;
  readonly fileBytes: number;
  readonly fileSize: number;
  /** Of all files. */
  readonly bytes: number;
  readonly size: number;
}

export interface PullOptions extends Asking {
  readonly store: ModelStore;
  readonly name: ModelName;
  /** Takes the quantized ONNX graph. */
  readonly quantized: boolean;
  readonly onProgress: (progress: PullProgress) => void;
}

export interface Pulled {
  readonly folder: string;
  readonly record: PullRecord;
  /** Whether it was here before. */
  readonly wasHere: boolean;
}

/** The folder that holds the right to pull a repository. */
const LOCK = `lock${UNFINISHED}`;
/** Bytes that are left free on the disk. */
const RESERVE = 32 * 1024 * 1024;

/**
 * Pulls the newest commit of a branch, or the one that is named. What was cut before is taken up where it ended.
 * @throws NeosearchError `model-denied`, `model-missing`, `hub-unavailable`, `bad-model` for a repository that is no
 * encoder, `model-damaged`, `disk-full` (before anything large is fetched, if it is known then), `permission-denied`,
 * `index-busy` while another process pulls the same repository
 * @throws AbortError
 */
export async function pull(options: PullOptions): Promise<Pulled> {
  const { store, name } = options;
  const place = path.join(store.dir, folderOf(name.repository), LOCK);
  const lock = WriterLock.tryAcquire(place, { what: 'cli' });
  if (lock === undefined) {
    throw new NeosearchError(
      'index-busy',
      `${name.repository} is being pulled by another Neosearch. Wait until it has finished.`,
    );
  }
  try {
    return await askHub(options, (connection) => pullWith(connection, options));
  } finally {
    lock.release();
  }
}

async function pullWith(connection: Connection, options: PullOptions): Promise<Pulled> {
  const { store, name, quantized } = options;
  const repository = await readRepository(connection, name);
  const folder = store.folderFor(repository.name, repository.commit, quantized);
  const before = store.recordOf(folder);
  if (before !== undefined) return { folder, record: before, wasHere: true };

  const stage = `${folder}${UNFINISHED}`;
  const config = configOf(repository);
  // By it the rest is chosen, so how much there is to come is not known before.
  await fetchAll(connection, repository, [config], stage, { ...options, onProgress: () => undefined });
  const fields = await readFields(path.join(stage, config.path));
  const { form, files } = chooseFiles(repository, fields ?? {}, quantized);
  await refuseFullDisk(stage, files);
  await fetchAll(connection, repository, files, stage, options);

  const record: PullRecord = {
    repository: repository.name,
    revision: name.revision ?? DEFAULT_REVISION,
    commit: repository.commit,
    quantized,
    form,
    bytes: sizeOf(files),
    pulledAt: new Date().toISOString(),
  };
  await onDisk(stage, async () => {
    store.writeRecord(stage, record);
    await rm(folder, { recursive: true, force: true });
    await rename(stage, folder);
    await removeRests(path.dirname(folder));
  });
  return { folder, record, wasHere: false };
}

async function fetchAll(
  connection: Connection,
  repository: RemoteRepository,
  files: readonly RemoteFile[],
  stage: string,
  { signal, onProgress }: PullOptions,
): Promise<void> {
  const size = sizeOf(files);
  let done = 0;
  for (const file of files) {
    const target = path.join(stage, ...file.path.split('/'));
    const onBytes = (fileBytes: number): void =>
      onProgress({ file: file.path, fileBytes, fileSize: file.size, bytes: done + fileBytes, size });
    // A file has its name only once it was found to be right.
    if ((await bytesAt(target)) !== file.size || file.size === 0) {
      const address = [
        repository.name,
        'resolve',
        repository.commit,
        ...file.path.split('/').map(encodeURIComponent),
      ];
      await download(connection, {
        url: `${connection.endpoint}/${address.join('/')}`,
        file,
        target,
        signal,
        onBytes,
      });
    }
    onBytes(file.size);
    done += file.size;
  }
}

/** @throws NeosearchError `disk-full` where what is still to come does not fit */
async function refuseFullDisk(stage: string, files: readonly RemoteFile[]): Promise<void> {
  let missing = 0;
  for (const file of files) {
    const target = path.join(stage, ...file.path.split('/'));
    missing += Math.max(0, file.size - (await bytesAt(target)) - (await bytesAt(partOf(target))));
  }
  const { bavail, bsize } = await statfs(stage);
  const free = bavail * bsize;
  if (missing + RESERVE <= free) return;
  throw new NeosearchError(
    'disk-full',
    `The disk is full: ${megabytes(missing)} are still to come and ${megabytes(RESERVE)} must stay free, but ${path.dirname(stage)} has room for ${megabytes(free)}. Free some space and pull again.`,
  );
}

/** Of pulls of other commits that were cut and never taken up: once there is a whole one, nobody waits for them. */
async function removeRests(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (name.endsWith(UNFINISHED) && name !== LOCK)
      await rm(path.join(dir, name), { recursive: true, force: true });
  }
}

function sizeOf(files: readonly RemoteFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
