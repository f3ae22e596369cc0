/** Starts the engine as a child process of the editor's extension host. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { messageOf } from '../../base/errors';
import { engineEnvironment } from './environment';
import type { EngineProcess } from './engineProcess';

/** Lines of the engine's own output, for the log. */
export interface OutputLog {
  info(line: string): void;
  warn(line: string): void;
}

/**
 * @param installation folder that holds dist/
 */
export function forkEngine(installation: string, log: OutputLog): EngineProcess {
  const script = path.join(installation, 'dist', 'engine.js');
  const child = fork(script, [], {
    cwd: path.dirname(script),
    env: engineEnvironment(process.env),
    // Not the host's own flags: a debugger's port would be taken.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    windowsHide: true,
  });
  pipeLines(child.stdout, (line) => log.info(line));
  pipeLines(child.stderr, (line) => log.warn(line));
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  return {
    connection,
    pid: child.pid,
    ended: ended(child),
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(messageOf(error)));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${String(code)}`));
  });
}

function pipeLines(stream: Readable | null, write: (line: string) => void): void {
  if (stream === null) return;
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
    if (line.trim() !== '') write(`engine: ${line}`);
  });
}
