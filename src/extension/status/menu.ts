/** The menu of the status bar item: what can be done with the index now. */
import * as vscode from 'vscode';
import type { EngineState, FeatureContext } from '../features';
import { COMMAND, CONFIGURATION_SECTION } from '../ids';

interface MenuItem extends vscode.QuickPickItem {
  readonly command: string;
  readonly arguments: readonly unknown[];
}

export async function showStatusMenu({ engine, extension }: FeatureContext): Promise<void> {
  const items = [
    ...forState(engine.state),
    item('list-tree', vscode.l10n.t('Show Index Status'), COMMAND.showStatus),
    item('output', vscode.l10n.t('Show Log'), COMMAND.showLog),
    item(
      'settings-gear',
      vscode.l10n.t('Settings'),
      'workbench.action.openSettings',
      `@ext:${extension.extension.id} ${CONFIGURATION_SECTION}`,
    ),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Neosearch Index') });
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command, ...picked.arguments);
}

function forState(state: EngineState): MenuItem[] {
  switch (state.kind) {
    case 'off':
    case 'noFolder':
    case 'unsupported':
      return [];
    case 'untrusted':
      return [item('shield', vscode.l10n.t('Manage Workspace Trust'), 'workbench.trust.manage')];
    case 'starting':
    case 'restarting':
    case 'stopped':
      return [item('debug-restart', vscode.l10n.t('Restart Engine'), COMMAND.restartEngine)];
    case 'running':
      return [
        item('search', vscode.l10n.t('Search by Meaning'), COMMAND.search),
        state.status.paused
          ? item('play', vscode.l10n.t('Resume Indexing'), COMMAND.resumeIndexing)
          : item('debug-pause', vscode.l10n.t('Pause Indexing'), COMMAND.pauseIndexing),
        item('refresh', vscode.l10n.t('Rebuild Index'), COMMAND.rebuildIndex),
        item('trash', vscode.l10n.t('Delete Index'), COMMAND.deleteIndex),
        item('package', vscode.l10n.t('Select Model'), COMMAND.selectModel),
      ];
  }
}

function item(icon: string, label: string, command: string, ...args: readonly unknown[]): MenuItem {
  return { label: `$(${icon}) ${label}`, command, arguments: args };
}
