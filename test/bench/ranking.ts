/**
 * Ranking on the development repositories: quality by query kind, what each signal gains (leave one out), and
 * with `--tune` a search for better weights, cross-validated by repository.
 *
 *   node out/test/bench/ranking.js DEV.json TREES [--tune]
 *
 * The repositories must be indexed already (`neosearch index`, same NEOSEARCH_HOME).
 */
import { readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { parseQuery } from '../../src/core/query/query';
import { diversify, fuse, measure, type Measured } from '../../src/core/rank/rank';
import { WEIGHTS, type Weights } from '../../src/core/rank/weights';
import { describeEncoder } from '../../src/engine/encoder/describeEncoder';
import { openEncoder } from '../../src/engine/encoder/workerEncoder';
import { Ann } from '../../src/engine/index/ann';
import { canonicalRoot, indexDirFor, indexHome } from '../../src/engine/index/location';
import { Store } from '../../src/engine/index/store';
import { retrieve, type FoundCandidate } from '../../src/engine/search/retrieve';

/** A file that answers, or lines of it. */
interface Target {
  readonly path: string;
  readonly start_line?: number | null;
  readonly end_line?: number | null;
}

interface Repository {
  readonly name: string;
  readonly root: string | null;
  readonly queries: readonly {
    readonly query: string;
    readonly category: string;
    readonly relevant: readonly (string | Target)[];
  }[];
}

interface Task {
  readonly repository: string;
  readonly category: string;
  readonly query: string;
  readonly targets: readonly Target[];
  readonly measured: readonly Measured<FoundCandidate>[];
}

const LIMIT = 10;

function sameFile(a: string, b: string): boolean {
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}

function answers({ path: found, startLine, endLine }: FoundCandidate, target: Target): boolean {
  if (!sameFile(found, target.path)) return false;
  if (target.start_line === undefined || target.start_line === null) return true;
  return endLine >= target.start_line && startLine <= (target.end_line ?? Infinity);
}

/** Binary NDCG at 10: a target counts at the rank of the first hit in its file, inside its lines where it has some. */
function quality(task: Task, weights: Weights): number {
  const hits = diversify(fuse(task.measured, weights), 1)
    .slice(0, LIMIT)
    .map(({ candidate }) => candidate);
  const gains = new Array<number>(LIMIT).fill(0);
  for (const target of task.targets) {
    const at = hits.findIndex((hit) => answers(hit, target));
    if (at >= 0) gains[at] = 1;
  }
  const discounted = (values: readonly number[]): number =>
    values.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
  return discounted(gains) / discounted(new Array<number>(Math.min(LIMIT, task.targets.length)).fill(1));
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : 0;
}

function groupMeans(
  tasks: readonly Task[],
  weights: Weights,
  by: (task: Task) => string,
): Map<string, number> {
  const groups = new Map<string, number[]>();
  for (const task of tasks) {
    const values = groups.get(by(task)) ?? [];
    values.push(quality(task, weights));
    groups.set(by(task), values);
  }
  return new Map([...groups].map(([name, values]) => [name, mean(values)]));
}

/** Mean over repositories of the mean over their queries. */
function overall(tasks: readonly Task[], weights: Weights): number {
  return mean([...groupMeans(tasks, weights, (task) => task.repository).values()]);
}

async function load(dev: string, trees: string, weights: Weights): Promise<Task[]> {
  const modelDir = path.resolve('media/model');
  const { id, dimensions } = await describeEncoder(modelDir);
  const encoder = await openEncoder({ modelDir, workerPath: path.resolve('dist/encoderWorker.js') });
  const tasks: Task[] = [];
  const { repos } = JSON.parse(readFileSync(dev, 'utf8')) as { repos: readonly Repository[] };
  for (const { name, root, queries } of repos) {
    const tree = path.join(trees, name, root ?? '');
    if (!existsSync(tree)) continue;
    const store = Store.open(indexDirFor(indexHome(), canonicalRoot(tree)), { readOnly: true });
    const ann = await Ann.open(store, { encoder: { id, dimensions } });
    for (const { query, category, relevant } of queries) {
      const [vector] = await encoder.encode([parseQuery(query).text], 'query');
      const found = retrieve(store, ann, parseQuery(query), { vector, lexical: true, weights, limit: LIMIT });
      tasks.push({
        repository: name,
        category,
        query,
        targets: relevant.map((target) => (typeof target === 'string' ? { path: target } : target)),
        measured: measure(found.candidates, found.terms),
      });
    }
    await ann.close();
    store.close();
  }
  await encoder.close();
  return tasks;
}

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
