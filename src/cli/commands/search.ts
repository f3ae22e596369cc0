/** `neosearch search "QUERY"`: one question, or with --queries a file of them. */
import { parseQuery } from '../../core/query/query';
import type { Engine } from '../../engine/engine';
import { type Answer, type Hit, MODES, type SearchOptions } from '../../engine/search/answer';
import { NeosearchError } from '../../base/errors';
import { atMostOne, oneOf, parse, positive } from '../args';
import { ProgressBar } from '../progressBar';
import { readQueries } from '../queriesFile';
import { renderHit, SNIPPET_LINES } from '../render';
import { type Command, type Context, EXIT, INDEX_FLAGS, openEngine } from './context';

export const USAGE =
  'search "QUERY" [--root DIR] [--limit N] [--per-file N] [--mode hybrid|semantic|lexical] [--path GLOB]... [--lang L]... [--json] [--explain] [--queries FILE]';

const FLAGS = {
  ...INDEX_FLAGS,
  limit: { type: 'string' },
  'per-file': { type: 'string' },
  mode: { type: 'string' },
  path: { type: 'string', multiple: true },
  lang: { type: 'string', multiple: true },
  explain: { type: 'boolean' },
  queries: { type: 'string' },
} as const;

export const search: Command = async (args, context) => {
  const { values, positionals } = parse(args, FLAGS, USAGE);
  const query = atMostOne(positionals, USAGE);
  const options: SearchOptions = {
    mode: oneOf(values.mode, '--mode', MODES),
    limit: positive(values.limit, '--limit', 10),
    perFile: positive(values['per-file'], '--per-file', values.queries === undefined ? 3 : 1),
    paths: values.path ?? [],
    languages: values.lang ?? [],
    signal: context.signal,
  };
  if (values.queries !== undefined) {
    if (query !== undefined)
      throw new NeosearchError(
        'bad-argument',
        `Give a query or --queries, not both. Usage: neosearch ${USAGE}`,
      );
    const queries = await readQueries(values.queries);
    return withEngine(values, context, async (engine) => {
      await bringUpToDate(engine, context, true);
      for (const { id, query: text } of queries) {
        const { hits } = await engine.search(text, options);
        const places = hits.map(({ path, startLine, endLine, score }) => ({
          path,
          startLine,
          endLine,
          score,
        }));
        await context.console.out(JSON.stringify({ id, hits: places }));
      }
      return EXIT.success;
    });
  }
  if (query === undefined)
    throw new NeosearchError('bad-argument', `A query is missing. Usage: neosearch ${USAGE}`);
  // A wrong query or filter is told before anything is indexed for it.
  parseQuery(query, { paths: options.paths ?? [], languages: options.languages ?? [] });
  return withEngine(values, context, async (engine) => {
    const json = values.json === true;
    const explain = values.explain === true;
    if (!json && context.console.interactive && !engine.isComplete()) {
      await answerEarly(engine, query, options, explain, context);
    } else {
      await bringUpToDate(engine, context, json);
    }
    const answer = await engine.search(query, json ? options : { ...options, snippetLines: SNIPPET_LINES });
    return json ? printJson(query, answer, explain, context) : print(answer, explain, context);
  });
};

async function withEngine(
  flags: Parameters<typeof openEngine>[0],
  context: Context,
  work: (engine: Engine) => Promise<number>,
): Promise<number> {
  const engine = await openEngine(flags, context);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** Brings the index up to date; a bar on a terminal, nothing on standard output. */
export async function bringUpToDate(
  engine: Engine,
  context: Context,
  quiet: boolean,
  onReadable?: () => Promise<void>,
): Promise<void> {
  const bar = new ProgressBar();
  try {
    await engine.update({
      signal: context.signal,
      ...(quiet ? {} : { onProgress: bar.update }),
      ...(onReadable === undefined
        ? {}
        : {
            onReadable: async () => {
              bar.end();
              await onReadable();
            },
          }),
    });
  } finally {
    bar.end();
  }
}

/** On a folder never seen: what the words find, as soon as the files are read, while meaning is encoded. */
async function answerEarly(
  engine: Engine,
  query: string,
  options: SearchOptions,
  explain: boolean,
  context: Context,
): Promise<void> {
  const { console } = context;
  await bringUpToDate(engine, context, false, async () => {
    if (!engine.isWaiting() || options.mode === 'semantic') return;
    const answer = await engine.search(query, {
      ...options,
      mode: 'lexical',
      limit: Math.min(options.limit ?? EARLY_HITS, EARLY_HITS),
      snippetLines: SNIPPET_LINES,
    });
    await console.out(console.paint('bold', 'By words, while meaning is still being encoded:\n'));
    await print(answer, explain, context);
    await console.out(console.paint('bold', '\nBy words and meaning follows.\n'));
  });
}

/** Hits of the answer by words, which the full answer replaces in a moment. */
const EARLY_HITS = 5;

export async function print(answer: Answer, explain: boolean, context: Context): Promise<number> {
  for (const note of answer.notes) context.console.note(`neosearch: ${note}`);
  if (answer.hits.length === 0) {
    context.console.note('Nothing found. Try other words, or fewer filters.');
    return EXIT.nothingFound;
  }
  for (const [i, hit] of answer.hits.entries()) {
    await context.console.out(`${i > 0 ? '\n' : ''}${renderHit(hit, i + 1, explain, context.console)}`);
  }
  return EXIT.success;
}

export async function printJson(
  query: string,
  answer: Answer,
  explain: boolean,
  context: Context,
): Promise<number> {
  for (const note of answer.notes) context.console.note(`neosearch: ${note}`);
  await context.console.out(JSON.stringify({ query, hits: answer.hits.map((hit) => jsonHit(hit, explain)) }));
  return answer.hits.length > 0 ? EXIT.success : EXIT.nothingFound;
}

function jsonHit(hit: Hit, explain: boolean): object {
  const { path, startLine, endLine, score, language, breadcrumb, snippet } = hit;
  const shown = { path, startLine, endLine, score, language, breadcrumb, snippet };
  return explain ? { ...shown, similarity: hit.similarity ?? null, reasons: hit.reasons } : shown;
}
