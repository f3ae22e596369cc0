import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Bench, manyFiles, write } from './serverSupport';
import { SHOP } from './workspaceSupport';

describe('the life of the engine process', () => {
  const bench = new Bench();

  it('goes on where it was after it was killed', async () => {
    const root = bench.root('killed', manyFiles(120));
    const engine = await bench.open([root]);
    const before = await engine.until(root, ({ chunks, pending }) => chunks - pending > 100);
    await engine.kill();

    const next = await bench.open([root]);
    await next.idle();
    const { files, pending, state } = await next.rootStatus(root);
    assert.deepEqual({ files, pending, state }, { files: 120, pending: 0, state: 'ready' });
    const encoded = [...next.log.join('\n').matchAll(/(\d+) chunks encoded/g)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    assert.ok(encoded <= before.pending, `${encoded} encoded, ${before.pending} were left`);
  });

  it('lets one of two windows write, and the other one see it and take over', async () => {
    const root = bench.root('two', SHOP);
    const writer = await bench.open([root]);
    await writer.idle();
    const reader = await bench.open([root]);
    const reading = await reader.until(root, ({ state }) => state === 'reading');
    assert.match(reading.writer ?? '', new RegExp(`process ${writer.child.pid}`));
    assert.ok((await reader.paths('invoice total')).includes('src/invoice.ts'));

    write(root.path, { 'src/otter.ts': 'export const otter = "an otter holds hands";\n' });
    await writer.changed(root, ['src/otter.ts']);
    await writer.idle();
    assert.equal((await reader.paths('an otter holds hands'))[0], 'src/otter.ts');

    await writer.kill();
    write(root.path, { 'src/heron.ts': 'export const heron = "a heron waits";\n' });
    await reader.until(root, ({ state }) => state === 'ready');
    assert.equal((await reader.paths('a heron waits'))[0], 'src/heron.ts');
  });

  it('ends when its channel closes, and when its parent is gone', async () => {
    const root = bench.root('ends', SHOP);
    const engine = await bench.open([root]);
    engine.child.disconnect();
    assert.equal(await engine.ended, 0);
    // A parent that starts the engine and dies at once.
    const script = path.join(bench.dir, 'parent.js');
    const own = engine.child.spawnargs.at(-1);
    writeFileSync(
      script,
      `const child = require('node:child_process').fork(${JSON.stringify(own)}, [], { execArgv: [] });
       child.once('spawn', () => process.send(child.pid, () => process.kill(process.pid, 'SIGKILL')));`,
    );
    const parent = fork(script, [], { execArgv: [] });
    const pid = await new Promise<number>((resolve) => parent.once('message', resolve));
    while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('builds a damaged index anew and says so', async () => {
    const root = bench.root('damaged', SHOP);
    const engine = await bench.open([root]);
    await engine.idle();
    const { indexDir } = await engine.rootStatus(root);
    engine.child.disconnect();
    await engine.ended;
    const database = readdirSync(indexDir).find((name) => name === 'index.sqlite');
    assert.ok(database);
    writeFileSync(
      path.join(indexDir, database),
      'this is no database, and long enough to be looked at'.repeat(200),
    );
    const next = await bench.open([root]);
    await next.idle();
    const { state, problem, files } = await next.rootStatus(root);
    assert.deepEqual({ state, files }, { state: 'ready', files: 5 });
    assert.match(problem ?? '', /built anew/);
  });

  it('keeps the index to its owner', { skip: process.platform === 'win32' }, async () => {
    const root = bench.root('private', SHOP);
    const engine = await bench.open([root]);
    await engine.idle();
    const { indexDir } = await engine.rootStatus(root);
    assert.equal(statSync(indexDir).mode & 0o077, 0);
  });
});

function isRunning(pid: number): boolean {
  // One that has ended and that nobody has asked after is not running, either.
  const stat = `/proc/${pid}/stat`;
  if (existsSync('/proc/self/stat')) {
    return existsSync(stat) && !/\) Z /.test(readFileSync(stat, 'utf8'));
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
