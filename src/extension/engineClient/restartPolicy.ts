/** When a crashed engine is started again, and when that is given up. */

/** Restarts within the window, at most. */
export const MAX_RESTARTS = 4;
/** Milliseconds in which restarts are counted. */
export const WINDOW = 3 * 60_000;
/** Milliseconds before the first, second, ... restart within the window. */
const DELAYS = [250, 1000, 4000, 10_000] as const;

export class RestartPolicy {
  private restarts: number[] = [];

  /**
   * To be asked after each crash.
   * @param now milliseconds, of any clock that only moves forward
   * @returns milliseconds to wait before starting again; undefined: do not
   */
  afterCrash(now: number): number | undefined {
    this.restarts = this.restarts.filter((time) => now - time < WINDOW);
    if (this.restarts.length >= MAX_RESTARTS) return undefined;
    const delay = DELAYS[this.restarts.length] ?? DELAYS[DELAYS.length - 1] ?? 0;
    this.restarts.push(now);
    return delay;
  }

  /** The user starts it again: what was before counts no more. */
  forgive(): void {
    this.restarts = [];
  }
}
