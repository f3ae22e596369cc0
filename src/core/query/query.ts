/** A query: what is asked in words, and the filters that bound where the answer may lie. */
import { NeosearchError } from '../../base/errors';
import { LanguageFilter, PathFilter } from './filters';

export interface Filters {
  readonly paths: PathFilter;
  readonly languages: LanguageFilter;
  /** Substrings that a chunk must contain, in lower case, compared without case. */
  readonly phrases: readonly string[];
  /** Equal for filters that let the same pass. */
  readonly key: string;
}

export interface Query {
  /** The question itself, filters taken out; empty when filters stand alone. */
  readonly text: string;
  readonly filters: Filters;
}

/** Filters given beside the query (command-line flags, chips of a panel). */
export interface ExtraFilters {
  readonly paths?: readonly string[];
  readonly languages?: readonly string[];
}

/** `path:x`, `-path:"x y"`, `lang:x` or `"phrase"`, between white space; `Path::x` is a name. */
const FILTER =
  /(?<=^|\s)(?:(?<minus>-?)(?<key>path|lang):(?!:)(?:"(?<quoted>[^"]*)"|(?<bare>\S+))|"(?<phrase>[^"]+)")(?=\s|$)/giu;
const HAS_WORD = /[\p{L}\p{N}]/u;

/**
 * Parses `path:GLOB`, `-path:GLOB`, `lang:NAME`, `-lang:NAME` and `"phrase"` out of a query.
 * @throws NeosearchError `empty-query` where there is neither a word nor a filter; `bad-argument` for an
 * unknown language
 */
export function parseQuery(input: string, extra: ExtraFilters = {}): Query {
  const paths = { included: [...(extra.paths ?? [])], excluded: [] as string[] };
  const languages = { included: [...(extra.languages ?? [])], excluded: [] as string[] };
  const phrases: string[] = [];
  for (const { groups } of input.matchAll(FILTER)) {
    const value = groups?.['quoted'] ?? groups?.['bare'] ?? '';
    const side = groups?.['minus'] === '-' ? 'excluded' : 'included';
    const key = groups?.['key']?.toLowerCase();
    if (key === 'path') paths[side].push(value);
    else if (key === 'lang') languages[side].push(value);
    else phrases.push((groups?.['phrase'] ?? '').toLowerCase());
  }
  const words = input.replace(FILTER, ' ').replace(/\s+/gu, ' ').trim();
  const query: Query = {
    text: HAS_WORD.test(words) ? words : '',
    filters: {
      paths: new PathFilter(paths.included, paths.excluded),
      languages: new LanguageFilter(languages.included, languages.excluded),
      phrases,
      key: JSON.stringify([paths, languages, phrases]),
    },
  };
  if (query.text === '' && filtersNothing(query.filters)) {
    throw new NeosearchError(
      'empty-query',
      'The query has no words. Ask for something, e.g. "where are retries handled".',
    );
  }
  return query;
}

/** Whether the filters let everything pass. */
export function filtersNothing(filters: Filters): boolean {
  return filters.paths.isEmpty && filters.languages.isEmpty && filters.phrases.length === 0;
}
