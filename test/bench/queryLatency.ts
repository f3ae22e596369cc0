/**
 * How long does a query take on a warm index, encoding included?
 *
 *   node out/test/bench/queryLatency.js ROOT... [--queries FILE] [--repeat N] [--threads N] [--limit N]
 *
 * Brings the index of each root up to date first (NEOSEARCH_HOME names where it is kept, so that a second
 * measurement starts at once). Queries are the given JSON lines {query}, else twenty that suit
 * any code. Every query is asked `--repeat` times in each mode, after a warm-up.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '../../src/engine/engine';
import { MODES } from '../../src/engine/search/answer';

const WARM_UP = 10;
const DEFAULT_QUERIES = [
  'where is the configuration file read',
  'retry a failed request with backoff',
  'parse command line arguments',
  'how are errors reported to the user',
  'open a connection to the database',
  'HttpClient',
  'validate user input',
  'write the result to a file',
  'cache invalidation',
  'convert a date to a string',
  'main',
  'authentication middleware',
  'sort by several keys',
  'unit tests of the parser',
  'escape special characters in html',
  'memory limit exceeded',
  'config.load',
  'path:src error handling',
  'start worker threads',
  'compare two versions',
];

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function queriesOf(file: string | undefined): readonly string[] {
  if (file === undefined) return DEFAULT_QUERIES;
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => (JSON.parse(line) as { query: string }).query);
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    options: {
      queries: { type: 'string' },
      repeat: { type: 'string', default: '5' },
      limit: { type: 'string', default: '10' },
      threads: { type: 'string' },
    },
    allowPositionals: true,
  });
  if (positionals.length === 0)
    throw new Error('usage: queryLatency.js ROOT... [--queries FILE] [--repeat N]');
  const queries = queriesOf(values.queries);
  console.log('| root | chunks | neighbours | mode | queries | p50 ms | p95 ms | max ms |');
  console.log('|---|---:|---|---|---:|---:|---:|---:|');
  for (const root of positionals) {
    const engine = await Engine.open({
      root,
      threads: values.threads === undefined ? undefined : Number(values.threads),
      holder: 'cli',
      installation: {
        model: path.resolve('media/model'),
        grammars: path.resolve('dist/grammars'),
        encoderWorker: path.resolve('dist/encoderWorker.js'),
      },
      log: (line) => console.error(line),
    });
    try {
      await engine.update();
      const { chunks, ann } = await engine.status();
      for (const mode of MODES) {
        const limit = Number(values.limit);
        for (const query of queries.slice(0, WARM_UP)) await engine.search(query, { mode, limit });
        const times: number[] = [];
        for (let round = 0; round < Number(values.repeat); round++) {
          for (const query of queries) {
            const started = performance.now();
            await engine.search(query, { mode, limit });
            times.push(performance.now() - started);
          }
        }
        times.sort((a, b) => a - b);
        const ms = [quantile(times, 0.5), quantile(times, 0.95), times.at(-1) ?? NaN].map((t) =>
          t.toFixed(1),
        );
        console.log(
          `| ${path.basename(root)} | ${chunks} | ${ann} | ${mode} | ${times.length} | ${ms.join(' | ')} |`,
        );
      }
    } finally {
      await engine.close();
    }
  }
}

void main();
