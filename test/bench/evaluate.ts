/**
 * What search is measured by, as one table: labelled repositories and CoSQA, with the shipped encoder and with another
 * in its place, and how fast both are.
 *
 *   npm run eval -- --dev DEV.json --trees TREES --beir DIR --qrels FILE [--against MODEL_DIR]
 *
 * Everything goes through the command line, as a user's questions do. Indexes are kept under NEOSEARCH_HOME, one
 * folder per encoder, so that a second run encodes nothing again.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as runtime from 'onnxruntime-node';
import { readForm } from '../../src/engine/model/form';
import { Model, sessionOptions } from '../../src/engine/model/model';
import { indexHome } from '../../src/engine/index/location';
import { judgedRepositories, LIMIT, mean, ndcg } from './judged';

const USAGE = '--dev DEV.json --trees TREES --beir DIR --qrels FILE [--against MODEL_DIR]';
const PROJECT = path.resolve(__dirname, '../../..');
const SHIPPED = path.join(PROJECT, 'media/model');
const MODES = ['hybrid', 'semantic'] as const;

type Mode = (typeof MODES)[number];
type Scores = Readonly<Record<Mode, { readonly repositories: number; readonly cosqa: number }>>;

interface Paths {
  readonly dev: string;
  readonly trees: string;
  readonly beir: string;
  readonly qrels: string;
}

/** Tokens of the texts that speed is measured with. */
const SPEED_LENGTHS = [128, 512];
const SPEED_TOKENS = 8_192;
const SPEED_RUNS = 8;
const SPEED_THREADS = 2;

/** What each measure must reach, and what it should. */
const GOALS = {
  repositoriesHybrid: ['0.875', '0.92'],
  repositoriesSemantic: ['0.71', '0.78'],
  cosqaSemantic: ['0.42', '0.55'],
  cosqaHybrid: ['0.46', '0.58'],
  against: ['ahead', '0.05 ahead'],
  speed: ['2x', '5x'],
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dev: { type: 'string' },
      trees: { type: 'string' },
      beir: { type: 'string' },
      qrels: { type: 'string' },
      against: { type: 'string' },
    },
  });
  const { dev, trees, beir, qrels, against } = values;
  if (dev === undefined || trees === undefined || beir === undefined || qrels === undefined) {
    throw new Error(`usage: npm run eval -- ${USAGE}`);
  }
  const paths = { dev, trees, beir, qrels };
  const ours = measure(paths, undefined);
  const rows = [
    row('labelled repositories, hybrid, NDCG@10', ours.hybrid.repositories, GOALS.repositoriesHybrid),
    row('the same, meaning alone', ours.semantic.repositories, GOALS.repositoriesSemantic),
    row('CoSQA, meaning alone, MRR@10', ours.semantic.cosqa, GOALS.cosqaSemantic),
    row('CoSQA, hybrid, MRR@10', ours.hybrid.cosqa, GOALS.cosqaHybrid),
  ];
  if (against !== undefined) {
    const theirs = measure(paths, path.resolve(against));
    const name = path.basename(against);
    for (const mode of MODES) {
      rows.push(
        compared(
          `repositories, ${mode}: ours and ${name}`,
          ours[mode].repositories,
          theirs[mode].repositories,
        ),
        compared(`CoSQA, ${mode}: ours and ${name}`, ours[mode].cosqa, theirs[mode].cosqa),
      );
    }
    for (const length of SPEED_LENGTHS) rows.push(await speedRow(length, path.resolve(against)));
  }
  console.log('| measure | now | must reach | aim |\n|---|---|---|---|');
  for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
}

function row(measured: string, value: number, goal: readonly [string, string]): string[] {
  return [measured, value.toFixed(4), ...goal];
}

function compared(measured: string, ours: number, theirs: number): string[] {
  return [measured, `${ours.toFixed(4)}, ${theirs.toFixed(4)}`, ...GOALS.against];
}

/** @param model undefined for the shipped one */
function measure(paths: Paths, model: string | undefined): Scores {
  const home = path.join(indexHome(), 'eval', model === undefined ? 'shipped' : path.basename(model));
  mkdirSync(home, { recursive: true });
  const work = mkdtempSync(path.join(os.tmpdir(), 'neosearch-eval-'));
  try {
    const cli = (...args: string[]): string => {
      const chosen = model === undefined ? [] : ['--model', model];
      return execFileSync(process.execPath, [path.join(PROJECT, 'dist/cli.js'), ...args, ...chosen], {
        encoding: 'utf8',
        env: { ...process.env, NEOSEARCH_HOME: home },
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    };
    const repositories = judgedRepositories(paths.dev, paths.trees);
    if (repositories.length === 0)
      throw new Error(`${paths.trees} holds none of ${paths.dev}'s repositories.`);
    for (const { tree } of repositories) cli('index', tree);
    const scores = (mode: Mode): Scores[Mode] => ({
      repositories: mean(
        repositories.map(({ tree, queries }) => {
          const file = path.join(work, 'queries.jsonl');
          writeFileSync(
            file,
            queries.map(({ query }, id) => `${JSON.stringify({ id: String(id), query })}\n`).join(''),
          );
          const answer = cli(
            'search',
            '--root',
            tree,
            '--queries',
            file,
            '--limit',
            String(LIMIT),
            '--mode',
            mode,
            '--json',
          );
          return mean(
            answer
              .trim()
              .split('\n')
              .map((line) => ndcgOf(line, queries)),
          );
        }),
      ),
      cosqa: mrrOf(
        cli(
          'eval',
          '--beir',
          paths.beir,
          '--qrels',
          paths.qrels,
          '--run',
          path.join(work, 'run.trec'),
          '--mode',
          mode,
          '--json',
        ),
      ),
    });
    return { hybrid: scores('hybrid'), semantic: scores('semantic') };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function ndcgOf(line: string, queries: ReturnType<typeof judgedRepositories>[number]['queries']): number {
  const { id, hits } = JSON.parse(line) as { id: string; hits: Parameters<typeof ndcg>[0] };
  return ndcg(hits, queries[Number(id)]?.targets ?? []);
}

function mrrOf(answer: string): number {
  return (JSON.parse(answer) as { mrr10: number }).mrr10;
}

/** Tokens a second of both on the same texts, all in one batch, in turns. */
async function speedRow(length: number, against: string): Promise<string[]> {
  const ids = Int32Array.from({ length: SPEED_TOKENS }, (_, i) => 1_000 + ((i * 7_919) % 20_000));
  const lengths = new Int32Array(SPEED_TOKENS / length).fill(length);
  const batches = await Promise.all([SHIPPED, against].map((dir) => batchOf(dir, ids, lengths)));
  const best = batches.map(() => Infinity);
  for (let run = 0; run < SPEED_RUNS; run++) {
    for (const [i, batch] of batches.entries()) {
      const start = performance.now();
      await batch.run();
      best[i] = Math.min(best[i] ?? Infinity, performance.now() - start);
    }
  }
  for (const batch of batches) await batch.release();
  const [ours = NaN, theirs = NaN] = best;
  const speeds = [ours, theirs].map((ms) => Math.round((SPEED_TOKENS / ms) * 1000).toLocaleString('en'));
  return [
    `tokens/s at ${length} tokens: ours and ${path.basename(against)}`,
    `${speeds.join(' and ')}: ${(theirs / ours).toFixed(2)}x`,
    ...GOALS.speed,
  ];
}

interface Batch {
  readonly run: () => Promise<unknown>;
  readonly release: () => Promise<void>;
}

/**
 * Texts of one length, ready to be run. A graph is run by itself: the engine runs one that was quantised
 * dynamically text by text, which would be unfair to its speed.
 */
async function batchOf(dir: string, ids: Int32Array, lengths: Int32Array): Promise<Batch> {
  const form = await readForm(dir);
  if (form.kind === 'neobert') {
    const model = await Model.open(runtime, dir, {
      threads: SPEED_THREADS,
      pooling: 'mean',
      normalize: true,
    });
    return { run: () => model.run(ids, lengths), release: () => model.release() };
  }
  const session = await runtime.InferenceSession.create(form.graph, sessionOptions(undefined, SPEED_THREADS));
  const shape = [lengths.length, ids.length / lengths.length];
  const feeds = Object.fromEntries(
    session.inputNames.map((name) => {
      const fill = name.includes('mask') ? 1n : 0n;
      const values = BigInt64Array.from(ids, (id) => (name === 'input_ids' ? BigInt(id) : fill));
      return [name, new runtime.Tensor('int64', values, shape)];
    }),
  );
  return { run: () => session.run(feeds), release: () => session.release() };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
