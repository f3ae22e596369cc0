/** `neosearch related FILE`: the files that belong with this one. */
import path from 'node:path';
import { NeosearchError } from '../../base/errors';
import { atMostOne, parse, positive } from '../args';
import { SNIPPET_LINES } from '../render';
import { type Command, INDEX_FLAGS, openEngine } from './context';
import { bringUpToDate, print, printJson } from './search';

export const USAGE = 'related FILE [--root DIR] [--limit N] [--json]';

export const related: Command = async (args, context) => {
  const { values, positionals } = parse(args, { ...INDEX_FLAGS, limit: { type: 'string' } }, USAGE);
  const file = atMostOne(positionals, USAGE);
  if (file === undefined)
    throw new NeosearchError('bad-argument', `A file is missing. Usage: neosearch ${USAGE}`);
  const limit = positive(values.limit, '--limit', 10);
  const engine = await openEngine(values, context);
  try {
    await bringUpToDate(engine, context, values.json === true);
    const answer = await engine.related(engine.relative(path.resolve(file)), {
      limit,
      ...(values.json ? {} : { snippetLines: SNIPPET_LINES }),
    });
    return values.json ? await printJson(file, answer, false, context) : await print(answer, false, context);
  } finally {
    await engine.close();
  }
};
