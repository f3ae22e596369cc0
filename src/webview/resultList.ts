/** What was found, grouped by file: a list to move in by keyboard, each hit with its snippet and its reasons. */
import type { HitAction, PanelHit, ToPage } from '../protocol/panelMessages';
import { element, text } from './dom';
import { snippet } from './snippet';

interface Events {
  act(action: HitAction, hit: PanelHit): void;
  toBox(): void;
  more(): void;
  /** Away from what another feature shows. */
  back(): void;
}

interface Row {
  readonly hit: PanelHit;
  readonly root: HTMLElement;
}

/** Milliseconds that a hit is looked at before it is previewed. */
const PREVIEW_MS = 120;

export class ResultList {
  readonly root = element('div', { class: 'results' });
  canChat = false;
  private rows: Row[] = [];
  private current = -1;
  private timer: number | undefined;
  /** Whether the hits are of a lookup for similar code. */
  private showsSimilarity = false;

  constructor(private readonly events: Events) {
    this.root.addEventListener('keydown', (event) => this.onKey(event));
  }

  show({ hits, hasMore, notes, title }: Extract<ToPage, { type: 'results' }>): void {
    this.showsSimilarity = title !== undefined;
    const held = this.hasFocus() ? this.rows[this.current]?.hit : undefined;
    this.rows = [];
    this.current = -1;
    const groups = new Map<string, PanelHit[]>();
    for (const hit of hits) {
      const file = `${hit.root}\n${hit.path}`;
      groups.set(file, [...(groups.get(file) ?? []), hit]);
    }
    const summary =
      hits.length === 0
        ? text('Nothing found. Try other words, or fewer filters.')
        : text('{0} results in {1} files', hits.length, groups.size);
    const best = Math.max(...hits.map(({ score }) => score), Number.MIN_VALUE);
    const list = element('div', { role: 'listbox', 'aria-label': text('Results'), class: 'list' });
    const ranks = new Map(hits.map((hit, i) => [hit, i + 1]));
    for (const group of groups.values()) list.append(this.group(group, best, ranks));
    this.root.replaceChildren(
      ...(title === undefined ? [] : [this.guestTitle(title)]),
      element('div', { class: 'summary', role: 'status', 'aria-live': 'polite' }, summary),
      ...notes.map((note) => element('div', { class: 'note' }, note)),
      list,
    );
    if (hasMore) this.root.append(this.moreButton());
    const again = this.rows.findIndex(({ hit }) => held !== undefined && isSame(hit, held));
    if (held !== undefined) this.focus(Math.max(0, again), false);
  }

  /** In place of results, before there is a query. */
  tips(): void {
    this.rows = [];
    this.current = -1;
    this.root.replaceChildren(
      element(
        'div',
        { class: 'tips' },
        element('p', {}, text('Say what the code does, in your words.')),
        element('p', { class: 'example' }, text('where do we retry failed downloads')),
        element('p', {}, text('Filters in the query: path:src lang:ts -path:test "exact phrase"')),
        element(
          'p',
          {},
          text('Arrow keys preview, Enter opens, Ctrl+Enter opens to the side, Esc goes back to the box.'),
        ),
      ),
    );
  }

  focusFirst(): void {
    if (this.rows.length > 0) this.focus(0);
  }

  hasFocus(): boolean {
    return this.root.contains(document.activeElement);
  }

  private guestTitle(title: string): HTMLElement {
    const back = element('vscode-toolbar-button', { icon: 'arrow-left', label: text('Back to the search') });
    back.addEventListener('click', () => this.events.back());
    return element('div', { class: 'guest' }, back, element('span', {}, title));
  }

  private moreButton(): HTMLElement {
    const more = element('vscode-button', { secondary: '', class: 'more' }, text('Show more'));
    more.addEventListener('click', () => this.events.more());
    return more;
  }

  private group(hits: readonly PanelHit[], best: number, ranks: ReadonlyMap<PanelHit, number>): HTMLElement {
    const label = hits[0]?.label ?? '';
    const cut = label.lastIndexOf('/') + 1;
    const group = element('div', { role: 'group', 'aria-label': label, class: 'group' });
    group.append(
      element(
        'div',
        { class: 'file', title: label },
        element('vscode-icon', { name: 'file-code', 'aria-hidden': 'true' }),
        element('span', { class: 'name' }, label.slice(cut)),
        element('span', { class: 'folder' }, label.slice(0, Math.max(0, cut - 1))),
      ),
    );
    for (const hit of hits) group.append(this.row(hit, best, ranks.get(hit) ?? 0));
    return group;
  }

  private row(hit: PanelHit, best: number, rank: number): HTMLElement {
    const at = this.rows.length;
    const crumb = hit.breadcrumb.join(' › ');
    const lines = hit.startLine === hit.endLine ? `${hit.startLine}` : `${hit.startLine}–${hit.endLine}`;
    const share = Math.max(0.04, Math.min(1, hit.score / best));
    const bar = element('span', { class: 'bar', 'aria-hidden': 'true' }, element('span', { class: 'fill' }));
    (bar.firstElementChild as HTMLElement).style.width = `${Math.round(share * 100)}%`;
    const reasons = element('div', { class: 'reasons' });
    reasons.hidden = true;
    const row = element(
      'div',
      {
        role: 'option',
        tabindex: '-1',
        class: 'hit',
        'aria-selected': 'false',
        'aria-label': `${rank}. ${crumb} ${hit.label}, ${text('lines {0} to {1}', hit.startLine, hit.endLine)}`,
      },
      element(
        'div',
        { class: 'head' },
        element('span', { class: 'rank' }, String(rank)),
        bar,
        element('span', { class: 'crumb', title: crumb }, crumb === '' ? `:${lines}` : crumb),
        element('span', { class: 'lines' }, crumb === '' ? '' : lines),
        ...(this.showsSimilarity && hit.similarity !== undefined
          ? [element('span', { class: 'lines' }, `${Math.round(hit.similarity * 100)}%`)]
          : []),
        ...(hit.copies.length > 0
          ? [element('span', { class: 'badge' }, `+${hit.copies.length} ${text('identical copies')}`)]
          : []),
        this.actions(hit, reasons),
      ),
      snippet(hit),
      reasons,
    );
    row.addEventListener('click', ({ ctrlKey, metaKey, altKey }) => {
      this.focus(at, false);
      this.events.act(ctrlKey || metaKey || altKey ? 'openToSide' : 'preview', hit);
    });
    row.addEventListener('dblclick', () => this.events.act('open', hit));
    row.addEventListener('focus', () => this.mark(at));
    this.rows.push({ hit, root: row });
    return row;
  }

  private actions(hit: PanelHit, reasons: HTMLElement): HTMLElement {
    const bar = element('span', { class: 'actions' });
    const add = (icon: string, label: string, run: () => void): void => {
      const button = element('vscode-toolbar-button', { icon, label, title: label });
      button.addEventListener('click', (event) => {
        event.stopPropagation();
        run();
      });
      bar.append(button);
    };
    const act = (action: HitAction) => (): void => this.events.act(action, hit);
    add('combine', text('More like this'), act('similar'));
    add('split-horizontal', text('Open to the side'), act('openToSide'));
    add('copy', text('Copy path'), act('copyPath'));
    add('link', text('Copy as reference'), act('copyReference'));
    add('diff', text('Compare with selection'), act('diff'));
    if (this.canChat) add('comment-discussion', text('Send to chat'), act('chat'));
    add('question', text('Why it matched'), () => {
      reasons.hidden = !reasons.hidden;
      if (!reasons.hidden) reasons.replaceChildren(...reasonLines(hit));
    });
    return bar;
  }

  private onKey(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLElement) || !event.target.classList.contains('hit')) return;
    const hit = this.rows[this.current]?.hit;
    switch (event.key) {
      case 'ArrowDown':
        this.focus(Math.min(this.rows.length - 1, this.current + 1));
        break;
      case 'ArrowUp':
        if (this.current === 0 || event.ctrlKey || event.metaKey) this.events.toBox();
        else this.focus(this.current - 1);
        break;
      case 'Home':
        this.focus(0);
        break;
      case 'End':
        this.focus(this.rows.length - 1);
        break;
      case 'Escape':
        this.events.toBox();
        break;
      case 'Enter':
        if (hit !== undefined) this.events.act(event.ctrlKey || event.metaKey ? 'openToSide' : 'open', hit);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  private focus(at: number, preview = true): void {
    const row = this.rows[at];
    if (row === undefined) return;
    this.mark(at);
    row.root.focus({ preventScroll: true });
    row.root.scrollIntoView({ block: 'nearest' });
    window.clearTimeout(this.timer);
    if (preview) this.timer = window.setTimeout(() => this.events.act('preview', row.hit), PREVIEW_MS);
  }

  private mark(at: number): void {
    this.rows[this.current]?.root.setAttribute('aria-selected', 'false');
    this.current = at;
    this.rows[at]?.root.setAttribute('aria-selected', 'true');
  }
}

function isSame(a: PanelHit, b: PanelHit): boolean {
  return a.root === b.root && a.path === b.path && a.startLine === b.startLine;
}

function reasonLines({ reasons, similarity }: PanelHit): HTMLElement[] {
  const lines = reasons.map(({ signal, value }) =>
    element('div', {}, element('span', { class: 'value' }, value.toFixed(2)), text(signal)),
  );
  if (similarity !== undefined) {
    lines.push(
      element('div', {}, element('span', { class: 'value' }, similarity.toFixed(2)), text('similarity')),
    );
  }
  return lines;
}
