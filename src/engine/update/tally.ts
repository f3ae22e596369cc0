/** Counts what an update does and tells how far it is. Nothing it counts ever shrinks. */
import type { UpdateProgress } from './progress';

/** What became of one changed file. */
export interface ReadOutcome {
  /** Chunks of the file whose vector existed. */
  readonly reused: number;
  /** Chunks of the file that wait for a vector. */
  readonly waiting: number;
  /** Tokens of the chunks that wait. */
  readonly tokens: number;
}

export class Tally {
  chunksEncoded = 0;
  reused = 0;
  private phase: UpdateProgress['phase'] = 'read';
  private filesTotal = 0;
  private filesDone = 0;
  private chunksTotal = 0;
  private tokensTotal = 0;
  private tokensEncoded = 0;

  constructor(private readonly report: ((progress: UpdateProgress) => void) | undefined) {}

  /** A file was found by the crawl. */
  found(): void {
    this.filesTotal += 1;
  }

  /** A file needs no reading. */
  passed(): void {
    this.filesDone += 1;
    this.tell();
  }

  /** A file was read. */
  read(outcome: ReadOutcome): void {
    this.filesDone += 1;
    this.reused += outcome.reused;
    this.expect(outcome.waiting, outcome.tokens);
  }

  /** Chunks wait for a vector. */
  expect(chunks: number, tokens: number): void {
    this.chunksTotal += chunks;
    this.tokensTotal += tokens;
    this.tell();
  }

  /** Chunks have got their vectors. */
  encoded(chunks: number, tokens: number): void {
    this.chunksEncoded += chunks;
    this.tokensEncoded += tokens;
    // Chunks that an interrupted run left behind were not counted when they were read.
    this.chunksTotal = Math.max(this.chunksTotal, this.chunksEncoded);
    this.tokensTotal = Math.max(this.tokensTotal, this.tokensEncoded);
    this.tell();
  }

  /** Every file is read; only vectors are missing. */
  encoding(): void {
    this.phase = 'encode';
    this.tell();
  }

  private tell(): void {
    this.report?.({
      phase: this.phase,
      filesDone: this.filesDone,
      filesTotal: this.filesTotal,
      chunksEncoded: this.chunksEncoded,
      chunksTotal: this.chunksTotal,
      tokensEncoded: this.tokensEncoded,
      tokensTotal: this.tokensTotal,
    });
  }
}
