/** What the user is told when the engine stays off. */
import * as vscode from 'vscode';
import type { EngineSupervisor } from './engineClient/supervisor';
import { COMMAND } from './ids';

export function registerCrashNotice(engine: Pick<EngineSupervisor, 'onDidStop'>): vscode.Disposable {
  return engine.onDidStop((reason) => void tell(reason));
}

async function tell(reason: string): Promise<void> {
  const restart = vscode.l10n.t('Restart');
  const log = vscode.l10n.t('Show Log');
  const picked = await vscode.window.showErrorMessage(`Neosearch: ${reason}`, restart, log);
  if (picked === restart) await vscode.commands.executeCommand(COMMAND.restartEngine);
  if (picked === log) await vscode.commands.executeCommand(COMMAND.showLog);
}
