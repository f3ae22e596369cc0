/**
 * Cuts a row of units (members, statements, lines) into runs of about equal length, within the budget. Where
 * it can choose, it cuts where the text itself makes a pause.
 */

export interface Unit {
  readonly tokens: number;
  /** What a cut before the unit costs: 0 at a pause (a blank line), 1 in the middle of something. */
  readonly cutCost: number;
}

/**
 * @param budget most tokens of a run; a longer unit is a run of its own
 * @param goal tokens that a run should have, at most the budget
 * @returns the runs, which tile the row
 */
export function partition<T extends Unit>(units: readonly T[], budget: number, goal: number): T[][] {
  const runs: T[][] = [];
  let left = units.reduce((sum, { tokens }) => sum + tokens, 0);
  let at = 0;
  while (at < units.length) {
    const runsLeft = Math.max(Math.ceil(left / budget), Math.round(left / goal), 1);
    const end = runsLeft === 1 ? units.length : cutAfter(units, at, budget, left / runsLeft);
    const run = units.slice(at, end);
    left -= run.reduce((sum, { tokens }) => sum + tokens, 0);
    runs.push(run);
    at = end;
  }
  return runs;
}

/** How much a run may miss or pass its share for the sake of a better cut. */
const SLACK = 0.5;

/** Index behind the last unit of the run that begins at `from`. */
function cutAfter(units: readonly Unit[], from: number, budget: number, share: number): number {
  let tokens = 0;
  let best = { end: from + 1, cost: Infinity };
  for (let end = from + 1; end < units.length; end++) {
    tokens += units[end - 1]?.tokens ?? 0;
    if (tokens > budget && end > from + 1) break;
    const miss = Math.abs(tokens - share) / share;
    const cost = miss > SLACK ? 10 + miss : 2 * miss + (units[end]?.cutCost ?? 0);
    if (cost < best.cost) best = { end, cost };
    if (tokens >= share * (1 + SLACK)) break;
  }
  return best.end;
}
