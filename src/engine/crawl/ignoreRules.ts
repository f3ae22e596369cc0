/**
 * The rules of one ignore file, and what they say of a path. Matching is the `ignore` package's; what is
 * added here is what a walk from the top down needs.
 */
import ignore from 'ignore';

/** What rules say of a path: the last rule that matches decides; undefined when none does. */
export type Verdict = 'ignored' | 'included' | undefined;

/** The rules of one ignore file, seen from one root. */
export class IgnoreRules {
  private tests = 0;
  private matcher: ignore.Ignore;

  private constructor(
    private readonly rules: ignore.Ignore,
    private readonly options: ignore.Options,
    private readonly place: Place,
  ) {
    this.matcher = rules;
  }

  /** @param text the ignore file's lines */
  static parse(text: string, ignoreCase: boolean, place: Place): IgnoreRules {
    const options = { ignoreCase };
    return new IgnoreRules(ignore(options).add(text), options, place);
  }

  /**
   * What the rules say of a path below the root. A path below an ignored folder is ignored.
   * @param path relative to the root; a folder's ends in `/`
   */
  verdict(path: string): Verdict {
    // The package remembers every path that it has seen: start afresh now and then.
    if (++this.tests % 1000 === 0) this.matcher = ignore(this.options).add(this.rules);
    const result = this.matcher.test(fromFile(path, this.place));
    return result.ignored ? 'ignored' : result.unignored ? 'included' : undefined;
  }

  /** The same rules with a folder taken back in, so that they go on deciding about what is below it. */
  including(folder: string): IgnoreRules {
    const line = `!/${fromFile(folder, this.place).replace(/[\\*?[]/g, '\\$&')}`;
    const rules = ignore(this.options).add(this.rules).add([line]);
    return new IgnoreRules(rules, this.options, this.place);
  }
}

/**
 * Where an ignore file lies, seen from the root: above it, `above` holds the folders between (`a/b/`); below
 * it, `below` is the file's folder (`a/b/`). Both are empty for a file in the root itself.
 */
export interface Place {
  readonly above: string;
  readonly below: string;
}

function fromFile(path: string, place: Place): string {
  return place.above + path.slice(place.below.length);
}

/**
 * The lines of an ignore file above a root that may be used within it. A root that was named is never ignored
 * as a whole: when the file ignores the root, a folder around it, or whatever the root may hold, the rules
 * that do so are left out.
 * @param rootFromFile the root relative to the ignore file's folder, ending in `/`; empty in the root itself
 */
export function linesForNamedRoot(text: string, rootFromFile: string, ignoreCase: boolean): string {
  if (rootFromFile === '') return text;
  const whole = ignore({ ignoreCase }).add(text);
  const inside = [
    ...probes.map((name) => rootFromFile + name),
    ...probes.map((name) => `${rootFromFile}${name}/`),
  ];
  if (!whole.ignores(rootFromFile) && !inside.every((path) => whole.ignores(path))) return text;
  const around = foldersOf(rootFromFile);
  return text
    .split('\n')
    .filter((line) => {
      const rule = ignore({ ignoreCase }).add(line);
      return !around.some((path) => rule.ignores(path)) && !inside.every((path) => rule.ignores(path));
    })
    .join('\n');
}

/** Names that have nothing in common: a rule that takes them all takes everything. */
const probes = ['q', 'Zebra 9.x-y', '.~_é'];

/** `a/b/c/` gives `a/`, `a/b/`, `a/b/c/`. */
function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
    folders.push(path.slice(0, at + 1));
  return folders;
}
