/**
 * The walk through a root: every file that may be indexed, and everything that is left out with its reason.
 * It stats files and reads ignore files, but no other contents.
 */
import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CancellationSignal } from '../../base/cancellation';
import { NeosearchError, systemCodeOf } from '../../base/errors';
import { defaultMaxFileBytes, skippedByFileName, skippedBySize } from './fileRules';
import { alwaysSkipped, skippedByContents, skippedByName } from './folderRules';
import type { Environment } from './gitConfig';
import { resolved } from './gitRepository';
import { IgnoreRules, type Verdict } from './ignoreRules';
import { IgnoreStack, ownIgnoreFile } from './ignoreStack';
import { linkReason } from './links';
import { whenFilesAreFree } from './openFiles';
import type { SkipReason } from './skipReason';

/** A file to index, or something that is left out. */
export type CrawlEntry = CrawledFile | Skipped;

export interface CrawledFile {
  readonly type: 'file';
  /** Relative to the root, with `/` between its parts. */
  readonly path: string;
  readonly absolutePath: string;
  /** In bytes. */
  readonly size: number;
  /** Modification time in milliseconds since 1970, with a fraction. */
  readonly mtimeMs: number;
  /** An ignore file takes it in by name (`!name`): rules about generated and the like do not apply. */
  readonly wanted: boolean;
}

export interface Skipped {
  readonly type: 'skipped';
  /** Relative to the root, with `/` between its parts. A folder stands for all that is in it. */
  readonly path: string;
  readonly folder: boolean;
  readonly reason: SkipReason;
}

export interface CrawlOptions {
  /** Largest file, in bytes; 1 MiB unless told. */
  readonly maxFileBytes?: number;
  /** Gitignore-style globs, relative to the root: what they match is left out. They win over everything. */
  readonly exclude?: readonly string[];
  /** Gitignore-style globs, relative to the root: if there are any, only files that one matches are taken. */
  readonly include?: readonly string[];
  /** What an editor's settings leave out; like `exclude` and `include` it wins over everything. */
  readonly filter?: CrawlFilter;
  /** Whether git's ignore files hold; true unless told. `.neosearchignore` always holds. */
  readonly useIgnoreFiles?: boolean;
  /** Absolute paths of folders of our own, such as the one that holds the indexes. */
  readonly ownFolders?: readonly string[];
  /** Most file system calls at a time; 32 unless told. */
  readonly concurrency?: number;
  /** Where git's configuration is looked for; the process's own environment unless told. */
  readonly environment?: Environment;
  readonly signal?: CancellationSignal;
}

/** Settings of an editor, as the crawl asks them. Paths are relative to the root, with `/` between their parts. */
export interface CrawlFilter {
  /** Whether a file or folder is left out, with all that is in it. */
  isExcluded(path: string): boolean;
  /** Whether a file, which is not excluded, is wanted. */
  isIncluded(path: string): boolean;
}

/**
 * Walks through a root. Entries come sorted by path in the order of UTF-16 code units (a folder that is left
 * out as if its path ended in `/`). No link is followed. A folder or file that cannot be read is an entry
 * with its reason; the rest goes on.
 * @param root need not lie in a repository; no ignore file above it can ignore it
 * @throws NeosearchError `root-missing`, `root-not-a-folder` or `permission-denied`, for the root alone
 * @throws AbortError when the signal fires
 */
export async function* crawl(root: string, options: CrawlOptions = {}): AsyncGenerator<CrawlEntry, void> {
  const walk = await Walk.open(path.resolve(root), options);
  // Folders still to go through, each a list of its entries in order; the innermost one last.
  const open = [(await walk.top())[Symbol.iterator]()];
  for (let folder = open.at(-1); folder; folder = open.at(-1)) {
    const next = folder.next();
    if (next.done) open.pop();
    else if (next.value.type !== 'folder') yield next.value;
    else open.push((await walk.visit(next.value))[Symbol.iterator]());
  }
}

/** What the crawl would make of single paths of a root, as its ignore files are now. */
export class PathFinder {
  private constructor(private readonly walk: Walk) {}

  /** @throws NeosearchError as `crawl` does */
  static async open(root: string, options: CrawlOptions = {}): Promise<PathFinder> {
    return new PathFinder(await Walk.open(path.resolve(root), options));
  }

  /**
   * @param place relative to the root, with `/` between its parts
   * @returns the entry that the crawl has of it or of the folder around it that is left out; `folder` for a folder
   * that is walked through; undefined where there is nothing
   */
  async find(place: string): Promise<CrawlEntry | 'folder' | undefined> {
    return this.walk.find(place);
  }
}

/** A folder that the walk is to go into. */
interface Folder {
  readonly type: 'folder';
  /** Relative to the root, ending in `/`; empty for the root. */
  readonly relative: string;
  readonly stack: IgnoreStack;
  /** An ignore file takes it in by name: what tools keep there is taken. */
  readonly wanted: boolean;
}

type Item = CrawlEntry | Folder;

/** What is needed of a folder to judge its entries. */
interface Listing {
  readonly entries: readonly Dirent[];
  readonly names: readonly string[];
  readonly stack: IgnoreStack;
  /** Ignore files that cannot be read. */
  readonly unreadable: readonly string[];
}

class Walk {
  private readonly maxFileBytes: number;
  private readonly concurrency: number;
  private readonly include: IgnoreRules | undefined;
  private readonly exclude: IgnoreRules | undefined;

  private constructor(
    private readonly root: string,
    /** The root with links resolved. */
    private readonly realRoot: string,
    private readonly stack: IgnoreStack,
    /** Links resolved. */
    private readonly ownFolders: ReadonlySet<string>,
    private readonly options: CrawlOptions,
  ) {
    this.maxFileBytes = options.maxFileBytes ?? defaultMaxFileBytes;
    this.concurrency = Math.max(1, options.concurrency ?? 32);
    this.include = globs(options.include);
    this.exclude = globs(options.exclude);
  }

  static async open(root: string, options: CrawlOptions): Promise<Walk> {
    options.signal?.throwIfAborted();
    try {
      const realRoot = await realpath(root);
      if (!(await stat(realRoot)).isDirectory()) throw notAFolder(root);
      const stack = await IgnoreStack.forRoot(realRoot, options.environment ?? process.env);
      const ownFolders = await Promise.all((options.ownFolders ?? []).map(resolved));
      return new Walk(root, realRoot, stack, new Set(ownFolders), options);
    } catch (error) {
      throw rootError(error, root);
    }
  }

  async top(): Promise<Item[]> {
    const folder: Folder = { type: 'folder', relative: '', stack: this.stack, wanted: true };
    try {
      return await this.list(folder);
    } catch (error) {
      throw rootError(error, this.root);
    }
  }

  /** What is in a folder, in order. */
  async visit(folder: Folder): Promise<Item[]> {
    this.options.signal?.throwIfAborted();
    try {
      return await this.list(folder);
    } catch (error) {
      this.options.signal?.throwIfAborted();
      const code = systemCodeOf(error);
      if (code === undefined) throw error;
      return [skipped(folder.relative.slice(0, -1), true, code === 'ENOENT' ? 'vanished' : 'unreadable')];
    }
  }

  /** What becomes of one path; see {@link PathFinder.find}. */
  async find(place: string): Promise<CrawlEntry | 'folder' | undefined> {
    let folder: Folder = { type: 'folder', relative: '', stack: this.stack, wanted: true };
    for (const part of place.split('/')) {
      let item: Item | undefined;
      try {
        const listing = await this.read(folder);
        if ('type' in listing) return listing;
        const entry = listing.entries.find(({ name }) => name === part);
        item = entry && (await this.judge(folder, entry, listing));
      } catch (error) {
        const code = systemCodeOf(error);
        if (code === undefined) throw error;
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
        return skipped(folder.relative.slice(0, -1), true, 'unreadable');
      }
      if (item === undefined) return undefined;
      if (item.type !== 'folder') {
        return item.path === place || item.type === 'skipped' ? item : undefined;
      }
      folder = item;
    }
    return 'folder';
  }

  private async list(folder: Folder): Promise<Item[]> {
    const listing = await this.read(folder);
    if ('type' in listing) return [listing];
    const sorted = listing.entries
      .map((entry) => ({ entry, key: entry.isDirectory() ? `${entry.name}/` : entry.name }))
      .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
    const items: Item[] = [];
    for (let at = 0; at < sorted.length; at += this.concurrency) {
      this.options.signal?.throwIfAborted();
      const batch = sorted.slice(at, at + this.concurrency);
      items.push(...(await Promise.all(batch.map(({ entry }) => this.judge(folder, entry, listing)))));
    }
    return items;
  }

  /** What lies in a folder, or why the folder is left out for it. */
  private async read(folder: Folder): Promise<Listing | Skipped> {
    const { relative } = folder;
    const absolute = this.absolute(relative);
    const entries = await whenFilesAreFree(() => readdir(absolute, { withFileTypes: true }));
    const names = entries.map((entry) => entry.name);
    if (relative !== '' && !folder.wanted) {
      const reason = skippedByContents(names);
      if (reason !== undefined) return skipped(relative.slice(0, -1), true, reason);
    }
    const isRepository = names.includes('.git');
    if (isRepository && relative !== '' && (await folder.stack.isOtherWorktree(absolute))) {
      return skipped(relative.slice(0, -1), true, 'worktree');
    }
    const files = new Set(entries.filter((entry) => entry.isFile()).map((entry) => entry.name));
    const { stack, unreadable } = await folder.stack.within(absolute, relative, files, isRepository);
    return { entries, names, stack, unreadable };
  }

  private async judge(folder: Folder, entry: Dirent, listing: Listing): Promise<Item> {
    const { names, stack, unreadable } = listing;
    const place = folder.relative + entry.name;
    if (unreadable.includes(entry.name)) return skipped(place, false, 'unreadable');
    return entry.isDirectory()
      ? this.folder(`${place}/`, entry.name, names, stack)
      : this.file(place, entry, stack);
  }

  /** @param place relative to the root, ending in `/` */
  private folder(place: string, name: string, siblings: readonly string[], stack: IgnoreStack): Item {
    const reason =
      alwaysSkipped(name) ??
      (this.ownFolders.has(path.join(this.realRoot, place.slice(0, -1))) ? 'own-index' : undefined) ??
      (this.exclude?.verdict(place) === 'ignored' ||
      this.options.filter?.isExcluded(place.slice(0, -1)) === true
        ? 'excluded'
        : undefined);
    if (reason !== undefined) return skipped(place.slice(0, -1), true, reason);
    const own = stack.ownVerdict(place);
    const git = own ?? this.gitVerdict(stack, place);
    const skip = git === 'ignored' ? 'ignored' : own ? undefined : skippedByName(name, siblings);
    if (skip !== undefined) return skipped(place.slice(0, -1), true, skip);
    // Taken back in: weaker rules that ignore it must not go on ignoring what is in it.
    const below = git === 'included' ? stack.including(place) : stack;
    return { type: 'folder', relative: place, stack: below, wanted: own === 'included' };
  }

  private async file(place: string, entry: Dirent, stack: IgnoreStack): Promise<CrawlEntry> {
    const { name } = entry;
    const own = stack.ownVerdict(place);
    const wanted = own === 'included';
    const reason =
      alwaysSkipped(name) ??
      (this.takes(place) ? undefined : 'excluded') ??
      ((own ?? this.gitVerdict(stack, place)) === 'ignored' ? 'ignored' : undefined) ??
      (entry.isSymbolicLink() ? await linkReason(this.absolute(place), this.realRoot) : undefined) ??
      (entry.isFile() ? undefined : 'special-file') ??
      nameReason(name, wanted);
    if (reason !== undefined) return skipped(place, false, reason);
    const absolutePath = this.absolute(place);
    try {
      const { size, mtimeMs } = await lstat(absolutePath);
      const bySize = skippedBySize(name, size, this.maxFileBytes);
      if (bySize !== undefined && !(wanted && bySize === 'data')) return skipped(place, false, bySize);
      return { type: 'file', path: place, absolutePath, size, mtimeMs, wanted };
    } catch (error) {
      const code = systemCodeOf(error);
      if (code === undefined) throw error;
      const missing = name.includes('\ufffd') ? 'bad-name' : 'vanished';
      return skipped(place, false, code === 'ENOENT' ? missing : 'unreadable');
    }
  }

  private gitVerdict(stack: IgnoreStack, place: string): Verdict {
    return this.options.useIgnoreFiles === false ? undefined : stack.gitVerdict(place);
  }

  /** Whether the caller's globs let a file through. */
  private takes(place: string): boolean {
    if (this.exclude?.verdict(place) === 'ignored') return false;
    const { filter } = this.options;
    if (filter !== undefined && (filter.isExcluded(place) || !filter.isIncluded(place))) return false;
    return this.include === undefined || this.include.verdict(place) === 'ignored';
  }

  private absolute(relative: string): string {
    return path.join(this.root, relative);
  }
}

/** Of the names' reasons, a file that is taken in by name keeps only those that say that it is no text. */
function nameReason(name: string, wanted: boolean): SkipReason | undefined {
  if (name === ownIgnoreFile) return undefined;
  const reason = skippedByFileName(name);
  return wanted && reason !== 'binary' && reason !== 'media' ? undefined : reason;
}

function skipped(place: string, folder: boolean, reason: SkipReason): Skipped {
  return { type: 'skipped', path: place, folder, reason };
}

/** Globs as rules: what one of them matches is `ignored`. */
function globs(patterns: readonly string[] | undefined): IgnoreRules | undefined {
  if (patterns === undefined || patterns.length === 0) return undefined;
  return IgnoreRules.parse(patterns.join('\n'), false, { above: '', below: '' });
}

function notAFolder(root: string): NeosearchError {
  return new NeosearchError('root-not-a-folder', `${root} is not a folder. Name the folder that holds it.`);
}

/** What is told when the root itself cannot be read. */
function rootError(error: unknown, root: string): unknown {
  const code = systemCodeOf(error);
  if (code === 'ENOENT') {
    return new NeosearchError('root-missing', `${root} does not exist. Name an existing folder.`, {
      cause: error,
    });
  }
  if (code === 'ENOTDIR') return notAFolder(root);
  if (code === 'EACCES' || code === 'EPERM') {
    const message = `No permission to read ${root}. Change its permissions, or run as a user who has them.`;
    return new NeosearchError('permission-denied', message, { cause: error });
  }
  return error;
}
