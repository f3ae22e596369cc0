/** Search over several roots, as the editor and agents ask. */
import { messageOf } from '../../base/errors';
import { parseQuery } from '../../core/query/query';
import type { SearchParams, WireAnswer } from '../../protocol/messages';
import { find } from './find';
import { wireHit } from './wireHit';
import type { WorkspaceRoot, WorkspaceShop } from './workspace';
import { indexingNotes } from './workspaceNotes';

/**
 * Answers a query from all roots that it names. One root, nothing unsaved and nothing hidden gives exactly what
 * `search` gives.
 * @throws NeosearchError `empty-query`, `bad-argument`
 * @throws AbortError when the signal fires
 */
export async function searchWorkspace(
  shop: WorkspaceShop,
  params: SearchParams,
  signal?: AbortSignal,
): Promise<WireAnswer> {
  const { mode, limit, perFile, paths, languages, kind, includeTests, snippetLines } = params;
  const query = parseQuery(params.query, { paths, languages });
  const { filters } = query;
  const roots = rootsNamed(shop.roots, params.roots);
  const notes = indexingNotes(roots);
  const found = await find(
    { ...shop, roots },
    {
      query,
      scope: { filters, kind, includeTests },
      mode,
      limit,
      perFile,
      withoutMeaning: (error) => `Only words are searched, not meaning: ${messageOf(error)}`,
      signal,
    },
  );
  const { phrases } = filters;
  const hits = found.places.map((place) =>
    wireHit(place.root, place.chunk, { ...place, terms: found.terms, phrases, snippetLines }),
  );
  return { hits, notes: [...notes, ...found.notes] };
}

/** The roots of a question; all where it names none. */
export function rootsNamed(
  roots: readonly WorkspaceRoot[],
  names: readonly string[] | undefined,
): readonly WorkspaceRoot[] {
  return names === undefined ? roots : roots.filter(({ root }) => names.includes(root));
}
