/** The editor area of a real window, for previews: what is open, where one was, and the way back. */
import * as vscode from 'vscode';
import type { WirePlace } from '../../protocol/messages';
import type { Opener } from '../features';
import type { PreviewHost } from './previewSession';

/** Milliseconds that a shown document has to get its tab. */
const TAB_WAIT = 500;

interface EditorState {
  readonly uri: vscode.Uri;
  readonly column: vscode.ViewColumn | undefined;
  readonly selections: readonly vscode.Selection[];
  readonly visible: vscode.Range | undefined;
}

export class EditorArea implements PreviewHost {
  private readonly activeTab = vscode.window.tabGroups.activeTabGroup.activeTab;
  private readonly wasPreview = this.activeTab?.isPreview ?? false;
  private readonly active: EditorState | undefined;
  private readonly visible: readonly EditorState[];

  constructor(private readonly opener: Opener) {
    const editor = vscode.window.activeTextEditor;
    this.active = editor === undefined ? undefined : stateOf(editor);
    this.visible = vscode.window.visibleTextEditors.map(stateOf);
  }

  openTabs(): ReadonlySet<string> {
    return new Set(textTabs().map(([key]) => key));
  }

  async preview(place: WirePlace): Promise<string> {
    const editor = await this.opener.open(place, { preview: true, preserveFocus: true });
    const key = keyOf(editor.viewColumn, editor.document.uri);
    await tabOpened(key);
    return key;
  }

  async keep(place: WirePlace, toSide: boolean): Promise<string> {
    const preview = vscode.workspace
      .getConfiguration('workbench.editor')
      .get<boolean>('enablePreviewFromQuickOpen', false);
    const editor = await this.opener.open(place, { preview, toSide });
    return keyOf(editor.viewColumn, editor.document.uri);
  }

  async close(keys: readonly string[]): Promise<void> {
    const tabs = textTabs()
      .filter(([key, tab]) => keys.includes(key) && !tab.isDirty && !tab.isPinned)
      .map(([, tab]) => tab);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
  }

  async restore(): Promise<void> {
    if (this.active !== undefined) await show(this.active, this.wasPreview);
    else await reopen(this.activeTab);
    for (const state of this.visible) {
      const editor = vscode.window.visibleTextEditors.find(
        (e) => e.viewColumn === state.column && e.document.uri.toString() === state.uri.toString(),
      );
      if (editor !== undefined) putBack(editor, state);
    }
  }
}

function stateOf(editor: vscode.TextEditor): EditorState {
  return {
    uri: editor.document.uri,
    column: editor.viewColumn,
    selections: editor.selections,
    visible: editor.visibleRanges[0],
  };
}

/** With the focus: the editor that had it is gone by now, and without one the keys would go nowhere. */
async function show(state: EditorState, preview: boolean): Promise<void> {
  const editor = await vscode.window.showTextDocument(state.uri, {
    preview,
    ...(state.column === undefined ? {} : { viewColumn: state.column }),
  });
  putBack(editor, state);
}

function putBack(editor: vscode.TextEditor, state: EditorState): void {
  const same =
    editor.selections.length === state.selections.length &&
    editor.selections.every((selection, i) => state.selections[i]?.isEqual(selection));
  if (!same) editor.selections = state.selections;
  const top = editor.visibleRanges[0];
  if (state.visible !== undefined && (top === undefined || !top.isEqual(state.visible))) {
    editor.revealRange(state.visible, vscode.TextEditorRevealType.AtTop);
  }
}

/** What is no text is made active again where it is still open, and opened again where a preview took its tab. */
async function reopen(tab: vscode.Tab | undefined): Promise<void> {
  if (tab === undefined) return;
  const group = vscode.window.tabGroups.all.find(({ tabs }) => tabs.includes(tab));
  if (group !== undefined) {
    if (group.isActive && !tab.isActive) {
      await vscode.commands.executeCommand('workbench.action.openEditorAtIndex', group.tabs.indexOf(tab));
    }
    return;
  }
  const { input } = tab;
  const options = { viewColumn: tab.group.viewColumn, preview: tab.isPreview };
  if (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputNotebook) {
    const type = input instanceof vscode.TabInputCustom ? input.viewType : input.notebookType;
    await vscode.commands.executeCommand('vscode.openWith', input.uri, type, options);
  } else if (input instanceof vscode.TabInputTextDiff) {
    await vscode.commands.executeCommand('vscode.diff', input.original, input.modified, tab.label, options);
  }
}

function textTabs(): readonly (readonly [key: string, tab: vscode.Tab])[] {
  return vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.flatMap((tab) =>
      tab.input instanceof vscode.TabInputText
        ? [[keyOf(group.viewColumn, tab.input.uri), tab] as const]
        : [],
    ),
  );
}

/** The list of tabs is told later than the editor is there: waits until it has the tab, but not for ever. */
async function tabOpened(key: string): Promise<void> {
  const isOpen = (): boolean => textTabs().some(([open]) => open === key);
  if (isOpen()) return;
  const disposables: vscode.Disposable[] = [];
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, TAB_WAIT);
    disposables.push(
      new vscode.Disposable(() => clearTimeout(timer)),
      vscode.window.tabGroups.onDidChangeTabs(() => {
        if (isOpen()) resolve();
      }),
    );
  });
  vscode.Disposable.from(...disposables).dispose();
}

function keyOf(column: vscode.ViewColumn | undefined, uri: vscode.Uri): string {
  return `${column ?? 0} ${uri.toString()}`;
}
