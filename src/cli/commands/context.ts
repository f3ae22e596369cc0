/** What every command gets, and the flags that several of them share. */
import path from 'node:path';
import { Engine } from '../../engine/engine';
import { positive } from '../args';
import type { Console } from '../console';
import { installation } from '../installation';

export interface Context {
  readonly console: Console;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A command: its arguments in, its exit code out. */
export type Command = (args: readonly string[], context: Context) => Promise<number>;

export const EXIT = { success: 0, nothingFound: 1, error: 2, interrupted: 130 } as const;

/** Flags of every command that touches an index. */
export const INDEX_FLAGS = {
  root: { type: 'string' },
  'index-dir': { type: 'string' },
  model: { type: 'string' },
  'chunk-tokens': { type: 'string' },
  threads: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export interface IndexFlags {
  readonly root?: string | undefined;
  readonly 'index-dir'?: string | undefined;
  readonly model?: string | undefined;
  readonly 'chunk-tokens'?: string | undefined;
  readonly threads?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Opens the engine on the root that the flags (or a positional argument) name: the current folder by default. */
export function openEngine(flags: IndexFlags, context: Context, root = flags.root): Promise<Engine> {
  return Engine.open({
    root: path.resolve(root ?? '.'),
    home: flags['index-dir'],
    model: flags.model,
    chunkTokens:
      flags['chunk-tokens'] === undefined ? undefined : positive(flags['chunk-tokens'], '--chunk-tokens', 0),
    threads: flags.threads === undefined ? undefined : positive(flags.threads, '--threads', 0),
    holder: 'cli',
    installation,
    log: (line) => context.console.note(`neosearch: ${line}`),
  });
}
