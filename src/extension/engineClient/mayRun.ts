/** Whether an engine may run in this window: off is off, and nothing of an untrusted folder is read, by whichever door. */
import type { EngineState } from '../features';

export function mayRun(state: EngineState): boolean {
  switch (state.kind) {
    case 'off':
    case 'untrusted':
    case 'noFolder':
    case 'unsupported':
      return false;
    case 'starting':
    case 'running':
    case 'restarting':
    case 'stopped':
      return true;
  }
}
