/**
 * Which files belong with the one that is looked at. It follows the active editor, or stays with a pinned file;
 * what it has stays until something newer is there, and nothing is asked twice for the same index.
 */
import type { WireRelated, WireRelatedFile } from '../../protocol/messages';

export interface Subject {
  readonly root: string;
  /** Relative to the root, with forward slashes. */
  readonly path: string;
}

export interface RelatedState {
  /** The file that `files` belong with. */
  readonly subject: Subject | undefined;
  readonly files: readonly WireRelatedFile[];
  /** Why there are none, where the engine says so. */
  readonly reason?: string;
  readonly error?: unknown;
}

export type AskRelated = (subject: Subject, signal: AbortSignal) => Promise<WireRelated>;

/** Milliseconds that an editor stays active before it is asked about: passing through a tab asks nothing. */
export const FOLLOW_DELAY = 200;
/** Least milliseconds between two questions about one file while the index grows. */
export const INDEX_DELAY = 4000;

export class RelatedModel {
  private current: RelatedState = { subject: undefined, files: [] };
  private active: Subject | undefined;
  private pinnedTo: Subject | undefined;
  /** Opened from the list itself: becoming active by that is no reason to replace the list. */
  private opening: Subject | undefined;
  /** Whether what is shown may not be what the index would answer now. */
  private stale = true;
  private visible = false;
  private askedAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private running: { readonly subject: Subject; readonly controller: AbortController } | undefined;

  constructor(
    private readonly ask: AskRelated,
    private readonly changed: (state: RelatedState) => void,
    private readonly now: () => number = Date.now,
  ) {}

  get state(): RelatedState {
    return this.current;
  }

  /** The file that is wanted: the pinned one, else the active one. */
  get subject(): Subject | undefined {
    return this.pinnedTo ?? this.active;
  }

  get pinned(): boolean {
    return this.pinnedTo !== undefined;
  }

  /** Whether a question is on its way or about to be. */
  get busy(): boolean {
    return this.timer !== undefined || this.running !== undefined;
  }

  /** The active editor shows this file. Editors without one are not told of. */
  follow(subject: Subject): void {
    if (isSame(subject, this.opening)) return;
    this.opening = undefined;
    this.active = subject;
    if (this.pinnedTo === undefined) this.plan(FOLLOW_DELAY);
  }

  /** A file of the list is being opened: the list stays until another file is looked at. */
  willOpen(subject: Subject): void {
    this.opening = isSame(subject, this.subject) ? undefined : subject;
  }

  /** Stays with a file (the one shown without a name) whatever editor is active. */
  pin(subject: Subject | undefined = this.subject): void {
    this.pinnedTo = subject;
    this.plan(0);
  }

  unpin(): void {
    this.pinnedTo = undefined;
    this.plan(0);
  }

  /** Nothing is asked while nobody looks. */
  show(visible: boolean): void {
    if (this.visible === visible) return;
    this.visible = visible;
    if (visible) this.plan(0);
    else this.stop();
  }

  /** The index of the file's root changed. */
  indexChanged(): void {
    this.stale = true;
    const rest = this.askedAt + INDEX_DELAY - this.now();
    if (this.timer === undefined && this.running === undefined) this.plan(Math.max(FOLLOW_DELAY, rest));
  }

  /** Asks again, whatever is known. */
  refresh(): void {
    this.stale = true;
    this.stop();
    this.plan(0);
  }

  dispose(): void {
    this.stop();
  }

  private plan(delay: number): void {
    const wanted = this.subject;
    if (this.running !== undefined && !isSame(this.running.subject, wanted)) this.stop();
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.visible || wanted === undefined || this.running !== undefined) return;
    if (!this.stale && isSame(this.current.subject, wanted)) return;
    this.timer = setTimeout(() => this.start(wanted), delay);
  }

  private start(subject: Subject): void {
    this.timer = undefined;
    const controller = new AbortController();
    this.running = { subject, controller };
    this.askedAt = this.now();
    this.stale = false;
    this.ask(subject, controller.signal).then(
      ({ files, reason }) =>
        this.finish(controller, { subject, files, ...(reason === undefined ? {} : { reason }) }),
      (error: unknown) => this.finish(controller, { subject, files: this.filesOf(subject), error }),
    );
  }

  /** What is shown for a file stays where asking again fails. */
  private filesOf(subject: Subject): readonly WireRelatedFile[] {
    return isSame(this.current.subject, subject) ? this.current.files : [];
  }

  private finish(controller: AbortController, state: RelatedState): void {
    if (this.running?.controller !== controller) return;
    this.running = undefined;
    this.current = state;
    this.changed(state);
    if (this.stale) this.plan(INDEX_DELAY);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.running === undefined) return;
    this.running.controller.abort();
    this.running = undefined;
    this.stale = true;
  }
}

export function isSame(a: Subject | undefined, b: Subject | undefined): boolean {
  return a?.root === b?.root && a?.path === b?.path;
}
