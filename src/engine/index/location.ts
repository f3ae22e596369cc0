/** Where indexes lie: the home of all of them, and the folder of one root's index in it. */
import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type ErrorCode, NeosearchError, messageOf, systemCodeOf } from '../../base/errors';

/** Hexadecimal digits of a root's hash in its folder's name. */
const NAME_LENGTH = 24;

/** The parts of the environment that say where the home is. */
export type HomeEnvironment = Readonly<Partial<Record<string, string>>>;

/**
 * The folder that holds all indexes, absolute: `explicit` (an option), else NEOSEARCH_HOME, else the
 * per-OS cache folder.
 */
export function indexHome(explicit?: string, env: HomeEnvironment = process.env): string {
  const named = explicit ?? env['NEOSEARCH_HOME'];
  if (named !== undefined && named !== '') return path.resolve(named);
  return defaultHome(env, process.platform, homedir());
}

/**
 * %LOCALAPPDATA%\neosearch on Windows, ~/Library/Caches/neosearch on macOS, else $XDG_CACHE_HOME/neosearch
 * or ~/.cache/neosearch.
 */
export function defaultHome(env: HomeEnvironment, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'];
    const base = local === undefined || local === '' ? path.win32.join(home, 'AppData', 'Local') : local;
    return path.win32.join(base, 'neosearch');
  }
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Caches', 'neosearch');
  const cache = env['XDG_CACHE_HOME'];
  const absolute = cache !== undefined && path.posix.isAbsolute(cache);
  return path.posix.join(absolute ? cache : path.posix.join(home, '.cache'), 'neosearch');
}

/**
 * The folder as the file system names it: absolute, links resolved.
 * @throws NeosearchError `root-missing`, `root-not-a-folder` or `permission-denied`
 */
export function canonicalRoot(root: string): string {
  try {
    const real = realpathSync.native(path.resolve(root));
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    throw rootError(root, error);
  }
  throw new NeosearchError('root-not-a-folder', `${root} is not a folder. Name the folder that it lies in.`);
}

/** The folder of the index of `root`, which must be canonical. Nothing is created. */
export function indexDirFor(
  home: string,
  root: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return path.join(
    home,
    createHash('sha256').update(rootKey(root, platform)).digest('hex').slice(0, NAME_LENGTH),
  );
}

/** Bytes of all files in an index's folder; 0 where there is none. */
export function diskBytes(dir: string): number {
  let bytes = 0;
  for (const file of filesOf(dir)) {
    bytes += statSync(path.join(dir, file), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/** Names of the files in a folder; none where there is no folder. */
export function filesOf(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** Equal for two spellings of one folder on systems that do not tell them apart. */
function rootKey(root: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return root.replaceAll('\\', '/').toLowerCase();
  if (platform === 'darwin') return root.normalize('NFC').toLowerCase();
  return root;
}

function rootError(root: string, error: unknown): NeosearchError {
  const code = systemCodeOf(error);
  const [known, message] = ((): [ErrorCode, string] => {
    if (code === 'ENOTDIR') return ['root-not-a-folder', `${root} is not a folder. Name one.`];
    if (code === 'EACCES' || code === 'EPERM') {
      return ['permission-denied', `No permission to read ${root}. Name a folder that you may read.`];
    }
    if (code === 'ENOENT') return ['root-missing', `There is no folder ${root}. Name one that exists.`];
    return ['root-missing', `${root} cannot be opened (${messageOf(error)}). Name a folder that can.`];
  })();
  return new NeosearchError(known, message, { cause: error });
}
