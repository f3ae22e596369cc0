/** The context keys `neosearch.enabled` and `neosearch.paused`, which say what menus and views offer. */
import * as vscode from 'vscode';
import { mayRun } from './engineClient/mayRun';
import type { EngineApi, EngineState } from './features';
import { CONTEXT, type ContextKey } from './ids';

export function registerContextKeys(engine: EngineApi): vscode.Disposable {
  const shown = new Map<ContextKey, boolean>();
  const set = (key: ContextKey, value: boolean): void => {
    if (shown.get(key) === value) return;
    shown.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const show = (state: EngineState): void => {
    set(CONTEXT.enabled, mayRun(state));
    if (state.kind === 'running') set(CONTEXT.paused, state.status.paused);
  };
  show(engine.state);
  return engine.onDidChangeState(show);
}
