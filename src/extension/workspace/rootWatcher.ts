/** Watches the files of one root through the editor and tells the engine, a burst at a time. */
import * as vscode from 'vscode';
import { FilesChanged, Rescan } from '../../protocol/messages';
import type { EngineSupervisor } from '../engineClient/supervisor';
import { locate } from '../reference/placeNames';
import { ChangeGatherer } from './changes';
import { later } from './later';
import { isWorthTelling } from './watchedPath';

export class RootWatcher implements vscode.Disposable {
  private readonly gatherer: ChangeGatherer;
  private readonly disposable: vscode.Disposable;

  constructor(
    private readonly root: vscode.Uri,
    engine: Pick<EngineSupervisor, 'notify'>,
  ) {
    const path = root.fsPath;
    this.gatherer = new ChangeGatherer(
      {
        changes: (changes) => engine.notify(FilesChanged, { root: path, ...changes }),
        tooMany: () => engine.notify(Rescan, { roots: [path] }),
      },
      later,
      () => Date.now(),
    );
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(root, '**/*'));
    this.disposable = vscode.Disposable.from(
      watcher,
      watcher.onDidCreate((uri) => this.note(uri, true)),
      watcher.onDidChange((uri) => this.note(uri, true)),
      watcher.onDidDelete((uri) => this.note(uri, false)),
      // A save is told at once: it is what its author looks for next.
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (this.note(uri, true)) this.gatherer.flush();
      }),
      vscode.workspace.onDidSaveNotebookDocument(({ uri }) => {
        if (this.note(uri, true)) this.gatherer.flush();
      }),
      this.gatherer,
    );
  }

  dispose(): void {
    this.disposable.dispose();
  }

  private note(uri: vscode.Uri, there: boolean): boolean {
    if (uri.scheme !== 'file') return false;
    const root = { path: this.root.fsPath, name: '' };
    const place = locate([root], uri.fsPath, process.platform === 'win32' ? 'win32' : 'posix');
    if (place === undefined || !isWorthTelling(place.path)) return false;
    if (there) this.gatherer.changed(place.path);
    else this.gatherer.deleted(place.path);
    return true;
  }
}
