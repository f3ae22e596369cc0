/** Read-only documents that show some lines of a file: the two sides of a comparison. */
import * as vscode from 'vscode';

const SCHEME = 'neosearch-range';

export class RangeDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly disposable: vscode.Disposable;

  constructor() {
    this.disposable = vscode.Disposable.from(
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.follow(document.uri)),
    );
  }

  /** Shows two ranges of files side by side. */
  async compare(
    left: { readonly uri: vscode.Uri; readonly range: vscode.Range; readonly label: string },
    right: { readonly uri: vscode.Uri; readonly range: vscode.Range; readonly label: string },
  ): Promise<void> {
    await vscode.commands.executeCommand(
      'vscode.diff',
      rangeUri(left.uri, left.range),
      rangeUri(right.uri, right.range),
      `${left.label} ↔ ${right.label}`,
      { preview: true },
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { source, range } = parse(uri);
    const document = await vscode.workspace.openTextDocument(source);
    return document.getText(document.validateRange(range));
  }

  dispose(): void {
    this.disposable.dispose();
  }

  private follow(source: vscode.Uri): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === SCHEME && parse(uri).source.toString() === source.toString()) this.changed.fire(uri);
    }
  }
}

/** The path stays the file's, so that the editor knows the language; the rest is in the query. */
function rangeUri(source: vscode.Uri, range: vscode.Range): vscode.Uri {
  const { start, end } = range;
  const numbers = [start.line, start.character, end.line, end.character].join(',');
  return source.with({ scheme: SCHEME, fragment: numbers, query: source.toString() });
}

function parse(uri: vscode.Uri): { readonly source: vscode.Uri; readonly range: vscode.Range } {
  const [startLine = 0, startCharacter = 0, endLine = 0, endCharacter = 0] = uri.fragment
    .split(',')
    .map(Number);
  return {
    source: vscode.Uri.parse(uri.query, true),
    range: new vscode.Range(startLine, startCharacter, endLine, endCharacter),
  };
}
