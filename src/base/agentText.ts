/**
 * Hits as an agent reads them: path, range, breadcrumb and code of each, best first, within a token budget. A hit
 * that does not fit whole gives its first lines; what fits no longer is named by its place alone.
 */

/** What is shown of a hit. */
export interface AgentHit {
  readonly path: string;
  /** From 1, both ends included. */
  readonly startLine: number;
  readonly endLine: number;
  /** VS Code language id. */
  readonly language: string;
  /** Enclosing symbols or headings, outermost first. */
  readonly breadcrumb: readonly string[];
  /** Whole lines. */
  readonly snippet: string;
  /** Line that the snippet opens with. */
  readonly snippetLine: number;
  /** Cosine in [-1, 1]. */
  readonly similarity?: number | undefined;
  /** Other places with the same text. */
  readonly copies?: readonly {
    readonly path: string;
    readonly startLine: number;
    readonly endLine: number;
  }[];
}

export interface AgentTextOptions {
  /** Most tokens of the text. */
  readonly maxTokens: number;
  /** One sentence each, put first. */
  readonly notes?: readonly string[] | undefined;
  /** Tokens of a text; an estimate without. */
  readonly count?: ((text: string) => number) | undefined;
  /** What is said when there are no hits. */
  readonly nothing?: string | undefined;
}

export interface AgentAnswer {
  readonly text: string;
  /** The hits that the text shows with code, their snippets cut as there. */
  readonly hits: readonly AgentHit[];
  /** Hits that did not fit. */
  readonly left: number;
}

/** Code and prose have some 3.5 characters a token; fewer are assumed, so that a budget holds. */
const CHARACTERS_PER_TOKEN = 3;
/** Fewer lines of a longer snippet say nothing. */
const LEAST_LINES = 3;
/** Kept for the line that says how many hits did not fit. */
const RESERVED = 24;

const NOTHING = 'Nothing found. Try other words, or fewer filters.';

export function agentText(hits: readonly AgentHit[], options: AgentTextOptions): string {
  return agentAnswer(hits, options).text;
}

export function agentAnswer(hits: readonly AgentHit[], options: AgentTextOptions): AgentAnswer {
  const { maxTokens, notes = [], nothing = NOTHING } = options;
  const budget = new Budget(maxTokens - RESERVED, options.count ?? estimate);
  const lines: string[] = [];
  for (const note of notes) if (budget.take(note)) lines.push(note);
  if (hits.length === 0) return { text: [...lines, nothing].join('\n'), hits: [], left: 0 };
  const shown: AgentHit[] = [];
  let named = 0;
  for (const [i, hit] of hits.entries()) {
    const code = shown.length === i ? fitting(hit, i + 1, budget) : undefined;
    if (code !== undefined) {
      lines.push(...(lines.length > 0 ? [''] : []), ...code.lines);
      shown.push({ ...hit, snippet: code.snippet });
      continue;
    }
    // By place alone, for whoever reads on in the file.
    const line = heading(hit, i + 1);
    if (!budget.take(line)) break;
    lines.push(...(named === 0 && lines.length > 0 ? [''] : []), line);
    named += 1;
  }
  const left = hits.length - shown.length;
  const unnamed = left - named;
  if (unnamed > 0) lines.push('', `${unnamed} more did not fit; ask for more tokens or narrow the question.`);
  return { text: lines.join('\n'), hits: shown, left };
}

/** The lines of a hit, as many as the budget allows; undefined where that are too few. */
function fitting(
  hit: AgentHit,
  rank: number,
  budget: Budget,
): { readonly lines: string[]; readonly snippet: string } | undefined {
  const fence = fenceFor(hit.snippet);
  const open = [heading(hit, rank), `${fence}${hit.language}`];
  const code = hit.snippet.split('\n');
  const frame = budget.cost([...open, fence]);
  let cost = frame;
  let fit = 0;
  while (fit < code.length) {
    const next = cost + budget.cost([code[fit] ?? '']);
    if (next > budget.left) break;
    cost = next;
    fit += 1;
  }
  if (fit < Math.min(code.length, LEAST_LINES)) return undefined;
  budget.left -= cost;
  const kept = code.slice(0, fit);
  return { lines: [...open, ...kept, fence], snippet: kept.join('\n') };
}

/** `2. src/net/retry.ts:10-42 Client › retry (lines 14-25 shown; also src/copy.ts:1-33)` */
function heading(hit: AgentHit, rank: number): string {
  const { path, startLine, endLine, breadcrumb, snippet, snippetLine, copies = [] } = hit;
  const lastLine = snippetLine + snippet.split('\n').length - 1;
  const isPart = snippetLine > startLine || lastLine < endLine;
  const asides = [
    ...(isPart ? [`from line ${snippetLine}`] : []),
    ...(copies.length > 0 ? [`same text in ${copies.slice(0, MAX_COPIES).map(placeOf).join(', ')}`] : []),
    ...(copies.length > MAX_COPIES ? [`and ${copies.length - MAX_COPIES} other places`] : []),
  ];
  const names = breadcrumb.length > 0 ? ` ${breadcrumb.join(' › ')}` : '';
  return `${rank}. ${placeOf({ path, startLine, endLine })}${names}${asides.length > 0 ? ` (${asides.join('; ')})` : ''}`;
}

const MAX_COPIES = 5;

function placeOf(place: { path: string; startLine: number; endLine: number }): string {
  return `${place.path}:${place.startLine}-${place.endLine}`;
}

/** A fence that the code does not hold itself. */
function fenceFor(code: string): string {
  const longest = Math.max(2, ...(code.match(/`{3,}/gu) ?? []).map((run) => run.length));
  return '`'.repeat(longest + 1);
}

/** Tokens that are left. */
class Budget {
  constructor(
    public left: number,
    private readonly count: (text: string) => number,
  ) {}

  /** Tokens of some lines; each line break is one. */
  cost(lines: readonly string[]): number {
    return lines.reduce((sum, line) => sum + this.count(line) + 1, 0);
  }

  /** Takes a line where it fits. */
  take(line: string): boolean {
    const cost = this.cost([line]);
    if (cost > this.left) return false;
    this.left -= cost;
    return true;
  }
}

function estimate(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
