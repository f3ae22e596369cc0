/** `eval --beir` on a set of six documents. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Sandbox } from './run';

const DOCUMENTS = [
  ['d1', 'Bread', 'Flour, water, salt and yeast are kneaded, left to rise and baked in a hot oven.'],
  ['d2', 'Sailing', 'The mainsail is trimmed until the boat heels and gathers speed against the wind.'],
  ['d3', '', 'A violin has four strings, tuned in fifths, and is played with a bow.'],
  ['d4', 'Chess', 'The king is in checkmate when no move can free it from attack.'],
  ['d5', 'Volcano', 'Magma rises through the crust and flows down the slopes as lava.'],
  ['d6', 'Desk', 'Nothing of interest is to be seen here.'],
] as const;

const sandbox = new Sandbox();
sandbox.write(
  'beir/corpus.jsonl',
  jsonLines(DOCUMENTS.map(([_id, title, text]) => ({ _id, title, text, metadata: {} }))),
);
sandbox.write(
  'beir/queries.jsonl',
  jsonLines([
    { _id: 'q1', text: 'yeast dough baked in an oven' },
    { _id: 'q2', text: 'violin strings tuned in fifths' },
    { _id: 'q3', text: 'lava lang:python path:y "magma"' },
    { _id: 'unjudged', text: 'chess' },
  ]),
);
const qrels = sandbox.write(
  'qrels.tsv',
  'query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t2\nq2\td4\t0\nq3\td5\t1\n',
);
const args = ['eval', '--beir', sandbox.at('beir'), '--qrels', qrels];

for (const mode of ['lexical', 'hybrid'] as const) {
  test(`${mode} mode finds the judged documents and writes the run`, async () => {
    const run = sandbox.at(`${mode}.trec`);
    const result = await sandbox.json<Record<string, number>>([...args, '--run', run, '--mode', mode]);
    assert.deepEqual(result, { ndcg10: 1, mrr10: 1, r100: 1 });
    const rows = readFileSync(run, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '));
    assert.deepEqual([...new Set(rows.map(([id]) => id))], ['q1', 'q2', 'q3']);
    let previous: readonly string[] = [];
    for (const row of rows) {
      assert.equal(row.length, 6);
      const [id, q0, , rank, score, tag] = row;
      assert.deepEqual([q0, tag], ['Q0', `neosearch-${mode}`]);
      assert.equal(Number(rank), id === previous[0] ? Number(previous[3]) + 1 : 1);
      if (id === previous[0]) assert.ok(Number(score) <= Number(previous[4]));
      previous = row;
    }
  });
}

test('semantic mode ranks every document by its one vector, and nothing is left behind', async () => {
  const run = sandbox.at('semantic.trec');
  const { code, stdout } = await sandbox.run([...args, '--run', run, '--mode', 'semantic']);
  assert.equal(code, 0);
  assert.match(stdout, /^NDCG@10 [01]\.\d{4} {2}MRR@10 [01]\.\d{4} {2}R@100 1\.0000 {2}\(3 queries/);
  assert.equal(readFileSync(run, 'utf8').trimEnd().split('\n').length, 3 * DOCUMENTS.length);
  assert.ok(!readdirSync(sandbox.dir).includes('home'));
});

test('what is missing or malformed is named', async () => {
  const run = ['--run', sandbox.at('never.trec'), '--mode', 'lexical'];
  const given = (dir: string, file: string): string[] => ['eval', '--beir', dir, '--qrels', file, ...run];
  assert.match(await sandbox.refusal(given(sandbox.at('nowhere'), qrels)), /queries\.jsonl/);
  assert.match(await sandbox.refusal(given(sandbox.at('beir'), sandbox.at('no.tsv'))), /no\.tsv/);
  const spaces = sandbox.write('spaces.tsv', 'q1 d1 1\n');
  assert.match(await sandbox.refusal(given(sandbox.at('beir'), spaces)), /line 1.*tabs/);
  const stranger = sandbox.write('stranger.tsv', 'q9\td1\t1\n');
  assert.match(await sandbox.refusal(given(sandbox.at('beir'), stranger)), /"q9"/);
  sandbox.write('broken/queries.jsonl', jsonLines([{ _id: 'q1', text: 'a' }]));
  sandbox.write('broken/corpus.jsonl', `${JSON.stringify({ _id: 'd', text: 'a' })}\n{"_id": 5}\n`);
  const one = sandbox.write('one.tsv', 'q1\td1\t1\n');
  assert.match(await sandbox.refusal(given(sandbox.at('broken'), one)), /corpus\.jsonl, line 2/);
  assert.match(await sandbox.refusal(['eval', '--beir', sandbox.at('beir')]), /--qrels/);
});

function jsonLines(items: readonly object[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('');
}
