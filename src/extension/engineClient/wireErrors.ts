/** Failures of a request, as the features know errors. */
import { type ErrorCode, messageOf, NeosearchError } from '../../base/errors';

/** What a cancelled request fails with, on the wire. */
const REQUEST_CANCELLED = -32800;

const CODES: Readonly<Record<ErrorCode, true>> = {
  'bad-argument': true,
  'root-missing': true,
  'root-not-a-folder': true,
  'permission-denied': true,
  'disk-full': true,
  'empty-query': true,
  'bad-model': true,
  'model-denied': true,
  'model-missing': true,
  'model-damaged': true,
  'hub-unavailable': true,
  'index-too-new': true,
  'index-busy': true,
  'index-corrupt': true,
  'no-runtime': true,
  'engine-failed': true,
};

/**
 * What a failed request is to be thrown as; messages come from the engine as they are.
 * Anything that carries no code of ours is a bug of the engine and says so.
 */
export function fromWire(error: unknown): NeosearchError | 'cancelled' {
  if (error instanceof NeosearchError) return error;
  if (codeIn(error) === REQUEST_CANCELLED) return 'cancelled';
  const code = codeIn(dataOf(error));
  if (code === 'cancelled') return 'cancelled';
  return new NeosearchError(isErrorCode(code) ? code : 'engine-failed', messageOf(error), { cause: error });
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(CODES, code);
}

function codeIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'code' in value ? value.code : undefined;
}

function dataOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
}
