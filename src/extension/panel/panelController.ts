/** One search panel: what its page asks, and what it is told. Knows no view, so that tests can be its page. */
import { messageOf } from '../../base/errors';
import type { SearchParams, WireAnswer, WirePlace } from '../../protocol/messages';
import type {
  PanelCondition,
  PanelFilters,
  PanelHit,
  PanelMemory,
  ToHost,
  ToPage,
} from '../../protocol/panelMessages';

/** A cancellation that the engine's side understands. */
export interface Cancel<Token> {
  readonly token: Token;
  cancel(): void;
}

export interface PanelHost<Token> {
  send(message: ToPage): void;
  search(params: SearchParams, token: Token): Promise<WireAnswer>;
  newCancel(): Cancel<Token>;
  labelOf(place: Pick<WirePlace, 'root' | 'path'>): string;
  act(action: Extract<ToHost, { type: 'hit' }>['action'], hit: PanelHit): Promise<void>;
  /** Does what the button of the condition says. */
  resolve(): Promise<void>;
  /** Remembers a query that the user settled on. */
  remember(query: string): void;
  /** Keeps what the page has to know when it is made anew. */
  keep(memory: PanelMemory): void;
  focused(isFocused: boolean): void;
  isCancellation(error: unknown): boolean;
  condition(): PanelCondition;
  history(): readonly string[];
  settings(): Extract<ToPage, { type: 'settings' }>;
  /** Most hits of one search, as the user set it. */
  maxResults(): number;
  /** A style sheet with the theme's colours of tokens. */
  colors(): string;
}

const PER_FILE = 3;
const SNIPPET_LINES = 8;

export class PanelController<Token> {
  private running: Cancel<Token> | undefined;
  private isReady = false;
  private waiting: ToPage[] = [];

  constructor(private readonly host: PanelHost<Token>) {}

  /** Takes a message of the page. */
  async receive(message: ToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready();
        return;
      case 'search':
        await this.search(message);
        return;
      case 'settled':
        this.host.remember(message.query);
        return;
      case 'hit':
        await this.host.act(message.action, message.hit);
        return;
      case 'resolve':
        await this.host.resolve();
        return;
      case 'remember':
        this.host.keep(message.memory);
        return;
      case 'focused':
        this.host.focused(message.focused);
    }
  }

  /** Tells the page something, once there is one. */
  tell(message: ToPage): void {
    if (this.isReady) this.host.send(message);
    else this.waiting.push(message);
  }

  /** Hits that another feature found. */
  show(title: string, { hits, notes }: WireAnswer): void {
    this.running?.cancel();
    this.tell({ type: 'results', id: 0, title, hits: this.labelled(hits), hasMore: false, notes });
  }

  dispose(): void {
    this.running?.cancel();
  }

  private ready(): void {
    const { host } = this;
    this.isReady = true;
    host.send({ type: 'colors', css: host.colors() });
    host.send(host.settings());
    host.send({ type: 'history', queries: host.history() });
    host.send({ type: 'condition', condition: host.condition() });
    const { waiting } = this;
    this.waiting = [];
    for (const message of waiting) host.send(message);
  }

  private async search({ id, query, filters, limit }: Extract<ToHost, { type: 'search' }>): Promise<void> {
    const { host } = this;
    this.running?.cancel();
    const cancel = host.newCancel();
    this.running = cancel;
    const most = host.maxResults();
    try {
      const params = paramsOf(query, filters, Math.min(limit, most));
      const answer = await host.search(params, cancel.token);
      if (this.running !== cancel) return;
      this.tell({
        type: 'results',
        id,
        hits: this.labelled(answer.hits),
        hasMore: limit < most && answer.hits.length >= limit,
        notes: answer.notes,
      });
    } catch (error) {
      if (this.running === cancel && !host.isCancellation(error)) {
        this.tell({ type: 'failure', id, message: messageOf(error) });
      }
    }
  }

  private labelled(hits: WireAnswer['hits']): PanelHit[] {
    return hits.map((hit) => ({ ...hit, label: this.host.labelOf(hit) }));
  }
}

export function paramsOf(query: string, filters: PanelFilters, limit: number): SearchParams {
  const { mode, kind, includeTests, languages, folder } = filters;
  return {
    query,
    mode,
    limit,
    perFile: PER_FILE,
    paths: folder === '' ? [] : [folderGlob(folder)],
    languages,
    kind,
    includeTests,
    snippetLines: SNIPPET_LINES,
  };
}

/** `src/app` means all that is in it; what has a star is a glob already. */
function folderGlob(folder: string): string {
  const slashed = folder
    .trim()
    .replaceAll('\\', '/')
    .replace(/^\.?\//, '')
    .replace(/\/+$/, '');
  return /[*?[{]/.test(slashed) ? slashed : `${slashed}/**`;
}
