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

const FIRST = 30;
const MORE = 30;
/** Milliseconds before the host is told what to remember. */
const REMEMBER_MS = 150;

class Page {
  private readonly vscode = acquireVsCodeApi();
  private readonly memory = hostMemory() ?? this.vscode.getState();
  private remembering: number | undefined;
  /** Where the list is to be scrolled once, in pixels. */
  private scroll = this.memory?.scroll ?? 0;
  private readonly box: SearchBox;
  private readonly banner = new Banner(() => this.vscode.postMessage({ type: 'resolve' }));
  private readonly list: ResultList;
  private lastId = 0;
  private limit = FIRST;
  /** Whether the list shows what another feature found. */
  private isGuest = false;
  private readonly colors = new CSSStyleSheet();

  constructor() {
    this.box = new SearchBox(this.memory, {
      search: (settled) => this.search(settled),
      toResults: () => this.list.focusFirst(),
      changed: () => this.remember(),
    });
    this.list = new ResultList({
      act: (action, hit) => {
        if (action === 'open' || action === 'openToSide') this.search(true, false);
        this.vscode.postMessage({ type: 'hit', action, hit });
      },
      toBox: () => this.box.focus(),
      more: () => {
        this.limit += MORE;
        this.search(false);
      },
      back: () => {
        this.isGuest = false;
        this.search(false);
      },
    });
    const scroller = element('div', { class: 'scroller' }, this.list.root);
    scroller.addEventListener('scroll', () => this.remember(), { passive: true });
    document.body.append(this.box.root, this.banner.root, scroller);
    window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => this.receive(data));
    window.addEventListener('focus', () => this.vscode.postMessage({ type: 'focused', focused: true }));
    window.addEventListener('blur', () => this.vscode.postMessage({ type: 'focused', focused: false }));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.colors];
    this.vscode.postMessage({ type: 'ready' });
    this.list.tips();
    if (this.box.query !== '') this.search(false);
    this.box.focus();
  }

  private receive(message: ToPage): void {
    switch (message.type) {
      case 'results':
        if (message.id !== 0 && message.id !== this.lastId) return;
        this.isGuest = message.id === 0;
        this.banner.failure('');
        this.list.show(message, this.limit);
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
        this.setColors(message.css);
        return;
      case 'focus':
        if (message.query !== undefined) {
          this.box.query = message.query;
          this.search(true);
        }
        this.box.focus();
        return;
      case 'stale':
        // Somebody who moves in the list is not disturbed.
        if (!this.isGuest && !this.list.hasFocus() && this.box.query !== '') this.search(false);
    }
  }

  /** To where the list stood when an earlier page of this panel went. */
  private scrollBack(): void {
    const scroller = document.querySelector('.scroller');
    if (this.scroll > 0 && scroller !== null) scroller.scrollTop = this.scroll;
    this.scroll = 0;
  }

  private search(settled: boolean, ask = true): void {
    this.remember();
    const { query, filters } = this.box;
    if (query.trim() === '') {
      this.lastId += 1;
      this.list.tips();
      this.banner.failure('');
      return;
    }
    if (!settled) this.limit = Math.max(FIRST, this.limit);
    if (ask || settled) {
      this.lastId += 1;
      this.vscode.postMessage({
        type: 'search',
        id: this.lastId,
        query,
        filters,
        limit: this.limit,
        settled,
      });
    }
  }

  private remember(): void {
    const scroll = document.querySelector('.scroller')?.scrollTop ?? 0;
    const memory: PanelMemory = { query: this.box.query, filters: this.box.filters, scroll };
    this.vscode.setState(memory);
    window.clearTimeout(this.remembering);
    this.remembering = window.setTimeout(
      () => this.vscode.postMessage({ type: 'remember', memory }),
      REMEMBER_MS,
    );
  }

  private setColors(css: string): void {
    this.colors.replaceSync(css);
  }
}

/** What the host remembers of an earlier page of this view. */
function hostMemory(): PanelMemory | undefined {
  const text = document.getElementById('memory')?.textContent ?? '';
  return text === '' ? undefined : (JSON.parse(text) as PanelMemory);
}

new Page();
