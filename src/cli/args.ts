/** Command-line arguments: node's parser, with one-line errors and checked numbers. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { messageOf, NeosearchError } from '../base/errors';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>;

/** @throws NeosearchError `bad-argument` with the usage of the command */
export function parse<const T extends Options>(
  args: readonly string[],
  options: T,
  usage: string,
): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Only the first sentence: what follows is advice, on lines of its own.
    const reason = messageOf(error).split(/\.(?:\s|$)/, 1)[0] ?? '';
    throw new NeosearchError('bad-argument', `${reason}. Usage: neosearch ${usage}`, { cause: error });
  }
}

/** A whole number of at least 1. */
export function positive(value: string | undefined, flag: string, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || !Number.isSafeInteger(number)) {
    throw new NeosearchError('bad-argument', `${flag} takes a whole number from 1, not "${value}".`);
  }
  return number;
}

/** One of a few words. */
export function oneOf<T extends string>(
  value: string | undefined,
  flag: string,
  words: readonly [T, ...T[]],
): T {
  if (value === undefined) return words[0];
  const word = words.find((w) => w === value);
  if (word === undefined) {
    throw new NeosearchError('bad-argument', `${flag} takes ${words.join(', ')}, not "${value}".`);
  }
  return word;
}

/** The only positional argument, or undefined; more than one is an error. */
export function atMostOne(positionals: readonly string[], usage: string): string | undefined {
  if (positionals.length > 1) {
    throw new NeosearchError(
      'bad-argument',
      `Unexpected "${positionals[1] ?? ''}". Quote a query of several words. Usage: neosearch ${usage}`,
    );
  }
  return positionals[0];
}
