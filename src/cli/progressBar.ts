/** A progress bar on standard error; lines instead of a bar where that is no terminal; nothing with --json. */
import type { UpdateProgress } from '../engine/update/progress';

const WIDTH = 24;
const REDRAW_MS = 100;

export class ProgressBar {
  private readonly started = Date.now();
  private drawnAt = 0;
  private encodingSince: { at: number; tokens: number } | undefined;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Draws at most ten times a second. Only terminals get a bar. */
  readonly update = (progress: UpdateProgress): void => {
    if (!this.stream.isTTY) return;
    if (progress.tokensEncoded > 0) this.encodingSince ??= { at: Date.now(), tokens: progress.tokensEncoded };
    const now = Date.now();
    if (now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    const columns = this.stream.columns;
    this.stream.write(`\r\u001b[K${this.line(progress).slice(0, Math.max(columns - 1, 20))}`);
  };

  /** Clears the bar. */
  end(): void {
    if (this.drawnAt > 0) this.stream.write('\r\u001b[K');
    this.drawnAt = 0;
  }

  private line(p: UpdateProgress): string {
    const seconds = this.encodingSince === undefined ? 0 : (Date.now() - this.encodingSince.at) / 1000;
    const rate = seconds > 0.2 ? (p.tokensEncoded - (this.encodingSince?.tokens ?? 0)) / seconds : 0;
    const waiting = p.tokensTotal - p.tokensEncoded;
    const share =
      p.phase === 'read' ? ratio(p.filesDone, p.filesTotal) : ratio(p.tokensEncoded, p.tokensTotal);
    const filled = Math.round(share * WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
    const parts = [
      `${p.phase === 'read' ? 'Reading ' : 'Encoding'} ${bar} ${Math.floor(share * 100)}%`,
      `${p.filesDone}/${p.filesTotal} files`,
      `${p.chunksEncoded}/${p.chunksTotal} chunks`,
    ];
    if (rate > 0) parts.push(`${Math.round(rate)} tokens/s`);
    if (rate > 0 && p.phase === 'encode') parts.push(`${duration(waiting / rate)} left`);
    else parts.push(duration((Date.now() - this.started) / 1000));
    return parts.join(' · ');
  }
}

function ratio(done: number, total: number): number {
  return total > 0 ? Math.min(done / total, 1) : 0;
}

/** `8s`, `2m05s`, `1h03m`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m${String(s % 60).padStart(2, '0')}s`;
  return `${Math.floor(s / 3600)}h${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}m`;
}
