/**
 * The engine's side of the protocol: one handler for each message, over any JSON-RPC connection. Until `initialize`
 * has been answered nothing else is.
 */
import path from 'node:path';
import type { CancellationToken, MessageConnection, RequestType, RequestType0 } from 'vscode-jsonrpc';
import { messageOf, NeosearchError } from '../../base/errors';
import * as wire from '../../protocol/messages';
import type { Installation } from '../engine';
import { Workspace } from '../workspace/workspace';
import { failureOf } from './failures';
import { StatusFeed } from './statusFeed';

export interface ServerOptions {
  readonly version: string;
  /** Told that the editor wants the engine to end; everything is closed by then. */
  readonly onShutdown: () => void;
}

const LEVELS: readonly wire.LogLevel[] = ['error', 'warn', 'info', 'debug'];

export class Server {
  private workspace: Workspace | undefined;
  private initializing = false;
  private level: wire.LogLevel = 'info';
  private readonly feed: StatusFeed;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly connection: MessageConnection,
    private readonly options: ServerOptions,
  ) {
    this.feed = new StatusFeed(
      () => this.opened().status(),
      (status) => this.post(connection.sendNotification(wire.StatusChanged, status)),
    );
    this.handleRequests();
    this.handleNotifications();
    connection.listen();
  }

  /** Ends everything; what is finished is kept. */
  close(): Promise<void> {
    this.feed.close();
    this.closing ??= this.workspace?.close() ?? Promise.resolve();
    return this.closing;
  }

  private handleRequests(): void {
    this.on(wire.Initialize, (params) => this.initialize(params));
    this.on(wire.Configure, (configuration) => this.configure(configuration));
    this.on(wire.Search, (params, signal) => this.opened().search(params, signal));
    this.on(wire.Similar, (params, signal) => this.opened().similar(params, signal));
    this.on(wire.Related, (params, signal) => this.opened().related(params, signal));
    this.on(wire.Duplicates, (params, signal) =>
      this.opened().duplicates(params, {
        signal,
        onProgress: (done, message) => {
          const { progressId } = params;
          this.post(this.connection.sendNotification(wire.Progress, { progressId, done, message }));
        },
      }),
    );
    this.on0(wire.GetStatus, () => this.opened().status());
    this.on(wire.Rebuild, ({ roots }) => this.opened().rebuild(roots));
    this.on(wire.DeleteIndex, ({ roots }) => this.opened().deleteIndex(roots));
    this.on0(wire.Pause, () => this.opened().pause());
    this.on0(wire.Resume, () => this.opened().resume());
    this.on0(wire.WhenIdle, () => this.opened().whenIdle());
    this.on0(wire.Shutdown, async () => {
      await this.close();
      // After the answer is on its way.
      setImmediate(this.options.onShutdown);
    });
  }

  private handleNotifications(): void {
    const { connection } = this;
    connection.onNotification(wire.FilesChanged, ({ root, changed, deleted }) =>
      this.workspace?.filesChanged(root, changed, deleted),
    );
    connection.onNotification(wire.Rescan, ({ roots }) => this.workspace?.rescan(roots));
    connection.onNotification(wire.TextChanged, ({ root, path: file, text }) =>
      this.workspace?.textChanged(root, file, text),
    );
    connection.onNotification(wire.Looking, ({ root, paths }) => this.workspace?.looking(root, paths));
  }

  private async initialize(params: wire.InitializeParams): Promise<wire.InitializeResult> {
    const { protocolVersion, installation, configuration } = params;
    if (protocolVersion !== wire.PROTOCOL_VERSION) {
      throw new NeosearchError(
        'engine-failed',
        `The engine speaks version ${wire.PROTOCOL_VERSION} of its protocol and was asked for ${protocolVersion}. Reload the window.`,
      );
    }
    if (this.initializing) throw new NeosearchError('engine-failed', 'The engine was initialized already.');
    this.initializing = true;
    const workspace = new Workspace({
      installation: partsOf(installation),
      log: this.log,
      changed: this.feed.changed,
    });
    this.level = configuration.engine.logLevel;
    try {
      await workspace.configure(configuration);
      this.workspace = workspace;
    } catch (error) {
      this.initializing = false;
      await workspace.close();
      throw error;
    }
    this.feed.changed();
    return { protocolVersion: wire.PROTOCOL_VERSION, version: this.options.version, pid: process.pid };
  }

  private async configure(configuration: wire.Configuration): Promise<void> {
    this.level = configuration.engine.logLevel;
    await this.opened().configure(configuration);
  }

  private opened(): Workspace {
    if (this.workspace !== undefined && this.closing === undefined) return this.workspace;
    throw new NeosearchError('engine-failed', 'The engine is not ready: it is starting, or about to end.');
  }

  private readonly log = (level: wire.LogLevel, line: string): void => {
    if (LEVELS.indexOf(level) > LEVELS.indexOf(this.level)) return;
    this.post(this.connection.sendNotification(wire.Log, { level, line }));
  };

  private on<P, R>(
    type: RequestType<P, R, wire.WireFailure>,
    handle: (params: P, signal: AbortSignal) => Promise<R>,
  ): void {
    const { method } = type;
    this.connection.onRequest<unknown, wire.WireFailure>(method, (params: P, token: CancellationToken) =>
      this.answer((signal) => handle(params, signal), token),
    );
  }

  private on0<R>(type: RequestType0<R, wire.WireFailure>, handle: () => R | Promise<R>): void {
    const { method } = type;
    this.connection.onRequest<unknown, wire.WireFailure>(method, (token: CancellationToken) =>
      this.answer(handle, token),
    );
  }

  private async answer<R>(
    handle: (signal: AbortSignal) => R | Promise<R>,
    token: CancellationToken,
  ): Promise<R | ReturnType<typeof failureOf>> {
    const controller = new AbortController();
    const cancelled = token.onCancellationRequested(() => controller.abort());
    try {
      if (token.isCancellationRequested) controller.abort();
      controller.signal.throwIfAborted();
      return await handle(controller.signal);
    } catch (error) {
      return failureOf(error, (line) => this.log('error', line));
    } finally {
      cancelled.dispose();
    }
  }

  /** A message that cannot be sent any more is one that nobody waits for: the channel's end is dealt with elsewhere. */
  private post(sent: Promise<void>): void {
    sent.catch((error: unknown) => {
      if (this.closing === undefined) process.stderr.write(`${messageOf(error)}\n`);
    });
  }
}

/** Where the parts of an installation lie in its folder. */
function partsOf(installation: string): Installation {
  return {
    model: path.join(installation, 'media', 'model'),
    grammars: path.join(installation, 'dist', 'grammars'),
    encoderWorker: path.join(installation, 'dist', 'encoderWorker.js'),
  };
}
