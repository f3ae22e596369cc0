/** Names of repositories on the hub, and of the folders that hold what was pulled from them. */
import { NeosearchError } from '../../base/errors';

/** What a user names: `owner/name`, perhaps with `@` and a branch, a tag or a commit. */
export interface ModelName {
  readonly repository: string;
  readonly revision: string | undefined;
}

/** A part of a repository's name, by the hub's own rules: it begins with a letter or digit. */
const PART = /^[A-Za-z0-9][\w.-]{0,95}$/;
/** No `..`, which is a way out of a folder, and no `--`, which divides owner and name in a folder's name. */
const FORBIDDEN = /\.\.|--|\.git$|\.$/;
/** Branches may hold slashes. */
const REVISION = /^[A-Za-z0-9][\w./+-]{0,199}$/;
const COMMIT = /^[0-9a-f]{40}$/;

/** @throws NeosearchError `bad-argument` for anything but `NAME`, `OWNER/NAME` and these with `@REVISION` */
export function parseModelName(text: string): ModelName {
  const name = modelNameIn(text);
  if (name !== undefined) return name;
  throw new NeosearchError(
    'bad-argument',
    `"${text}" is no name of a repository on the hub. Name one as OWNER/NAME or OWNER/NAME@REVISION.`,
  );
}

/** @returns undefined for what cannot be the name of a repository */
export function modelNameIn(text: string): ModelName | undefined {
  const at = text.indexOf('@');
  const repository = at < 0 ? text : text.slice(0, at);
  const revision = at < 0 ? undefined : text.slice(at + 1);
  const parts = repository.split('/');
  if (parts.length > 2 || !parts.every((part) => PART.test(part) && !FORBIDDEN.test(part))) return undefined;
  if (revision !== undefined && (!REVISION.test(revision) || revision.includes('..'))) return undefined;
  return { repository, revision };
}

/** Whether a text can only be meant as OWNER/NAME, with or without a revision, or as such a folder. */
export function isRepository(text: string): boolean {
  return modelNameIn(text)?.repository.includes('/') === true;
}

/** `owner--name`. */
export function folderOf(repository: string): string {
  return repository.replace('/', '--');
}

/** Whether a text is the full name of a commit. */
export function isCommit(text: unknown): text is string {
  return typeof text === 'string' && COMMIT.test(text);
}
