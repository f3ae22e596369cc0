/**
 * All ignore files that bear on one folder, in their order. From weakest to strongest: git's global excludes,
 * the repository's `info/exclude`, `.gitignore` from the top down; then `.neosearchignore` from the top down,
 * any of which wins over all of git's.
 *
 * A stack never changes: each folder of a walk has its own, made from its parent's.
 */
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { systemCodeOf } from '../../base/errors';
import { defaultExcludesFile, readGitSettings, readIfThere, type Environment } from './gitConfig';
import { findRepository, repositoryAt, resolved, type GitRepository } from './gitRepository';
import { IgnoreRules, linesForNamedRoot, type Place, type Verdict } from './ignoreRules';

/** The name of Neosearch's own ignore files. */
export const ownIgnoreFile = '.neosearchignore';
const gitIgnoreFile = '.gitignore';

/** What holds for a whole walk. */
interface Ground {
  readonly ignoreCase: boolean;
  /** Text of git's global excludes. */
  readonly globalExcludes: string | undefined;
  /** Common git directory of the repository around the root, links resolved. */
  readonly commonDir: string | undefined;
}

/** The ignore files for the entries of one folder. */
export class IgnoreStack {
  private constructor(
    private readonly ground: Ground,
    private readonly git: readonly IgnoreRules[],
    private readonly own: readonly IgnoreRules[],
  ) {}

  /**
   * The stack that a root starts with: what lies above it, without its own ignore files.
   * @param root absolute, links resolved
   */
  static async forRoot(root: string, environment: Environment): Promise<IgnoreStack> {
    const repository = await findRepository(root);
    const settings = await readGitSettings(configFiles(repository), repository?.top ?? root, environment);
    const ignoreCase = settings.ignoreCase ?? ['darwin', 'win32'].includes(process.platform);
    const excludesFile = settings.excludesFile ?? defaultExcludesFile(environment);
    const globalExcludes = excludesFile ? await readIfThere(excludesFile) : undefined;
    const commonDir = repository && (await resolved(repository.commonDir));
    const ground: Ground = { ignoreCase, globalExcludes, commonDir };

    const git: IgnoreRules[] = [];
    const own: IgnoreRules[] = [];
    const add = (rules: IgnoreRules[], text: string | undefined, from: string) => {
      if (text === undefined) return;
      const above = slashed(path.relative(from, root));
      const lines = linesForNamedRoot(text, above, ignoreCase);
      rules.push(IgnoreRules.parse(lines, ignoreCase, { above, below: '' }));
    };
    const top = repository?.top ?? root;
    add(git, globalExcludes, top);
    if (repository) add(git, await excludesOf(repository), top);
    for (const folder of foldersBetween(top, root)) {
      add(git, await readIfThere(path.join(folder, gitIgnoreFile)), folder);
      add(own, await readIfThere(path.join(folder, ownIgnoreFile)), folder);
    }
    return new IgnoreStack(ground, git, own);
  }

  /** What `.neosearchignore` files say of a path below the root; a folder's ends in `/`. */
  ownVerdict(relative: string): Verdict {
    return decide(this.own, relative);
  }

  /** What git's ignore files say of a path below the root; a folder's ends in `/`. */
  gitVerdict(relative: string): Verdict {
    return decide(this.git, relative);
  }

  /** The stack below a folder that one file ignores and a stronger one takes back in. */
  including(folder: string): IgnoreStack {
    const take = (rules: IgnoreRules) =>
      rules.verdict(folder) === 'ignored' ? rules.including(folder) : rules;
    return new IgnoreStack(this.ground, this.git.map(take), this.own.map(take));
  }

  /**
   * The stack for the entries of a folder.
   * @param absolute the folder
   * @param relative the folder relative to the root, ending in `/`; empty for the root
   * @param files names of the regular files in it
   * @param isRepository whether it is the top of a repository inside the root: git's rules from outside end there
   * @returns the stack, and the names of ignore files that cannot be read
   */
  async within(
    absolute: string,
    relative: string,
    files: ReadonlySet<string>,
    isRepository: boolean,
  ): Promise<{ stack: IgnoreStack; unreadable: readonly string[] }> {
    const place: Place = { above: '', below: relative };
    const parse = (text: string) => IgnoreRules.parse(text, this.ground.ignoreCase, place);
    const unreadable: string[] = [];
    const read = async (name: string): Promise<IgnoreRules[]> => {
      if (!files.has(name)) return [];
      try {
        return [parse((await readFile(path.join(absolute, name), 'utf8')).replace(/^\uFEFF/, ''))];
      } catch (error) {
        if (systemCodeOf(error) === undefined) throw error;
        unreadable.push(name);
        return [];
      }
    };

    let git = this.git;
    const repository = isRepository && relative !== '' ? await repositoryAt(absolute) : undefined;
    if (repository) {
      const texts = [this.ground.globalExcludes, await excludesOf(repository)];
      git = texts.filter((text) => text !== undefined).map(parse);
    }
    const gitHere = await read(gitIgnoreFile);
    const ownHere = await read(ownIgnoreFile);
    if (git === this.git && gitHere.length === 0 && ownHere.length === 0) return { stack: this, unreadable };
    const stack = new IgnoreStack(this.ground, [...git, ...gitHere], [...this.own, ...ownHere]);
    return { stack, unreadable };
  }

  /** Whether a folder is the top of another working tree of the repository around the root. */
  async isOtherWorktree(absolute: string): Promise<boolean> {
    if (this.ground.commonDir === undefined) return false;
    const repository = await repositoryAt(absolute);
    return repository !== undefined && (await resolved(repository.commonDir)) === this.ground.commonDir;
  }
}

/** The strongest rules that say something. */
function decide(layers: readonly IgnoreRules[], relative: string): Verdict {
  for (let at = layers.length - 1; at >= 0; at--) {
    const verdict = layers[at]?.verdict(relative);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

function configFiles(repository: GitRepository | undefined): string[] {
  if (!repository) return [];
  return [path.join(repository.commonDir, 'config'), path.join(repository.gitDir, 'config.worktree')];
}

function excludesOf(repository: GitRepository): Promise<string | undefined> {
  return readIfThere(path.join(repository.commonDir, 'info', 'exclude'));
}

/** Folders from a top down to a folder below it, that one left out. */
function foldersBetween(top: string, below: string): string[] {
  const folders: string[] = [];
  for (let folder = below; folder !== top;) {
    folder = path.dirname(folder);
    folders.unshift(folder);
  }
  return folders;
}

/** A relative path with `/` between its parts and at its end; empty for none. */
function slashed(relative: string): string {
  return relative === '' ? '' : `${relative.split(path.sep).join('/')}/`;
}
