/** Paths of names, outermost first. */

/** What all paths begin with; empty when there are none. */
export function commonPath(paths: readonly (readonly string[])[]): readonly string[] {
  const [first, ...others] = paths;
  if (first === undefined) return [];
  let length = first.length;
  for (const path of others) {
    let same = 0;
    while (same < length && path[same] === first[same]) same++;
    length = same;
  }
  return length === first.length ? first : first.slice(0, length);
}
