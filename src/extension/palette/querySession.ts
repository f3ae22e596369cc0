/** Questions asked while somebody types: one at a time, the newest only, after a short rest of the keys. */
import type { WireAnswer } from '../../protocol/messages';

/** Milliseconds that the keys rest before a question is asked: below what a typist notices. */
export const TYPING_DELAY = 120;

export type QueryState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'searching'; readonly query: string }
  | { readonly kind: 'answered'; readonly query: string; readonly answer: WireAnswer }
  | { readonly kind: 'failed'; readonly query: string; readonly error: unknown };

/** Asks the engine; rejects when the signal aborts. */
export type Ask = (query: string, signal: AbortSignal) => Promise<WireAnswer>;

export class QuerySession {
  private current: QueryState = { kind: 'empty' };
  private running: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ask: Ask,
    private readonly changed: (state: QueryState) => void,
    private readonly delay: number = TYPING_DELAY,
  ) {}

  get state(): QueryState {
    return this.current;
  }

  /** The text of the box changed. Asks after the delay, at once with `now`. */
  type(text: string, now = false): void {
    const query = text.trim();
    if (query === this.query && !(now && this.isWaiting)) return;
    this.stop();
    if (query === '') {
      this.move({ kind: 'empty' });
      return;
    }
    this.move({ kind: 'searching', query });
    if (now) this.start(query);
    else this.timer = setTimeout(() => this.start(query), this.delay);
  }

  /** Asks the same again: the index has more than it had. */
  again(): void {
    const query = this.query;
    if (query === '') return;
    this.stop();
    this.move({ kind: 'searching', query });
    this.start(query);
  }

  dispose(): void {
    this.stop();
  }

  /** The query that the state is about. */
  private get query(): string {
    return this.current.kind === 'empty' ? '' : this.current.query;
  }

  private get isWaiting(): boolean {
    return this.timer !== undefined;
  }

  private start(query: string): void {
    this.timer = undefined;
    const controller = new AbortController();
    this.running = controller;
    this.ask(query, controller.signal).then(
      (answer) => this.finish(controller, { kind: 'answered', query, answer }),
      (error: unknown) => this.finish(controller, { kind: 'failed', query, error }),
    );
  }

  /** An answer that came after its question was withdrawn is nobody's. */
  private finish(controller: AbortController, state: QueryState): void {
    if (this.running !== controller) return;
    this.running = undefined;
    this.move(state);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running?.abort();
    this.running = undefined;
  }

  private move(state: QueryState): void {
    this.current = state;
    this.changed(state);
  }
}
