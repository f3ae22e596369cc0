/** The files that the user looks at, told to the engine so that they come first. */
import * as vscode from 'vscode';
import { Looking } from '../../protocol/messages';
import type { EngineSupervisor } from '../engineClient/supervisor';
import type { Opener } from '../features';
import { later } from './later';

/** Milliseconds: switching editors goes through states that last for less. */
const QUIET = 100;

export class LookedAt implements vscode.Disposable {
  private callOff: (() => void) | undefined;
  private readonly disposable: vscode.Disposable;

  constructor(
    private readonly engine: Pick<EngineSupervisor, 'notify' | 'onDidConnect'>,
    private readonly opener: Pick<Opener, 'placeOf'>,
  ) {
    this.disposable = vscode.Disposable.from(
      vscode.window.onDidChangeVisibleTextEditors(() => this.soon()),
      vscode.window.onDidChangeActiveTextEditor(() => this.soon()),
      vscode.window.onDidChangeVisibleNotebookEditors(() => this.soon()),
      engine.onDidConnect(() => this.tell()),
    );
    this.tell();
  }

  dispose(): void {
    this.disposable.dispose();
    this.callOff?.();
  }

  private soon(): void {
    this.callOff?.();
    this.callOff = later(() => this.tell(), QUIET);
  }

  private tell(): void {
    const byRoot = new Map<string, Set<string>>();
    for (const uri of visible()) {
      const place = this.opener.placeOf(uri);
      if (place === undefined) continue;
      const paths = byRoot.get(place.root) ?? new Set();
      byRoot.set(place.root, paths.add(place.path));
    }
    for (const [root, paths] of byRoot) this.engine.notify(Looking, { root, paths: [...paths] });
  }
}

/** The active editor first. */
function visible(): vscode.Uri[] {
  const active = vscode.window.activeTextEditor;
  return [
    ...(active === undefined ? [] : [active.document.uri]),
    ...vscode.window.visibleTextEditors.map(({ document }) => document.uri),
    ...vscode.window.visibleNotebookEditors.map(({ notebook }) => notebook.uri),
  ];
}
