/** The engine's state in words: for the status bar, its hover and the status document. */
import type { RootState, WireRootStatus, WireStatus } from '../../protocol/messages';
import type { EngineState } from '../features';
import { type L10n, overallProgress } from '../notice/engineNotice';

export interface StatusLine {
  /** With icons, as the status bar wants it. */
  readonly text: string;
  /** The same for screen readers. */
  readonly spoken: string;
  readonly isProblem: boolean;
}

/** undefined: the item is not shown. */
export function statusLine(state: EngineState, l10n: L10n): StatusLine | undefined {
  switch (state.kind) {
    case 'off':
    case 'noFolder':
      return undefined;
    case 'untrusted':
      return line('shield', l10n.t('Neosearch: not trusted'));
    case 'unsupported':
      return line('circle-slash', l10n.t('Neosearch: not available'));
    case 'starting':
      return line('loading~spin', l10n.t('Neosearch: starting'));
    case 'restarting':
      return line('loading~spin', l10n.t('Neosearch: restarting'));
    case 'stopped':
      return line('error', l10n.t('Neosearch: stopped'), true);
    case 'running':
      return runningLine(state.status, l10n);
  }
}

function runningLine(status: WireStatus, l10n: L10n): StatusLine {
  const states = new Set(status.roots.map(({ state }) => state));
  if (states.has('failed')) return line('error', l10n.t('Neosearch: problem'), true);
  if (status.paused || states.has('paused')) return line('debug-pause', l10n.t('Neosearch: paused'));
  if (states.has('indexing')) {
    const percent = Math.floor(overallProgress(status.roots) * 100);
    return line('sync~spin', l10n.t('Neosearch: indexing {0}%', percent));
  }
  if (states.has('scanning') || states.has('waiting')) {
    return line('sync~spin', l10n.t('Neosearch: looking for changes'));
  }
  if (status.roots.some(({ problem }) => problem !== undefined)) {
    return line('warning', l10n.t('Neosearch: ready, with a warning'));
  }
  if (states.size > 0 && [...states].every((state) => state === 'deleted')) {
    return line('circle-slash', l10n.t('Neosearch: no index'));
  }
  return line('search-sparkle', l10n.t('Neosearch: ready'));
}

function line(icon: string, words: string, isProblem = false): StatusLine {
  return { text: `$(${icon}) ${words}`, spoken: words, isProblem };
}

/** One line for people: what a root's index is at. */
export function rootStateText(root: WireRootStatus, l10n: L10n): string {
  const percent = Math.floor(root.progress * 100);
  const texts: Readonly<Record<RootState, () => string>> = {
    waiting: () => l10n.t('waiting'),
    scanning: () => l10n.t('looking for changes'),
    indexing: () => l10n.t('indexing {0}%', percent),
    ready: () => l10n.t('ready'),
    paused: () => l10n.t('paused at {0}%', percent),
    reading: () =>
      root.writer === undefined
        ? l10n.t('read only: another program writes it')
        : l10n.t('read only: written by {0}', root.writer),
    deleted: () => l10n.t('deleted'),
    failed: () => l10n.t('failed'),
  };
  return texts[root.state]();
}

/** Markdown for the hover. */
export function hoverText(state: EngineState, l10n: L10n): string {
  if (state.kind !== 'running') return stateText(state, l10n);
  const { status } = state;
  const blocks = status.roots.map((root) => {
    const facts = [
      l10n.t('{0} files', number(root.files)),
      l10n.t('{0} chunks', number(root.chunks)),
      ...(root.pending > 0 ? [l10n.t('{0} to encode', number(root.pending))] : []),
      bytes(root.diskBytes),
    ];
    const problem = root.problem === undefined ? '' : `  \n$(warning) ${escape(root.problem)}`;
    return `**${escape(root.name)}** — ${escape(rootStateText(root, l10n))}  \n${facts.join(' · ')}${problem}`;
  });
  const rows = [
    `${l10n.t('Encoder')}: ${escape(status.encoder)}`,
    `${l10n.t('Device')}: ${escape(status.device)}`,
    `${l10n.t('Memory')}: ${bytes(status.memoryBytes)}`,
    `${l10n.t('Disk')}: ${bytes(sum(status.roots.map((root) => root.diskBytes)))}`,
  ];
  return [...blocks, rows.join('  \n')].join('\n\n');
}

/** Markdown document with everything known. */
export function statusDocument(state: EngineState, l10n: L10n): string {
  const title = `# ${l10n.t('Neosearch: Index Status')}`;
  if (state.kind !== 'running') return `${title}\n\n${stateText(state, l10n)}\n`;
  const { status, pid } = state;
  const general = table(
    [
      [l10n.t('Encoder'), status.encoder],
      [l10n.t('Device'), status.device],
      [l10n.t('Memory of the engine'), bytes(status.memoryBytes)],
      [l10n.t('Process'), String(pid)],
    ],
    l10n,
  );
  return [title, general, ...status.roots.map((root) => rootSection(root, l10n))].join('\n\n') + '\n';
}

function rootSection(root: WireRootStatus, l10n: L10n): string {
  const skipped = Object.entries(root.skipped).filter(([, count]) => count > 0);
  const rows: [string, string][] = [
    [l10n.t('Folder'), root.path],
    [l10n.t('State'), rootStateText(root, l10n)],
    [l10n.t('Files'), number(root.files)],
    [l10n.t('Chunks'), number(root.chunks)],
    ...(root.pending > 0 ? [[l10n.t('Chunks to encode'), number(root.pending)] as [string, string]] : []),
    [l10n.t('Neighbours by'), root.annReason === '' ? root.ann : `${root.ann} (${root.annReason})`],
    [l10n.t('Disk'), bytes(root.diskBytes)],
    ...(root.indexDir === '' ? [] : [[l10n.t('Index'), root.indexDir] as [string, string]]),
  ];
  const problem = root.problem === undefined ? [] : [`> ${escape(root.problem)}`];
  const left =
    skipped.length === 0
      ? []
      : [
          `### ${l10n.t('Left out')}`,
          table(
            skipped.map(([reason, count]) => [reason, number(count)]),
            l10n,
          ),
        ];
  return [`## ${escape(root.name)}`, ...problem, table(rows, l10n), ...left].join('\n\n');
}

/** Why there is no index, or that it comes. */
export function stateText(state: Exclude<EngineState, { kind: 'running' }>, l10n: L10n): string {
  switch (state.kind) {
    case 'off':
      return l10n.t('Neosearch is turned off here: nothing runs and nothing is indexed.');
    case 'untrusted':
      return l10n.t('This workspace is not trusted: nothing of it is indexed until it is.');
    case 'noFolder':
      return l10n.t('No folder is open, so there is nothing to index.');
    case 'unsupported':
    case 'stopped':
      return escape(state.reason);
    case 'starting':
      return l10n.t('The search engine is starting.');
    case 'restarting':
      return l10n.t('The search engine crashed and is restarting.');
  }
}

export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function table(rows: readonly (readonly [string, string])[], l10n: L10n): string {
  const lines = rows.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`);
  return [`| ${l10n.t('What')} | ${l10n.t('Value')} |`, '| --- | --- |', ...lines].join('\n');
}

function cell(text: string): string {
  return escape(text).replaceAll('\n', ' ');
}

/** Text that means nothing to Markdown. */
function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(/[`*_{}[\]()<>#+!|~$]/g, '\\$&');
}
