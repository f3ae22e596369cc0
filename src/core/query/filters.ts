/** The filters of a query: which paths and which languages may answer it. */
import ignore, { type Ignore } from 'ignore';
import { NeosearchError } from '../../base/errors';
import { resolveLanguage } from '../corpus/language';

/** Gitignore-style globs, some that must match and some that must not. */
export class PathFilter {
  readonly isEmpty: boolean;
  private readonly included: Ignore | undefined;
  private readonly excluded: Ignore | undefined;

  /** A path passes when it matches any of `included` (or there is none) and none of `excluded`. */
  constructor(included: readonly string[], excluded: readonly string[]) {
    this.included = matcher(included);
    this.excluded = matcher(excluded);
    this.isEmpty = this.included === undefined && this.excluded === undefined;
  }

  /** @param path relative to the root, with forward slashes */
  allows(path: string): boolean {
    if (this.included !== undefined && !this.included.ignores(path)) return false;
    return this.excluded === undefined || !this.excluded.ignores(path);
  }
}

function matcher(globs: readonly string[]): Ignore | undefined {
  const patterns = globs.map(toPattern).filter((glob) => glob !== '');
  return patterns.length === 0 ? undefined : ignore({ allowRelativePaths: true }).add(patterns);
}

/** A glob as typed, as one pattern line: backslashes are separators, `!` and `#` are plain characters. */
function toPattern(glob: string): string {
  const slashed = glob.trim().replace(/\\/g, '/').replace(/^\.\//, '');
  return /^[!#]/.test(slashed) ? `\\${slashed}` : slashed;
}

/** VS Code language ids, given by id or common alias (`py`, `c++`), some wanted and some not. */
export class LanguageFilter {
  readonly isEmpty: boolean;
  private readonly included: ReadonlySet<string>;
  private readonly excluded: ReadonlySet<string>;

  /** @throws NeosearchError `bad-argument` for a name that no language has */
  constructor(included: readonly string[], excluded: readonly string[]) {
    this.included = new Set(included.flatMap(languagesNamed));
    this.excluded = new Set(excluded.flatMap(languagesNamed));
    this.isEmpty = this.included.size === 0 && this.excluded.size === 0;
  }

  allows(language: string): boolean {
    return (this.included.size === 0 || this.included.has(language)) && !this.excluded.has(language);
  }
}

function languagesNamed(name: string): readonly string[] {
  const languages = resolveLanguage(name);
  if (languages === undefined) {
    throw new NeosearchError(
      'bad-argument',
      `"${name}" is no language known here. Try e.g. lang:python, lang:ts or lang:markdown.`,
    );
  }
  return languages;
}
