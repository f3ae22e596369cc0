/** The input of the language-model tool, checked: a model may send anything. */
import { NeosearchError } from '../../base/errors';
import type { SearchParams } from '../../protocol/messages';

export interface ToolInput {
  readonly query: string;
  readonly maxResults: number;
  readonly paths: readonly string[];
  readonly languages: readonly string[];
  readonly maxTokens: number;
}

/** As the manifest's schema says. */
const DEFAULT_RESULTS = 10;
const MOST_RESULTS = 50;
const DEFAULT_TOKENS = 4000;
/** A path and a few lines; below that an answer says nothing. */
const LEAST_TOKENS = 200;
const MOST_TOKENS = 50_000;
/** Lines of a snippet: whole functions, where the budget allows. */
const SNIPPET_LINES = 60;
/** Hits of one file: an agent reads on in the file by itself. */
const PER_FILE = 3;

/** @throws NeosearchError `bad-argument` that tells the model what to send */
export function toolInput(value: unknown): ToolInput {
  const input = typeof value === 'object' && value !== null ? value : {};
  const query = 'query' in input && typeof input.query === 'string' ? input.query.trim() : '';
  if (query === '') {
    throw new NeosearchError('bad-argument', 'Give `query`: what the code or text does, in plain words.');
  }
  return {
    query,
    maxResults: numberIn(
      'maxResults' in input ? input.maxResults : undefined,
      1,
      MOST_RESULTS,
      DEFAULT_RESULTS,
    ),
    paths: strings('paths' in input ? input.paths : undefined),
    languages: strings('languages' in input ? input.languages : undefined),
    maxTokens: numberIn(
      'maxTokens' in input ? input.maxTokens : undefined,
      LEAST_TOKENS,
      MOST_TOKENS,
      DEFAULT_TOKENS,
    ),
  };
}

export function searchParams(input: ToolInput): SearchParams {
  return {
    query: input.query,
    mode: 'hybrid',
    limit: input.maxResults,
    perFile: PER_FILE,
    paths: input.paths,
    languages: input.languages,
    kind: 'all',
    includeTests: true,
    snippetLines: SNIPPET_LINES,
  };
}

function numberIn(value: unknown, least: number, most: number, fallback: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
  return Math.min(most, Math.max(least, Math.round(value)));
}

/** A list of texts; one text alone is a list of it. */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => (typeof item === 'string' && item.trim() !== '' ? [item.trim()] : []));
}
