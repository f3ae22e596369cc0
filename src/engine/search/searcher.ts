/** Search, as the command line asks: a query in, an answer out, from what the index holds at that moment. */
import { isNoRuntime } from '../../base/errors';
import { parseQuery } from '../../core/query/query';
import type { QueryTerms } from '../../core/query/queryTerms';
import { snippetOf } from '../../core/render/snippet';
import type { Answer, Hit, SearchOptions } from './answer';
import { find, type FoundPlace } from './find';
import { DEFAULT_SNIPPET_LINES } from './wireHit';
import type { WorkspaceShop } from './workspace';

const DEFAULTS = { limit: 10, perFile: 3 } as const;

/**
 * Answers a query.
 * @throws NeosearchError `empty-query`, `bad-argument`
 * @throws AbortError when the signal fires
 */
export async function search(
  shop: WorkspaceShop,
  input: string,
  options: SearchOptions = {},
): Promise<Answer> {
  const { paths = [], languages = [], mode = 'hybrid', signal, snippetLines } = options;
  const query = parseQuery(input, { paths, languages });
  const { places, terms, notes } = await find(shop, {
    query,
    scope: { filters: query.filters, kind: 'all', includeTests: true },
    mode,
    limit: options.limit ?? DEFAULTS.limit,
    perFile: options.perFile ?? DEFAULTS.perFile,
    withoutMeaning: (error) => (isNoRuntime(error) ? error.message : undefined),
    signal,
  });
  return { hits: places.map((place) => hitOf(place, terms, snippetLines)), notes };
}

/** @param snippetLines most lines of the snippet */
export function hitOf(
  { chunk, score, similarity, reasons }: Omit<FoundPlace, 'root'>,
  terms: QueryTerms,
  snippetLines = DEFAULT_SNIPPET_LINES,
): Hit {
  const { path, startLine, endLine, language, breadcrumb } = chunk;
  const snippet = snippetOf(chunk.text, startLine, terms, snippetLines);
  return {
    path,
    startLine,
    endLine,
    language,
    breadcrumb,
    score,
    similarity,
    reasons,
    snippet: snippet.text,
    snippetLine: snippet.startLine,
  };
}
