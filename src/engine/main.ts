/**
 * The engine process: forked by the editor's extension host, spoken to over its IPC channel. It ends when it is
 * told to, and when whoever started it is gone.
 */
import os from 'node:os';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { Server } from './server/server';
import { isAlive } from './workspace/writerHint';

declare const NEOSEARCH_VERSION: string;

/** Milliseconds between two looks at whether the parent is there, for channels that outlive it. */
const PARENT_MS = 2000;
/** Milliseconds that closing may take: a batch that is being encoded ends first. */
const END_MS = 2000;

function main(): void {
  if (process.send === undefined) {
    process.stderr.write('This is the engine of the Neosearch extension; it is started by the editor.\n');
    process.exitCode = 2;
    return;
  }
  process.title = 'neosearch engine';
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  lowerPriority();
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  const server = new Server(connection, { version: NEOSEARCH_VERSION, onShutdown: () => process.exit(0) });
  const end = (): void => {
    setTimeout(() => process.exit(0), END_MS).unref();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => crash(error),
    );
  };
  connection.onClose(end);
  process.on('disconnect', end);
  process.on('SIGTERM', end);
  // A terminal's interrupt is meant for its own programs; the editor says when this one ends.
  process.on('SIGINT', () => undefined);
  watchParent(end);
}

function crash(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

function watchParent(gone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(parent)) return;
    clearInterval(timer);
    gone();
  }, PARENT_MS);
  timer.unref();
}

/** Below the editor's own: threads that are made later are so, too. */
function lowerPriority(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    // Some systems allow no change; then it runs as it is.
    process.stderr.write(`Priority unchanged: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

main();
