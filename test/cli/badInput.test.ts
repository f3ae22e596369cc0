/** Wrong usage and damaged indexes: one line that says what to do, exit code 2, nothing lost. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, test } from 'node:test';
import { paths, Sandbox } from './run';

interface Status {
  readonly files: number;
  readonly indexDir: string;
}

const sandbox = new Sandbox();
const root = sandbox.at('small');
let indexDir = '';

before(async () => {
  sandbox.write('small/tide.md', '# Tides\n\nThe moon pulls the sea, so the water rises twice a day.\n');
  sandbox.write(
    'small/bee.py',
    'def dance(bee):\n    """Tells the hive where the flowers are."""\n    bee.waggle()\n',
  );
  await sandbox.json(['index', root]);
  ({ indexDir } = await sandbox.json<Status>(['status', '--root', root]));
});

test('wrong usage is refused before anything is made', async () => {
  const file = path.join(root, 'tide.md');
  const cases: [string[], RegExp][] = [
    [['search', 'sea', '--root', sandbox.at('nowhere')], /nowhere/],
    [['index', sandbox.at('nowhere')], /nowhere/],
    [['index', file], /not a folder/],
    [['search', '', '--root', root], /no words/],
    [['search', ' ?! ... ', '--root', root], /no words/],
    [['search', '--root', root], /query is missing/],
    [['search', 'sea', 'level', '--root', root], /Quote/],
    [['search', 'sea', '--root', root, '--limit', '0'], /--limit .*"0"/],
    [['search', 'sea', '--root', root, '--limit', '-3'], /limit/],
    [['search', 'sea', '--root', root, '--per-file', '1.5'], /--per-file .*"1\.5"/],
    [['search', 'sea', '--root', root, '--mode', 'psychic'], /hybrid, semantic, lexical/],
    [['search', 'sea lang:klingon', '--root', root], /klingon/],
    [['search', 'sea', '--root', root, '--lang', 'klingon'], /klingon/],
    [['search', 'sea', '--root', root, '--colour'], /--colour/],
    [['search', '--queries', sandbox.at('none.jsonl'), '--root', root], /none\.jsonl/],
    [['search', 'sea', '--queries', file, '--root', root], /not both/],
    [['index', root, '--chunk-tokens', '7'], /32 to 4096/],
    [['index', root, '--model', sandbox.at('no-model')], /no-model/],
    [['find', 'sea'], /no command "find"/],
  ];
  for (const [args, message] of cases) assert.match(await sandbox.refusal(args), message);
});

test('a model folder without a file is refused, and the index stays', async () => {
  for (const file of ['config.json', 'model.safetensors', 'tokenizer.json']) {
    const model = sandbox.at('model', file.replace('.', '-'));
    cpSync(path.join(process.cwd(), 'media/model'), model, { recursive: true });
    rmSync(path.join(model, file));
    const line = await sandbox.refusal(['search', 'sea', '--root', root, '--model', model]);
    assert.ok(line.includes(file), line);
  }
  assert.equal((await sandbox.json<Status>(['status', '--root', root])).files, 2);
});

test('help and version are answers', async () => {
  const help = await sandbox.run(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /neosearch search "QUERY"/);
  assert.equal((await sandbox.run([])).code, 2);
  const version = await sandbox.run(['--version']);
  const { version: expected } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  assert.deepEqual([version.code, version.stdout], [0, `${expected}\n`]);
  assert.match((await sandbox.run(['similar', '--help'])).stdout, /similar FILE:START-END/);
});

test('an index made by a newer version is refused and left as it is', async () => {
  const database = path.join(indexDir, 'index.sqlite');
  const setFormat = (change: string): void => {
    const db = new DatabaseSync(database);
    db.exec(`UPDATE meta SET value = CAST(value AS INTEGER) ${change} WHERE key = 'format'`);
    db.close();
  };
  setFormat('+ 1');
  try {
    for (const args of [
      ['search', 'sea', '--root', root],
      ['index', root],
      ['status', '--root', root],
    ]) {
      assert.match(await sandbox.refusal(args), /newer Neosearch/);
    }
  } finally {
    setFormat('- 1');
  }
  assert.deepEqual(paths(await sandbox.hits(root, 'the moon pulls the sea', '--limit', '1')), ['tide.md']);
});

test('a corrupt index is rebuilt, with a line that says so', async () => {
  const database = path.join(indexDir, 'index.sqlite');
  for (const suffix of ['-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true });
  const bytes = readFileSync(database);
  bytes.fill(0xa5, 0, Math.min(bytes.length, 40_000));
  writeFileSync(database, bytes);
  const { code, stdout, stderr } = await sandbox.run(['search', 'waggle', '--root', root, '--json']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^neosearch: [^\n]*(damaged|corrupt)[^\n]*\n$/);
  assert.deepEqual(paths((JSON.parse(stdout) as { hits: { path: string }[] }).hits.slice(0, 1)), ['bee.py']);
  assert.ok(existsSync(database));
  const again = await sandbox.run(['search', 'waggle', '--root', root, '--json']);
  assert.deepEqual([again.code, again.stderr], [0, '']);
});
