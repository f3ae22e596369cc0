/**
 * The engine for the features: starts the process where it may run, keeps it running, and asks it.
 * States are those of EngineState. Everything that the process must know again after a restart is sent by
 * `initialize` or by listeners of `onDidConnect`.
 */
import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import type { NotificationType, RequestParam, RequestType, RequestType0 } from 'vscode-jsonrpc';
import { messageOf, NeosearchError } from '../../base/errors';
import * as wire from '../../protocol/messages';
import type { EngineApi, EngineState } from '../features';
import { refusalText } from '../notice/refusal';
import type { LaunchEngine } from './engineProcess';
import type { Gate } from './gate';
import type { IndexMemory } from './indexMemory';
import { RestartPolicy } from './restartPolicy';
import { Session } from './session';
import { Waiters } from './waiters';

export interface SupervisorParts {
  readonly vs: Pick<typeof vscode, 'EventEmitter' | 'CancellationError' | 'l10n'>;
  readonly launch: LaunchEngine;
  /** Folder that holds dist/ and media/. */
  readonly installation: string;
  readonly memory: IndexMemory;
  readonly log: Pick<vscode.LogOutputChannel, 'error' | 'warn' | 'info'>;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
  /** Delays `run` by milliseconds; the result calls it off. */
  readonly later: (run: () => void, delay: number) => () => void;
}

export class EngineSupervisor implements EngineApi, vscode.Disposable {
  private readonly changed: vscode.EventEmitter<EngineState>;
  private readonly connected: vscode.EventEmitter<void>;
  private readonly stopped: vscode.EventEmitter<string>;
  readonly onDidChangeState: vscode.Event<EngineState>;
  /** A new process answers: it knows the configuration and nothing else. */
  readonly onDidConnect: vscode.Event<void>;
  /** It crashed too often; once each time, with the reason. */
  readonly onDidStop: vscode.Event<string>;

  private current: EngineState = { kind: 'off' };
  private gate: Gate = { kind: 'off' };
  private session: Session | undefined;
  /** The configuration that the session was told last, as text. */
  private told = '';
  /** The configuration that the latest process was started with, as text. */
  private tried = '';
  private ending: Promise<void> = Promise.resolve();
  private callOff: (() => void) | undefined;
  /** Counts starts and ends: what belongs to an earlier one is void. */
  private life = 0;
  private readonly policy = new RestartPolicy();
  private readonly waiters: Waiters<Session>;
  private readonly progress = new Map<string, (params: wire.ProgressParams) => void>();

  constructor(private readonly parts: SupervisorParts) {
    const { vs } = parts;
    this.changed = new vs.EventEmitter();
    this.connected = new vs.EventEmitter();
    this.stopped = new vs.EventEmitter();
    this.onDidChangeState = this.changed.event;
    this.onDidConnect = this.connected.event;
    this.onDidStop = this.stopped.event;
    this.waiters = new Waiters(vs);
  }

  get state(): EngineState {
    return this.current;
  }

  /** Says whether it may run, and with what. Takes effect at once. */
  setGate(gate: Gate): void {
    this.gate = gate;
    if (gate.kind !== 'allowed') {
      this.policy.forgive();
      this.end();
      this.setState(gate);
      return;
    }
    switch (this.current.kind) {
      case 'running':
        this.background(this.configure());
        return;
      case 'starting':
      case 'restarting':
        // The session is told when its handshake is done.
        return;
      case 'stopped':
        // Other settings may have removed the reason.
        if (JSON.stringify(this.parts.memory.applyTo(gate.configuration)) === this.tried) return;
        this.policy.forgive();
        this.start('starting', 0);
        return;
      case 'off':
      case 'untrusted':
      case 'noFolder':
      case 'unsupported':
        this.start('starting', 0);
    }
  }

  search(params: wire.SearchParams, token?: vscode.CancellationToken): Promise<wire.WireAnswer> {
    return this.ask(wire.Search, params, token);
  }

  similar(params: wire.SimilarParams, token?: vscode.CancellationToken): Promise<wire.WireAnswer> {
    return this.ask(wire.Similar, params, token);
  }

  related(params: wire.RelatedParams, token?: vscode.CancellationToken): Promise<wire.WireRelated> {
    return this.ask(wire.Related, params, token);
  }

  async duplicates(
    params: Omit<wire.DuplicatesParams, 'progressId'>,
    onProgress: (progress: wire.ProgressParams) => void,
    token?: vscode.CancellationToken,
  ): Promise<wire.WireDuplicates> {
    const progressId = randomUUID();
    this.progress.set(progressId, onProgress);
    try {
      return await this.ask(wire.Duplicates, { ...params, progressId }, token);
    } finally {
      this.progress.delete(progressId);
    }
  }

  async rebuild(roots?: readonly string[]): Promise<void> {
    await this.parts.memory.unmarkDeleted(roots ?? this.allRoots());
    await this.configure();
    await this.ask(wire.Rebuild, rootsParams(roots));
  }

  async deleteIndex(roots?: readonly string[]): Promise<void> {
    await this.ask(wire.DeleteIndex, rootsParams(roots));
    await this.parts.memory.markDeleted(roots ?? this.allRoots());
    await this.configure();
    this.refresh();
  }

  async pause(): Promise<void> {
    await this.parts.memory.setPaused(true);
    await this.ask0(wire.Pause);
  }

  async resume(): Promise<void> {
    await this.parts.memory.setPaused(false);
    await this.ask0(wire.Resume);
  }

  whenIdle(): Promise<void> {
    return this.ask0(wire.WhenIdle);
  }

  /** Also ends one that runs. Does nothing where none may run. */
  async restart(): Promise<void> {
    if (this.gate.kind !== 'allowed') throw this.refusal(this.gate);
    this.policy.forgive();
    this.end();
    this.start('starting', 0);
    await this.waiters.wait();
  }

  /** Lost where no engine runs: a new one looks at the folders itself, or is told again. */
  notify<P>(type: NotificationType<P>, params: NoInfer<RequestParam<P>>): void {
    // During the handshake too: the engine reads it after the handshake's request.
    if (this.session !== undefined) this.background(this.session.notify(type, params));
  }

  /** Resolves when the process has gone. */
  async close(): Promise<void> {
    this.gate = { kind: 'off' };
    this.end();
    await this.ending;
  }

  dispose(): void {
    this.end();
    this.changed.dispose();
    this.connected.dispose();
    this.stopped.dispose();
  }

  // ---- life ------------------------------------------------------------------------------------------------

  private start(kind: 'starting' | 'restarting', delay: number): void {
    const life = ++this.life;
    this.setState({ kind });
    this.callOff = this.parts.later(() => {
      this.callOff = undefined;
      this.run(life).catch((error: unknown) => this.failedToStart(life, error));
    }, delay);
  }

  private async run(life: number): Promise<void> {
    // Two engines of one window would quarrel about who writes.
    await this.ending;
    if (life !== this.life || this.gate.kind !== 'allowed') return;
    const process = await this.parts.launch();
    if (this.isOver(life)) {
      process.kill();
      return;
    }
    const session = new Session(process, this.parts.vs, {
      status: (status) => {
        if (life === this.life && this.current.kind === 'running') this.show(session, status);
      },
      log: ({ level, line }) => this.write(level, line),
      progress: (params) => this.progress.get(params.progressId)?.(params),
      crashed: (how) => {
        if (life === this.life) this.crashed(how);
      },
    });
    this.session = session;
    const configuration = this.parts.memory.applyTo(this.gate.configuration);
    this.told = this.tried = JSON.stringify(configuration);
    const status = await session.initialize(this.parts.installation, configuration);
    if (this.isOver(life)) return;
    this.parts.log.info(`engine: process ${session.pid}`);
    this.show(session, status);
    this.connected.fire();
    this.waiters.resolve(session);
    // Settings may have changed during the handshake.
    await this.configure();
  }

  /** Apart from the expression: other turns of the event loop change it. */
  private isOver(life: number): boolean {
    return life !== this.life;
  }

  /** The engine is there and refuses: another attempt would end the same way. */
  private failedToStart(life: number, error: unknown): void {
    // A process that died meanwhile reports that itself.
    if (life !== this.life || this.session?.isClosed() === true) return;
    if (this.current.kind === 'running') {
      this.write('error', messageOf(error));
      return;
    }
    this.stop(messageOf(error));
  }

  private crashed(how: string): void {
    this.write('error', `the engine ended unexpectedly (${how})`);
    this.session = undefined;
    const delay = this.policy.afterCrash(this.parts.now());
    if (delay === undefined) {
      this.stop(this.parts.vs.l10n.t('The search engine crashed several times and stays off.'));
    } else {
      this.start('restarting', delay);
    }
  }

  private stop(reason: string): void {
    this.end(new NeosearchError('engine-failed', reason));
    this.setState({ kind: 'stopped', reason });
    this.stopped.fire(reason);
  }

  /** @param answer what those hear who wait for it to start */
  private end(answer = this.notRunning()): void {
    this.life++;
    this.callOff?.();
    this.callOff = undefined;
    const { session } = this;
    this.session = undefined;
    this.told = '';
    if (session !== undefined) {
      const before = this.ending;
      this.ending = Promise.all([before, session.shutdown()]).then(() => undefined);
    }
    this.waiters.reject(answer);
  }

  // ---- questions -------------------------------------------------------------------------------------------

  private async ask<P, R>(
    type: RequestType<P, R, wire.WireFailure>,
    params: NoInfer<RequestParam<P>>,
    token?: vscode.CancellationToken,
  ): Promise<R> {
    const session = await this.live(token);
    return session.request(type, params, token);
  }

  private async ask0<R>(type: RequestType0<R, wire.WireFailure>): Promise<R> {
    const session = await this.live();
    return session.request0(type);
  }

  private live(token?: vscode.CancellationToken): Promise<Session> {
    const { kind } = this.current;
    if (kind === 'running' && this.session !== undefined) return Promise.resolve(this.session);
    if (kind === 'starting' || kind === 'restarting') return this.waiters.wait(token);
    return Promise.reject(this.refusal(this.current));
  }

  private async configure(): Promise<void> {
    const { session, gate } = this;
    if (gate.kind !== 'allowed' || session === undefined || this.current.kind !== 'running') return;
    const configuration = this.parts.memory.applyTo(gate.configuration);
    const text = JSON.stringify(configuration);
    if (text === this.told) return;
    this.told = text;
    await session.request(wire.Configure, configuration);
  }

  private show(session: Session, status: wire.WireStatus): void {
    const whole =
      this.gate.kind === 'allowed' ? this.parts.memory.addTo(status, this.gate.configuration) : status;
    this.setState({ kind: 'running', status: whole, pid: session.pid });
  }

  /** Shows what memory says anew. */
  private refresh(): void {
    if (this.current.kind === 'running' && this.session !== undefined) {
      this.show(this.session, this.current.status);
    }
  }

  private allRoots(): readonly string[] {
    return this.gate.kind === 'allowed' ? this.gate.configuration.roots.map(({ path }) => path) : [];
  }

  private setState(state: EngineState): void {
    this.current = state;
    this.changed.fire(state);
  }

  private notRunning(): NeosearchError {
    return new NeosearchError('engine-failed', this.parts.vs.l10n.t('The search engine was stopped.'));
  }

  private refusal(state: EngineState | Gate): NeosearchError {
    return new NeosearchError('engine-failed', refusalText(state, this.parts.vs.l10n));
  }

  private background(work: Promise<void>): void {
    work.catch((error: unknown) => this.write('error', messageOf(error)));
  }

  /** The engine says only what the setting asks for, so all of it is shown, whatever the channel's own level. */
  private write(level: wire.LogLevel, line: string): void {
    const { log } = this.parts;
    switch (level) {
      case 'error':
        log.error(line);
        return;
      case 'warn':
        log.warn(line);
        return;
      case 'info':
        log.info(line);
        return;
      case 'debug':
        log.info(`debug: ${line}`);
    }
  }
}

function rootsParams(roots: readonly string[] | undefined): wire.RootsParams {
  return roots === undefined ? {} : { roots };
}
