/** Why a question cannot be asked now, and what to do, for the error that refuses it. */
import type { Gate } from '../engineClient/gate';
import type { EngineState } from '../features';
import type { L10n } from './engineNotice';

export function refusalText(state: EngineState | Gate, l10n: L10n): string {
  switch (state.kind) {
    case 'off':
      return l10n.t('Neosearch is turned off here. Turn on the setting neosearch.enable.');
    case 'untrusted':
      return l10n.t('Trust this workspace to search it by meaning.');
    case 'noFolder':
      return l10n.t('Open a folder to search it by meaning.');
    case 'unsupported':
    case 'stopped':
      return state.reason;
    case 'allowed':
    case 'starting':
    case 'running':
    case 'restarting':
      return l10n.t('The search engine is not ready yet. Try again in a moment.');
  }
}
