/** How far an update of the index is. Totals grow while files are read; nothing counts backwards. */
export interface UpdateProgress {
  /** read: files are read and cut, words are searchable as they come; encode: only vectors are missing. */
  readonly phase: 'read' | 'encode';
  /** Files looked at. */
  readonly filesDone: number;
  /** Files found by the crawl. */
  readonly filesTotal: number;
  /** Chunks encoded in this update. */
  readonly chunksEncoded: number;
  /** Chunks that this update has to encode, as far as known. */
  readonly chunksTotal: number;
  /** Tokens encoded in this update. */
  readonly tokensEncoded: number;
  /** Tokens that this update has to encode, as far as known. */
  readonly tokensTotal: number;
}
