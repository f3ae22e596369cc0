/** Registers commands so that what goes wrong is shown once, with what to do; bugs go to the log whole. */
import * as vscode from 'vscode';
import { NeosearchError, messageOf } from '../../base/errors';
import type { FeatureContext } from '../features';
import { COMMAND } from '../ids';

export function commandRunner(log: vscode.LogOutputChannel): FeatureContext['command'] {
  return (id, run) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        return await run(...args);
      } catch (error) {
        if (error instanceof vscode.CancellationError) return undefined;
        log.error(`${id}: ${(error instanceof Error ? error.stack : undefined) ?? messageOf(error)}`);
        void show(error);
        return undefined;
      }
    });
}

async function show(error: unknown): Promise<void> {
  const log = vscode.l10n.t('Show Log');
  const message =
    error instanceof NeosearchError
      ? error.message
      : vscode.l10n.t('Neosearch met a bug: {0}', messageOf(error));
  if ((await vscode.window.showErrorMessage(message, log)) === log) {
    await vscode.commands.executeCommand(COMMAND.showLog);
  }
}
