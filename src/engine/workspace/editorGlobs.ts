/**
 * What an editor's settings leave out: globs with the editor's meaning. A pattern is matched against the path
 * relative to the root, so that `*.log` means the root's own files and `**` reaches everywhere; a folder that
 * matches takes all that is in it along.
 */
import picomatch from 'picomatch';
import type { CrawlFilter } from '../crawl/crawl';

type Matcher = (path: string) => boolean;

export class EditorGlobs implements CrawlFilter {
  private readonly excludes: Matcher;
  private readonly includes: Matcher | undefined;
  /** Verdicts of folders, which many paths share. */
  private readonly folders = new Map<string, boolean>();

  /**
   * @param exclude what matches one is left out
   * @param include with any, only what matches one is taken
   */
  constructor(exclude: readonly string[], include: readonly string[], platform = process.platform) {
    const nocase = platform === 'win32' || platform === 'darwin';
    this.excludes = matcherOf(exclude, nocase) ?? (() => false);
    this.includes = matcherOf(include, nocase);
  }

  isExcluded = (path: string): boolean => this.excludedByFolder(parentOf(path)) || this.excludes(path);

  isIncluded = (path: string): boolean => {
    if (this.includes === undefined) return true;
    for (let place = path; place !== ''; place = parentOf(place)) if (this.includes(place)) return true;
    return false;
  };

  /** Whether a document may be indexed and shown. */
  isShown = (path: string): boolean => !this.isExcluded(path) && this.isIncluded(path);

  private excludedByFolder(folder: string): boolean {
    if (folder === '') return false;
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const verdict = this.excludedByFolder(parentOf(folder)) || this.excludes(folder);
    this.folders.set(folder, verdict);
    return verdict;
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function matcherOf(patterns: readonly string[], nocase: boolean): Matcher | undefined {
  const cleaned = patterns.map(clean).filter((pattern) => pattern !== '');
  if (cleaned.length === 0) return undefined;
  return picomatch(cleaned, { dot: true, nocase, nonegate: true, noextglob: true, strictSlashes: false });
}

/** The pattern as picomatch reads it: what it would take for more than a character is escaped. */
function clean(pattern: string): string {
  return pattern
    .trim()
    .replace(/\\/g, '/')
    .replace(/^\.?\/+/, '')
    .replace(/\/+$/, '')
    .replace(/[()|+@]/g, '\\$&');
}
