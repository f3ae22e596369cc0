/** Repositories with questions and the files that answer them, as dev.json of shared judgements has them, and NDCG. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A file that answers, or lines of it. */
export interface Target {
  readonly path: string;
  readonly start_line?: number | null;
  readonly end_line?: number | null;
}

export interface JudgedRepository {
  readonly name: string;
  /** The folder that is searched. */
  readonly tree: string;
  readonly queries: readonly {
    readonly query: string;
    readonly category: string;
    readonly targets: readonly Target[];
  }[];
}

interface DevFile {
  readonly repos: readonly {
    readonly name: string;
    readonly root: string | null;
    readonly queries: readonly {
      readonly query: string;
      readonly category: string;
      readonly relevant: readonly (string | Target)[];
    }[];
  }[];
}

/** Hits that count. */
export const LIMIT = 10;

/** The repositories of a file whose folder lies under `trees`. */
export function judgedRepositories(dev: string, trees: string): JudgedRepository[] {
  const { repos } = JSON.parse(readFileSync(dev, 'utf8')) as DevFile;
  return repos
    .map(({ name, root, queries }) => ({
      name,
      tree: path.join(trees, name, root ?? ''),
      queries: queries.map(({ query, category, relevant }) => ({
        query,
        category,
        targets: relevant.map((target) => (typeof target === 'string' ? { path: target } : target)),
      })),
    }))
    .filter(({ tree }) => existsSync(tree));
}

interface Hit {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

function sameFile(a: string, b: string): boolean {
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}

function answers({ path: found, startLine, endLine }: Hit, target: Target): boolean {
  if (!sameFile(found, target.path)) return false;
  if (target.start_line === undefined || target.start_line === null) return true;
  return endLine >= target.start_line && startLine <= (target.end_line ?? Infinity);
}

/** Binary NDCG at 10: a target counts at the rank of the first hit in its file, inside its lines where it has some. */
export function ndcg(hits: readonly Hit[], targets: readonly Target[]): number {
  const gains = new Array<number>(LIMIT).fill(0);
  for (const target of targets) {
    const at = hits.slice(0, LIMIT).findIndex((hit) => answers(hit, target));
    if (at >= 0) gains[at] = 1;
  }
  const discounted = (values: readonly number[]): number =>
    values.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
  return discounted(gains) / discounted(new Array<number>(Math.min(LIMIT, targets.length)).fill(1));
}

export function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : 0;
}
