/** The page of the search panel: the box with its filters, and the list of what was found. */
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-icon/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { PanelMemory, ToHost, ToPage } from '../protocol/panelMessages';
import { Banner } from './banner';
import { ResultList } from './resultList';
import { SearchBox } from './searchBox';
import { element } from './dom';
import './panel.css';

interface VsCode {
  postMessage(message: ToHost): void;
  getState(): PanelMemory | undefined;
  setState(state: PanelMemory): void;
}
declare function acquireVsCodeApi(): VsCode;

/** Hits that are shown at first, and that each press of "Show more" adds: all are drawn on every key. */
const PAGE = 30;
/** Milliseconds before the host is told what to remember. */
const REMEMBER_MS = 150;

class Page {
  private readonly vscode = acquireVsCodeApi();
  private readonly memory = hostMemory() ?? this.vscode.getState();
  private remembering: number | undefined;
  private readonly scroller = element('div', { class: 'scroller' });
  /** Where the list is to be scrolled once, in pixels. */
  private scroll = this.memory?.scroll ?? 0;
  private readonly box: SearchBox;
  private readonly banner = new Banner(() => this.vscode.postMessage({ type: 'resolve' }));
  private readonly list: ResultList;
  private lastId = 0;
  /** Query and filters of the search that `limit` is of. */
  private asked = '';
  private limit = PAGE;
  /** Whether the list shows what another feature found. */
  private isGuest = false;
  private readonly colors = new CSSStyleSheet();

  constructor() {
    this.box = new SearchBox(this.memory, {
      search: () => this.search(),
      settled: () => this.settled(),
      toResults: () => this.list.focusFirst(),
      changed: () => this.remember(),
    });
    this.list = new ResultList({
      act: (action, hit) => {
        if ((action === 'open' || action === 'openToSide') && !this.isGuest) this.settled();
        this.vscode.postMessage({ type: 'hit', action, hit });
      },
      toBox: () => this.box.focus(),
      more: () => {
        this.limit += PAGE;
        this.search();
      },
      back: () => this.search(),
    });
    this.scroller.append(this.list.root);
    this.scroller.addEventListener('scroll', () => this.remember(), { passive: true });
    document.body.append(this.box.root, this.banner.root, this.scroller);
    window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => this.receive(data));
    window.addEventListener('focus', () => this.vscode.postMessage({ type: 'focused', focused: true }));
    window.addEventListener('blur', () => this.vscode.postMessage({ type: 'focused', focused: false }));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.colors];
    this.vscode.postMessage({ type: 'ready' });
    this.list.tips();
    if (this.box.query !== '') this.search();
    this.box.focus();
  }

  private receive(message: ToPage): void {
    switch (message.type) {
      case 'results':
        if (message.id !== 0 && message.id !== this.lastId) return;
        this.isGuest = message.id === 0;
        this.banner.failure('');
        this.list.show(message);
        this.scrollBack();
        return;
      case 'failure':
        if (message.id === this.lastId) this.banner.failure(message.message);
        return;
      case 'condition':
        this.banner.condition(message.condition);
        return;
      case 'history':
        this.box.setHistory(message.queries);
        return;
      case 'settings':
        this.box.searchAsYouType = message.searchAsYouType;
        this.list.canChat = message.canChat;
        return;
      case 'colors':
        this.colors.replaceSync(message.css);
        return;
      case 'focus':
        if (message.query !== undefined) {
          this.box.query = message.query;
          this.search();
          this.settled();
        }
        this.box.focus();
        return;
      case 'stale':
        // Somebody who moves in the list is not disturbed.
        if (!this.isGuest && !this.list.hasFocus() && this.box.query !== '') this.search();
    }
  }

  /** To where the list stood when an earlier page of this panel went. */
  private scrollBack(): void {
    if (this.scroll > 0) this.scroller.scrollTop = this.scroll;
    this.scroll = 0;
  }

  private search(): void {
    this.remember();
    this.isGuest = false;
    this.lastId += 1;
    const { query, filters } = this.box;
    if (query.trim() === '') {
      this.list.tips();
      this.banner.failure('');
      return;
    }
    const asked = JSON.stringify([query, filters]);
    if (asked !== this.asked) this.limit = PAGE;
    this.asked = asked;
    this.vscode.postMessage({ type: 'search', id: this.lastId, query, filters, limit: this.limit });
  }

  /** The query is what the user meant. */
  private settled(): void {
    const { query } = this.box;
    if (query.trim() !== '') this.vscode.postMessage({ type: 'settled', query });
  }

  private remember(): void {
    const { query, filters } = this.box;
    const memory: PanelMemory = { query, filters, scroll: this.scroller.scrollTop };
    this.vscode.setState(memory);
    window.clearTimeout(this.remembering);
    this.remembering = window.setTimeout(
      () => this.vscode.postMessage({ type: 'remember', memory }),
      REMEMBER_MS,
    );
  }
}

/** What the host remembers of an earlier page of this view. */
function hostMemory(): PanelMemory | undefined {
  const text = document.getElementById('memory')?.textContent ?? '';
  return text === '' ? undefined : (JSON.parse(text) as PanelMemory);
}

new Page();
