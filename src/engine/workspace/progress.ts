/** How far the upkeep of one root is, as one share that never falls while the state stays. */
import type { UpdateProgress } from '../update/progress';

/** Of the work of indexing, what reading is. */
const READING = 0.15;

export class FolderProgress {
  share = 0;
  filesDone = 0;
  filesTotal = 0;
  phase: UpdateProgress['phase'] = 'read';
  /** Whether something of the run waits for a vector, or did. */
  encodes = false;
  /** Most chunks that waited for a vector at a time. */
  private mostPending = 0;

  /** @param pending chunks without a vector, as far as known */
  update(progress: UpdateProgress, pending: number): void {
    this.phase = progress.phase;
    this.filesDone = progress.filesDone;
    this.filesTotal = progress.filesTotal;
    this.encodes ||= progress.chunksTotal > 0;
    this.mostPending = Math.max(this.mostPending, pending, progress.chunksTotal);
    const read = this.filesTotal === 0 ? 0 : this.filesDone / this.filesTotal;
    const left = Math.max(pending, progress.chunksTotal - progress.chunksEncoded);
    const encoded = this.mostPending === 0 ? 1 : 1 - left / this.mostPending;
    const share = this.encodes ? read * (READING + (1 - READING) * encoded) : read;
    this.share = Math.min(1, Math.max(this.share, share));
  }

  /** Another state begins. */
  restart(): void {
    this.share = 0;
  }
}
