/**
 * Encoders that come as ONNX graphs, against the vectors of their reference implementations (test/fixtures/onnx,
 * written by training/fixtures): each text alone and all in one batch.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { describeEncoder } from '../../src/engine/encoder/describeEncoder';
import { Tokenizer } from '../../src/engine/encoder/tokenizer';
import { openEncoder } from '../../src/engine/encoder/workerEncoder';
import { openModel } from '../../src/engine/model/openModel';
import { cosine, loadRuntime } from './modelSupport';

interface Role {
  readonly ids: number[][];
  readonly vectors: number[][];
}

interface Expected {
  readonly texts: string[];
  readonly query: Role;
  readonly passage: Role;
}

const LEAST_COSINE = 0.9999;
const LARGEST_DIFFERENCE = 1e-4;
const NO_LIMIT = 1e9;

/** What each folder's card must say, by its sentence-transformers files. */
const CARDS = {
  bert: ['mean', 32, '', ''],
  roberta: ['mean', 64, '', ''],
  nomic_bert: ['mean', 64, 'search_query: ', 'search_document: '],
  modernbert: ['cls', 64, '', ''],
  neobert: ['lasttoken', 64, '', ''],
} as const;

for (const [name, card] of Object.entries(CARDS)) {
  const dir = path.join(process.cwd(), 'test/fixtures/onnx', name);
  const expected = JSON.parse(readFileSync(path.join(dir, 'expected.json'), 'utf8')) as Expected;

  test(`${name}: the card and the token ids`, async () => {
    const { card: read, dimensions } = await describeEncoder(dir);
    assert.deepEqual([read.pooling, read.window, read.queryPrefix, read.passagePrefix], card);
    assert.deepEqual([read.normalize, dimensions, read.name], [true, 32, name]);
    const tokenizer = await Tokenizer.open(dir);
    for (const [role, prefix] of [
      ['query', read.queryPrefix],
      ['passage', read.passagePrefix],
    ] as const) {
      const ids = expected.texts.map((text) => tokenizer.encode(prefix + text, NO_LIMIT));
      assert.deepEqual(ids, expected[role].ids);
    }
  });

  test(`${name}: vectors of texts, as the engine asks for them`, async () => {
    const encoder = await openEncoder({
      modelDir: dir,
      workerPath: path.join(process.cwd(), 'dist/encoderWorker.js'),
      threads: 1,
    });
    try {
      for (const role of ['query', 'passage'] as const) {
        const vectors = await encoder.encode(expected.texts, role);
        for (const [i, vector] of vectors.entries())
          close(vector, expected[role].vectors[i]!, `${role} ${i}`);
      }
    } finally {
      await encoder.close();
    }
  });

  test(`${name}: a vector does not depend on the batch`, async () => {
    const { pooling } = await describeEncoder(dir).then((description) => description.card);
    const model = await openModel(await loadRuntime(), dir, { pooling, normalize: true, threads: 1 });
    const { ids, vectors } = expected.passage;
    const together = await model.run(Int32Array.from(ids.flat()), lengthsOf(ids));
    const width = together.vectors.length / ids.length;
    for (const [i, row] of ids.entries()) {
      const alone = await model.run(Int32Array.from(row), lengthsOf([row]));
      const inBatch = together.vectors.subarray(i * width, (i + 1) * width);
      close(inBatch, vectors[i]!, `text ${i} in the batch`);
      close(alone.vectors, vectors[i]!, `text ${i} alone`);
      for (const [k, value] of alone.vectors.entries()) {
        assert.ok(Math.abs(value - inBatch[k]!) < LARGEST_DIFFERENCE, `text ${i}, number ${k}`);
      }
    }
    await model.release();
  });
}

function lengthsOf(rows: readonly (readonly number[])[]): Int32Array {
  return Int32Array.from(rows, (row) => row.length);
}

function close(actual: Float32Array, wanted: readonly number[], what: string): void {
  assert.equal(actual.length, wanted.length);
  const similarity = cosine(actual, wanted);
  assert.ok(similarity >= LEAST_COSINE, `${what}: cosine ${similarity}`);
  const norm = Math.hypot(...actual);
  assert.ok(Math.abs(norm - 1) < LARGEST_DIFFERENCE, `${what}: length ${norm}`);
}
