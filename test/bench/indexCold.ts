/**
 * How long does it take to index a repository, cold and warm?
 *
 *   node out/test/bench/indexCold.js ROOT... [--threads N]
 *
 * Cold: no index and no donor. Unchanged: again at once, in the same process. Reopened: in a new engine, as a
 * new command would. Each cold run has a home of its own, which is removed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '../../src/engine/engine';
import type { UpdateProgress } from '../../src/engine/update/progress';
import type { UpdateReport } from '../../src/engine/update/update';

interface Row {
  readonly run: string;
  readonly seconds: number;
  readonly report: UpdateReport;
  readonly stages: Stages;
}

/** When stages ended, in seconds from the start. Reading and encoding overlap. */
interface Stages {
  /** The crawl is over and files are read. */
  crawled: number;
  /** Every file is searchable by words. */
  read: number;
  /** Every chunk has its vector. */
  encoded: number;
  tokens: number;
}

function open(root: string, home: string, threads: number | undefined): Promise<Engine> {
  return Engine.open({
    root,
    home,
    threads,
    holder: 'cli',
    installation: {
      model: path.resolve('media/model'),
      grammars: path.resolve('dist/grammars'),
      encoderWorker: path.resolve('dist/encoderWorker.js'),
    },
    log: (line) => console.error(line),
  });
}

async function measured(run: string, engine: Engine): Promise<Row> {
  const started = performance.now();
  const now = (): number => (performance.now() - started) / 1000;
  const stages: Stages = { crawled: 0, read: 0, encoded: 0, tokens: 0 };
  const onProgress = (progress: UpdateProgress): void => {
    if (stages.crawled === 0 && progress.chunksTotal > 0) stages.crawled = now();
    if (stages.read === 0 && progress.phase === 'encode') stages.read = now();
    stages.encoded = now();
    stages.tokens = progress.tokensEncoded;
  };
  const report = await engine.update({ onProgress });
  return { run, seconds: now(), report, stages };
}

function print(root: string, rows: readonly Row[]): void {
  const { files, chunks, skipped } = rows[0]?.report ?? { files: 0, chunks: 0, skipped: {} };
  const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  console.log(`\n${root}: ${files} files, ${chunks} chunks, ${left} left out`);
  console.log('| run | seconds | files/s | chunks/s | embedded | tokens/s |');
  console.log('|---|---:|---:|---:|---:|---:|');
  for (const { run, seconds, report, stages } of rows) {
    const cells = [
      run,
      seconds.toFixed(2),
      (report.files / seconds).toFixed(0),
      (report.chunks / seconds).toFixed(0),
      report.embedded,
      stages.tokens > 0 ? (stages.tokens / (stages.encoded - stages.crawled)).toFixed(0) : '-',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  const cold = rows[0];
  if (cold === undefined) return;
  const { crawled, read, encoded } = cold.stages;
  console.log('\n| stage of the cold run | ends after s |');
  console.log('|---|---:|');
  for (const [stage, end] of [
    ['crawl, encoder opened, first file', crawled],
    ['all files read, chunked, searchable by words', read],
    ['all chunks encoded', encoded],
    ['neighbours ready, all closed', cold.seconds],
  ] as const) {
    console.log(`| ${stage} | ${end.toFixed(2)} |`);
  }
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    options: { threads: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length === 0) throw new Error('usage: indexCold.js ROOT... [--threads N]');
  const threads = values.threads === undefined ? undefined : Number(values.threads);
  for (const root of positionals) {
    const home = mkdtempSync(path.join(tmpdir(), 'neosearch-bench-'));
    try {
      const first = await open(root, home, threads);
      const rows = [await measured('cold', first), await measured('unchanged', first)];
      await first.close();
      const again = await open(root, home, threads);
      rows.push(await measured('reopened', again));
      await again.close();
      print(root, rows);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
}

void main();
