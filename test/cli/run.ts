/** Runs dist/cli.js as a user would, in a process of its own, with its indexes in a temporary folder. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after } from 'node:test';

export interface Outcome {
  /** Exit code; -1 where a signal ended the process. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Current folder of the process. */
  readonly cwd?: string;
  readonly input?: string;
  /** Beside that of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the running process. */
  readonly onStart?: (child: ChildProcess) => void;
}

export interface JsonHit {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly score: number;
  readonly language: string;
  readonly breadcrumb: readonly string[];
  readonly snippet: string;
  readonly similarity?: number | null;
  readonly reasons?: readonly { readonly signal: string; readonly value: number }[];
}

const CLI = path.join(process.cwd(), 'dist/cli.js');
const CORPUS = path.join(process.cwd(), 'test/fixtures/corpus');

/** A temporary folder with a copy of the fixture corpus, and beside it the home of its indexes. */
export class Sandbox {
  readonly dir = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'neosearch-cli-')));
  readonly home = path.join(this.dir, 'home');

  constructor() {
    after(() => rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 }));
  }

  /** Absolute path of something in the sandbox. */
  at(...parts: string[]): string {
    return path.join(this.dir, ...parts);
  }

  /** Copies the fixture corpus, or some of its files or folders, to `name`. */
  corpus(name: string, only?: readonly string[]): string {
    const root = this.at(name);
    mkdirSync(root, { recursive: true });
    for (const part of only ?? ['.']) {
      cpSync(path.join(CORPUS, part), path.join(root, part), { recursive: true });
    }
    return root;
  }

  /** Writes a file, its folders included. */
  write(name: string, content: string | Buffer): string {
    const file = this.at(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: options.cwd ?? this.dir,
      env: { ...process.env, NEOSEARCH_HOME: this.home, ...options.env },
    });
    // A command that ends before it has read its input closes the pipe early.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    options.onStart?.(child);
    const closed = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? -1));
    });
    const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  }

  /** Runs a command that must succeed (or end with `code`) and print one JSON value. */
  async json<T>(args: readonly string[], options: RunOptions & { readonly code?: number } = {}): Promise<T> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options);
    assert.equal(code, options.code ?? 0, `exit code of ${args.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Runs a search and gives its hits; an empty answer is one too. */
  async hits(root: string, query: string, ...flags: string[]): Promise<readonly JsonHit[]> {
    const { code, stdout, stderr } = await this.run(['search', query, '--root', root, '--json', ...flags]);
    assert.ok(code === 0 || code === 1, stderr);
    const { hits } = JSON.parse(stdout) as { hits: readonly JsonHit[] };
    assert.equal(code, hits.length > 0 ? 0 : 1);
    return hits;
  }

  /** Runs a command that must fail with exit code 2 and one line on standard error, and gives that line. */
  async refusal(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    assert.equal(code, 2, `exit code of ${args.join(' ')}: ${stdout}${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, /^neosearch: [^\n]+\n$/);
    assert.doesNotMatch(stderr, /unexpected:/);
    return stderr;
  }
}

export function paths(hits: readonly { readonly path: string }[]): string[] {
  return hits.map((hit) => hit.path);
}
