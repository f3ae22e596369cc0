/** How places are named, for people and for tools; and which root a path lies in. */
import type { WirePlace } from '../../protocol/messages';

export interface NamedRoot {
  /** Absolute path. */
  readonly path: string;
  readonly name: string;
}

type FileOf = Pick<WirePlace, 'root' | 'path'>;

/** `path`, with the root's name first where there are several. */
export function labelOf(roots: readonly NamedRoot[], { root, path }: FileOf): string {
  if (roots.length < 2) return path;
  const name = roots.find((other) => other.path === root)?.name ?? root;
  return `${name}/${path}`;
}

/** `path#L10-L42`, or `path#L10` for a single line. */
export function referenceOf(roots: readonly NamedRoot[], place: WirePlace): string {
  const { startLine, endLine } = place;
  const lines = startLine === endLine ? `#L${startLine}` : `#L${startLine}-L${endLine}`;
  return labelOf(roots, place) + lines;
}

/**
 * The root that a file lies in, the innermost of nested ones, and its path there with forward slashes.
 * @param file absolute path in the form that the platform has
 */
export function locate(
  roots: readonly NamedRoot[],
  file: string,
  platform: 'win32' | 'posix',
): FileOf | undefined {
  const normal = (path: string): string =>
    (platform === 'win32' ? path.replaceAll('\\', '/') : path).replace(/\/+$/, '');
  // Drive letters come in either case.
  const fold = (path: string): string =>
    platform === 'win32' ? path.replace(/^[a-z]:/i, (drive) => drive.toLowerCase()) : path;
  const target = fold(normal(file));
  let best: { root: string; length: number } | undefined;
  for (const { path } of roots) {
    const folder = fold(normal(path));
    if (!target.startsWith(`${folder}/`)) continue;
    if (best === undefined || folder.length > best.length) best = { root: path, length: folder.length };
  }
  return best === undefined ? undefined : { root: best.root, path: target.slice(best.length + 1) };
}

/** Whether an argument of a command, which may be anything, names a place. */
export function isPlace(value: unknown): value is WirePlace {
  return (
    typeof value === 'object' &&
    value !== null &&
    'root' in value &&
    typeof value.root === 'string' &&
    'path' in value &&
    typeof value.path === 'string' &&
    'startLine' in value &&
    typeof value.startLine === 'number' &&
    'endLine' in value &&
    typeof value.endLine === 'number'
  );
}
