/** `neosearch mcp`: the questions as tools for agents, over the Model Context Protocol on standard input and output. */
import path from 'node:path';
import type { Encoder } from '../../core/encode/encoder';
import { openEncoder } from '../../engine/encoder/workerEncoder';
import { Engine } from '../../engine/engine';
import { NeosearchError } from '../../base/errors';
import { parse, positive } from '../args';
import { installation, modelStore } from '../installation';
import { Folder } from '../mcp/folder';
import { Folders } from '../mcp/folders';
import { StdioServerTransport } from '../mcp/sdk';
import { mcpServer } from '../mcp/server';
import { USAGE } from '../mcp/usage';
import { type Command, EXIT } from './context';

const FLAGS = {
  root: { type: 'string', multiple: true },
  'index-dir': { type: 'string' },
  model: { type: 'string' },
  'chunk-tokens': { type: 'string' },
  threads: { type: 'string' },
} as const;

export const mcp: Command = async (args, { console, signal }) => {
  const { values, positionals } = parse(args, FLAGS, USAGE);
  if (positionals.length > 0) {
    throw new NeosearchError('bad-argument', `Name folders with --root. Usage: neosearch ${USAGE}`);
  }
  const threads = values.threads === undefined ? undefined : positive(values.threads, '--threads', 0);
  const tokens = values['chunk-tokens'];
  const log = (line: string): void => console.note(`neosearch: ${line}`);
  let opening: Promise<Encoder> | undefined;
  const encoder = (): Promise<Encoder> => {
    opening ??= openEncoder({
      modelDir: modelStore(values['index-dir']).resolve(values.model),
      workerPath: installation.encoderWorker,
      ...(threads === undefined ? {} : { threads }),
    });
    return opening;
  };
  const roots = [...new Set((values.root ?? ['.']).map((root) => path.resolve(root)))];
  const engines = await Promise.all(
    roots.map((root) =>
      Engine.open({
        root,
        home: values['index-dir'],
        model: values.model,
        chunkTokens: tokens === undefined ? undefined : positive(tokens, '--chunk-tokens', 0),
        threads,
        encoder,
        // Whoever writes the index keeps it up to date; there is nothing to wait for.
        lockPatienceMs: 0,
        holder: 'cli',
        installation,
        log,
      }),
    ),
  );
  const folders = new Folders(
    engines.map((engine) => new Folder(engine, log)),
    encoder,
  );
  const server = mcpServer(folders, log);
  try {
    await server.connect(new StdioServerTransport());
    folders.refresh();
    await untilClosed(signal);
    return EXIT.success;
  } finally {
    await server.close();
    await folders.close();
    // An encoder that failed to open has told so already.
    await opening?.then(
      (open) => open.close(),
      () => undefined,
    );
  }
};

/** Resolves when the client is gone or the process is to end. */
function untilClosed(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const { stdin } = process;
    const done = (): void => resolve();
    stdin.once('end', done).once('close', done).once('error', done);
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', done, { once: true });
  });
}
