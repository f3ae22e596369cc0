/** What there is to say of a model: where it is from, and how it encodes. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { NeosearchError } from '../../base/errors';
import { describeEncoder } from '../../engine/encoder/describeEncoder';
import type { KnownModel } from '../../engine/hub/modelStore';
import { readFields } from '../../engine/model/folder';
import { bytes } from '../render';

export interface ModelDescription {
  readonly name: string;
  readonly folder: string;
  readonly inUse: boolean;
  /** Where it was pulled from. */
  readonly repository: string | undefined;
  readonly revision: string | undefined;
  readonly commit: string | undefined;
  /** As config.json names it (`model_type`). */
  readonly architecture: string | undefined;
  /** How it encodes; undefined if it cannot here, which `problem` explains. */
  readonly encoder:
    | { readonly dimensions: number; readonly window: number; readonly pooling: string; readonly id: string }
    | undefined;
  readonly problem: string | undefined;
  readonly bytes: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** @throws NeosearchError `bad-model` where there is no folder */
export async function describeModel(
  folder: string,
  known: KnownModel | undefined,
): Promise<ModelDescription> {
  if (!existsSync(folder)) throw new NeosearchError('bad-model', `There is no model folder ${folder}.`);
  const files = await filesUnder(folder);
  const architecture = (await readFields(path.join(folder, 'config.json')))?.['model_type'];
  const pulled = known?.kind === 'pulled' ? known : undefined;
  return {
    name: known?.name ?? folder,
    folder,
    inUse: known?.inUse ?? false,
    repository: pulled?.repository,
    revision: pulled?.revision,
    commit: pulled?.commit,
    architecture: typeof architecture === 'string' ? architecture : undefined,
    ...(await encoderOf(folder)),
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    files,
  };
}

export function descriptionLines(model: ModelDescription): readonly string[] {
  const { encoder, repository } = model;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['model', `${model.name}${model.inUse ? ' (in use)' : ''}`],
    [
      'from',
      repository === undefined
        ? undefined
        : `${repository}, ${model.revision ?? ''}, commit ${model.commit ?? ''}`,
    ],
    ['folder', model.folder],
    ['architecture', model.architecture],
    ['dimensions', encoder && String(encoder.dimensions)],
    ['window', encoder && `${encoder.window} tokens`],
    ['pooling', encoder?.pooling],
    ['problem', model.problem],
    ['size', bytes(model.bytes)],
    ...model.files.map(
      ({ path: name, size }, i) => [i === 0 ? 'files' : '', `${name}, ${bytes(size)}`] as const,
    ),
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(13)}${value}`]));
}

async function encoderOf(folder: string): Promise<Pick<ModelDescription, 'encoder' | 'problem'>> {
  try {
    const { dimensions, window, id, card } = await describeEncoder(folder);
    return { encoder: { dimensions, window, pooling: card.pooling, id }, problem: undefined };
  } catch (error) {
    // What cannot be used can still be looked at, with the reason.
    if (error instanceof NeosearchError && error.code === 'bad-model') {
      return { encoder: undefined, problem: error.message };
    }
    throw error;
  }
}

async function filesUnder(folder: string): Promise<{ path: string; size: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    // Links: in the cache of another client every file is one.
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(
    names.map(async (file) => ({
      path: path.relative(folder, file).split(path.sep).join('/'),
      size: (await stat(file)).size,
    })),
  );
}
