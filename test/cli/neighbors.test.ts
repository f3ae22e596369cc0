/** `similar`, `related`, `status` and `clear` on one index. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { paths, Sandbox, type JsonHit } from './run';

interface Status {
  readonly root: string;
  readonly exists: boolean;
  readonly files: number;
  readonly chunks: number;
  readonly encoder: string;
  readonly device: string;
  readonly ann: string;
  readonly diskBytes: number;
  readonly indexDir: string;
}

interface Answer {
  readonly query: string;
  readonly hits: readonly JsonHit[];
}

const sandbox = new Sandbox();
const root = sandbox.corpus('shop', ['src', 'tests', 'server', 'storage']);

before(async () => {
  await sandbox.json(['index', root]);
});

test('similar finds other places and leaves the place itself out', async () => {
  const lines = readFileSync(path.join(root, 'src/auth/password.py'), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('def verify_password')) + 1;
  const place = `${path.join('auth', 'password.py')}:${start}-${start + 4}`;
  const { query, hits } = await sandbox.json<Answer>(['similar', place, '--root', root, '--limit', '5'], {
    cwd: path.join(root, 'src'),
  });
  assert.equal(query, place);
  assert.equal(hits.length, 5);
  assert.ok(
    hits.every(
      (hit) => hit.path !== 'src/auth/password.py' || hit.startLine > start + 4 || hit.endLine < start,
    ),
  );
  assert.ok(hits.every((hit, i) => hit.score <= (hits[i - 1]?.score ?? 1)));
});

test('related names each other file once and not the file itself', async () => {
  const { hits } = await sandbox.json<Answer>(['related', 'tests/test_password.py'], { cwd: root });
  assert.ok(!paths(hits).includes('tests/test_password.py'));
  assert.equal(new Set(paths(hits)).size, hits.length);
  assert.ok(paths(hits).slice(0, 3).includes('src/auth/password.py'), paths(hits).join(' '));
});

test('places that are not there are refused', async () => {
  const cases: [string[], RegExp][] = [
    [['similar', 'src/auth/password.py'], /START-END/],
    [['similar', 'src/auth/password.py:9-3'], /first before the last/],
    [['similar', 'src/auth/password.py:900-901'], /has \d+ lines/],
    [['similar', 'src/auth/nothing.py:1-2'], /nothing\.py/],
    [['related', path.join(sandbox.dir, 'shop/../stranger.txt')], /stranger\.txt/],
    [['related'], /file is missing/],
  ];
  for (const [args, message] of cases) {
    assert.match(await sandbox.refusal([...args, '--root', root], { cwd: root }), message);
  }
});

test('status tells what is there, changes nothing, and clear takes it away', async () => {
  const status = (folder: string): Promise<Status> => sandbox.json<Status>(['status', '--root', folder]);
  const before = await status(root);
  for (const key of ['root', 'exists', 'files', 'chunks', 'encoder', 'device', 'ann', 'diskBytes']) {
    assert.ok(key in before, key);
  }
  assert.equal(before.root, root);
  assert.equal(before.exists, true);
  assert.equal(before.files, 10);
  assert.ok(before.chunks >= 10 && before.diskBytes > 0);
  assert.match(before.ann, /^(hnsw|exact)$/);
  const other = await status(path.join(root, 'src'));
  assert.deepEqual([other.exists, other.files, other.chunks, other.diskBytes], [false, 0, 0, 0]);
  assert.ok(!existsSync(other.indexDir));

  const people = await sandbox.run(['status'], { cwd: root });
  assert.equal(people.code, 0);
  assert.match(people.stdout, /files +10/);

  assert.deepEqual(await sandbox.json(['clear', '--root', root]), { root, cleared: true });
  assert.equal((await status(root)).exists, false);
  const again = await sandbox.run(['clear', '--root', root]);
  assert.deepEqual([again.code, again.stdout], [0, `There is no index of ${root}.\n`]);
});
