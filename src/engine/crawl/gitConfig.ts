/**
 * The two settings of git that decide what is ignored, read from git's configuration files. No git is run:
 * it may not be installed, and a file is quicker. `[includeIf]` is not followed.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemCodeOf } from '../../base/errors';

/** What git's configuration says about ignoring; absent where it says nothing. */
export interface GitSettings {
  /** `core.excludesFile`, absolute; an empty string turns global excludes off. */
  readonly excludesFile?: string;
  /** `core.ignoreCase`. */
  readonly ignoreCase?: boolean;
}

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the system's, the user's and a repository's configuration, in git's order: the last one wins.
 * @param repositoryFiles the repository's own configuration files, which need not exist
 * @param relativeTo the folder that a relative `core.excludesFile` starts from
 */
export async function readGitSettings(
  repositoryFiles: readonly string[],
  relativeTo: string,
  environment: Environment,
): Promise<GitSettings> {
  const home = homeOf(environment);
  const values = new Map<string, string>();
  for (const file of [...userFiles(environment), ...repositoryFiles]) await readInto(values, file, home, 0);
  const excludesFile = values.get('core.excludesfile');
  const ignoreCase = values.get('core.ignorecase');
  return {
    ...(excludesFile === undefined
      ? {}
      : { excludesFile: excludesFile && path.resolve(relativeTo, expandHome(excludesFile, home)) }),
    ...(ignoreCase === undefined ? {} : { ignoreCase: /^(true|yes|on|[1-9]\d*)$/i.test(ignoreCase) }),
  };
}

/** Where git looks for global excludes when `core.excludesFile` is not set. */
export function defaultExcludesFile(environment: Environment): string | undefined {
  const folder = userConfigFolder(environment);
  return folder === undefined ? undefined : path.join(folder, 'git', 'ignore');
}

/**
 * Settings of one configuration file, in their order. Names are in lower case (`core.excludesfile`); a
 * subsection keeps its case (`branch.Main.remote`). Lines that git would refuse are passed over.
 */
export function parseGitConfig(text: string): [name: string, value: string][] {
  const settings: [string, string][] = [];
  let section = '';
  // A backslash at a line's end joins the next one.
  for (const line of text
    .replace(/^\uFEFF/, '')
    .replace(/\\\r?\n/g, '')
    .split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\](.*)$/.exec(line);
    if (header) {
      const subsection = header[2]?.replace(/\\(.)/g, '$1');
      section = (header[1] ?? '').toLowerCase() + (subsection === undefined ? '' : `.${subsection}`);
    }
    const setting = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/.exec(header ? (header[3] ?? '') : line);
    if (setting && section !== '') {
      // A name alone is a switch that is on.
      const value = setting[2] === undefined ? 'true' : unquote(setting[2]);
      settings.push([`${section}.${(setting[1] ?? '').toLowerCase()}`, value]);
    }
  }
  return settings;
}

/** Takes quotes, escapes and a trailing comment from a value. */
function unquote(raw: string): string {
  let value = '';
  let kept = 0;
  let quoted = false;
  for (let at = 0; at < raw.length; at++) {
    const char = raw.charAt(at);
    if (char === '"') {
      quoted = !quoted;
      kept = value.length;
    } else if (char === '\\') {
      const escaped = raw.charAt(++at);
      value += { n: '\n', t: '\t', b: '\b' }[escaped] ?? escaped;
      kept = value.length;
    } else if (!quoted && (char === '#' || char === ';')) {
      break;
    } else {
      value += char;
      if (quoted || !/\s/.test(char)) kept = value.length;
    }
  }
  return value.slice(0, kept);
}

async function readInto(values: Map<string, string>, file: string, home: string | undefined, depth: number) {
  const text = await readIfThere(file);
  if (text === undefined || depth > 10) return;
  for (const [name, value] of parseGitConfig(text)) {
    values.set(name, value);
    if (name === 'include.path' && value !== '') {
      await readInto(values, path.resolve(path.dirname(file), expandHome(value, home)), home, depth + 1);
    }
  }
}

/** A text file, or undefined when there is none that can be read: git then goes on without it, too. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}

function userFiles(environment: Environment): string[] {
  const files: string[] = [];
  if (!/^(true|yes|on|1)$/i.test(environment['GIT_CONFIG_NOSYSTEM'] ?? '')) {
    const shared = process.platform === 'win32' ? environment['PROGRAMDATA'] : undefined;
    files.push(
      environment['GIT_CONFIG_SYSTEM'] ??
        (shared === undefined ? '/etc/gitconfig' : path.join(shared, 'Git', 'config')),
    );
  }
  const named = environment['GIT_CONFIG_GLOBAL'];
  if (named !== undefined) return [...files, named];
  const folder = userConfigFolder(environment);
  if (folder !== undefined) files.push(path.join(folder, 'git', 'config'));
  const home = homeOf(environment);
  if (home !== undefined) files.push(path.join(home, '.gitconfig'));
  return files;
}

function userConfigFolder(environment: Environment): string | undefined {
  const home = homeOf(environment);
  return (
    nonEmpty(environment['XDG_CONFIG_HOME']) ?? (home === undefined ? undefined : path.join(home, '.config'))
  );
}

function homeOf(environment: Environment): string | undefined {
  return nonEmpty(environment['HOME']) ?? nonEmpty(environment['USERPROFILE']);
}

function expandHome(file: string, home: string | undefined): string {
  return home !== undefined && /^~(?=[/\\]|$)/.test(file) ? path.join(home, file.slice(1)) : file;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
