/** `search`: the shape of its answers, its modes, filters, limits and files of queries, on a realistic folder. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { paths, Sandbox, type JsonHit } from './run';

const sandbox = new Sandbox();
const root = sandbox.corpus('shop');

before(async () => {
  await sandbox.json(['index', root]);
});

const ask = (query: string, ...flags: string[]): Promise<readonly JsonHit[]> =>
  sandbox.hits(root, query, ...flags);

test('--json prints the query and hits in falling score, with exact lines', async () => {
  const query = 'where is a failed request sent again';
  const { code, stdout, stderr } = await sandbox.run(['search', query, '--json'], { cwd: root });
  assert.equal(code, 0);
  assert.equal(stderr, '');
  const answer = JSON.parse(stdout) as { query: string; hits: readonly JsonHit[] };
  assert.deepEqual(Object.keys(answer), ['query', 'hits']);
  assert.equal(answer.query, query);
  assert.ok(answer.hits.length > 1 && answer.hits.length <= 10);
  for (const hit of answer.hits) {
    assert.deepEqual(Object.keys(hit), [
      'path',
      'startLine',
      'endLine',
      'score',
      'language',
      'breadcrumb',
      'snippet',
    ]);
    assert.ok(hit.startLine >= 1 && hit.endLine >= hit.startLine);
    assert.doesNotMatch(hit.path, /\\|^\//);
    assert.notEqual(hit.snippet, '');
  }
  assertFalling(answer.hits);
  assert.equal(answer.hits[0]?.path, 'src/http/retry.ts');
  assert.equal(answer.hits[0].language, 'typescript');
});

test('a person gets places, breadcrumbs and snippets, and no colour in a pipe', async () => {
  const { code, stdout } = await sandbox.run(['search', 'token bucket', '--limit', '1', '--explain'], {
    cwd: root,
  });
  assert.equal(code, 0);
  assert.match(stdout, /^1\. {2}server\/ratelimit\.go:\d+-\d+/);
  assert.match(stdout, /│ /);
  assert.match(stdout, /why: .*\(cosine -?\d\.\d+\)/);
  assert.ok(!stdout.includes('\u001b'));
});

test('--limit counts hits and --per-file those of one file', async () => {
  assert.equal((await ask('password', '--limit', '2')).length, 2);
  const once = paths(await ask('log', '--limit', '50', '--per-file', '1'));
  assert.equal(new Set(once).size, once.length);
  const few = paths(await ask('log', '--limit', '50'));
  for (const file of new Set(few)) assert.ok(few.filter((other) => other === file).length <= 3, file);
});

test('semantic mode is falling cosine and nothing else', async () => {
  const hits = await ask('oldest entry is evicted when the cache is full', '--mode', 'semantic', '--explain');
  assertFalling(hits);
  for (const hit of hits) {
    assert.equal(hit.score, hit.similarity);
    assert.deepEqual(
      hit.reasons?.map(({ signal }) => signal),
      ['meaning'],
    );
  }
});

test('lexical mode meets identifiers and prose, and has no part for meaning', async () => {
  const [first] = await ask('crc32 checksums', '--mode', 'lexical', '--explain');
  assert.equal(first?.path, 'storage/wal.c');
  assert.ok(first.reasons?.every(({ signal }) => signal !== 'meaning'));
  assert.deepEqual(await ask('quicksilver', '--mode', 'lexical'), []);
});

test('--explain adds reasons that sum up to the score', async () => {
  for (const hit of await ask('SessionStore', '--explain', '--limit', '3')) {
    const sum = hit.reasons?.reduce((total, { value }) => total + value, 0) ?? NaN;
    assert.ok(Math.abs(sum - hit.score) < 1e-9);
  }
});

test('filters in the query and as flags bound where an answer lies', async () => {
  for (const hits of [await ask('retry path:src/**'), await ask('retry', '--path', 'src/**')]) {
    assert.ok(hits.length > 0 && paths(hits).every((file) => file.startsWith('src/')));
  }
  assert.ok(
    !paths(await ask('retry -path:tests -path:"examples"')).some((f) => /^(tests|examples)\//.test(f)),
  );
  for (const hits of [await ask('lang:py password'), await ask('password', '--lang', 'python')]) {
    assert.ok(hits.length > 0 && hits.every(({ language }) => language === 'python'));
  }
  const both = await ask('server', '--lang', 'go', '--lang', 'md', '--limit', '30');
  assert.deepEqual([...new Set(both.map(({ language }) => language))].sort(), ['go', 'markdown']);
});

test('a query of filters only lists what they match, by path and line', async () => {
  const hits = await ask('path:storage/', '--limit', '30', '--per-file', '30');
  assert.deepEqual([...new Set(paths(hits))], ['storage/lru.rs', 'storage/wal.c']);
  for (const [i, hit] of hits.entries()) {
    const next = hits[i + 1];
    if (next?.path === hit.path) assert.ok(next.startLine > hit.startLine);
  }
});

test('a phrase must be in the chunk, in any case', async () => {
  const hits = await ask('"CONSTANT time"');
  assert.deepEqual(paths(hits), ['src/auth/password.py']);
  assert.deepEqual(await ask('password "constant  time"'), []);
});

test('what SQLite would take for syntax is plain text', async () => {
  for (const query of [
    'retry AND NOT (request',
    'NEAR(a b) OR *',
    'col:value^2 "unclosed',
    "'; drop table chunks; --",
  ]) {
    await ask(query, '--mode', 'lexical');
  }
});

test('a query longer than the window of the encoder is cut, and that is said', async () => {
  const { code, stderr } = await sandbox.run(['search', 'retry the request '.repeat(2000), '--json'], {
    cwd: root,
  });
  assert.equal(code, 0);
  assert.match(stderr, /^neosearch: The query has \d+ tokens; [^\n]+\n$/);
});

test('--queries answers each line in order, with its id as it stands', async () => {
  const lines = [
    { id: 'b', query: 'LruCache' },
    { id: 7, query: 'sales tax of an invoice' },
    { id: 'a', query: 'lang:go LruCache path:nowhere' },
    { id: 'b', query: 'WalAppend' },
  ];
  const file = sandbox.write(
    'queries.jsonl',
    `\n${lines.map((line) => JSON.stringify(line)).join('\r\n\r\n')}\n`,
  );
  const { code, stdout } = await sandbox.run(['search', '--queries', file, '--root', root, '--limit', '4']);
  assert.equal(code, 0);
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string | number; hits: readonly JsonHit[] });
  assert.deepEqual(
    answers.map(({ id }) => id),
    ['b', 7, 'a', 'b'],
  );
  assert.deepEqual(
    answers.map(({ hits }) => hits[0]?.path),
    ['storage/lru.rs', 'billing/Invoice.java', undefined, 'storage/wal.c'],
  );
  for (const { hits } of answers) {
    assert.equal(new Set(paths(hits)).size, hits.length);
    for (const hit of hits) assert.deepEqual(Object.keys(hit), ['path', 'startLine', 'endLine', 'score']);
    assertFalling(hits);
  }
});

test('a malformed line of --queries is named before anything is answered', async () => {
  const good = JSON.stringify({ id: 1, query: 'retry' });
  for (const bad of [
    '{"id": 1',
    '{"id": 1}',
    '{"id": null, "query": "x"}',
    '{"id": 2, "query": "..."}',
    '[]',
  ]) {
    const file = sandbox.write('bad.jsonl', `${good}\n\n${bad}\n`);
    assert.match(await sandbox.refusal(['search', '--queries', file, '--root', root]), /line 3/);
  }
});

function assertFalling(hits: readonly { readonly score: number }[]): void {
  for (const [i, hit] of hits.entries()) {
    assert.ok(Number.isFinite(hit.score) && hit.score <= (hits[i - 1]?.score ?? Infinity));
  }
}
