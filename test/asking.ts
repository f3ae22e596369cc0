/** A question as the editor asks it. */
import type { SearchParams } from '../src/protocol/messages';

export function asking(query: string, more: Partial<SearchParams> = {}): SearchParams {
  return {
    query,
    mode: 'hybrid',
    limit: 10,
    perFile: 3,
    paths: [],
    languages: [],
    kind: 'all',
    includeTests: true,
    ...more,
  };
}
