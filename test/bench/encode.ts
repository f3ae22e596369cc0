/**
 * How many tokens a second an encoder takes, by the length of the texts and the number of threads.
 *
 *   node out/test/bench/encode.js [MODEL_DIR] [THREADS...]
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { readConfig } from '../../src/engine/model/config';
import { openEncoder } from '../../src/engine/encoder/workerEncoder';

const LENGTHS = [32, 128, 512, 2048];
/** Tokens of one measurement. */
const TOKENS = 16_384;
const MEASUREMENTS = 5;
const QUERY = 'where is a failed download retried';
const QUERIES = 50;

async function main(): Promise<void> {
  const [modelDir = 'media/model', ...rest] = process.argv.slice(2);
  const threads = rest.length > 0 ? rest.map(Number) : [1, Math.min(2, availableParallelism())];
  const { vocabularySize, maxLength } = await readConfig(modelDir);
  const lengths = LENGTHS.filter((length) => length <= maxLength);
  console.log(`${modelDir}: tokens/s by tokens of a text, best of ${MEASUREMENTS}; milliseconds of a query`);
  console.log(row(['threads', ...lengths.map(String), 'query p50', 'p95', 'open']));
  for (const count of threads) {
    const workerPath = path.join(process.cwd(), 'dist/encoderWorker.js');
    const opened = performance.now();
    const encoder = await openEncoder({ modelDir, workerPath, threads: count });
    const openMs = performance.now() - opened;
    const speeds: string[] = [];
    for (const length of lengths) {
      const texts = Array.from({ length: TOKENS / length }, () =>
        Array.from({ length }, () => Math.floor(Math.random() * vocabularySize)),
      );
      const times = await measured(MEASUREMENTS, () => encoder.encodeTokens(texts));
      speeds.push(String(Math.round((TOKENS / Math.min(...times)) * 1000)));
    }
    const queries = (await measured(QUERIES, () => encoder.encode([QUERY], 'query'))).sort((a, b) => a - b);
    const at = (share: number): string => (queries[Math.floor(share * queries.length)] ?? NaN).toFixed(1);
    console.log(row([String(count), ...speeds, at(0.5), at(0.95), openMs.toFixed(0)]));
    await encoder.close();
  }
}

/** Milliseconds of each of some runs, after one that does not count. */
async function measured(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}

function row(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(10)).join('');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
