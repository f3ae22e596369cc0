/** The development queries with what retrieval finds for each, and how good an order of it is. */
import { readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { parseQuery } from '../../src/core/query/query';
import { diversify, fuse, measure, type Measured } from '../../src/core/rank/rank';
import type { Weights } from '../../src/core/rank/weights';
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

export interface Task {
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
export function quality(task: Task, weights: Weights): number {
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

export function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : 0;
}

export function groupMeans(
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
export function overall(tasks: readonly Task[], weights: Weights): number {
  return mean([...groupMeans(tasks, weights, (task) => task.repository).values()]);
}

/** @param change what is asked in place of each query; undefined leaves it out */
export async function load(
  dev: string,
  trees: string,
  weights: Weights,
  change: (query: string) => string | undefined = (query) => query,
): Promise<Task[]> {
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
    for (const { query: original, category, relevant } of queries) {
      const query = change(original);
      if (query === undefined) continue;
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
