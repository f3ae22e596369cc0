/** `neosearch similar FILE:START-END`: the places that are like these lines. */
import path from 'node:path';
import { NeosearchError } from '../../base/errors';
import { atMostOne, parse, positive } from '../args';
import { SNIPPET_LINES } from '../render';
import { type Command, INDEX_FLAGS, openEngine } from './context';
import { bringUpToDate, print, printJson } from './search';

export const USAGE = 'similar FILE:START-END [--root DIR] [--limit N] [--json]';

export const similar: Command = async (args, context) => {
  const { values, positionals } = parse(args, { ...INDEX_FLAGS, limit: { type: 'string' } }, USAGE);
  const place = parsePlace(atMostOne(positionals, USAGE));
  const limit = positive(values.limit, '--limit', 10);
  const engine = await openEngine(values, context);
  try {
    await bringUpToDate(engine, context, values.json === true);
    const answer = await engine.similar(
      { ...place, path: engine.relative(path.resolve(place.path)) },
      { limit, signal: context.signal, ...(values.json ? {} : { snippetLines: SNIPPET_LINES }) },
    );
    return values.json
      ? await printJson(positionals[0] ?? '', answer, false, context)
      : await print(answer, false, context);
  } finally {
    await engine.close();
  }
};

/** `FILE:START-END` or `FILE:LINE`; the last colon splits, so that Windows drives stay whole. */
function parsePlace(argument: string | undefined): { path: string; startLine: number; endLine: number } {
  const match = /^(?<file>.+):(?<start>\d+)(?:-(?<end>\d+))?$/su.exec(argument ?? '');
  if (match?.groups === undefined) {
    throw new NeosearchError(
      'bad-argument',
      `Expected FILE:START-END, e.g. src/app.ts:10-42. Usage: neosearch ${USAGE}`,
    );
  }
  const startLine = Number(match.groups['start']);
  const endLine = Number(match.groups['end'] ?? startLine);
  if (startLine < 1 || endLine < startLine) {
    throw new NeosearchError(
      'bad-argument',
      `Lines count from 1, the first before the last, not ${startLine}-${endLine}.`,
    );
  }
  return { path: match.groups['file'] ?? '', startLine, endLine };
}
