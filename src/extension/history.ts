/** The queries of panel and palette, newest first, kept with the workspace. */
import type * as vscode from 'vscode';
import type { QueryHistory } from './features';

const KEY = 'history';
/** More are not looked through. */
const MOST = 50;

export class StoredHistory implements QueryHistory, vscode.Disposable {
  private readonly changed: vscode.EventEmitter<readonly string[]>;
  readonly onDidChange: vscode.Event<readonly string[]>;
  private kept: readonly string[];

  constructor(
    private readonly memento: Pick<vscode.Memento, 'get' | 'update'>,
    vs: Pick<typeof vscode, 'EventEmitter'>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.changed = new vs.EventEmitter();
    this.onDidChange = this.changed.event;
    this.kept = memento.get<readonly string[]>(KEY, []);
  }

  get queries(): readonly string[] {
    return this.kept;
  }

  /** An older one with the same words makes place. */
  add(query: string): void {
    const words = query.trim();
    if (words === '' || words === this.kept[0]) return;
    this.keep([words, ...this.kept.filter((other) => other !== words)].slice(0, MOST));
  }

  clear(): void {
    this.keep([]);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private keep(queries: readonly string[]): void {
    this.kept = queries;
    this.changed.fire(queries);
    this.memento.update(KEY, queries).then(undefined, this.failed);
  }
}
