/** What a request fails with, as the protocol has it. */
import { LSPErrorCodes } from './codes';
import { ResponseError } from 'vscode-jsonrpc';
import { isAbort } from '../../base/cancellation';
import { messageOf, NeosearchError } from '../../base/errors';
import type { WireFailure } from '../../protocol/messages';

/** @param log told of what is nobody's fault but ours, with its stack */
export function failureOf(error: unknown, log: (line: string) => void): ResponseError<WireFailure> {
  if (error instanceof NeosearchError) {
    return new ResponseError(LSPErrorCodes.failed, error.message, { code: error.code });
  }
  if (isAbort(error)) return new ResponseError(LSPErrorCodes.cancelled, 'Cancelled.', { code: 'cancelled' });
  log(error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
  return new ResponseError(LSPErrorCodes.bug, messageOf(error), { code: 'bug' });
}
