/** `neosearch embed`: texts or token ids on standard input, vectors on standard output, both as JSON arrays. */
import { text as readText } from 'node:stream/consumers';
import { messageOf, NeosearchError } from '../../base/errors';
import { POOLINGS } from '../../engine/model/card';
import { openEncoder } from '../../engine/encoder/workerEncoder';
import { atMostOne, oneOf, parse } from '../args';
import { installation, modelStore } from '../installation';
import { type Command, EXIT } from './context';

export const USAGE =
  'embed [--model NAME|DIR] [--pooling mean|cls|lasttoken] [--no-normalize] [--token-ids] < input.json';

const FLAGS = {
  model: { type: 'string' },
  pooling: { type: 'string' },
  'no-normalize': { type: 'boolean' },
  'token-ids': { type: 'boolean' },
} as const;

export const embed: Command = async (args, context) => {
  const { values, positionals } = parse(args, FLAGS, USAGE);
  const extra = atMostOne(positionals, USAGE);
  if (extra !== undefined)
    throw new NeosearchError('bad-argument', `Unexpected "${extra}". Usage: neosearch ${USAGE}`);
  const pooling = values.pooling === undefined ? undefined : oneOf(values.pooling, '--pooling', POOLINGS);
  const input = parseInput(await readText(process.stdin));
  const ids = values['token-ids'] === true ? input.map(tokenIds) : undefined;
  const texts = ids === undefined ? input.map(passage) : [];
  const encoder = await openEncoder({
    modelDir: modelStore().resolve(values.model),
    workerPath: installation.encoderWorker,
    tokenizer: ids === undefined,
    ...(pooling === undefined ? {} : { pooling }),
    ...(values['no-normalize'] === true ? { normalize: false } : {}),
  });
  try {
    const vectors =
      ids === undefined
        ? await encoder.encode(texts, 'passage', { signal: context.signal })
        : await encoder.encodeTokens(ids, { signal: context.signal });
    await context.console.out(JSON.stringify(vectors.map((vector) => Array.from(vector))));
    return EXIT.success;
  } finally {
    await encoder.close();
  }
};

function parseInput(text: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new NeosearchError('bad-argument', `Standard input is not JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (!Array.isArray(value))
    throw new NeosearchError('bad-argument', 'Standard input must hold a JSON array.');
  return value as unknown[];
}

function passage(item: unknown, i: number): string {
  if (typeof item === 'string') return item;
  throw new NeosearchError(
    'bad-argument',
    `Item ${i} of the input is no string; for token ids add --token-ids.`,
  );
}

function tokenIds(item: unknown, i: number): number[] {
  if (Array.isArray(item) && item.every((id): id is number => Number.isInteger(id))) return item;
  throw new NeosearchError(
    'bad-argument',
    `Item ${i} of the input is no array of token ids (whole numbers).`,
  );
}
