/** Something to sleep on until somebody knocks; a knock while nobody sleeps is remembered. */
export class Latch {
  private knocked = false;
  private wake: (() => void) | undefined;

  knock(): void {
    this.knocked = true;
    this.wake?.();
  }

  /** @param milliseconds to sleep at most; without, until a knock */
  async sleep(milliseconds?: number): Promise<void> {
    if (!this.knocked) {
      await new Promise<void>((resolve) => {
        const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = undefined;
    }
    this.knocked = false;
  }
}
