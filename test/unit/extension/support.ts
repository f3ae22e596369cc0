/** Values that the extension's unit tests share. */
import type { L10n } from '../../../src/extension/notice/engineNotice';
import type { WireCluster, WireHit, WireRootStatus, WireStatus } from '../../../src/protocol/messages';

/** Translates into the language of the source, as the editor does without a bundle. */
export const l10n: L10n = {
  t(message: unknown, ...args: unknown[]): string {
    return String(message).replace(/\{(\d+)\}/g, (_match, index: string) => String(args[Number(index)]));
  },
};

export function hit(values: Partial<WireHit> = {}): WireHit {
  return {
    root: '/r',
    path: 'src/a.ts',
    startLine: 10,
    endLine: 20,
    language: 'typescript',
    breadcrumb: ['Downloads', 'retry'],
    score: 1,
    reasons: [],
    snippet: '/** Tries again. */\nfunction retry() {',
    snippetLine: 10,
    marks: [],
    focusLine: 11,
    copies: [],
    ...values,
  };
}

export function cluster(values: Partial<WireCluster> = {}): WireCluster {
  return {
    places: [hit(), hit({ path: 'src/b.ts' })],
    identical: false,
    minSimilarity: 0.93,
    meanSimilarity: 0.95,
    redundantLines: 11,
    files: 2,
    folders: 1,
    ...values,
  };
}

export function rootStatus(values: Partial<WireRootStatus> = {}): WireRootStatus {
  return {
    path: '/r',
    name: 'r',
    state: 'ready',
    files: 10,
    chunks: 20,
    pending: 0,
    progress: 1,
    filesDone: 10,
    filesTotal: 10,
    skipped: {},
    ann: 'exact',
    annReason: '',
    diskBytes: 0,
    indexDir: '/i',
    ...values,
  };
}

export function status(...roots: WireRootStatus[]): WireStatus {
  return { roots, paused: false, encoder: 'e', device: 'cpu', memoryBytes: 0 };
}

/** Lets every promise that is ready run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
