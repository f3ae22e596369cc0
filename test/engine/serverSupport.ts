/** What the tests of the engine process share: the process, forked as the editor does it, and a client of it. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import {
  type Configuration,
  FilesChanged,
  GetStatus,
  Initialize,
  PROTOCOL_VERSION,
  type RootSettings,
  Search,
  type SearchParams,
  StatusChanged,
  WhenIdle,
  type WireHit,
  type WireRoot,
  type WireRootStatus,
  type WireStatus,
} from '../../src/protocol/messages';
import { asking } from '../asking';
import { temporaryFolder } from './storeSupport';

export const OPEN: RootSettings = { exclude: [], include: [], useIgnoreFiles: true, maxFileBytes: 1_000_000 };

/** The engine as it is built for users. */
const ENGINE = path.resolve('dist', 'engine.js');

/** Folders and engines of one test file; all gone after it. */
export class Bench {
  readonly dir = temporaryFolder();
  private readonly engines: TestEngine[] = [];

  constructor() {
    after(async () => {
      for (const engine of this.engines) await engine.kill();
    });
  }

  /** Writes files. @returns the root */
  root(
    name: string,
    files: Readonly<Record<string, string>>,
    settings: Partial<RootSettings> = {},
  ): WireRoot {
    const root = path.join(this.dir, name);
    mkdirSync(root, { recursive: true });
    write(root, files);
    return { path: root, name, settings: { ...OPEN, ...settings } };
  }

  configuration(roots: readonly WireRoot[], more: Partial<Configuration['engine']> = {}): Configuration {
    return {
      roots,
      engine: {
        home: path.join(this.dir, 'home'),
        device: 'cpu',
        threads: 1,
        onBattery: 'continue',
        testsAndVendored: 'lower',
        logLevel: 'debug',
        paused: false,
        ...more,
      },
    };
  }

  start(): TestEngine {
    const engine = new TestEngine();
    this.engines.push(engine);
    return engine;
  }

  /** An engine that has done its handshake. */
  async open(roots: readonly WireRoot[], more: Partial<Configuration['engine']> = {}): Promise<TestEngine> {
    const engine = this.start();
    await engine.initialize(this.configuration(roots, more));
    return engine;
  }
}

export class TestEngine {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  /** Every status that was sent. */
  readonly statuses: WireStatus[] = [];
  readonly log: string[] = [];
  /** Resolves with the exit code, or the signal. */
  readonly ended: Promise<number | string>;

  constructor() {
    const env = { ...process.env };
    delete env['NODE_OPTIONS'];
    this.child = fork(ENGINE, [], { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.log.push(text));
    }
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    this.connection = createMessageConnection(
      new IPCMessageReader(this.child),
      new IPCMessageWriter(this.child),
    );
    this.connection.onNotification(StatusChanged, (status) => void this.statuses.push(status));
    this.connection.onNotification('log', ({ line }: { line: string }) => void this.log.push(line));
    this.connection.listen();
  }

  async initialize(configuration: Configuration, protocolVersion = PROTOCOL_VERSION): Promise<void> {
    const installation = process.cwd();
    await this.connection.sendRequest(Initialize, { protocolVersion, installation, configuration });
  }

  idle(): Promise<void> {
    return this.connection.sendRequest(WhenIdle);
  }

  status(): Promise<WireStatus> {
    return this.connection.sendRequest(GetStatus);
  }

  async rootStatus(root: WireRoot): Promise<WireRootStatus> {
    const found = (await this.status()).roots.find(({ path: own }) => own === root.path);
    if (found === undefined) throw new Error(`${root.name} is not in the status`);
    return found;
  }

  async search(query: string, more: Partial<SearchParams> = {}): Promise<readonly WireHit[]> {
    return (await this.connection.sendRequest(Search, asking(query, more))).hits;
  }

  async paths(query: string, more: Partial<SearchParams> = {}): Promise<string[]> {
    return (await this.search(query, more)).map(({ path: file }) => file);
  }

  async changed(root: WireRoot, changed: readonly string[], deleted: readonly string[] = []): Promise<void> {
    await this.connection.sendNotification(FilesChanged, { root: root.path, changed, deleted });
  }

  /** Resolves when the status of a root says so. */
  async until(root: WireRoot, holds: (status: WireRootStatus) => boolean): Promise<WireRootStatus> {
    for (;;) {
      const status = await this.rootStatus(root);
      if (holds(status)) return status;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
    this.connection.dispose();
  }
}

export function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** Many files with a few functions each, all different. */
export function manyFiles(count: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let i = 0; i < count; i += 1) {
    files[`src/part${i}.ts`] = [0, 1, 2, 3]
      .map(
        (n) =>
          `/** Step ${n} of part ${i}. */\nexport function step${i}x${n}(value: number): number {\n  const scaled = value * ${i + 2} + ${n};\n  return Math.round(scaled / ${n + 3}) % ${i + 7};\n}\n`,
      )
      .join('\n');
  }
  return files;
}
