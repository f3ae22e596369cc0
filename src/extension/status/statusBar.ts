/** The status bar item: what the index is at, more on hover, a menu on click. */
import * as vscode from 'vscode';
import type { EngineState, FeatureContext } from '../features';
import { INTERNAL_COMMAND } from '../ids';
import { hoverText, statusLine } from './statusText';

export function registerStatusBar(
  { engine }: FeatureContext,
  showMenu: () => Promise<void>,
): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('neosearch.status', vscode.StatusBarAlignment.Right, 90);
  item.name = vscode.l10n.t('Neosearch Index');
  item.command = INTERNAL_COMMAND.statusMenu;
  const show = (state: EngineState): void => {
    const line = statusLine(state, vscode.l10n);
    if (line === undefined) {
      item.hide();
      return;
    }
    item.text = line.text;
    item.accessibilityInformation = { label: line.spoken, role: 'button' };
    item.backgroundColor = line.isProblem
      ? new vscode.ThemeColor('statusBarItem.errorBackground')
      : undefined;
    item.tooltip = new vscode.MarkdownString(hoverText(state, vscode.l10n), true);
    item.show();
  };
  show(engine.state);
  return vscode.Disposable.from(
    item,
    engine.onDidChangeState(show),
    vscode.commands.registerCommand(INTERNAL_COMMAND.statusMenu, showMenu),
  );
}
