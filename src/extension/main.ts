/** The extension: what it registers, in order. Nothing here waits, reads files or loads native code. */
import * as vscode from 'vscode';
import { messageOf } from '../base/errors';
import { registerAgents } from './agents/registerAgents';
import type { NeosearchApi } from './api';
import { commandRunner } from './commands/commandRunner';
import { registerIndexCommands } from './commands/registerIndexCommands';
import { registerContextKeys } from './contextKeys';
import { registerCrashNotice } from './crashNotice';
import { IndexMemory } from './engineClient/indexMemory';
import { EngineSupervisor } from './engineClient/supervisor';
import type { FeatureContext } from './features';
import { StoredHistory } from './history';
import { WorkspaceOpener } from './opener';
import { registerPalette } from './palette/registerPalette';
import { registerPanel } from './panel/registerPanel';
import { registerReference } from './reference/registerReference';
import { registerRelated } from './related/registerRelated';
import { registerSimilar } from './similar/registerSimilar';
import { showStatusMenu } from './status/menu';
import { registerStatusBar } from './status/statusBar';
import { later } from './workspace/later';
import { registerGate } from './workspace/registerGate';
import { Watching } from './workspace/watching';

let running: EngineSupervisor | undefined;

export function activate(extension: vscode.ExtensionContext): NeosearchApi {
  const began = performance.now();
  const keep = <T extends vscode.Disposable>(disposable: T): T => {
    extension.subscriptions.push(disposable);
    return disposable;
  };

  const log = keep(vscode.window.createOutputChannel('Neosearch', { log: true }));
  const history = keep(
    new StoredHistory(extension.workspaceState, vscode, (error) => log.error(messageOf(error))),
  );
  const opener = new WorkspaceOpener();
  const engine = keep(createEngine(extension, log));
  running = engine;
  const ctx: FeatureContext = { extension, engine, log, history, command: commandRunner(log) };

  keep(registerGate(engine, keep(new Watching(engine, opener, log))));
  keep(registerContextKeys(engine));
  keep(registerCrashNotice(engine));
  keep(registerIndexCommands(ctx));
  keep(registerStatusBar(ctx, () => showStatusMenu(ctx)));
  const panel = keep(registerPanel(ctx, opener));
  keep(registerPalette(ctx, panel, opener));
  keep(registerSimilar(ctx, panel, opener));
  keep(registerRelated(ctx, opener));
  keep(registerReference(ctx, opener));
  keep(registerAgents(ctx));

  const activationTime = performance.now() - began;
  log.info(`activated in ${activationTime.toFixed(1)} ms`);
  return apiOf(engine, activationTime);
}

/** The engine gets a moment to end by itself. */
export function deactivate(): Promise<void> | undefined {
  return running?.close();
}

function createEngine(extension: vscode.ExtensionContext, log: vscode.LogOutputChannel): EngineSupervisor {
  const installation = extension.extensionPath;
  return new EngineSupervisor({
    vs: vscode,
    installation,
    log,
    launch: async () => (await import('./engineClient/forkEngine')).forkEngine(installation, log),
    memory: new IndexMemory(extension.workspaceState),
    now: () => performance.now(),
    later,
  });
}

function apiOf(engine: EngineSupervisor, activationTime: number): NeosearchApi {
  return {
    activationTime,
    get state() {
      return engine.state;
    },
    get enginePid() {
      return engine.state.kind === 'running' ? engine.state.pid : undefined;
    },
    onDidChangeState: engine.onDidChangeState,
    whenIdle: () => engine.whenIdle(),
    search: (params) => engine.search(params),
  };
}
