/** The rows of the picker for every state that a search can be in. */
import { messageOf, NeosearchError } from '../../base/errors';
import type { WireHit } from '../../protocol/messages';
import type { Notice, NoticeAction, L10n } from '../notice/engineNotice';
import { COMMAND } from '../ids';
import { hitRow, type HitRow } from './hitRow';
import type { QueryState } from './querySession';

export type Row =
  | { readonly kind: 'hit'; readonly hit: WireHit; readonly row: HitRow }
  | { readonly kind: 'query'; readonly query: string }
  | { readonly kind: 'message'; readonly icon: string; readonly text: string; readonly detail?: string }
  | { readonly kind: 'action'; readonly action: NoticeAction; readonly text: string };

export interface RowSource {
  readonly history: readonly string[];
  readonly notice: Notice | undefined;
  readonly labelOf: (hit: WireHit) => string;
  readonly l10n: L10n;
}

/**
 * undefined: the rows stay as they are, because an answer is on its way.
 */
export function rowsOf(state: QueryState, source: RowSource): readonly Row[] | undefined {
  const { l10n, notice } = source;
  if (notice?.kind === 'blocked') return blocked(notice);
  switch (state.kind) {
    case 'empty':
      return source.history.length > 0
        ? source.history.map((query) => ({ kind: 'query', query }))
        : [
            {
              kind: 'message',
              icon: 'lightbulb',
              text: l10n.t('Say what the code does, in your words.'),
              detail: l10n.t('Filters: path:src/**  -path:test  lang:python  "exact words"'),
            },
          ];
    case 'searching':
      return undefined;
    case 'answered':
      return state.answer.hits.length > 0
        ? state.answer.hits.map((hit) => ({
            kind: 'hit',
            hit,
            row: hitRow(hit, source.labelOf(hit), l10n),
          }))
        : nothingFound(state.answer.notes, source);
    case 'failed':
      return failed(state.error, source);
  }
}

function blocked(notice: Notice): readonly Row[] {
  const message: Row = { kind: 'message', icon: 'info', text: notice.text };
  return notice.action === undefined
    ? [message]
    : [{ kind: 'action', action: notice.action, text: notice.text }];
}

function nothingFound(notes: readonly string[], { notice, l10n }: RowSource): readonly Row[] {
  const rows: Row[] = [
    {
      kind: 'message',
      icon: 'search-stop',
      text: l10n.t('Nothing found.'),
      detail: notes[0] ?? l10n.t('Take out a filter, or say it in other words.'),
    },
  ];
  if (notice?.action !== undefined) rows.push({ kind: 'action', action: notice.action, text: notice.text });
  return rows;
}

function failed(error: unknown, { l10n }: RowSource): readonly Row[] {
  // A query that cannot be read is the typist's to mend; anything else has more to say in the log.
  const text = messageOf(error);
  if (error instanceof NeosearchError && (error.code === 'empty-query' || error.code === 'bad-argument')) {
    return [{ kind: 'message', icon: 'info', text }];
  }
  return [
    { kind: 'message', icon: 'error', text },
    {
      kind: 'action',
      action: { title: l10n.t('Show Log'), command: COMMAND.showLog, arguments: [] },
      text: l10n.t('The log says more.'),
    },
  ];
}
