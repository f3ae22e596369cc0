/** What a repository of the hub holds at one commit, listed by the hub's client. */
import { isAbort } from '../../base/cancellation';
import { messageOf, NeosearchError } from '../../base/errors';
import type { Connection } from './connection';
import { listFiles, listModels, modelInfo } from './libraries';
import { isCommit, type ModelName } from './names';

export interface RemoteFile {
  /** With forward slashes. */
  readonly path: string;
  readonly size: number;
  readonly digest: Digest;
}

/** What a file's bytes must hash to: files of Git LFS have a SHA-256, others the hash of Git's blob. */
export interface Digest {
  readonly kind: 'sha256' | 'git';
  readonly hex: string;
}

export interface RemoteRepository {
  readonly name: string;
  readonly commit: string;
  readonly files: readonly RemoteFile[];
}

/** A model that the hub offers. */
export interface OfferedModel {
  readonly name: string;
  readonly downloads: number;
  readonly gated: boolean;
}

/** The branch that a repository has unless it says otherwise. */
export const DEFAULT_REVISION = 'main';
const DIGEST = { sha256: /^[0-9a-f]{64}$/, git: /^[0-9a-f]{40}$/ } as const;

/** @throws NeosearchError as Connection.get, and `hub-unavailable` for what is no answer of a hub */
export async function readRepository(
  connection: Connection,
  { repository, revision }: ModelName,
): Promise<RemoteRepository> {
  const asked = { hubUrl: connection.endpoint, fetch: connection.fetch };
  return understood(connection, async () => {
    const { sha } = await modelInfo({
      ...asked,
      name: repository,
      revision: revision ?? DEFAULT_REVISION,
      additionalFields: ['sha'],
    });
    if (!isCommit(sha)) throw new TypeError(`the commit is ${JSON.stringify(sha)}`);
    const files: RemoteFile[] = [];
    const repo = { type: 'model', name: repository } as const;
    for await (const { type, path, size, oid, lfs } of listFiles({
      ...asked,
      repo,
      revision: sha,
      recursive: true,
    })) {
      if (type !== 'file') continue;
      const digest: Digest =
        lfs === undefined ? { kind: 'git', hex: oid ?? '' } : { kind: 'sha256', hex: lfs.oid };
      files.push({ path, size, digest });
    }
    return { name: repository, commit: sha, files: files.map(checked) };
  });
}

/** Models of NeoBERT's architecture, or those that words find, most downloaded first. */
export function offeredModels(
  connection: Connection,
  words: string | undefined,
  most: number,
): Promise<readonly OfferedModel[]> {
  return understood(connection, async () => {
    const offered: OfferedModel[] = [];
    const models = listModels({
      hubUrl: connection.endpoint,
      fetch: connection.fetch,
      search: words === undefined ? { tags: ['neobert'] } : { query: words },
      sort: 'downloads',
      limit: most,
    });
    for await (const { name, downloads, gated } of models) {
      offered.push({ name, downloads, gated: gated !== false });
    }
    return offered;
  });
}

function checked(file: RemoteFile): RemoteFile {
  const { path, size, digest } = file;
  if (
    typeof path === 'string' &&
    Number.isSafeInteger(size) &&
    size >= 0 &&
    DIGEST[digest.kind].test(digest.hex)
  )
    return file;
  throw new TypeError(`a file is listed as ${JSON.stringify(file)}`);
}

/** A proxy's page of greeting and the like are no answers of a hub. */
async function understood<T>(connection: Connection, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NeosearchError || isAbort(error)) throw error;
    throw new NeosearchError(
      'hub-unavailable',
      `${connection.endpoint} does not answer as a hub does (${messageOf(error)}). Check HF_ENDPOINT and the proxy.`,
      { cause: error },
    );
  }
}
