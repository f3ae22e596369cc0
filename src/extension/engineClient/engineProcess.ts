/** One engine process and the connection to it, as the supervisor needs them. */
import type { MessageConnection } from 'vscode-jsonrpc';

export interface EngineProcess {
  readonly connection: MessageConnection;
  /** Process id, where there is one already. */
  readonly pid: number | undefined;
  /** Resolves with how it ended, in words, once it has; never rejects. */
  readonly ended: Promise<string>;
  kill(): void;
}

export type LaunchEngine = () => Promise<EngineProcess>;
