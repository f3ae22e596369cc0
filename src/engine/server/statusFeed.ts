/** Sends the status whenever something changed, at most ten times a second, and never the same twice. */
import type { WireStatus } from '../../protocol/messages';

/** Milliseconds between two statuses, at least. */
const PACE_MS = 125;

export class StatusFeed {
  private timer: NodeJS.Timeout | undefined;
  private sent = '';

  constructor(
    private readonly read: () => WireStatus,
    private readonly send: (status: WireStatus) => void,
  ) {}

  readonly changed = (): void => {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const status = this.read();
      // Memory alone is no news.
      const text = JSON.stringify({ ...status, memoryBytes: 0 });
      if (text === this.sent) return;
      this.sent = text;
      this.send(status);
    }, PACE_MS);
  };

  close(): void {
    clearTimeout(this.timer);
  }
}
