/** Hits as a person reads them: place, breadcrumb, snippet, score. */
import type { Hit } from '../engine/search/answer';
import type { Console } from './console';

/** Lines of a snippet on a terminal. */
export const SNIPPET_LINES = 6;

/** One hit as a block of lines, its rank first. */
export function renderHit(hit: Hit, rank: number, explain: boolean, console: Console): string {
  const place = `${hit.path}:${hit.startLine}-${hit.endLine}`;
  const head = [
    console.paint('dim', `${rank}.`),
    console.paint(['bold', 'cyan'], place),
    ...(hit.breadcrumb.length > 0 ? [console.paint('yellow', hit.breadcrumb.join(' › '))] : []),
    console.paint('dim', hit.score.toFixed(3)),
  ].join('  ');
  const width = String(hit.snippetLine + SNIPPET_LINES).length;
  const lines = hit.snippet
    .split('\n')
    .map(
      (line, i) => `${console.paint('dim', `${String(hit.snippetLine + i).padStart(width + 3)} │`)} ${line}`,
    );
  return [head, ...lines, ...(explain ? [`   ${explanation(hit)}`] : [])].join('\n');
}

/** `meaning 0.61 + words 0.20 - place 0.05 (cosine 0.533)` */
export function explanation(hit: Hit): string {
  const parts = hit.reasons.map(({ signal, value }, i) => {
    const sign = value < 0 ? '- ' : i > 0 ? '+ ' : '';
    return `${sign}${signal} ${Math.abs(value).toFixed(3)}`;
  });
  const cosine = hit.similarity === undefined ? 'no vector yet' : `cosine ${hit.similarity.toFixed(3)}`;
  return `why: ${[...parts, `(${cosine})`].join(' ')}`;
}

/** Bytes for people: `12.3 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = count / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit] ?? ''}`;
}
