/**
 * What the user should know of the engine before asking it: why there are no answers and what to do about it,
 * or that answers come from an index that is still growing.
 */
import type * as vscode from 'vscode';
import type { RootState, WireRootStatus, WireStatus } from '../../protocol/messages';
import type { EngineState } from '../features';
import { COMMAND } from '../ids';

export type L10n = Pick<typeof vscode.l10n, 't'>;

/** What removes the reason of a notice. */
export interface NoticeAction {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

export interface Notice {
  /** - `blocked`: nothing answers until the user acts
   * - `waiting`: answers come once the engine runs
   * - `partial`: answers come from what is there
   */
  readonly kind: 'blocked' | 'waiting' | 'partial';
  /** One sentence. */
  readonly text: string;
  readonly action?: NoticeAction;
}

/** undefined: all is in the index. */
export function engineNotice(state: EngineState, l10n: L10n): Notice | undefined {
  switch (state.kind) {
    case 'off':
      return {
        kind: 'blocked',
        text: l10n.t('Neosearch is turned off here.'),
        action: settingsAction(l10n, 'neosearch.enable'),
      };
    case 'untrusted':
      return {
        kind: 'blocked',
        text: l10n.t('Nothing is indexed until you trust this workspace.'),
        action: action(l10n.t('Manage Workspace Trust'), 'workbench.trust.manage'),
      };
    case 'noFolder':
      return {
        kind: 'blocked',
        text: l10n.t('Open a folder to search it by meaning.'),
        action: action(l10n.t('Open Folder'), 'workbench.action.files.openFolder'),
      };
    case 'unsupported':
      return { kind: 'blocked', text: state.reason };
    case 'stopped':
      return {
        kind: 'blocked',
        text: state.reason,
        action: action(l10n.t('Restart Engine'), COMMAND.restartEngine),
      };
    case 'starting':
      return { kind: 'waiting', text: l10n.t('The search engine is starting.') };
    case 'restarting':
      return { kind: 'waiting', text: l10n.t('The search engine is restarting.') };
    case 'running':
      return statusNotice(state.status, l10n);
  }
}

/** The share of all roots' work that is done, in [0, 1], weighted by files. */
export function overallProgress(roots: readonly WireRootStatus[]): number {
  const weight = (root: WireRootStatus): number => Math.max(1, root.filesTotal, root.files);
  const total = roots.reduce((sum, root) => sum + weight(root), 0);
  if (total === 0) return 1;
  const done = roots.reduce((sum, root) => sum + weight(root) * (isBusy(root.state) ? root.progress : 1), 0);
  return Math.min(1, done / total);
}

function statusNotice(status: WireStatus, l10n: L10n): Notice | undefined {
  const failed = status.roots.find((root) => root.state === 'failed');
  if (failed !== undefined) {
    const problem = failed.problem ?? l10n.t('The index of {0} cannot be used.', failed.name);
    return {
      kind: status.roots.length === 1 ? 'blocked' : 'partial',
      text: problem,
      action: action(l10n.t('Show Index Status'), COMMAND.showStatus),
    };
  }
  const deleted = status.roots.find((root) => root.state === 'deleted');
  if (deleted !== undefined) {
    return {
      kind: status.roots.length === 1 ? 'blocked' : 'partial',
      text: l10n.t('The index of {0} was deleted.', deleted.name),
      action: action(l10n.t('Rebuild Index'), COMMAND.rebuildIndex),
    };
  }
  if (status.roots.some((root) => root.state === 'paused')) {
    return {
      kind: 'partial',
      text:
        status.pausedBecause === 'battery'
          ? l10n.t('Indexing waits for mains power: answers come from what is indexed so far.')
          : l10n.t('Indexing is paused: answers come from what is indexed so far.'),
      action: action(l10n.t('Resume Indexing'), COMMAND.resumeIndexing),
    };
  }
  const busy = status.roots.filter((root) => isBusy(root.state));
  if (busy.length === 0) return undefined;
  const percent = Math.floor(overallProgress(status.roots) * 100);
  return {
    kind: 'partial',
    text: busy.every((root) => root.state === 'scanning' || root.state === 'waiting')
      ? l10n.t('Looking for changed files: answers come from what is indexed so far.')
      : l10n.t('Indexing, {0}%: answers come from what is indexed so far.', percent),
  };
}

function isBusy(state: RootState): boolean {
  return state === 'waiting' || state === 'scanning' || state === 'indexing';
}

function action(title: string, command: string): NoticeAction {
  return { title, command, arguments: [] };
}

function settingsAction(l10n: L10n, setting: string): NoticeAction {
  return { title: l10n.t('Open Settings'), command: 'workbench.action.openSettings', arguments: [setting] };
}
