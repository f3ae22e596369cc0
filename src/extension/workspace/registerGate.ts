/** Opens and closes the engine's gate as settings, trust and folders change: nothing of it needs a reload. */
import * as vscode from 'vscode';
import type { EngineSupervisor } from '../engineClient/supervisor';
import { SECTIONS } from '../settings';
import { gateOf } from './gateOf';
import type { Watching } from './watching';

export function registerGate(
  engine: Pick<EngineSupervisor, 'setGate'>,
  watching: Pick<Watching, 'watch'>,
): vscode.Disposable {
  const update = (): void => {
    const gate = gateOf({
      read: (section, scope) => vscode.workspace.getConfiguration(section, scope ?? null),
      isTrusted: vscode.workspace.isTrusted,
      folders: vscode.workspace.workspaceFolders ?? [],
      node: process.versions.node,
      l10n: vscode.l10n,
    });
    engine.setGate(gate);
    watching.watch(gate.kind === 'allowed' ? gate.configuration.roots.map(({ path }) => path) : []);
  };
  update();
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (SECTIONS.some((section) => event.affectsConfiguration(section))) update();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
  );
}
