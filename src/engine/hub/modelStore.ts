/** The models of this machine: the one that comes along, those pulled from the hub, and folders of the user's. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { messageOf, NeosearchError, systemCodeOf } from '../../base/errors';
import { writeAtomically } from '../index/atomicFile';
import { diskBytes, filesOf } from '../index/location';
import { isFields } from '../model/folder';
import { PULL_RECORD } from '../model/title';
import type { ModelForm } from './modelFiles';
import { folderOf, isCommit, isRepository, modelNameIn } from './names';

/** The name of the model that comes along. */
export const EMBEDDED = 'embedded';
/** What was chosen, in the folder of all models. */
const CHOICE = 'choice.json';
/** At the end of a folder's name: what is not yet, or no longer, a model. */
export const UNFINISHED = '.part';
/** Digits of a commit in a name, as Git shortens it. */
const SHORT_COMMIT = 7;
/** At the end of the name of a folder that holds a quantized graph. */
const QUANTIZED = '-quantized';

/** Where a pulled model is from. */
export interface PullRecord {
  readonly repository: string;
  /** The branch, tag or commit that was asked for. */
  readonly revision: string;
  readonly commit: string;
  readonly quantized: boolean;
  readonly form: ModelForm;
  /** Bytes of its files. */
  readonly bytes: number;
  /** ISO 8601. */
  readonly pulledAt: string;
}

interface Known {
  /** As `model use` and --model take it; unique. */
  readonly name: string;
  readonly folder: string;
  readonly inUse: boolean;
}

export type KnownModel =
  | (Known & { readonly kind: 'embedded'; readonly bytes: number })
  /** `exact`: the name that means this commit, whatever is pulled later. */
  | (Known & PullRecord & { readonly kind: 'pulled'; readonly exact: string })
  | (Known & { readonly kind: 'folder' });

interface Choice {
  /** Folder of the model in use; undefined for the one that comes along. Relative to the folder of all, if it lies there. */
  readonly inUse: string | undefined;
  /** Folders of the user's, absolute, that were used. */
  readonly folders: readonly string[];
}

export class ModelStore {
  /** The folder of all pulled models. */
  readonly dir: string;

  /**
   * @param home of all indexes (`indexHome`)
   * @param embedded folder of the model that comes along
   */
  constructor(
    home: string,
    private readonly embedded: string,
  ) {
    this.dir = path.join(home, 'models');
  }

  /** The one that comes along first, then those pulled, by name, then folders. */
  list(): readonly KnownModel[] {
    const choice = this.readChoice();
    const inUse = choice.inUse === undefined ? this.embedded : path.resolve(this.dir, choice.inUse);
    const pulled = this.pulled();
    const newest = new Map(pulled.map(({ record, folder }) => [record.repository, folder]));
    return [
      {
        kind: 'embedded',
        name: EMBEDDED,
        folder: this.embedded,
        inUse: choice.inUse === undefined,
        bytes: diskBytes(this.embedded),
      },
      ...pulled
        .map(({ folder, record }): KnownModel => {
          const exact = `${record.repository}@${record.commit.slice(0, SHORT_COMMIT)}${record.quantized ? QUANTIZED : ''}`;
          const name = newest.get(record.repository) === folder ? record.repository : exact;
          return { kind: 'pulled', name, exact, folder, inUse: folder === inUse, ...record };
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      ...choice.folders.map((folder): KnownModel => ({
        kind: 'folder',
        name: folder,
        folder,
        inUse: folder === inUse,
      })),
    ];
  }

  /**
   * The folder of a model that is named: `embedded`; a pulled one, by OWNER/NAME (the one pulled last) or
   * OWNER/NAME@REVISION (as it was pulled, or the begin of a commit, with "-quantized" for such a graph); else a
   * folder, seen from the current one. Without a name: the model in use.
   * @throws NeosearchError `bad-model` for a repository that was not pulled, and where the model in use is gone
   */
  resolve(name: string | undefined): string {
    const folder = this.folderOf(name);
    if (existsSync(folder)) return folder;
    if (name === undefined || name === '') {
      throw new NeosearchError(
        'bad-model',
        `The model in use is gone from ${folder}. Choose another: "neosearch model use ${EMBEDDED}".`,
      );
    }
    if (!isRepository(name)) return folder;
    throw new NeosearchError(
      'bad-model',
      `There is no model "${name}" here. "neosearch model list" shows those that are; "neosearch model pull ${name}" fetches it.`,
    );
  }

  /** @returns undefined for what is not known: a folder that was never used, or a repository that was not pulled */
  find(name: string): KnownModel | undefined {
    const folder = this.folderOf(name);
    return this.list().find((model) => model.folder === folder);
  }

  /** Uses the model in a folder from now on, wherever no other is named. */
  use(folder: string): void {
    const { folders } = this.readChoice();
    if (folder === this.embedded) {
      this.writeChoice({ inUse: undefined, folders });
      return;
    }
    const within = path.relative(this.dir, folder);
    const pulled = this.pulled().some((model) => model.folder === folder);
    this.writeChoice({
      inUse: pulled ? within.split(path.sep).join('/') : folder,
      folders: pulled || folders.includes(folder) ? folders : [...folders, folder],
    });
  }

  /**
   * Deletes a pulled model, or forgets a folder of the user's, which stays. If it is in use, the one that comes along
   * takes its place.
   * @throws NeosearchError `permission-denied`
   */
  remove(model: KnownModel): void {
    const { inUse, folders } = this.readChoice();
    this.writeChoice({
      inUse: model.inUse ? undefined : inUse,
      folders: folders.filter((folder) => folder !== model.folder),
    });
    if (model.kind !== 'pulled') return;
    try {
      // Renamed first, so that half a model is never taken for one.
      const gone = `${model.folder}.removed${UNFINISHED}`;
      rmSync(gone, { recursive: true, force: true });
      renameSync(model.folder, gone);
      rmSync(gone, { recursive: true, force: true });
    } catch (error) {
      throw new NeosearchError(
        'permission-denied',
        `${model.folder} cannot be deleted: ${messageOf(error)}. Close the windows that use it and try again.`,
        { cause: error },
      );
    }
  }

  /** Where a pull of a commit is to lie. */
  folderFor(repository: string, commit: string, quantized: boolean): string {
    return path.join(this.dir, folderOf(repository), `${commit}${quantized ? QUANTIZED : ''}`);
  }

  /** What a folder says of where it was pulled from. */
  recordOf(folder: string): PullRecord | undefined {
    const value = readJson(path.join(folder, PULL_RECORD));
    return isRecord(value) ? value : undefined;
  }

  /** Makes a pulled model of a folder. */
  writeRecord(folder: string, record: PullRecord): void {
    writeAtomically(path.join(folder, PULL_RECORD), JSON.stringify(record, undefined, 2), true);
  }

  /** Oldest first. */
  private pulled(): readonly { readonly folder: string; readonly record: PullRecord }[] {
    return filesOf(this.dir)
      .flatMap((owner) => filesOf(path.join(this.dir, owner)).map((name) => path.join(this.dir, owner, name)))
      .filter((folder) => !folder.endsWith(UNFINISHED))
      .flatMap((folder) => {
        const record = this.recordOf(folder);
        return record === undefined ? [] : [{ folder, record }];
      })
      .sort((a, b) => (a.record.pulledAt < b.record.pulledAt ? -1 : 1));
  }

  /** Where a model lies, or would lie. */
  private folderOf(name: string | undefined): string {
    if (name === undefined || name === '') {
      const { inUse } = this.readChoice();
      return inUse === undefined ? this.embedded : path.resolve(this.dir, inUse);
    }
    if (name === EMBEDDED) return this.embedded;
    return this.findPulled(name)?.folder ?? path.resolve(name);
  }

  private findPulled(name: string): { readonly folder: string } | undefined {
    const asked = modelNameIn(name);
    if (asked === undefined) return undefined;
    const all = this.pulled().filter(({ record }) => record.repository === asked.repository);
    const { revision } = asked;
    if (revision === undefined) return all.at(-1);
    const quantized = revision.endsWith(QUANTIZED);
    const start = quantized ? revision.slice(0, -QUANTIZED.length) : revision;
    return all.findLast(
      ({ record }) =>
        record.quantized === quantized &&
        (record.revision === start || (/^[0-9a-f]{4,}$/.test(start) && record.commit.startsWith(start))),
    );
  }

  private readChoice(): Choice {
    const value = readJson(path.join(this.dir, CHOICE));
    const { inUse, folders } = isFields(value) ? value : {};
    return {
      inUse: typeof inUse === 'string' ? inUse : undefined,
      folders: Array.isArray(folders) ? folders.filter((folder) => typeof folder === 'string') : [],
    };
  }

  private writeChoice(choice: Choice): void {
    if (JSON.stringify(choice) === JSON.stringify(this.readChoice())) return;
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    writeAtomically(path.join(this.dir, CHOICE), JSON.stringify(choice, undefined, 2), true);
  }
}

function isRecord(value: unknown): value is PullRecord {
  return (
    isFields(value) &&
    typeof value['repository'] === 'string' &&
    typeof value['revision'] === 'string' &&
    isCommit(value['commit']) &&
    typeof value['quantized'] === 'boolean' &&
    (value['form'] === 'neobert' || value['form'] === 'onnx') &&
    typeof value['bytes'] === 'number' &&
    typeof value['pulledAt'] === 'string'
  );
}

/** @returns undefined for a file that is missing */
function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new NeosearchError(
      'permission-denied',
      `${file} cannot be read: ${messageOf(error)}. Make it readable for you.`,
      {
        cause: error,
      },
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NeosearchError(
      'bad-model',
      `${file} is damaged (${messageOf(error)}). Delete it and choose the model again.`,
      {
        cause: error,
      },
    );
  }
}
