/** The query with its history, and the filters beside it. */
import type { WireKind, WireMode } from '../protocol/messages';
import type { PanelFilters, PanelMemory } from '../protocol/panelMessages';
import { element, text } from './dom';
import { LANGUAGES } from './languages';

interface Events {
  search(): void;
  /** Enter was pressed, a query of the history picked, or nothing more typed for a while. */
  settled(): void;
  toResults(): void;
  changed(): void;
}

/** What the elements of the library have beside HTML's. */
interface Valued extends HTMLElement {
  value: string;
}
interface Checked extends HTMLElement {
  checked: boolean;
}

/** Milliseconds without typing before a search. */
const TYPING_MS = 150;
/** Milliseconds after which what was typed counts as what was meant. */
const SETTLED_MS = 2500;

/** Queries that the history offers at once. */
const MOST_SUGGESTED = 15;

export class SearchBox {
  readonly root = element('div', { class: 'box', role: 'search' });
  searchAsYouType = true;
  private readonly field = element('vscode-textfield', {
    placeholder: text('Search by meaning'),
    label: text('Search by meaning'),
    'aria-label': text('Search by meaning'),
    id: 'query',
  }) as Valued & { wrappedElement?: HTMLInputElement };
  private readonly mode: Valued;
  private readonly kind: Valued;
  private readonly language: Valued;
  private readonly tests: Checked;
  private readonly folder: Valued;
  private readonly filterRow = element('div', {
    class: 'filters',
    role: 'group',
    'aria-label': text('Filters'),
  });
  private readonly suggestions = element('ul', {
    class: 'history',
    role: 'listbox',
    'aria-label': text('History'),
  });
  private history: readonly string[] = [];
  private historyAt = -1;
  private typed = '';
  private timer: number | undefined;
  private settling: number | undefined;

  constructor(
    memory: PanelMemory | undefined,
    private readonly events: Events,
  ) {
    const filters = memory?.filters;
    this.mode = select('Mode', filters?.mode ?? 'hybrid', [
      ['hybrid', text('Meaning and words')],
      ['semantic', text('Meaning only')],
      ['lexical', text('Words only')],
    ]);
    this.kind = select('Code and docs', filters?.kind ?? 'all', [
      ['all', text('Code and docs')],
      ['code', text('Code only')],
      ['docs', text('Docs only')],
    ]);
    this.language = select('All languages', filters?.languages[0] ?? '', [
      ['', text('All languages')],
      ...LANGUAGES,
    ]);
    this.tests = element('vscode-checkbox', {
      label: text('Tests'),
      class: 'tests',
    }) as HTMLElement as Checked;
    this.tests.checked = filters?.includeTests ?? true;
    if (this.tests.checked) this.tests.setAttribute('checked', '');
    this.folder = element('vscode-textfield', {
      placeholder: text('Folder, such as src/app'),
      'aria-label': text('Folder, such as src/app'),
      class: 'folder',
      value: filters?.folder ?? '',
    });
    this.field.setAttribute('value', memory?.query ?? '');
    const toggle = element('vscode-toolbar-button', {
      icon: 'filter',
      label: text('Filters'),
      title: text('Filters'),
      toggleable: '',
    });
    const recent = element('vscode-toolbar-button', {
      icon: 'history',
      label: text('History'),
      title: text('History'),
    });
    this.filterRow.append(this.mode, this.kind, this.language, this.folder, this.tests);
    this.filterRow.hidden = !this.isFiltered(filters);
    this.suggestions.hidden = true;
    this.root.append(
      element('div', { class: 'query' }, this.field, recent, toggle),
      this.suggestions,
      this.filterRow,
    );
    toggle.addEventListener('click', () => (this.filterRow.hidden = !this.filterRow.hidden));
    recent.addEventListener('click', () => this.toggleHistory());
    this.field.addEventListener('input', () => this.onInput());
    this.field.addEventListener('keydown', (event) => this.onKey(event));
    for (const filter of [this.mode, this.kind, this.language, this.tests, this.folder]) {
      filter.addEventListener('change', () => {
        this.events.search();
      });
    }
  }

  get query(): string {
    return this.field.value;
  }

  set query(query: string) {
    this.field.value = query;
  }

  get filters(): PanelFilters {
    return {
      mode: this.mode.value as WireMode,
      kind: this.kind.value as WireKind,
      includeTests: this.tests.checked,
      languages: this.language.value === '' ? [] : [this.language.value],
      folder: this.folder.value,
    };
  }

  /** The caret into the box, all of it selected. */
  focus(): void {
    window.setTimeout(() => {
      this.field.focus();
      this.field.wrappedElement?.select();
    }, 0);
  }

  setHistory(queries: readonly string[]): void {
    this.history = queries;
    this.historyAt = -1;
  }

  private isFiltered(filters: PanelFilters | undefined): boolean {
    if (filters === undefined) return false;
    const { mode, kind, includeTests, languages, folder } = filters;
    return mode !== 'hybrid' || kind !== 'all' || !includeTests || languages.length > 0 || folder !== '';
  }

  private onInput(): void {
    this.historyAt = -1;
    this.suggestions.hidden = true;
    window.clearTimeout(this.timer);
    window.clearTimeout(this.settling);
    this.events.changed();
    if (!this.searchAsYouType) return;
    this.timer = window.setTimeout(() => this.events.search(), TYPING_MS);
    this.settling = window.setTimeout(() => this.events.settled(), SETTLED_MS);
  }

  private onKey(event: KeyboardEvent): void {
    switch (event.key) {
      case 'Enter':
        window.clearTimeout(this.timer);
        window.clearTimeout(this.settling);
        this.suggestions.hidden = true;
        this.events.search();
        this.events.settled();
        break;
      case 'ArrowDown':
        if (event.altKey) this.recall(-1);
        else this.events.toResults();
        break;
      case 'ArrowUp':
        this.recall(1);
        break;
      case 'Escape':
        this.suggestions.hidden = true;
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  /** Older (1) or newer (-1) queries, as in a shell. */
  private recall(step: number): void {
    if (this.historyAt === -1) this.typed = this.query;
    const at = Math.max(-1, Math.min(this.history.length - 1, this.historyAt + step));
    this.historyAt = at;
    this.query = this.history[at] ?? this.typed;
    this.events.search();
  }

  private toggleHistory(): void {
    const isShown = !this.suggestions.hidden;
    this.suggestions.hidden = isShown || this.history.length === 0;
    if (!isShown)
      this.suggestions.replaceChildren(...this.history.slice(0, MOST_SUGGESTED).map(this.suggestion));
  }

  private readonly suggestion = (query: string): HTMLElement => {
    const item = element('li', { role: 'option', tabindex: '0' }, query);
    const pick = (): void => {
      this.query = query;
      this.suggestions.hidden = true;
      this.events.search();
      this.events.settled();
      this.focus();
    };
    item.addEventListener('click', pick);
    item.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') pick();
      if (key === 'Escape') {
        this.suggestions.hidden = true;
        this.focus();
      }
    });
    return item;
  };
}

function select(
  label: string,
  value: string,
  options: readonly (readonly [value: string, name: string])[],
): Valued {
  const made = element('vscode-single-select', { 'aria-label': text(label) }) as Valued;
  for (const [id, name] of options) {
    const option = element('vscode-option', { value: id }, name);
    if (id === value) option.setAttribute('selected', '');
    made.append(option);
  }
  return made;
}
