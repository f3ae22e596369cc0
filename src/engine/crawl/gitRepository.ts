/** Where the git repository around a folder is, read from the file system alone. */
import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { systemCodeOf } from '../../base/errors';
import { readIfThere } from './gitConfig';

/** A repository with a working tree. All paths are absolute. */
export interface GitRepository {
  /** Top folder of the working tree. */
  readonly top: string;
  /** This working tree's own git directory. */
  readonly gitDir: string;
  /** The directory that all working trees share; equals `gitDir` in all but linked ones. */
  readonly commonDir: string;
}

/**
 * The common git directory of the repository that a folder lies in: the same for every working tree of it.
 * @returns an absolute path with links resolved, or undefined when the folder is in no repository
 */
export async function findGitCommonDir(root: string): Promise<string | undefined> {
  const repository = await findRepository(root);
  return repository && resolved(repository.commonDir);
}

/** The nearest repository at or above a folder. */
export async function findRepository(folder: string): Promise<GitRepository | undefined> {
  let top = await resolved(folder);
  for (;;) {
    const repository = await repositoryAt(top);
    if (repository) return repository;
    const above = path.dirname(top);
    if (above === top) return undefined;
    top = above;
  }
}

/** The repository whose working tree has its top at a folder. */
export async function repositoryAt(top: string): Promise<GitRepository | undefined> {
  const dotGit = path.join(top, '.git');
  let gitDir = dotGit;
  try {
    const entry = await lstat(dotGit);
    if (!entry.isDirectory()) {
      // A linked working tree or a submodule: a file that names the directory.
      const named = /^gitdir:\s*(.+?)\s*$/m.exec((await readIfThere(dotGit)) ?? '')?.[1];
      if (named !== undefined) gitDir = path.resolve(top, named);
      else if (!entry.isSymbolicLink()) return undefined;
    }
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
  const common = (await readIfThere(path.join(gitDir, 'commondir')))?.trim();
  return { top, gitDir, commonDir: common ? path.resolve(gitDir, common) : gitDir };
}

/** A path without links; as it is where it cannot be resolved. */
export async function resolved(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return path.resolve(folder);
  }
}
