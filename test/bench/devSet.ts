/** The development queries with what retrieval finds for each, and how good an order of it is. */
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
import { judgedRepositories, LIMIT, mean, ndcg, type Target } from './judged';

export interface Task {
  readonly repository: string;
  readonly category: string;
  readonly query: string;
  readonly targets: readonly Target[];
  readonly measured: readonly Measured<FoundCandidate>[];
}

/** NDCG at 10 of one hit of each file. */
export function quality(task: Task, weights: Weights): number {
  const hits = diversify(fuse(task.measured, weights), 1).map(({ candidate }) => candidate);
  return ndcg(hits, task.targets);
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
  for (const { name, tree, queries } of judgedRepositories(dev, trees)) {
    const store = Store.open(indexDirFor(indexHome(), canonicalRoot(tree)), { readOnly: true });
    const ann = await Ann.open(store, { encoder: { id, dimensions } });
    for (const { query: original, category, targets } of queries) {
      const query = change(original);
      if (query === undefined) continue;
      const [vector] = await encoder.encode([parseQuery(query).text], 'query');
      const found = retrieve(store, ann, parseQuery(query), { vector, lexical: true, weights, limit: LIMIT });
      tasks.push({
        repository: name,
        category,
        query,
        targets,
        measured: measure(found.candidates, found.terms),
      });
    }
    await ann.close();
    store.close();
  }
  await encoder.close();
  return tasks;
}
