/** One life of the engine process: handshake, questions, end. After its end every question is rejected. */
import type * as vscode from 'vscode';
import type { NotificationType, RequestParam, RequestType, RequestType0 } from 'vscode-jsonrpc';
import { NeosearchError } from '../../base/errors';
import {
  type Configuration,
  GetStatus,
  Initialize,
  type InitializeResult,
  Log,
  type LogParams,
  Progress,
  type ProgressParams,
  PROTOCOL_VERSION,
  Shutdown,
  StatusChanged,
  type WireFailure,
  type WireStatus,
} from '../../protocol/messages';
import type { EngineProcess } from './engineProcess';
import { fromWire } from './wireErrors';

/** Milliseconds that the engine has for its handshake. */
const HANDSHAKE = 60_000;
/** Milliseconds that it has to end by itself before it is killed; the editor gives five seconds in all. */
const SHUTDOWN = 2500;

export interface SessionListener {
  status(status: WireStatus): void;
  log(params: LogParams): void;
  progress(params: ProgressParams): void;
  /** Once, when the process has ended without being asked to. */
  crashed(how: string): void;
}

export class Session {
  private closed = false;
  private closing = false;
  private readonly onClose = new Set<() => void>();

  constructor(
    private readonly process: EngineProcess,
    private readonly vs: Pick<typeof vscode, 'CancellationError' | 'l10n'>,
    listener: SessionListener,
  ) {
    const { connection } = process;
    connection.onNotification(StatusChanged, (status) => listener.status(status));
    connection.onNotification(Log, (params) => listener.log(params));
    connection.onNotification(Progress, (params) => listener.progress(params));
    connection.onError(([error]) => listener.log({ level: 'error', line: error.message }));
    connection.onClose(() => {
      this.close();
      // Without its channel it is to end by itself; what hangs is made to.
      setTimeout(() => process.kill(), SHUTDOWN).unref();
    });
    connection.listen();
    void process.ended.then((how) => {
      const asked = this.closing;
      this.close();
      if (!asked) listener.crashed(how);
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /**
   * The handshake.
   * @throws NeosearchError `engine-failed`, or what the engine refuses with
   */
  async initialize(installation: string, configuration: Configuration): Promise<WireStatus> {
    const timer = setTimeout(() => this.process.kill(), HANDSHAKE);
    try {
      const result: InitializeResult = await this.request(Initialize, {
        protocolVersion: PROTOCOL_VERSION,
        installation,
        configuration,
      });
      if (result.protocolVersion !== PROTOCOL_VERSION) throw this.otherVersion();
      return await this.request0(GetStatus);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws NeosearchError; vscode.CancellationError as soon as the token is cancelled */
  request<P, R>(
    type: RequestType<P, R, WireFailure>,
    params: NoInfer<RequestParam<P>>,
    token?: vscode.CancellationToken,
  ): Promise<R> {
    return this.guarded(() => this.process.connection.sendRequest(type, params, token), token);
  }

  request0<R>(type: RequestType0<R, WireFailure>, token?: vscode.CancellationToken): Promise<R> {
    return this.guarded(() => this.process.connection.sendRequest(type, token), token);
  }

  /** Dropped when the process has gone. */
  async notify<P>(type: NotificationType<P>, params: NoInfer<RequestParam<P>>): Promise<void> {
    if (this.closed) return;
    try {
      await this.process.connection.sendNotification(type, params);
    } catch (error) {
      // The pipe breaks before the end of the process is known; the end is what gets reported.
      if (!this.isClosed()) throw this.translate(error);
    }
  }

  /** Asks it to end, and makes it when it does not in time. Resolves when it has gone. */
  async shutdown(): Promise<void> {
    this.closing = true;
    const timer = setTimeout(() => this.process.kill(), SHUTDOWN);
    try {
      if (!this.closed) await this.request0(Shutdown);
    } catch {
      // Whether it answers or not, it ends: by itself or by the timer.
    } finally {
      await this.process.ended;
      clearTimeout(timer);
    }
  }

  private guarded<R>(send: () => Promise<R>, token?: vscode.CancellationToken): Promise<R> {
    if (this.closed) return Promise.reject(this.gone());
    if (token?.isCancellationRequested === true) return Promise.reject(new this.vs.CancellationError());
    return new Promise<R>((resolve, reject) => {
      const closed = (): void => settle(() => reject(this.gone()));
      const cancelled = token?.onCancellationRequested(() =>
        settle(() => reject(new this.vs.CancellationError())),
      );
      const settle = (then: () => void): void => {
        this.onClose.delete(closed);
        cancelled?.dispose();
        then();
      };
      this.onClose.add(closed);
      send().then(
        (result) => settle(() => resolve(result)),
        (error: unknown) => settle(() => reject(this.isClosed() ? this.gone() : this.translate(error))),
      );
    });
  }

  private translate(error: unknown): Error {
    const failure = fromWire(error);
    return failure === 'cancelled' ? new this.vs.CancellationError() : failure;
  }

  private close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const reject of [...this.onClose]) reject();
    this.process.connection.dispose();
  }

  /** Whether its channel is gone. A method, since other turns of the event loop change it. */
  isClosed(): boolean {
    return this.closed;
  }

  private gone(): NeosearchError {
    return new NeosearchError(
      'engine-failed',
      this.vs.l10n.t('The search engine ended while it was asked. Ask again.'),
    );
  }

  private otherVersion(): NeosearchError {
    return new NeosearchError(
      'engine-failed',
      this.vs.l10n.t('Neosearch was updated while it ran. Reload the window.'),
    );
  }
}
