/** A hit as one row of a picker: what it is, where it lies, and its best line. */
import type { WireHit } from '../../protocol/messages';
import type { L10n } from '../notice/engineNotice';

/** Characters of the code line at most: what fits a picker. */
const LINE_CHARS = 160;

export interface HitRow {
  /** Codicon, without `$()`. */
  readonly icon: string;
  /** The innermost symbol or heading, else the file's name. */
  readonly name: string;
  /** Path, lines, enclosing symbols. */
  readonly where: string;
  /** The line that answers best. */
  readonly line: string;
}

/** @param label path as shown to the user */
export function hitRow(hit: WireHit, label: string, l10n: L10n): HitRow {
  const inner = hit.breadcrumb.at(-1);
  const outer = hit.breadcrumb.slice(0, -1).join(' › ');
  const parts = [`${label}:${hit.focusLine}`];
  if (outer !== '') parts.push(outer);
  if (hit.copies.length === 1) parts.push(l10n.t('and 1 identical copy'));
  else if (hit.copies.length > 1) parts.push(l10n.t('and {0} identical copies', hit.copies.length));
  return {
    icon: iconOf(hit),
    name: plainText(inner ?? fileName(hit.path)),
    where: plainText(parts.join('  ·  ')),
    line: plainText(bestLine(hit)),
  };
}

/** The snippet's line that answers best; its first line with a word in it where that one is blank. */
export function bestLine(hit: Pick<WireHit, 'snippet' | 'snippetLine' | 'focusLine'>): string {
  const lines = hit.snippet.split('\n');
  const focus = lines[hit.focusLine - hit.snippetLine];
  const line =
    focus !== undefined && hasWord(focus)
      ? focus
      : (lines.find(hasWord) ?? lines.find((l) => l.trim() !== ''));
  const trimmed = (line ?? '').trim().replace(/\s+/gu, ' ');
  return trimmed.length > LINE_CHARS ? `${trimmed.slice(0, LINE_CHARS - 1)}…` : trimmed;
}

const DOCS = new Set(['markdown', 'restructuredtext', 'asciidoc', 'plaintext', 'latex', 'html', 'mdx']);
const DATA = new Set(['json', 'jsonc', 'yaml', 'toml', 'ini', 'properties', 'xml', 'csv']);

function iconOf(hit: WireHit): string {
  if (DOCS.has(hit.language)) return 'book';
  if (DATA.has(hit.language)) return 'settings';
  return hit.breadcrumb.length === 0 ? 'symbol-file' : 'symbol-method';
}

function hasWord(line: string): boolean {
  return /[\p{L}\p{N}]{2}/u.test(line);
}

/** Pickers read `$(name)` as an icon: code that holds one shows it as it is. */
export function plainText(text: string): string {
  return text.replace(/\$\((?=[\w~-]+\))/gu, '$\u200b(');
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
