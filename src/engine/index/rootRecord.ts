/** root.json: which folder an index is of, and when it was used last. It lists and orders the indexes of a home. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { systemCodeOf } from '../../base/errors';
import { writeAtomically } from './atomicFile';
import { filesOf } from './location';
import { FILES } from './schema';

export interface RootRecord {
  /** Canonical path of the indexed folder. */
  readonly root: string;
  /** Canonical path of the repository's common git folder, shared by its worktrees; absent without git. */
  readonly gitCommonDir?: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC. */
  readonly lastUsed: string;
}

export interface IndexEntry extends RootRecord {
  /** Folder of the index. */
  readonly dir: string;
}

/** Every index of a home, the one used last first. Folders without a readable root.json are left out. */
export function listIndexes(home: string): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (const name of filesOf(home)) {
    const dir = path.join(home, name);
    const record = readRootRecord(dir);
    if (record !== undefined) entries.push({ dir, ...record });
  }
  return entries.sort((a, b) => (a.lastUsed < b.lastUsed ? 1 : a.lastUsed > b.lastUsed ? -1 : 0));
}

/** The record of one index; undefined where there is none or it cannot be understood. */
export function readRootRecord(dir: string): RootRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path.join(dir, FILES.root), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) !== undefined) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { root, gitCommonDir, createdAt, lastUsed } = value as Partial<Record<keyof RootRecord, unknown>>;
  if (typeof root !== 'string' || typeof createdAt !== 'string' || typeof lastUsed !== 'string')
    return undefined;
  return { root, createdAt, lastUsed, ...(typeof gitCommonDir === 'string' ? { gitCommonDir } : {}) };
}

/** Notes that the index in `dir`, which exists, is of `root` and was used now. */
export function recordUse(dir: string, of: { readonly root: string; readonly gitCommonDir?: string }): void {
  const now = new Date().toISOString();
  const record: RootRecord = { ...of, createdAt: readRootRecord(dir)?.createdAt ?? now, lastUsed: now };
  writeAtomically(path.join(dir, FILES.root), `${JSON.stringify(record, undefined, 2)}\n`);
}
