/** What `activate` returns: for tests, and for extensions that want to ask. */
import type * as vscode from 'vscode';
import type { SearchParams, WireAnswer } from '../protocol/messages';
import type { EngineState } from './features';

export interface NeosearchApi {
  readonly state: EngineState;
  /** Process id of the engine while it runs. */
  readonly enginePid: number | undefined;
  /** Milliseconds that `activate` took. */
  readonly activationTime: number;
  readonly onDidChangeState: vscode.Event<EngineState>;
  /** Resolves when all is in the index that is known to have changed; waits for the engine to start. */
  whenIdle(): Promise<void>;
  search(params: SearchParams): Promise<WireAnswer>;
}
