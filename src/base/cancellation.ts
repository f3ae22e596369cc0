/**
 * Cancellation, as the part of the standard AbortSignal that the pure layers need: they know no ambient
 * types, and any AbortSignal fits.
 */
export interface CancellationSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

/** Whether an error is what `throwIfAborted` throws. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
