/** What a symbolic link leads to. The crawl follows none: it could leave the root, or never end. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { systemCodeOf } from '../../base/errors';
import type { SkipReason } from './skipReason';

/**
 * Why a link is left out.
 * @param realRoot the root with links resolved
 */
export async function linkReason(link: string, realRoot: string): Promise<SkipReason> {
  try {
    const target = await realpath(link);
    const holder = await realpath(path.dirname(link));
    if (contains(target, holder)) return 'symlink-loop';
    return contains(realRoot, target) ? 'symlink' : 'outside-root';
  } catch (error) {
    switch (systemCodeOf(error)) {
      case 'ELOOP':
        return 'symlink-loop';
      case 'ENOENT':
      case 'ENOTDIR':
        return 'broken-link';
      case undefined:
        throw error;
      default:
        return 'unreadable';
    }
  }
}

/** Whether a folder is another path or lies around it. */
function contains(folder: string, inside: string): boolean {
  const relative = path.relative(folder, inside);
  return (
    relative === '' ||
    !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative))
  );
}
