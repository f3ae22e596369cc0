/** `index`: what it counts, and what it encodes again when a folder changes. */
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { paths, Sandbox } from './run';

interface Report {
  readonly root: string;
  readonly files: number;
  readonly chunks: number;
  readonly embedded: number;
  readonly reused: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const SOME = ['src/auth', 'server/ratelimit.go', 'docs/deployment.md'];

test('a folder is indexed once; what changes afterwards is all that is encoded', async () => {
  const sandbox = new Sandbox();
  const root = sandbox.corpus('shop', SOME);
  const index = (folder = root): Promise<Report> => sandbox.json<Report>(['index', folder]);

  const first = await index();
  assert.deepEqual(Object.keys(first), [
    'root',
    'files',
    'chunks',
    'embedded',
    'reused',
    'skipped',
    'seconds',
  ]);
  assert.equal(first.root, root);
  assert.equal(first.files, 4);
  assert.ok(first.chunks >= first.files);
  assert.equal(first.embedded, first.chunks);
  assert.equal(first.reused, 0);
  assert.deepEqual(first.skipped, {});
  assert.ok(first.seconds > 0);

  const second = await index();
  assert.deepEqual({ ...second, seconds: 0 }, { ...first, embedded: 0, seconds: 0 });

  mkdirSync(path.join(root, 'lib'));
  renameSync(path.join(root, 'src/auth/session.py'), path.join(root, 'lib/logins.py'));
  const renamed = await index();
  assert.equal(renamed.embedded, 0);
  assert.deepEqual([renamed.files, renamed.chunks], [first.files, first.chunks]);
  const [moved] = await sandbox.hits(root, 'path:lib', '--limit', '1');
  assert.equal(moved?.path, 'lib/logins.py');

  appendFileSync(
    path.join(root, 'docs/deployment.md'),
    '\n## Zeppelins\n\nAirships are painted in bright colours before their first flight over the harbour.\n',
  );
  const changed = await index();
  assert.ok(changed.embedded >= 1 && changed.embedded < changed.chunks, `${changed.embedded} encoded`);
  const [airship] = await sandbox.hits(root, 'airships painted zeppelins', '--limit', '1');
  assert.equal(airship?.path, 'docs/deployment.md');

  // A copy elsewhere has its own index, and takes its vectors from the first one.
  const copy = sandbox.at('copy');
  cpSync(root, copy, { recursive: true });
  const copied = await index(copy);
  assert.equal(copied.embedded, 0);
  assert.equal(copied.reused, changed.chunks);
  assert.equal(copied.files, changed.files);

  rmSync(path.join(root, 'lib/logins.py'));
  const removed = await index();
  assert.equal(removed.files, first.files - 1);
  assert.ok(removed.chunks < changed.chunks);
  assert.equal(removed.embedded, 0);
  assert.deepEqual(await sandbox.hits(root, 'path:lib'), []);
});

test('what is left out is counted by its reason', async () => {
  const sandbox = new Sandbox();
  const root = sandbox.at('mixed');
  sandbox.write('mixed/notes.md', '# Notes\n\nSomething to remember.\n');
  sandbox.write('mixed/photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 1, 2, 3]));
  sandbox.write('mixed/.neosearchignore', 'secret/\n');
  sandbox.write('mixed/secret/key.txt', 'The key lies under the mat.\n');
  const report = await sandbox.json<Report>(['index', root]);
  assert.deepEqual(report.skipped, { media: 1, ignored: 1 });
  const hits = await sandbox.hits(root, 'path:*', '--limit', '50');
  assert.deepEqual(paths(hits), ['.neosearchignore', 'notes.md']);
  assert.equal(report.files, hits.length);
  assert.deepEqual(await sandbox.hits(root, '"under the mat"'), []);
});

test('an empty folder gives no files, and a search of it finds nothing', async () => {
  const sandbox = new Sandbox();
  const root = sandbox.at('empty');
  mkdirSync(root);
  const report = await sandbox.json<Report>(['index', root]);
  assert.deepEqual(
    { ...report, seconds: 0 },
    { root, files: 0, chunks: 0, embedded: 0, reused: 0, skipped: {}, seconds: 0 },
  );
  assert.deepEqual(await sandbox.hits(root, 'anything'), []);
});

test('without --json the report is for people, on standard output', async () => {
  const sandbox = new Sandbox();
  const root = sandbox.at('small');
  sandbox.write('small/a.txt', 'A single line.\n');
  const { code, stdout, stderr } = await sandbox.run(['index'], { cwd: root });
  assert.equal(code, 0);
  assert.match(stdout, /1 files, 1 chunks \(1 encoded, 0 reused\)/);
  assert.equal(stderr, '');
});
