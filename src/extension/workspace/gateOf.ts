/** Whether an engine may run in this window, from what the editor says of the workspace. */
import type { Gate } from '../engineClient/gate';
import type { L10n } from '../notice/engineNotice';
import { type Folder, isEnabled, type ReadConfiguration, readSettings } from '../settings';

/** node:sqlite has full text search from here on. */
const LEAST_NODE = [22, 16] as const;

export interface WorkspaceFacts {
  readonly read: ReadConfiguration;
  readonly isTrusted: boolean;
  readonly folders: readonly Folder[];
  /** Version of the Node that would run the engine, such as `22.20.0`. */
  readonly node: string;
  readonly l10n: L10n;
}

/** In an untrusted workspace the editor hides what its folders set of restricted settings. */
export function gateOf({ read, isTrusted, folders, node, l10n }: WorkspaceFacts): Gate {
  if (!isEnabled(read)) return { kind: 'off' };
  if (folders.length === 0) return { kind: 'noFolder' };
  const local = folders.filter(({ uri }) => uri.scheme === 'file');
  if (local.length === 0) {
    const schemes = [...new Set(folders.map(({ uri }) => uri.scheme))].join(', ');
    return {
      kind: 'unsupported',
      reason: l10n.t('This folder is virtual ({0}): only files on a disk can be indexed.', schemes),
    };
  }
  if (!isTrusted) return { kind: 'untrusted' };
  if (!isRecent(node)) {
    return {
      kind: 'unsupported',
      reason: l10n.t(
        'This editor runs on Node {0}; Neosearch needs {1} or newer. Update the editor.',
        node,
        LEAST_NODE.join('.'),
      ),
    };
  }
  return { kind: 'allowed', configuration: readSettings(read, local) };
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
}
