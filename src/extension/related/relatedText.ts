/** Related files in words: why each belongs. */
import type { WirePair, WirePairSide, WireRelatedFile } from '../../protocol/messages';
import type { L10n } from '../notice/engineNotice';

/** The closest pair's place in the related file: its innermost symbols, else its lines. */
export function reasonOf(file: WireRelatedFile, l10n: L10n): string {
  const pair = file.pairs[0];
  return pair === undefined ? '' : sideText(pair.other, l10n);
}

/** The symbols that a side lies in, else its lines. */
export function sideText(side: WirePairSide, l10n: L10n): string {
  return side.breadcrumb.length > 0 ? side.breadcrumb.join(' › ') : linesText(side, l10n);
}

export function linesText({ startLine, endLine }: WirePairSide, l10n: L10n): string {
  return startLine === endLine
    ? l10n.t('line {0}', startLine)
    : l10n.t('lines {0} to {1}', startLine, endLine);
}

/** A pair on one line: where in the other file, and what it is like in this one. */
export function pairText(
  pair: WirePair,
  l10n: L10n,
): { readonly label: string; readonly description: string } {
  const own = pair.own.breadcrumb.at(-1) ?? linesText(pair.own, l10n);
  return {
    label: sideText(pair.other, l10n),
    description: l10n.t('{0} ↔ {1} here', linesText(pair.other, l10n), own),
  };
}
