/** The file of `search --queries`: JSON lines {id, query}. */
import { readFile } from 'node:fs/promises';
import { messageOf, NeosearchError } from '../base/errors';
import { parseQuery } from '../core/query/query';

export interface NamedQuery {
  /** As it stands in the file: a string or a number. */
  readonly id: string | number;
  readonly query: string;
}

/** @throws NeosearchError `bad-argument` naming the first line that is no {"id": string, "query": string} */
export async function readQueries(file: string): Promise<NamedQuery[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new NeosearchError('bad-argument', `The file of queries cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const queries: NamedQuery[] = [];
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const place = `${file}, line ${i + 1}`;
    const named = parseLine(line, place);
    try {
      parseQuery(named.query);
    } catch (error) {
      throw new NeosearchError('bad-argument', `${place}: ${messageOf(error)}`, { cause: error });
    }
    queries.push(named);
  }
  return queries;
}

function parseLine(line: string, place: string): NamedQuery {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new NeosearchError('bad-argument', `${place}: not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && 'id' in value && 'query' in value) {
    const { id, query } = value;
    if ((typeof id === 'string' || typeof id === 'number') && typeof query === 'string') {
      return { id, query };
    }
  }
  throw new NeosearchError('bad-argument', `${place}: expected {"id": "...", "query": "..."}.`);
}
