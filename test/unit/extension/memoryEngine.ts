/** An engine that lives in the test's process: speaks the protocol over streams and writes down what it is told. */
import { PassThrough } from 'node:stream';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { EngineProcess } from '../../../src/extension/engineClient/engineProcess';
import {
  type Configuration,
  Configure,
  DeleteIndex,
  FilesChanged,
  GetStatus,
  Initialize,
  Pause,
  PROTOCOL_VERSION,
  Rebuild,
  Resume,
  Search,
  Shutdown,
  type WireStatus,
} from '../../../src/protocol/messages';
import { rootStatus, status } from './support';

export class MemoryEngine implements EngineProcess {
  readonly connection: MessageConnection;
  readonly ended: Promise<string>;
  readonly told: string[] = [];
  readonly server: MessageConnection;
  configuration: Configuration | undefined;
  /** Set before the handshake: what the engine refuses it with. */
  refuse: Error | undefined;
  wasKilled = false;
  private end: (how: string) => void = () => undefined;

  constructor(
    readonly pid: number,
    private readonly answer: 'at once' | 'never' = 'at once',
  ) {
    const [there, back] = [new PassThrough(), new PassThrough()];
    this.connection = createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there));
    this.server = createMessageConnection(new StreamMessageReader(there), new StreamMessageWriter(back));
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.serve();
  }

  get status(): WireStatus {
    const roots = this.configuration?.roots ?? [];
    return status(...roots.map(({ path, name }) => rootStatus({ path, name })));
  }

  crash(): void {
    this.server.dispose();
    this.end('exit code 1');
  }

  kill(): void {
    this.wasKilled = true;
    this.crash();
  }

  private serve(): void {
    const { server } = this;
    server.onRequest(Initialize, ({ configuration }) => {
      if (this.refuse !== undefined) throw this.refuse;
      this.configure('initialize', configuration);
      return { protocolVersion: PROTOCOL_VERSION, version: '0', pid: this.pid };
    });
    server.onRequest(Configure, (configuration) => this.configure('configure', configuration));
    server.onRequest(GetStatus, () => this.status);
    server.onRequest(Search, ({ query }) => {
      this.told.push(`search ${query}`);
      if (this.answer === 'never') return new Promise(() => undefined);
      return { hits: [], notes: [`process ${this.pid}`] };
    });
    server.onRequest(Rebuild, ({ roots }) => this.note(`rebuild ${roots?.join() ?? 'all'}`));
    server.onRequest(DeleteIndex, ({ roots }) => this.note(`delete ${roots?.join() ?? 'all'}`));
    server.onRequest(Pause, () => this.note('pause'));
    server.onRequest(Resume, () => this.note('resume'));
    server.onRequest(Shutdown, () => {
      this.note('shutdown');
      setImmediate(() => this.end('exit code 0'));
    });
    server.onNotification(FilesChanged, ({ changed }) => this.note(`changed ${changed.join()}`));
    server.listen();
  }

  private configure(how: string, configuration: Configuration): void {
    this.configuration = configuration;
    this.note(`${how} ${configuration.roots.map(({ path }) => path).join()}`);
  }

  private note(line: string): void {
    this.told.push(line);
  }
}
