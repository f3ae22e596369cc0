/** The search panel: a view of its own container, and the same as an editor tab. */
import * as vscode from 'vscode';
import type { WireAnswer, WirePlace } from '../../protocol/messages';
import type { HitAction, PanelCondition, PanelHit, PanelMemory, ToHost } from '../../protocol/panelMessages';
import type { FeatureContext, Opener, PanelApi } from '../features';
import { COMMAND, CONFIGURATION_SECTION, CONTEXT, SETTING, VIEW } from '../ids';
import { indexSignature } from '../indexSignature';
import { maxResults, moreLikeThis } from '../similar/moreLikeThis';
import { engineNotice, overallProgress } from '../notice/engineNotice';
import { pageTexts } from './pageTexts';
import { PanelController, type PanelHost } from './panelController';
import { panelHtml } from './panelHtml';
import { themeColors } from './themeColors';

const t = (message: string, ...args: (string | number)[]): string => vscode.l10n.t(message, ...args);
/** Between two quiet repetitions of a search while the index grows, in milliseconds. */
const STALE_MS = 3000;
/** Key of what the view's page remembers. */
const MEMORY = 'neosearch.panel';
const CHAT = 'workbench.action.chat.open';

export function registerPanel(ctx: FeatureContext, opener: Opener): PanelApi & { dispose(): void } {
  return new Panels(ctx, opener);
}

interface Open {
  readonly controller: PanelController<vscode.CancellationToken>;
  readonly isView: boolean;
}

class Panels implements PanelApi, vscode.Disposable {
  private readonly open = new Set<Open>();
  private readonly disposable: vscode.Disposable;
  private origin: WirePlace | undefined;
  private colors = '';
  private canChat = false;
  /** When the pages were told last that the index changed, in milliseconds since 1970. */
  private staleAt = 0;
  private telling: NodeJS.Timeout | undefined;
  private signature = '';

  constructor(
    private readonly ctx: FeatureContext,
    private readonly opener: Opener,
  ) {
    const { engine, history } = ctx;
    this.disposable = vscode.Disposable.from(
      vscode.window.registerWebviewViewProvider(VIEW.panel, {
        resolveWebviewView: (view) => this.attachView(view),
      }),
      vscode.window.registerWebviewPanelSerializer(VIEW.panelEditor, {
        deserializeWebviewPanel: (panel) => {
          this.attachEditor(panel);
          return Promise.resolve();
        },
      }),
      ctx.command(COMMAND.openPanel, () => this.reveal()),
      ctx.command(COMMAND.openPanelInEditor, () => this.openEditor()),
      ctx.command(COMMAND.clearHistory, () => history.clear()),
      engine.onDidChangeState(() => this.engineChanged()),
      history.onDidChange((queries) => this.tellAll({ type: 'history', queries })),
      vscode.window.onDidChangeActiveColorTheme(() => void this.readColors()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(CONFIGURATION_SECTION)) this.tellAll(this.settings());
        if (event.affectsConfiguration('workbench.colorTheme')) void this.readColors();
      }),
    );
  }

  private attachView(view: vscode.WebviewView): void {
    const detach = this.attach(view.webview, true);
    view.onDidDispose(detach);
  }

  private attachEditor(panel: vscode.WebviewPanel): void {
    panel.iconPath = vscode.Uri.joinPath(this.ctx.extension.extensionUri, 'media', 'neosearch.svg');
    const detach = this.attach(panel.webview, false);
    panel.onDidDispose(detach);
  }

  private openEditor(): void {
    this.attachEditor(
      vscode.window.createWebviewPanel(VIEW.panelEditor, t('Search by Meaning'), vscode.ViewColumn.Active),
    );
  }

  private async reveal(query?: string): Promise<void> {
    await vscode.commands.executeCommand(`${VIEW.panel}.focus`);
    this.tellView(query === undefined ? { type: 'focus' } : { type: 'focus', query });
  }

  searchFor(query: string): Promise<void> {
    return this.reveal(query);
  }

  async showHits(title: string, answer: WireAnswer, origin?: WirePlace): Promise<void> {
    this.origin = origin;
    await vscode.commands.executeCommand(`${VIEW.panel}.focus`);
    for (const { controller, isView } of this.open) if (isView) controller.show(title, answer);
  }

  dispose(): void {
    this.disposable.dispose();
    clearTimeout(this.telling);
    for (const { controller } of this.open) controller.dispose();
  }

  private attach(webview: vscode.Webview, isView: boolean): () => void {
    const { extensionUri } = this.ctx.extension;
    const at = (...parts: string[]): vscode.Uri =>
      vscode.Uri.joinPath(extensionUri, 'dist', 'webview', ...parts);
    webview.options = { enableScripts: true, localResourceRoots: [at()] };
    const controller = new PanelController(this.hostFor(webview, isView));
    const entry: Open = { controller, isView };
    this.open.add(entry);
    const listening = webview.onDidReceiveMessage((message: ToHost) => {
      controller.receive(message).catch((error: unknown) => this.ctx.log.error(String(error)));
    });
    const uri = (file: string): string => webview.asWebviewUri(at(file)).toString();
    const show = (): void => {
      webview.html = panelHtml({
        cspSource: webview.cspSource,
        script: uri('panel.js'),
        style: uri('panel.css'),
        codicons: uri('codicon.css'),
        title: t('Search by Meaning'),
        memory: isView ? this.ctx.extension.workspaceState.get<PanelMemory>(MEMORY) : undefined,
        texts: pageTexts(),
      });
    };
    void this.prepare().then(show);
    return () => {
      listening.dispose();
      controller.dispose();
      this.open.delete(entry);
      void vscode.commands.executeCommand('setContext', CONTEXT.panelFocused, false);
    };
  }

  /** What the first page needs to know; read when a panel is first shown. */
  private async prepare(): Promise<void> {
    this.canChat = (await vscode.commands.getCommands(true)).includes(CHAT);
    this.colors = await themeColors(this.ctx.log);
  }

  private hostFor(webview: vscode.Webview, isView: boolean): PanelHost<vscode.CancellationToken> {
    const { engine, history } = this.ctx;
    return {
      send: (message) => void webview.postMessage(message),
      search: (params, token) => engine.search(params, token),
      newCancel: () => {
        const source = new vscode.CancellationTokenSource();
        return { token: source.token, cancel: () => source.cancel() };
      },
      labelOf: (place) => this.opener.labelOf(place),
      act: (action, hit) => this.act(action, hit),
      resolve: () => this.resolve(),
      remember: (query) => history.add(query),
      keep: (memory) => {
        if (isView) void this.ctx.extension.workspaceState.update(MEMORY, memory);
      },
      focused: (isFocused) =>
        void vscode.commands.executeCommand('setContext', CONTEXT.panelFocused, isFocused),
      isCancellation: (error) => error instanceof vscode.CancellationError,
      condition: () => this.condition(),
      history: () => history.queries,
      settings: () => this.settings(),
      maxResults,
      colors: () => this.colors,
    };
  }

  private settings(): { type: 'settings'; searchAsYouType: boolean; canChat: boolean } {
    const configuration = vscode.workspace.getConfiguration(CONFIGURATION_SECTION);
    return {
      type: 'settings',
      searchAsYouType: configuration.get<boolean>(SETTING.searchAsYouType, true),
      canChat: this.canChat,
    };
  }

  private async resolve(): Promise<void> {
    const action = engineNotice(this.ctx.engine.state, vscode.l10n)?.action;
    if (action !== undefined) await vscode.commands.executeCommand(action.command, ...action.arguments);
  }

  private condition(): PanelCondition {
    const { state } = this.ctx.engine;
    const notice = engineNotice(state, vscode.l10n);
    if (notice === undefined) return { kind: 'ready', text: '' };
    const isIndexing =
      state.kind === 'running' && state.status.roots.some((root) => root.state === 'indexing');
    return {
      kind: notice.kind === 'blocked' ? 'problem' : 'busy',
      text: notice.text,
      ...(isIndexing ? { progress: overallProgress(state.status.roots) } : {}),
      ...(notice.action === undefined ? {} : { action: notice.action.title }),
    };
  }

  private async act(action: HitAction, hit: PanelHit): Promise<void> {
    switch (action) {
      case 'open':
        await this.opener.open(hit, { preview: false });
        return;
      case 'openToSide':
        await this.opener.open(hit, { toSide: true, preview: false });
        return;
      case 'preview':
        await this.opener.open(hit, { preview: true, preserveFocus: true });
        return;
      case 'similar':
        await moreLikeThis(this.ctx, this, this.opener, hit);
        return;
      case 'copyPath':
        await vscode.env.clipboard.writeText(this.opener.uriOf(hit).fsPath);
        return;
      case 'copyReference':
        await vscode.commands.executeCommand(COMMAND.copyReference, hit);
        return;
      case 'chat':
        await vscode.commands.executeCommand(CHAT, {
          query: `#file:${this.opener.labelOf(hit)} ${this.opener.referenceOf(hit)} `,
          isPartialQuery: true,
        });
        return;
      case 'diff':
        await vscode.commands.executeCommand(COMMAND.diffWithSelection, hit, this.origin);
    }
  }

  private engineChanged(): void {
    const { state } = this.ctx.engine;
    this.tellAll({ type: 'condition', condition: this.condition() });
    if (state.kind !== 'running') return;
    const { roots } = state.status;
    const signature = roots.map(indexSignature).join();
    if (signature === this.signature) return;
    this.signature = signature;
    const isDone = roots.every((root) => root.state === 'ready');
    clearTimeout(this.telling);
    this.telling = setTimeout(
      () => {
        this.staleAt = Date.now();
        this.tellAll({ type: 'stale' });
      },
      isDone ? 0 : this.staleAt + STALE_MS - Date.now(),
    );
  }

  private async readColors(): Promise<void> {
    // Who opens a panel later reads them then.
    if (this.open.size === 0) return;
    this.colors = await themeColors(this.ctx.log);
    this.tellAll({ type: 'colors', css: this.colors });
  }

  private tellAll(message: Parameters<PanelController<unknown>['tell']>[0]): void {
    for (const { controller } of this.open) controller.tell(message);
  }

  private tellView(message: Parameters<PanelController<unknown>['tell']>[0]): void {
    for (const { controller, isView } of this.open) if (isView) controller.tell(message);
  }
}
