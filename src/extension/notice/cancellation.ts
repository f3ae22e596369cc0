/** Cancellation between the standard form and the editor's. */
import * as vscode from 'vscode';

/** A token that is cancelled when the signal aborts. Dispose of the source when the work is done. */
export function signalToken(signal: AbortSignal): vscode.CancellationTokenSource {
  const source = new vscode.CancellationTokenSource();
  if (signal.aborted) source.cancel();
  else signal.addEventListener('abort', () => source.cancel(), { once: true });
  return source;
}

/** What a piece of work gives, or undefined where the user called it off. */
export async function unlessCancelled<T>(work: PromiseLike<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof vscode.CancellationError) return undefined;
    throw error;
  }
}
