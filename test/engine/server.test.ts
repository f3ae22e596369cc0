import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import {
  Configure,
  DeleteIndex,
  Pause,
  Rebuild,
  Resume,
  Search,
  Shutdown,
  TextChanged,
} from '../../src/protocol/messages';
import { asking } from '../asking';
import { Bench, manyFiles, write } from './serverSupport';
import { SHOP } from './workspaceSupport';

const LIBRARY = {
  'lib/queue.py':
    'def pop_job(queue):\n    """Takes the oldest job off the queue."""\n    return queue.pop(0)\n',
};

describe('the engine process', () => {
  const bench = new Bench();

  it('indexes two roots by itself and answers from both', async () => {
    const shop = bench.root('shop', SHOP);
    const library = bench.root('library', LIBRARY);
    const engine = await bench.open([shop, library]);
    await engine.idle();
    const [first] = await engine.search('where are failed downloads retried');
    assert.equal(first?.root, shop.path);
    assert.match(first.path, /retry|download/);

    assert.equal((await engine.paths('take the oldest job'))[0], 'lib/queue.py');
    const only = await engine.search('retry', { roots: [library.path] });
    assert.ok(only.every(({ root }) => root === library.path));

    const status = await engine.status();
    assert.deepEqual(
      status.roots.map(({ name, state, files, pending, progress }) => ({
        name,
        state,
        files,
        pending,
        progress,
      })),
      [
        { name: 'shop', state: 'ready', files: 5, pending: 0, progress: 1 },
        { name: 'library', state: 'ready', files: 1, pending: 0, progress: 1 },
      ],
    );
    assert.ok(status.memoryBytes > 1_000_000);

    await engine.connection.sendRequest(Configure, bench.configuration([library]));
    assert.deepEqual(await engine.search('invoice total', { mode: 'lexical' }), []);
    await engine.connection.sendRequest(Shutdown);
    assert.equal(await engine.ended, 0);
  });

  it('follows saves, deletions and renames, and renames encode nothing', async () => {
    const root = bench.root('follow', SHOP);
    const engine = await bench.open([root]);
    await engine.idle();

    write(root.path, {
      'src/zebra.ts': 'export function stripes() {\n  return "zebra crossing painter";\n}\n',
    });
    await engine.changed(root, ['src/zebra.ts']);
    await engine.idle();
    assert.equal((await engine.paths('zebra crossing painter'))[0], 'src/zebra.ts');
    assert.equal(
      (await engine.paths('animal with stripes', { mode: 'semantic' })).includes('src/zebra.ts'),
      true,
    );

    engine.log.length = 0;
    renameSync(path.join(root.path, 'src/zebra.ts'), path.join(root.path, 'src/horse.ts'));
    await engine.changed(root, ['src/horse.ts'], ['src/zebra.ts']);
    await engine.idle();
    assert.equal((await engine.paths('zebra crossing painter'))[0], 'src/horse.ts');
    assert.match(engine.log.join('\n'), /; 0 chunks encoded/);
    assert.doesNotMatch(engine.log.join('\n'), /; [1-9]\d* chunks encoded/);

    rmSync(path.join(root.path, 'src'), { recursive: true });
    await engine.changed(root, [], ['src']);
    await engine.idle();
    assert.equal((await engine.rootStatus(root)).files, 2);

    write(root.path, { '.gitignore': 'docs/\n' });
    await engine.changed(root, ['.gitignore']);
    await engine.idle();
    assert.ok(!(await engine.paths('downloads')).includes('docs/downloads.md'));
  });

  it('hides what the settings exclude at once, and drops it from the index', async () => {
    const root = bench.root('globs', {
      ...SHOP,
      'root.log.md': '# Root downloads log\n',
      '.gitignore': 'tests/\n',
    });
    const engine = await bench.open([root]);
    await engine.idle();
    assert.ok((await engine.paths('downloads')).includes('docs/downloads.md'));
    assert.equal((await engine.rootStatus(root)).files, 6);

    const settings = { ...root.settings, exclude: ['**/docs', '*.md'], useIgnoreFiles: false };
    await engine.connection.sendRequest(Configure, bench.configuration([{ ...root, settings }]));
    const shown = await engine.paths('downloads');
    assert.ok(!shown.some((file) => file.endsWith('.md')), shown.join());
    await engine.idle();
    assert.equal((await engine.rootStatus(root)).files, 5, 'the test is taken in, the pages are dropped');
    const including = { ...root.settings, include: ['docs/**'] };
    await engine.connection.sendRequest(Configure, bench.configuration([{ ...root, settings: including }]));
    await engine.idle();
    assert.deepEqual(await engine.paths('retry'), ['docs/downloads.md']);
  });

  it('pauses and goes on, and reads what is looked at first', async () => {
    const root = bench.root('pausing', manyFiles(150));
    const engine = await bench.open([root]);
    await engine.until(root, ({ chunks, pending }) => chunks > pending);
    await engine.connection.sendRequest(Pause);
    await engine.idle();
    const paused = await engine.rootStatus(root);
    assert.equal(paused.state, 'paused');
    assert.ok(paused.pending > 0);
    write(root.path, { 'src/urgent.ts': 'export const lighthouse = "keeper of the lighthouse";\n' });
    await engine.changed(root, ['src/urgent.ts']);
    assert.ok(!(await engine.paths('lighthouse keeper')).includes('src/urgent.ts'));

    await engine.connection.sendRequest(Resume);
    await engine.until(root, ({ files }) => files > 0);
    for (;;) {
      const [hit] = await engine.search('lighthouse keeper', { mode: 'semantic', limit: 1 });
      if (hit?.path === 'src/urgent.ts') break;
    }
    assert.notEqual(
      (await engine.rootStatus(root)).pending,
      0,
      'found by meaning before all else is encoded',
    );
    await engine.idle();
    assert.equal((await engine.rootStatus(root)).pending, 0);
    const shares = engine.statuses.flatMap(({ roots }) => roots).filter(({ state }) => state === 'indexing');
    assert.ok(shares.length > 0 && shares.every(({ progress }) => progress >= 0 && progress <= 1));
  });

  it('searches unsaved text', async () => {
    const root = bench.root('unsaved', SHOP);
    const engine = await bench.open([root]);
    await engine.idle();
    const at = { root: root.path, path: 'src/retry.ts' };
    await engine.connection.sendNotification(TextChanged, {
      ...at,
      text: 'export const pelican = "pelican";\n',
    });
    await engine.idle();
    assert.equal((await engine.paths('pelican'))[0], 'src/retry.ts');
    await engine.connection.sendNotification(TextChanged, { ...at, text: null });
    await engine.idle();
    assert.ok(!(await engine.paths('pelican', { mode: 'lexical' })).includes('src/retry.ts'));
  });

  it('deletes an index until it is to be rebuilt', async () => {
    const root = bench.root('deleted', SHOP);
    const engine = await bench.open([root]);
    await engine.idle();
    await engine.connection.sendRequest(DeleteIndex, {});
    await engine.changed(root, ['src/retry.ts']);
    await engine.idle();
    const { state, files } = await engine.rootStatus(root);
    assert.deepEqual({ state, files }, { state: 'deleted', files: 0 });
    assert.deepEqual(await engine.search('retry'), []);
    await engine.connection.sendRequest(Rebuild, { roots: [root.path] });
    await engine.idle();
    assert.equal((await engine.rootStatus(root)).files, 5);
  });

  it('answers with the code of what is wrong, and to nothing before the handshake', async () => {
    const root = bench.root('codes', SHOP);
    const engine = bench.start();
    await assert.rejects(engine.status(), { data: { code: 'engine-failed' } });
    await assert.rejects(engine.initialize(bench.configuration([root]), 999), /asked for 999/);
    const model = path.join(bench.dir, 'no-model');
    await assert.rejects(engine.initialize(bench.configuration([root], { model })), {
      data: { code: 'bad-model' },
    });
    const missing = { ...root, name: 'missing', path: path.join(bench.dir, 'missing') };
    await engine.initialize(bench.configuration([root, missing]));
    await engine.idle();
    assert.equal((await engine.rootStatus(root)).state, 'ready');
    const status = await engine.rootStatus(missing);
    assert.equal(status.state, 'failed');
    assert.match(status.problem ?? '', /no folder/);
    await assert.rejects(engine.search(''), { data: { code: 'empty-query' } });
    const { CancellationTokenSource } = await import('vscode-jsonrpc/node');
    const source = new CancellationTokenSource();
    const asked = engine.connection.sendRequest(Search, asking('retry with backoff'), source.token);
    source.cancel();
    await asked.then(
      () => undefined,
      (error: unknown) => assert.equal((error as { code?: number }).code, -32800),
    );
    write(bench.dir, { 'missing/a.md': '# Found again\n' });
    await engine.changed(missing, ['a.md']);
    await engine.idle();
    assert.equal((await engine.rootStatus(missing)).state, 'ready');
  });
});
