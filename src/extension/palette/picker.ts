/** "Search by Meaning": a picker that searches while one types and shows a place while one looks at its row. */
import * as vscode from 'vscode';
import { messageOf } from '../../base/errors';
import type { SearchParams } from '../../protocol/messages';
import type { FeatureContext, HitAction, Opener, PanelApi } from '../features';
import { CONFIGURATION_SECTION, SETTING } from '../ids';
import { engineNotice, type Notice } from '../notice/engineNotice';
import { signalToken } from '../notice/cancellation';
import { EditorArea } from './editorArea';
import { plainText } from './hitRow';
import { PreviewSession } from './previewSession';
import { QuerySession, type QueryState } from './querySession';
import { type Row, rowsOf } from './rows';

/** Most rows: nobody looks further down a picker. */
const MOST_ROWS = 50;
/** Hits of one file: a second place in it is worth a row, a tenth is not. */
const PER_FILE = 3;
/** Milliseconds within which a click into the shown editor counts as the reason for the picker's end. */
const CLICK_WINDOW = 60;

interface Item extends vscode.QuickPickItem {
  readonly row: Row;
}

export interface PickerServices {
  readonly ctx: FeatureContext;
  readonly panel: PanelApi;
  readonly opener: Opener;
  readonly moreLikeThis: HitAction;
}

export class SearchPicker implements vscode.Disposable {
  private readonly picker = vscode.window.createQuickPick<Item>();
  private readonly inOurOrder = keepOrder(this.picker);
  private readonly queries: QuerySession;
  private readonly preview: PreviewSession;
  private readonly disposables: { dispose(): unknown }[] = [];
  private readonly toSideButton: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('split-horizontal'),
    tooltip: vscode.l10n.t('Open to the Side'),
  };
  private readonly similarButton: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('combine'),
    tooltip: vscode.l10n.t('More Like This'),
  };
  private readonly panelButton: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('layout-sidebar-left'),
    tooltip: vscode.l10n.t('Keep in Panel'),
  };
  /** The user asked to open the best hit before it was there. */
  private acceptNext = false;
  /** The row that the picker made active by itself when it got its rows. */
  private given: Item | undefined;
  private noticed: Notice['kind'] | undefined;
  private clicked = false;
  private settled = false;

  constructor(
    private readonly services: PickerServices,
    private readonly ended: () => void,
  ) {
    const { ctx, opener } = services;
    this.preview = new PreviewSession(new EditorArea(opener), (error) =>
      ctx.log.warn(`A preview failed: ${messageOf(error)}`),
    );
    this.queries = new QuerySession(
      (query, signal) => this.ask(query, signal),
      (state) => this.render(state),
    );
    this.picker.placeholder = vscode.l10n.t('What does the code do? Filters: path: -path: lang: "words"');
    this.picker.matchOnDescription = false;
    this.picker.matchOnDetail = false;
    this.picker.buttons = [this.panelButton];
    this.disposables.push(
      this.picker,
      this.picker.onDidChangeValue((value) => this.typed(value)),
      this.picker.onDidChangeActive(([item]) => this.moved(item)),
      this.picker.onDidAccept(() => void this.accept()),
      this.picker.onDidTriggerButton(() => void this.keepInPanel()),
      this.picker.onDidTriggerItemButton(({ item, button }) => void this.press(item, button)),
      this.picker.onDidHide(() => void this.hidden()),
      ctx.engine.onDidChangeState(() => this.stateChanged()),
      vscode.window.onDidChangeTextEditorSelection(({ kind }) => {
        if (kind === vscode.TextEditorSelectionChangeKind.Mouse) this.clicked = true;
      }),
    );
  }

  /** Opens the picker, with a query in it, selected, if there is one. */
  show(query: string): void {
    this.noticed = engineNotice(this.services.ctx.engine.state, vscode.l10n)?.kind;
    this.picker.value = query;
    this.updateTitle();
    this.picker.show();
    if (query.trim() === '') this.render(this.queries.state);
    else this.queries.type(query, true);
  }

  dispose(): void {
    this.queries.dispose();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async ask(query: string, signal: AbortSignal): ReturnType<FeatureContext['engine']['search']> {
    const limit = vscode.workspace.getConfiguration(CONFIGURATION_SECTION).get(SETTING.maxResults, MOST_ROWS);
    const params: SearchParams = {
      query,
      mode: 'hybrid',
      limit: Math.min(limit, MOST_ROWS),
      perFile: PER_FILE,
      paths: [],
      languages: [],
      kind: 'all',
      includeTests: true,
    };
    const source = signalToken(signal);
    try {
      return await this.services.ctx.engine.search(params, source.token);
    } finally {
      source.dispose();
    }
  }

  private render(state: QueryState): void {
    const { ctx, opener } = this.services;
    const notice = engineNotice(ctx.engine.state, vscode.l10n);
    const rows = rowsOf(state, {
      history: ctx.history.queries,
      notice,
      labelOf: (hit) => opener.labelOf(hit),
      l10n: vscode.l10n,
    });
    this.picker.busy = state.kind === 'searching' || notice?.kind === 'waiting';
    if (rows === undefined) return;
    const items = rows.map((row) => this.itemOf(row));
    this.given = items[0];
    this.picker.items = items;
    if (state.kind === 'answered') this.updateTitle(state.answer.notes[0]);
    if (this.acceptNext) {
      this.acceptNext = false;
      const first = items[0];
      if (first?.row.kind === 'hit') void this.accept(first);
    }
  }

  private itemOf(row: Row): Item {
    switch (row.kind) {
      case 'hit': {
        const { icon, name, where, line } = row.row;
        const detail = line === '' ? {} : { detail: line };
        const buttons = [this.similarButton, this.toSideButton];
        // Where rows would be sorted by their labels, a label without text keeps them where they are.
        return this.inOurOrder
          ? { row, label: `$(${icon}) ${name}`, description: where, ...detail, buttons, alwaysShow: true }
          : {
              row,
              label: `$(${icon})`,
              description: `${name}  ${where}`,
              ...detail,
              buttons,
              alwaysShow: true,
            };
      }
      case 'query':
        return { row, label: `$(history) ${plainText(row.query)}`, alwaysShow: true };
      case 'message':
        return {
          row,
          label: `$(${row.icon}) ${plainText(row.text)}`,
          ...(row.detail === undefined ? {} : { detail: row.detail }),
          alwaysShow: true,
        };
      case 'action':
        return { row, label: `$(arrow-right) ${row.action.title}`, detail: row.text, alwaysShow: true };
    }
  }

  private typed(value: string): void {
    this.acceptNext = false;
    const asYouType = vscode.workspace
      .getConfiguration(CONFIGURATION_SECTION)
      .get<boolean>(SETTING.searchAsYouType, true);
    if (asYouType || value.trim() === '') this.queries.type(value);
  }

  private moved(item: Item | undefined): void {
    if (item === undefined || item === this.given) return;
    this.given = undefined;
    if (item.row.kind === 'hit') this.preview.show(item.row.hit);
  }

  private async accept(item: Item | undefined = this.picker.activeItems[0]): Promise<void> {
    const { state } = this.queries;
    const typed = this.picker.value.trim();
    const isNew = typed !== '' && (state.kind === 'empty' || state.query !== typed);
    if (isNew || state.kind === 'searching') {
      // What is listed answers an older query: ask now, and open the best answer when it comes.
      this.queries.type(typed, true);
      this.acceptNext = !isNew;
      return;
    }
    if (item === undefined) return;
    const { row } = item;
    switch (row.kind) {
      case 'hit':
        return this.finish(() => this.preview.keep(row.hit));
      case 'query':
        this.picker.value = row.query;
        this.queries.type(row.query, true);
        return;
      case 'action':
        return this.finish(async () => {
          await this.preview.restore();
          await vscode.commands.executeCommand(row.action.command, ...row.action.arguments);
        });
      case 'message':
        return;
    }
  }

  private async press(item: Item, button: vscode.QuickInputButton): Promise<void> {
    if (item.row.kind !== 'hit') return;
    const { hit } = item.row;
    if (button === this.toSideButton) return this.finish(() => this.preview.keep(hit, true));
    await this.finish(async () => {
      await this.preview.restore();
      await this.services.moreLikeThis(hit);
    });
  }

  private async keepInPanel(): Promise<void> {
    const query = this.picker.value.trim();
    await this.finish(async () => {
      await this.preview.restore();
      await this.services.panel.searchFor(query);
    });
  }

  /** Closes the picker for a reason; hiding it then means nothing more. */
  private async finish(run: () => Promise<void>): Promise<void> {
    if (this.settled) return;
    this.settled = true;
    this.remember();
    this.picker.hide();
    try {
      await run();
    } catch (error) {
      this.report(error);
    } finally {
      this.end();
    }
  }

  private async hidden(): Promise<void> {
    if (this.settled) return;
    this.settled = true;
    this.remember();
    try {
      // Who clicked into the editor wants to be there: only Esc and the like lead back.
      await new Promise((resolve) => setTimeout(resolve, CLICK_WINDOW));
      if (this.clicked && this.preview.hasShown) await this.preview.leave();
      else await this.preview.restore();
    } catch (error) {
      this.report(error);
    } finally {
      this.end();
    }
  }

  private remember(): void {
    const { state } = this.queries;
    if (state.kind === 'answered' && state.answer.hits.length > 0) this.services.ctx.history.add(state.query);
  }

  private report(error: unknown): void {
    if (error instanceof vscode.CancellationError) return;
    this.services.ctx.log.error(messageOf(error));
    void vscode.window.showErrorMessage(messageOf(error));
  }

  private stateChanged(): void {
    this.updateTitle();
    const state = this.queries.state;
    const notice = engineNotice(this.services.ctx.engine.state, vscode.l10n);
    const before = this.noticed;
    this.noticed = notice?.kind;
    this.picker.busy = state.kind === 'searching' || notice?.kind === 'waiting';
    if (before === notice?.kind) return;
    // Rows follow only where the engine's state is what they show: hits under the reader's eyes stay.
    if (notice?.kind === 'blocked' || state.kind === 'empty') this.render(state);
    else if (before === 'blocked' || state.kind === 'failed') this.queries.again();
    else if (notice === undefined && !this.preview.hasShown) this.queries.again();
  }

  /** How far the index is, where one looks. */
  private updateTitle(note?: string): void {
    const notice = engineNotice(this.services.ctx.engine.state, vscode.l10n);
    this.picker.title = notice?.kind === 'partial' || notice?.kind === 'waiting' ? notice.text : note;
  }

  private end(): void {
    this.dispose();
    this.ended();
  }
}

/**
 * Pickers sort rows whose label holds what was typed. Every version so far has a property that stops it,
 * outside the published API. Answers whether this one has it.
 */
function keepOrder(picker: vscode.QuickPick<Item>): boolean {
  return 'sortByLabel' in picker && Reflect.set(picker, 'sortByLabel', false);
}
