/** Opens places in the editor, and finds the place of what is open. */
import * as vscode from 'vscode';
import { messageOf, NeosearchError } from '../base/errors';
import type { WirePlace } from '../protocol/messages';
import type { Opener } from './features';
import { labelOf, locate, type NamedRoot, referenceOf } from './reference/placeNames';

export class WorkspaceOpener implements Opener {
  async open(
    place: WirePlace,
    options: { readonly toSide?: boolean; readonly preview?: boolean; readonly preserveFocus?: boolean } = {},
  ): Promise<vscode.TextEditor> {
    const uri = this.uriOf(place);
    const document = await this.read(uri);
    const range = rangeOf(document, place);
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: options.toSide === true ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
      preview: options.preview ?? true,
      preserveFocus: options.preserveFocus ?? false,
      selection: range,
    });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    return editor;
  }

  uriOf({ root, path }: Pick<WirePlace, 'root' | 'path'>): vscode.Uri {
    return vscode.Uri.joinPath(vscode.Uri.file(root), path);
  }

  referenceOf(place: WirePlace): string {
    return referenceOf(this.roots, place);
  }

  labelOf(place: Pick<WirePlace, 'root' | 'path'>): string {
    return labelOf(this.roots, place);
  }

  placeOf(uri: vscode.Uri, range?: vscode.Range): WirePlace | undefined {
    if (uri.scheme !== 'file') return undefined;
    const file = locate(this.roots, uri.fsPath, process.platform === 'win32' ? 'win32' : 'posix');
    if (file === undefined) return undefined;
    return { ...file, startLine: (range?.start.line ?? 0) + 1, endLine: (range?.end.line ?? 0) + 1 };
  }

  private async read(uri: vscode.Uri): Promise<vscode.TextDocument> {
    try {
      return await vscode.workspace.openTextDocument(uri);
    } catch (error) {
      throw new NeosearchError(
        'bad-argument',
        vscode.l10n.t('{0} cannot be opened: {1}', uri.fsPath, messageOf(error)),
        { cause: error },
      );
    }
  }

  private get roots(): readonly NamedRoot[] {
    return (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri, name }) => ({ path: uri.fsPath, name }));
  }
}

/** Whole lines, cut to what the document has by now. */
function rangeOf(document: vscode.TextDocument, { startLine, endLine }: WirePlace): vscode.Range {
  const last = document.lineCount - 1;
  const end = Math.min(Math.max(endLine - 1, 0), last);
  return new vscode.Range(
    Math.min(Math.max(startLine - 1, 0), end),
    0,
    end,
    document.lineAt(end).text.length,
  );
}
