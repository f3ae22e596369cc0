/** "Copy as Reference": the selection's place as `path#L10-L42`, for chats, issues and notes. */
import * as vscode from 'vscode';
import { NeosearchError } from '../../base/errors';
import type { WirePlace } from '../../protocol/messages';
import type { FeatureContext, Opener } from '../features';
import { COMMAND } from '../ids';
import { lastLineOf } from '../ranges';
import { isPlace } from './placeNames';

export function registerReference(ctx: FeatureContext, opener: Opener): vscode.Disposable {
  return ctx.command(COMMAND.copyReference, async (of) => {
    const place = isPlace(of) ? of : selectedPlace(opener);
    if (place === undefined) {
      throw new NeosearchError(
        'bad-argument',
        vscode.l10n.t('Open a file of the workspace, select lines, and run this again.'),
      );
    }
    const reference = opener.referenceOf(place);
    await vscode.env.clipboard.writeText(reference);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0}', reference), 3000);
  });
}

function selectedPlace(opener: Opener): WirePlace | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { start } = editor.selection;
  const last = lastLineOf(editor.selection);
  return opener.placeOf(
    editor.document.uri,
    new vscode.Range(start.line, 0, last, editor.document.lineAt(last).text.length),
  );
}
