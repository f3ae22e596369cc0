/** The origin of a similarity question, read from an editor and its language's symbols. */
import * as vscode from 'vscode';
import { NeosearchError } from '../../base/errors';
import type { WirePlace } from '../../protocol/messages';
import type { Opener } from '../features';
import { lastLineOf } from '../ranges';
import { type Cursor, type Origin, originOf, type SymbolLines } from './origin';

export interface DocumentOrigin {
  readonly origin: Origin;
  readonly place: WirePlace;
  /** Where the place alone does not say it: part of a line, or unsaved. */
  readonly text?: string;
  readonly document: vscode.TextDocument;
  /** The exact text that is compared. */
  readonly range: vscode.Range;
}

/**
 * @param whole the file itself, whatever is selected in it
 * @throws NeosearchError `bad-argument` for a document outside the workspace
 */
export async function documentOrigin(
  opener: Opener,
  document: vscode.TextDocument,
  selection: vscode.Selection | undefined,
  whole: boolean,
): Promise<DocumentOrigin> {
  const cursor = cursorOf(document, whole ? undefined : selection);
  const symbols =
    cursor.hasSelection || whole || selection === undefined ? [] : await symbolsOf(document.uri);
  const origin = originOf(cursor, symbols, document.lineCount);
  const range =
    origin.kind === 'selection' && selection !== undefined
      ? new vscode.Range(selection.start, selection.end)
      : linesRange(document, origin.startLine, origin.endLine);
  const place = opener.placeOf(document.uri, linesRange(document, origin.startLine, origin.endLine));
  if (place === undefined) {
    throw new NeosearchError(
      'bad-argument',
      vscode.l10n.t('This file is in no folder of the workspace. Open its folder and try again.'),
    );
  }
  const needsText = document.isDirty || (origin.kind === 'selection' && !cursor.wholeLines);
  return {
    origin,
    place: { ...place, startLine: origin.startLine, endLine: origin.endLine },
    document,
    range,
    ...(needsText ? { text: document.getText(range) } : {}),
  };
}

function cursorOf(document: vscode.TextDocument, selection: vscode.Selection | undefined): Cursor {
  if (selection === undefined) return { hasSelection: false, wholeLines: true, startLine: 1, endLine: 1 };
  const { start, end } = selection;
  const last = lastLineOf(selection);
  const before = document.lineAt(start.line).text.slice(0, start.character);
  const after = last === end.line ? document.lineAt(end.line).text.slice(end.character) : '';
  return {
    hasSelection: document.getText(selection).trim() !== '',
    wholeLines: before.trim() === '' && after.trim() === '',
    startLine: start.line + 1,
    endLine: last + 1,
  };
}

function linesRange(document: vscode.TextDocument, startLine: number, endLine: number): vscode.Range {
  const last = Math.min(endLine, document.lineCount) - 1;
  return new vscode.Range(startLine - 1, 0, last, document.lineAt(last).text.length);
}

const COMPARABLE = new Set([
  vscode.SymbolKind.Function,
  vscode.SymbolKind.Method,
  vscode.SymbolKind.Constructor,
  vscode.SymbolKind.Class,
  vscode.SymbolKind.Struct,
  vscode.SymbolKind.Interface,
  vscode.SymbolKind.Enum,
  // Headings of documents are reported as strings.
  vscode.SymbolKind.String,
]);

async function symbolsOf(uri: vscode.Uri): Promise<readonly SymbolLines[]> {
  const symbols = await vscode.commands.executeCommand<
    readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined
  >('vscode.executeDocumentSymbolProvider', uri);
  return (symbols ?? []).map(symbolLines);
}

function symbolLines(symbol: vscode.DocumentSymbol | vscode.SymbolInformation): SymbolLines {
  const range = 'range' in symbol ? symbol.range : symbol.location.range;
  return {
    name: symbol.name,
    comparable: COMPARABLE.has(symbol.kind),
    startLine: range.start.line + 1,
    endLine: range.end.line + 1,
    children: 'children' in symbol ? symbol.children.map(symbolLines) : [],
  };
}
