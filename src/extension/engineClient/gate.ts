/** Whether an engine may run here, and with what. */
import type { Configuration } from '../../protocol/messages';
import type { EngineState } from '../features';

export type Gate =
  | Extract<EngineState, { readonly kind: 'off' | 'untrusted' | 'noFolder' | 'unsupported' }>
  | { readonly kind: 'allowed'; readonly configuration: Configuration };
