/**
 * Looking at places one after the other without leaving a trace: what the looking opened is closed when the
 * next place is looked at, and at the end either one place stays or all is as it was before.
 */
import type { WirePlace } from '../../protocol/messages';

/** The editor area, as far as a preview needs it. Tabs have keys; a key names a document in one group. */
export interface PreviewHost {
  /** Keys of the tabs that are open. */
  openTabs(): ReadonlySet<string>;
  /** Shows a place without taking the focus. Answers the key of its tab, which is open by then. */
  preview(place: WirePlace): Promise<string>;
  /** Opens a place for good and gives it the focus. Answers the key of its tab. */
  keep(place: WirePlace, toSide: boolean): Promise<string>;
  /** Closes tabs, where they are still open and hold no unsaved work. */
  close(keys: readonly string[]): Promise<void>;
  /** Brings back the editors, selections and scroll positions that were there when the host was made. */
  restore(): Promise<void>;
}

export class PreviewSession {
  private readonly before: ReadonlySet<string>;
  /** Tabs that previews of this session opened. */
  private readonly ours = new Set<string>();
  private next: WirePlace | undefined;
  private running: Promise<void> | undefined;
  private shown = false;
  private ended = false;

  constructor(
    private readonly host: PreviewHost,
    private readonly failed: (error: unknown) => void,
  ) {
    this.before = host.openTabs();
  }

  /** Whether anything was shown. */
  get hasShown(): boolean {
    return this.shown;
  }

  /** Shows a place soon: of several asked for while one is on its way, only the last. */
  show(place: WirePlace): void {
    if (this.ended) return;
    this.shown = true;
    this.next = place;
    this.running ??= this.drain();
  }

  /** Opens a place for good and ends the session. */
  async keep(place: WirePlace, toSide = false): Promise<void> {
    await this.end();
    // Beside what was there before, not beside a preview of it.
    if (toSide && this.shown) await this.host.restore();
    const kept = await this.host.keep(place, toSide);
    await this.closeOurs(kept);
  }

  /** Ends the session and leaves what is shown where it is. */
  async leave(): Promise<void> {
    await this.end();
  }

  /** Ends the session; all is as it was. */
  async restore(): Promise<void> {
    await this.end();
    if (!this.shown) return;
    await this.host.restore();
    await this.closeOurs();
  }

  private async end(): Promise<void> {
    this.ended = true;
    this.next = undefined;
    await this.running;
  }

  private async drain(): Promise<void> {
    while (this.next !== undefined) {
      const place = this.next;
      this.next = undefined;
      try {
        await this.showOne(place);
      } catch (error) {
        this.failed(error);
      }
    }
    this.running = undefined;
  }

  private async showOne(place: WirePlace): Promise<void> {
    const key = await this.host.preview(place);
    await this.closeOurs(key);
    if (!this.before.has(key)) this.ours.add(key);
  }

  private async closeOurs(except?: string): Promise<void> {
    const keys = [...this.ours].filter((key) => key !== except);
    this.ours.clear();
    await this.host.close(keys);
  }
}
