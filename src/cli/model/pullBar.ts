/** How far a pull is, on standard error: a bar on a terminal, nothing elsewhere. */
import type { PullProgress } from '../../engine/hub/pull';
import { duration } from '../progressBar';
import { bytes as sized } from '../render';

const WIDTH = 24;
const REDRAW_MS = 100;

export class PullBar {
  private readonly started = Date.now();
  private startBytes: number | undefined;
  private drawnAt = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Draws at most ten times a second. */
  readonly update = (progress: PullProgress): void => {
    if (!this.stream.isTTY) return;
    this.startBytes ??= progress.bytes;
    const now = Date.now();
    if (now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    const seconds = (now - this.started) / 1000;
    const line = pullLine(progress, seconds > 1 ? (progress.bytes - this.startBytes) / seconds : 0);
    this.stream.write(`\r\u001b[K${line.slice(0, Math.max(this.stream.columns - 1, 20))}`);
  };

  /** Clears the bar. */
  end(): void {
    if (this.drawnAt > 0) this.stream.write('\r\u001b[K');
    this.drawnAt = 0;
  }
}

/** @param rate bytes a second; 0: not known yet */
export function pullLine({ file, bytes, size }: PullProgress, rate: number): string {
  const share = size > 0 ? Math.min(bytes / size, 1) : 1;
  const filled = Math.round(share * WIDTH);
  return [
    `Pulling ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.floor(share * 100)}%`,
    `${sized(bytes)} of ${sized(size)}`,
    ...(rate > 0 ? [`${sized(rate)}/s`, `${duration((size - bytes) / rate)} left`] : []),
    file,
  ].join(' · ');
}
