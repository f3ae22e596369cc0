/** Asks which folders a command is for; without asking where there is only one. */
import * as vscode from 'vscode';
import type { EngineApi } from '../features';

export interface PickedRoots {
  /** undefined: all. */
  readonly paths: readonly string[] | undefined;
  readonly names: readonly string[];
}

interface RootItem extends vscode.QuickPickItem {
  readonly path?: string;
}

/** undefined: the user thought better of it. */
export async function pickRoots(engine: EngineApi, title: string): Promise<PickedRoots | undefined> {
  const { state } = engine;
  const roots = state.kind === 'running' ? state.status.roots : [];
  const known = roots.length > 0 ? roots : (vscode.workspace.workspaceFolders ?? []);
  const names = known.map(({ name }) => name);
  if (roots.length < 2) return { paths: undefined, names };
  const all: RootItem = { label: vscode.l10n.t('All folders') };
  const picked = await vscode.window.showQuickPick<RootItem>(
    [all, ...roots.map(({ path, name }) => ({ label: name, description: path, path }))],
    { title },
  );
  if (picked === undefined) return undefined;
  return picked.path === undefined
    ? { paths: undefined, names }
    : { paths: [picked.path], names: [picked.label] };
}
