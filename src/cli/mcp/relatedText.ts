/** Related files as an agent reads them, within a token budget. */

interface Side {
  readonly startLine: number;
  readonly endLine: number;
  readonly breadcrumb: readonly string[];
}

export interface RelatedFile {
  readonly path: string;
  readonly pairs: readonly { readonly own: Side; readonly other: Side; readonly similarity: number }[];
}

export interface RelatedTextOptions {
  readonly maxTokens: number;
  /** One sentence each, put first. */
  readonly notes: readonly string[];
  readonly count: (text: string) => number;
}

/** Pairs told of one file. */
const PAIRS = 3;

export function relatedText(
  files: readonly RelatedFile[],
  { maxTokens, notes, count }: RelatedTextOptions,
): { readonly text: string; readonly shown: number } {
  const lines = [...notes];
  let left = maxTokens - lines.reduce((sum, line) => sum + count(line) + 1, 0);
  let shown = 0;
  for (const file of files) {
    const block = blockOf(file, shown + 1);
    const cost = block.reduce((sum, line) => sum + count(line) + 1, 0);
    if (cost > left) break;
    left -= cost;
    lines.push(...block);
    shown += 1;
  }
  return { text: lines.join('\n'), shown };
}

/** `1. src/retry.ts` and below it `lines 3-14 retry ~ its lines 20-33 again (0.91)` */
function blockOf({ path, pairs }: RelatedFile, rank: number): string[] {
  const told = pairs
    .slice(0, PAIRS)
    .map(
      ({ own, other, similarity }) =>
        `   ${sideText(own)} is like its ${sideText(other)} (similarity ${similarity.toFixed(2)})`,
    );
  return [`${rank}. ${path}`, ...told];
}

function sideText({ startLine, endLine, breadcrumb }: Side): string {
  return [`lines ${startLine}-${endLine}`, ...(breadcrumb.length > 0 ? [breadcrumb.join(' › ')] : [])].join(
    ' ',
  );
}
