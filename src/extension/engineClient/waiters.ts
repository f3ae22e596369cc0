/** Those who wait for something that comes, or does not. */
import type * as vscode from 'vscode';

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

export class Waiters<T> {
  private readonly waiting = new Set<Waiter<T>>();

  constructor(private readonly vs: Pick<typeof vscode, 'CancellationError'>) {}

  /** @throws vscode.CancellationError */
  wait(token?: vscode.CancellationToken): Promise<T> {
    if (token?.isCancellationRequested === true) return Promise.reject(new this.vs.CancellationError());
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter<T> = {
        resolve: (value) => {
          cancelled?.dispose();
          resolve(value);
        },
        reject: (error) => {
          cancelled?.dispose();
          reject(error);
        },
      };
      const cancelled = token?.onCancellationRequested(() => {
        this.waiting.delete(waiter);
        waiter.reject(new this.vs.CancellationError());
      });
      this.waiting.add(waiter);
    });
  }

  resolve(value: T): void {
    for (const waiter of this.take()) waiter.resolve(value);
  }

  reject(error: Error): void {
    for (const waiter of this.take()) waiter.reject(error);
  }

  private take(): Waiter<T>[] {
    const all = [...this.waiting];
    this.waiting.clear();
    return all;
  }
}
