/** Lines of ours, from 1 with both ends included, and ranges of the editor, from 0. */
import * as vscode from 'vscode';
import type { WirePlace } from '../protocol/messages';

/** Whole lines. The editor cuts the range where the last line ends. */
export function linesOf({ startLine, endLine }: Pick<WirePlace, 'startLine' | 'endLine'>): vscode.Range {
  return new vscode.Range(startLine - 1, 0, endLine - 1, Number.MAX_SAFE_INTEGER);
}

/** The last line that is meant, from 0: one before whose first character the selection ends is not. */
export function lastLineOf({ start, end }: vscode.Range): number {
  return end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
}
