/** What happened to the files of one root, gathered until it is quiet for a moment. */

/** Milliseconds of quiet after which changes are told. */
export const QUIET = 100;
/** Milliseconds after which they are told without quiet: a checkout or a build goes on for long. */
export const LONGEST = 1000;
/** More changed paths than this say: look at the whole folder. */
export const MOST_PATHS = 5000;

export interface Changes {
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
}

export interface ChangeListener {
  changes(changes: Changes): void;
  /** So much changed that a list of it is of no use. */
  tooMany(): void;
}

/** Delays `run` by milliseconds; the result calls it off. */
export type Later = (run: () => void, delay: number) => () => void;

export class ChangeGatherer {
  /** Path to whether it is there (the last event counts). */
  private readonly paths = new Map<string, boolean>();
  private overflow = false;
  private callOff: (() => void) | undefined;
  private since = 0;

  constructor(
    private readonly listener: ChangeListener,
    private readonly later: Later,
    private readonly now: () => number,
  ) {}

  changed(path: string): void {
    this.note(path, true);
  }

  deleted(path: string): void {
    this.note(path, false);
  }

  /** Tells what there is, without waiting. */
  flush(): void {
    this.callOff?.();
    this.callOff = undefined;
    const { overflow } = this;
    const paths = [...this.paths];
    this.paths.clear();
    this.overflow = false;
    if (overflow) this.listener.tooMany();
    else if (paths.length > 0) {
      this.listener.changes({
        changed: paths.filter(([, there]) => there).map(([path]) => path),
        deleted: paths.filter(([, there]) => !there).map(([path]) => path),
      });
    }
  }

  dispose(): void {
    this.callOff?.();
    this.paths.clear();
  }

  private note(path: string, there: boolean): void {
    if (this.paths.size >= MOST_PATHS) {
      this.overflow = true;
      this.paths.clear();
    }
    if (!this.overflow) this.paths.set(path, there);
    const now = this.now();
    if (this.callOff === undefined) this.since = now;
    else this.callOff();
    const left = this.since + LONGEST - now;
    this.callOff = this.later(() => this.flush(), Math.max(0, Math.min(QUIET, left)));
  }
}
