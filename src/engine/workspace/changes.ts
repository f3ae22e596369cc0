/** What the changes that an editor's watcher saw mean for an index. */
import { ownIgnoreFile } from '../crawl/ignoreStack';

export interface Work {
  /** Paths to look at one by one. */
  readonly paths: readonly string[];
  /** Whether the folder is to be compared with the index as a whole. */
  readonly scan: boolean;
}

/** More changed paths than this are met by one scan. */
const MOST_PATHS = 400;
/** Files that decide about others. */
const RULES = new Set(['.gitignore', ownIgnoreFile]);
/** Files of a repository that decide what is in the working tree, or what of it is ignored. */
const GIT = /(^|\/)\.git\/(HEAD|config|config\.worktree|info\/exclude)$/;

export function workFor(changed: readonly string[], deleted: readonly string[]): Work {
  const all = [...new Set([...changed, ...deleted])].filter((path) => path !== '');
  const outside = all.filter((path) => !/(^|\/)\.git(\/|$)/.test(path));
  const scan =
    outside.length > MOST_PATHS ||
    changed.includes('') ||
    all.some((path) => GIT.test(path) || RULES.has(path.slice(path.lastIndexOf('/') + 1)));
  return { paths: outside.slice(0, MOST_PATHS), scan };
}
