/**
 * How much memory does a command take at its peak?
 *
 *   node out/test/bench/memory.js ROOT... [--threads N]
 *
 * Runs dist/cli.js in processes of their own: index (cold), index (unchanged), search, status. The peak is what
 * the operating system says of the process when it ends, weights that are mapped from their file included.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

interface Peak {
  readonly megabytes: number;
  readonly seconds: number;
}

/** Runs a command line and gives its peak, which a preloaded script writes when the process ends. */
function peakOf(dir: string, args: readonly string[]): Peak {
  const file = path.join(dir, 'peak');
  const preload = path.join(dir, 'preload.cjs');
  writeFileSync(
    preload,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)));\n`,
  );
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', preload, path.resolve('dist/cli.js'), ...args],
    { env: { ...process.env, NEOSEARCH_HOME: path.join(dir, 'home') }, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0 && status !== 1)
    throw new Error(`${args.join(' ')} ended with ${status ?? 'a signal'}: ${stderr}`);
  return {
    megabytes: (Number(readFileSync(file, 'utf8')) * 1024) / 1e6,
    seconds: (performance.now() - started) / 1000,
  };
}

function main(): void {
  const { positionals, values } = parseArgs({
    options: { threads: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length === 0) throw new Error('usage: memory.js ROOT... [--threads N]');
  const threads = values.threads === undefined ? [] : ['--threads', values.threads];
  console.log('| root | command | peak MB | seconds |');
  console.log('|---|---|---:|---:|');
  for (const root of positionals) {
    const dir = mkdtempSync(path.join(tmpdir(), 'neosearch-bench-'));
    try {
      for (const [name, args] of [
        ['index, cold', ['index', root]],
        ['index, unchanged', ['index', root]],
        ['search', ['search', 'where are errors handled', '--root', root]],
        ['search, words only', ['search', 'where are errors handled', '--root', root, '--mode', 'lexical']],
        ['status', ['status', '--root', root]],
      ] as const) {
        const { megabytes, seconds } = peakOf(dir, [...args, ...threads]);
        console.log(`| ${path.basename(root)} | ${name} | ${megabytes.toFixed(0)} | ${seconds.toFixed(2)} |`);
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
}

main();
