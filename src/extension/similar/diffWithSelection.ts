/** "Compare with Selection": a hit beside what is selected, or beside what it was found to be similar to. */
import * as vscode from 'vscode';
import { NeosearchError } from '../../base/errors';
import type { Opener } from '../features';
import { linesOf } from '../ranges';
import { isPlace } from '../reference/placeNames';
import { type DocumentOrigin, documentOrigin } from './documentOrigin';
import type { RangeDocuments } from './rangeDocuments';

/**
 * @param hit the place to compare
 * @param origin what it was compared with, if the caller knows
 * @param last what "Find Similar Code" asked about last
 */
export async function diffWithSelection(
  opener: Opener,
  documents: RangeDocuments,
  hit: unknown,
  origin: unknown,
  last: DocumentOrigin | undefined,
): Promise<void> {
  if (!isPlace(hit)) {
    throw new NeosearchError('bad-argument', vscode.l10n.t('Run this from a hit of Neosearch.'));
  }
  const right = { uri: opener.uriOf(hit), range: linesOf(hit), label: opener.referenceOf(hit) };
  if (isPlace(origin)) {
    const left = { uri: opener.uriOf(origin), range: linesOf(origin), label: opener.referenceOf(origin) };
    await documents.compare(left, right);
    return;
  }
  const editor = vscode.window.activeTextEditor;
  const asked =
    editor !== undefined && !editor.selection.isEmpty
      ? await documentOrigin(opener, editor.document, editor.selection, false)
      : last;
  if (asked === undefined) {
    throw new NeosearchError('bad-argument', vscode.l10n.t('Select the code to compare with in an editor.'));
  }
  const left = { uri: asked.document.uri, range: asked.range, label: opener.referenceOf(asked.place) };
  await documents.compare(left, right);
}
