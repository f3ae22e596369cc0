/** Whether upkeep is wanted now, and how fast: what the user says, and what the power policy says. */
import type { EngineSettings } from '../../protocol/messages';
import { isOnBattery } from './power';

/** Milliseconds between two looks at the power supply. */
const LOOK_MS = 60_000;
/** On battery, `slow` rests this many times as long as it works. */
const SLOW = 3;
/** While the user types, it rests this many times as long as it works. */
const TYPING = 2;
/** Milliseconds after the last key in which the user counts as typing. */
const TYPING_MS = 3000;

export class Pausing {
  private byUser = false;
  private policy: EngineSettings['onBattery'] = 'continue';
  private onBattery = false;
  private whileTyping: 'continue' | 'slow' = 'slow';
  private typedAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private before = false;

  /** @param changed told that `isPaused` is another */
  constructor(
    private readonly changed: () => void,
    private readonly look: () => Promise<boolean> = isOnBattery,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isPaused(): boolean {
    return this.byUser || this.isPausedByBattery;
  }

  get because(): 'battery' | undefined {
    return !this.byUser && this.isPausedByBattery ? 'battery' : undefined;
  }

  /** See UpdateOptions.rest. */
  get rest(): number {
    if (this.policy === 'slow' && this.onBattery) return SLOW;
    const isTyping = this.now() - this.typedAt < TYPING_MS;
    return this.whileTyping === 'slow' && isTyping ? TYPING : 0;
  }

  setWhileTyping(policy: 'continue' | 'slow'): void {
    this.whileTyping = policy;
  }

  /** The user has typed in an editor. */
  typed(): void {
    this.typedAt = this.now();
  }

  setByUser(paused: boolean): void {
    this.byUser = paused;
    this.tell();
  }

  /** Resolves when the power supply has been looked at, where the policy asks for it. */
  async setPolicy(policy: EngineSettings['onBattery']): Promise<void> {
    this.policy = policy;
    clearInterval(this.timer);
    if (policy !== 'continue') {
      this.timer = setInterval(() => void this.refresh(), LOOK_MS);
      this.timer.unref();
      await this.refresh();
    }
    this.tell();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private get isPausedByBattery(): boolean {
    return this.policy === 'pause' && this.onBattery;
  }

  private async refresh(): Promise<void> {
    this.onBattery = await this.look();
    this.tell();
  }

  private tell(): void {
    const now = this.isPaused;
    if (now === this.before) return;
    this.before = now;
    this.changed();
  }
}
