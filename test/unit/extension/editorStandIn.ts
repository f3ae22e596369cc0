/** The parts of the editor's API that the host's core takes as parameters, for tests without an editor. */
import { EventEmitter as NodeEmitter } from 'node:events';
import type * as vscode from 'vscode';
import { l10n } from './support';

class EventEmitter<T> {
  private readonly emitter = new NodeEmitter();
  readonly event = (listener: (data: T) => unknown): { dispose(): unknown } => {
    this.emitter.on('event', listener);
    return { dispose: () => this.emitter.off('event', listener) };
  };
  fire(data: T): void {
    this.emitter.emit('event', data);
  }
  dispose(): void {
    this.emitter.removeAllListeners();
  }
}

class CancellationError extends Error {}

export const vs = { EventEmitter, CancellationError, l10n } as unknown as Pick<
  typeof vscode,
  'EventEmitter' | 'CancellationError' | 'l10n'
>;

/** A token that the test cancels. */
export class Cancellation {
  private readonly emitter = new EventEmitter<void>();
  isCancelled = false;

  get token(): vscode.CancellationToken {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const source = this;
    return {
      get isCancellationRequested() {
        return source.isCancelled;
      },
      onCancellationRequested: this.emitter.event,
    };
  }

  cancel(): void {
    this.isCancelled = true;
    this.emitter.fire();
  }
}

export class MemoryMemento implements Pick<vscode.Memento, 'get' | 'update'> {
  readonly values = new Map<string, unknown>();
  get<T>(key: string, otherwise?: T): T {
    return (this.values.has(key) ? this.values.get(key) : otherwise) as T;
  }
  update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
    return Promise.resolve();
  }
}

/** Timers that run when the test says so. */
export class ManualTimers {
  now = 0;
  private readonly waiting = new Set<{ readonly at: number; readonly run: () => void }>();

  readonly later = (run: () => void, delay: number): (() => void) => {
    const timer = { at: this.now + delay, run };
    this.waiting.add(timer);
    return () => this.waiting.delete(timer);
  };

  get delays(): number[] {
    return [...this.waiting].map(({ at }) => at - this.now);
  }

  advance(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const [next] = [...this.waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.waiting.delete(next);
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }
}
