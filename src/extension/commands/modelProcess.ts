/** The models of this machine, asked of the command line in a process of its own: the editor's host opens no connection. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { NeosearchError } from '../../base/errors';
import { engineEnvironment } from '../engineClient/environment';

export interface ModelProcessOptions {
  /** Folder that holds dist/. */
  readonly installation: string;
  /** The folder of all indexes, if not the usual one. */
  readonly home: string;
  /** Address of a proxy, where the environment names none; may be empty. */
  readonly proxy: string;
}

export interface ListedModel {
  /** What the setting takes; it means this model, whatever is pulled later. */
  readonly name: string;
  readonly kind: 'embedded' | 'pulled' | 'folder';
  /** Bytes, where they are known. */
  readonly bytes: number | undefined;
  /** Whether it is used where the setting is empty. */
  readonly inUse: boolean;
}

export interface PullEnd {
  readonly name: string;
}

/** @throws NeosearchError with what the command line says */
export async function listModels(options: ModelProcessOptions): Promise<readonly ListedModel[]> {
  const values = await answers(options, ['list', '--json'], () => undefined);
  const models = fieldOf(values.at(-1), 'models');
  if (!Array.isArray(models)) throw unexpected(values);
  return models.map(listed);
}

/**
 * @param onProgress told how many of how many bytes are here
 * @param signal stops it; what has come is kept for the next time
 * @returns undefined when it was stopped
 * @throws NeosearchError with what the command line says
 */
export async function pullModel(
  options: ModelProcessOptions,
  repository: string,
  onProgress: (bytes: number, size: number) => void,
  signal: AbortSignal,
): Promise<PullEnd | undefined> {
  let values: readonly unknown[];
  try {
    values = await answers(
      options,
      ['pull', repository, '--events'],
      (value) => {
        const progress = fieldOf(value, 'progress');
        const [bytes, size] = [fieldOf(progress, 'bytes'), fieldOf(progress, 'size')];
        if (typeof bytes === 'number' && typeof size === 'number') onProgress(bytes, size);
      },
      signal,
    );
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
  const name = fieldOf(fieldOf(values.at(-1), 'pulled'), 'exact');
  if (typeof name === 'string') return { name };
  throw unexpected(values);
}

/** Every line of JSON that the command writes. */
async function answers(
  { installation, home, proxy }: ModelProcessOptions,
  args: readonly string[],
  onValue: (value: unknown) => void,
  signal?: AbortSignal,
): Promise<readonly unknown[]> {
  const script = path.join(installation, 'dist', 'cli.js');
  const child = spawn(
    process.execPath,
    [script, 'model', ...args, ...(home === '' ? [] : ['--index-dir', home])],
    {
      cwd: path.dirname(script),
      env: environment(proxy),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    },
  );
  const stop = (): void => void child.kill('SIGINT');
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const ended = endOf(child);
    const said = text(child.stderr);
    const values: unknown[] = [];
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
      const value: unknown = JSON.parse(line);
      values.push(value);
      onValue(value);
    }
    if ((await ended) === 0) return values;
    throw new NeosearchError('engine-failed', lastLine(await said));
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function environment(proxy: string): Record<string, string> {
  const env = engineEnvironment(process.env);
  const stated = Object.keys(env).some((name) => /^https?_proxy$/i.test(name));
  return proxy === '' || stated ? env : { ...env, HTTPS_PROXY: proxy, HTTP_PROXY: proxy };
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
}

function listed(model: unknown): ListedModel {
  const [name, exact, kind] = [fieldOf(model, 'name'), fieldOf(model, 'exact'), fieldOf(model, 'kind')];
  const bytes = fieldOf(model, 'bytes');
  if (typeof name === 'string' && (kind === 'embedded' || kind === 'pulled' || kind === 'folder')) {
    return {
      name: typeof exact === 'string' ? exact : name,
      kind,
      bytes: typeof bytes === 'number' ? bytes : undefined,
      inUse: fieldOf(model, 'inUse') === true,
    };
  }
  throw unexpected(model);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function lastLine(said: string): string {
  const line = said.trim().split('\n').at(-1) ?? '';
  return (
    line.replace(/^neosearch: /, '') || 'The command "neosearch model" ended without a word. See the log.'
  );
}

function unexpected(value: unknown): TypeError {
  return new TypeError(`"neosearch model" answered ${JSON.stringify(value)}`);
}
