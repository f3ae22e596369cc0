/** `embed`: texts and token ids in, vectors out. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Sandbox } from './run';

interface Expected {
  readonly input_ids: readonly (readonly number[])[];
  readonly mean: readonly (readonly number[])[];
  readonly cls: readonly (readonly number[])[];
}

/** Largest difference to the authors' own code. */
const TOLERANCE = 1e-4;

const sandbox = new Sandbox();
const fixture = (name: string): string => path.join(process.cwd(), 'test/fixtures/neobert', name);

async function embed(input: unknown, ...flags: string[]): Promise<readonly (readonly number[])[]> {
  const { code, stdout, stderr } = await sandbox.run(['embed', ...flags], { input: JSON.stringify(input) });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as number[][];
}

for (const [name, pooling] of [
  ['a', 'mean'],
  ['a', 'cls'],
  ['b', 'mean'],
] as const) {
  test(`token ids through model ${name} with ${pooling} pooling agree with the authors' code`, async () => {
    const expected = JSON.parse(readFileSync(path.join(fixture(name), 'expected.json'), 'utf8')) as Expected;
    const short = expected.input_ids.filter((ids) => ids.length < 1000);
    const vectors = await embed(
      short,
      '--model',
      fixture(name),
      '--token-ids',
      '--pooling',
      pooling,
      '--no-normalize',
    );
    assert.equal(vectors.length, short.length);
    for (const [i, vector] of vectors.entries()) assertClose(vector, expected[pooling][i] ?? []);
  });
}

test('by default vectors are pooled by mean and have length 1', async () => {
  const expected = JSON.parse(readFileSync(path.join(fixture('a'), 'expected.json'), 'utf8')) as Expected;
  const ids = expected.input_ids[2] ?? [];
  const [vector = []] = await embed([ids], '--model', fixture('a'), '--token-ids');
  const raw = expected.mean[2] ?? [];
  const length = Math.hypot(...raw);
  assertClose(
    vector,
    raw.map((value) => value / length),
  );
});

test('texts go through the shipped encoder in order', async () => {
  const texts = ['parse a date', 'def parse_date(text): ...', '', 'parse a date'];
  const vectors = await embed(texts);
  assert.equal(vectors.length, texts.length);
  for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-3);
  assertClose(vectors[3] ?? [], vectors[0] ?? []);
  assert.deepEqual(await embed([]), []);
});

test('what cannot be embedded is refused in one line', async () => {
  const model = ['--model', fixture('a'), '--token-ids'];
  const cases: [string, string[], RegExp][] = [
    ['[[]]', model, /Item 0/],
    ['[[1], [2, 512]]', model, /Item 1 .*512.* 0 to 511/],
    ['[[-1]]', model, /Item 0/],
    [`[${JSON.stringify(new Array(257).fill(5))}]`, model, /Item 0 has 257 tokens.* 256/],
    ['[[1.5]]', model, /Item 0/],
    ['["text"]', model, /Item 0/],
    ['[[1]]', [], /Item 0 .*--token-ids/],
    ['{}', [], /JSON array/],
    ['', [], /not JSON/],
    ['["text"]', ['--model', fixture('a')], /tokenizer\.json/],
    ['["text"]', ['--pooling', 'max'], /mean, cls/],
  ];
  for (const [input, flags, message] of cases) {
    assert.match(await sandbox.refusal(['embed', ...flags], { input }), message);
  }
});

test('a model folder that lacks a file is refused, and the file named', async () => {
  for (const file of ['config.json', 'model.safetensors']) {
    const model = sandbox.at(`without-${file}`);
    cpSync(fixture('a'), model, { recursive: true });
    rmSync(path.join(model, file));
    const line = await sandbox.refusal(['embed', '--token-ids', '--model', model], { input: '[[1]]' });
    assert.ok(line.includes(file), line);
  }
  assert.match(
    await sandbox.refusal(['embed', '--model', sandbox.at('nowhere')], { input: '["x"]' }),
    /nowhere/,
  );
});

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] ?? Infinity))));
  assert.ok(worst <= TOLERANCE, `largest difference ${worst}`);
}
