/**
 * The errors a user can meet. Each says in one line what is wrong and what to do about it; anything else
 * that is thrown is a bug.
 */
export type ErrorCode =
  | 'bad-argument'
  | 'root-missing'
  | 'root-not-a-folder'
  | 'permission-denied'
  | 'disk-full'
  | 'empty-query'
  | 'bad-model'
  /** The hub lets nobody in without a token, or without terms accepted. */
  | 'model-denied'
  /** The hub has no such repository, revision or file. */
  | 'model-missing'
  /** What came is not what the hub lists. */
  | 'model-damaged'
  /** Not reached, or busy. */
  | 'hub-unavailable'
  | 'index-too-new'
  | 'index-busy'
  | 'index-corrupt'
  /** ONNX Runtime cannot be loaded here: words are searched, meaning is not. */
  | 'no-runtime'
  | 'engine-failed';

/** An error with a stable code and a one-line message that says what to do. */
export class NeosearchError extends Error {
  override readonly name = 'NeosearchError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Whether an error says that nothing can be encoded on this machine. */
export function isNoRuntime(error: unknown): error is NeosearchError {
  return error instanceof NeosearchError && error.code === 'no-runtime';
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Node's error code (`ENOENT`, ...) of anything thrown, if it has one. */
export function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
