/** Lets many questions use an index at a time, and one change of it when there are none. Changes go first. */
export class Gate {
  private inside = 0;
  private changing: Promise<void> | undefined;
  private readonly whenQuiet: (() => void)[] = [];

  /** Enters as one of many; the result leaves, once. */
  async enter(): Promise<() => void> {
    while (this.changing !== undefined) await this.changing;
    this.inside += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.inside -= 1;
      if (this.inside === 0) for (const resolve of this.whenQuiet.splice(0)) resolve();
    };
  }

  /** Does something while nobody else is inside. */
  async exclusively<T>(action: () => Promise<T> | T): Promise<T> {
    while (this.changing !== undefined) await this.changing;
    let done = (): void => undefined;
    this.changing = new Promise((resolve) => {
      done = resolve;
    });
    try {
      if (this.inside > 0) await new Promise<void>((resolve) => this.whenQuiet.push(resolve));
      return await action();
    } finally {
      this.changing = undefined;
      done();
    }
  }
}
