/**
 * Ranking on the development repositories: quality by query kind, what each signal gains (leave one out), and
 * with `--tune` a search for better weights, cross-validated by repository.
 *
 *   node out/test/bench/ranking.js DEV.json TREES [--tune]
 *
 * The repositories must be indexed already (`neosearch index`, same NEOSEARCH_HOME).
 */
import { diversify, fuse } from '../../src/core/rank/rank';
import { WEIGHTS, type Weights } from '../../src/core/rank/weights';
import { groupMeans, load, overall, quality, type Task } from './devSet';
import { mean } from './judged';

type Tunable = 'meaning' | 'words' | 'symbol' | 'definition' | 'path' | 'file' | 'fileDecay';
const TUNABLE: readonly Tunable[] = ['words', 'symbol', 'definition', 'path', 'file', 'fileDecay'];
const FACTORS = [0, 0.5, 0.7, 0.85, 1.15, 1.4, 2];

/** Coordinate ascent over the weights, then over the factors of places. */
function tune(tasks: readonly Task[], start: Weights): Weights {
  let best = start;
  let value = overall(tasks, best);
  const attempt = (weights: Weights): void => {
    const next = overall(tasks, weights);
    if (next > value + 1e-4) {
      best = weights;
      value = next;
    }
  };
  for (let round = 0; round < 4; round++) {
    const before = value;
    for (const name of TUNABLE) {
      const current = best[name];
      for (const factor of FACTORS) {
        const changed = Math.max(current, 0.05) * factor;
        attempt({ ...best, [name]: name === 'fileDecay' ? Math.min(changed, 0.95) : changed });
      }
    }
    for (const place of Object.keys(best.place) as (keyof Weights['place'])[]) {
      for (const factor of [0.3, 0.5, 0.7, 0.85, 1])
        attempt({ ...best, place: { ...best.place, [place]: factor } });
    }
    if (value - before < 5e-4) break;
  }
  return best;
}

function report(tasks: readonly Task[], weights: Weights): void {
  console.log(`NDCG@10 ${overall(tasks, weights).toFixed(4)}`);
  for (const [category, value] of groupMeans(tasks, weights, (task) => task.category)) {
    console.log(`  ${category.padEnd(14)} ${value.toFixed(4)}`);
  }
  for (const [repository, value] of groupMeans(tasks, weights, (task) => task.repository)) {
    console.log(`    ${repository.padEnd(14)} ${value.toFixed(4)}`);
  }
}

function leaveOneOut(tasks: readonly Task[], weights: Weights): void {
  const all = overall(tasks, weights);
  const kinds = [...new Set(tasks.map((task) => task.category))].sort();
  console.log(`\n| without | all | ${kinds.join(' | ')} |`);
  console.log(`|---|---|${kinds.map(() => '---|').join('')}`);
  const row = (name: string, changed: Weights): void => {
    const byKind = groupMeans(tasks, changed, (task) => task.category);
    const cells = kinds.map((kind) => (byKind.get(kind) ?? 0).toFixed(3));
    console.log(
      `| ${name} | ${overall(tasks, changed).toFixed(4)} (${(overall(tasks, changed) - all).toFixed(4)}) | ${cells.join(' | ')} |`,
    );
  };
  row('nothing (the full ranking)', weights);
  for (const name of ['meaning', 'words', 'symbol', 'definition', 'path', 'file'] as const)
    row(name, { ...weights, [name]: 0 });
  const neutral = Object.fromEntries(
    Object.keys(weights.place).map((place) => [place, 1]),
  ) as Weights['place'];
  row('place', { ...weights, place: neutral });
}

async function main(): Promise<void> {
  const [dev, trees, ...flags] = process.argv.slice(2);
  if (dev === undefined || trees === undefined) throw new Error('usage: ranking.js DEV.json TREES [--tune]');
  const tasks = await load(dev, trees, WEIGHTS);
  report(tasks, WEIGHTS);
  leaveOneOut(tasks, WEIGHTS);
  if (flags.includes('--worst')) {
    for (const task of tasks) {
      const value = quality(task, WEIGHTS);
      if (value > 0.65) continue;
      const hits = diversify(fuse(task.measured, WEIGHTS), 1).slice(0, 4);
      console.log(
        `\n${task.repository} ${value.toFixed(2)} [${task.category}] "${task.query}" -> ${task.targets.map((t) => `${t.path}:${t.start_line ?? ''}-${t.end_line ?? ''}`).join(', ')}`,
      );
      for (const hit of hits) {
        const why = hit.reasons.map((r) => `${r.signal} ${r.value.toFixed(2)}`).join(' ');
        console.log(
          `   ${hit.candidate.path}:${hit.candidate.startLine} ${hit.candidate.breadcrumb.join('>')}  ${why}`,
        );
      }
    }
  }
  if (!flags.includes('--tune')) return;
  const repositories = [...new Set(tasks.map((task) => task.repository))];
  const folds = 6;
  const held: number[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const outside = new Set(repositories.filter((_, i) => i % folds === fold));
    const weights = tune(
      tasks.filter((task) => !outside.has(task.repository)),
      WEIGHTS,
    );
    const value = [
      ...groupMeans(
        tasks.filter((t) => outside.has(t.repository)),
        weights,
        (t) => t.repository,
      ).values(),
    ];
    held.push(...value);
  }
  console.log(`\nheld-out repositories (${folds} folds): ${mean(held).toFixed(4)}`);
  const tuned = tune(tasks, WEIGHTS);
  console.log('tuned on all:', JSON.stringify(tuned, undefined, 1));
  report(tasks, tuned);
}

void main();
