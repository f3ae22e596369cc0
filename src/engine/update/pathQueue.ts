/** Paths to be looked at before anything else: files that were saved, or that somebody looks at. */
export class PathQueue {
  private readonly paths = new Set<string>();
  private readonly waiting = new Set<() => void>();

  get size(): number {
    return this.paths.size;
  }

  /** @param paths relative to the root, with forward slashes; one that waits already keeps its place */
  add(paths: Iterable<string>): void {
    for (const path of paths) this.paths.add(path);
    if (this.paths.size > 0) for (const wake of [...this.waiting]) wake();
  }

  /** Takes all that wait. */
  takeAll(): string[] {
    const all = [...this.paths];
    this.paths.clear();
    return all;
  }

  clear(): void {
    this.paths.clear();
  }

  /** Resolves when something waits, or when the signal fires. */
  whenAny(signal: AbortSignal): Promise<void> {
    if (this.size > 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
