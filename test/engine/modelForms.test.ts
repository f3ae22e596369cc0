/** The forms in which a checkpoint may come: other names, types of numbers, int8 weights, odd offsets, links. */
import assert from 'node:assert/strict';
import { linkSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { Model } from '../../src/engine/model/model';
import {
  type Config,
  cosine,
  float32,
  loadRuntime,
  quantized,
  randomNumbers,
  randomWeights,
  safetensors,
  SMALL,
  temporaryFolder,
  type Tensors,
  writeModel,
} from './modelSupport';

const folder = temporaryFolder();
after(() => folder.remove());

/** Wider, for the arithmetic of int8. */
const WIDE: Config = { ...SMALL, hidden_size: 64, intermediate_size: 192 };
const random = randomNumbers(7);
const TEXTS = [3, 17, 17, 64].map((length) =>
  Array.from({ length }, () => Math.floor(((random() + 1) / 2) * SMALL.vocab_size)),
);

let models = 0;

function modelFolder(weights: Uint8Array, config: Config = SMALL): string {
  models += 1;
  return writeModel(path.join(folder.dir, String(models)), { config, weights });
}

/** The vectors of texts, all in one batch. */
async function vectorsOf(dir: string, texts = TEXTS): Promise<Float32Array[]> {
  const model = await Model.open(await loadRuntime(), dir, { pooling: 'mean', normalize: true, threads: 1 });
  const width = model.config.hiddenSize;
  const { vectors } = await model.run(
    Int32Array.from(texts.flat()),
    Int32Array.from(texts, (ids) => ids.length),
  );
  const rows = texts.map((_, i) => vectors.slice(i * width, (i + 1) * width));
  await model.release();
  return rows;
}

function assertAlike(actual: Float32Array[], expected: Float32Array[], leastCosine: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, vector] of actual.entries()) {
    const similarity = cosine(vector, expected[i]!);
    assert.ok(similarity >= leastCosine, `text ${i}: cosine ${similarity}`);
  }
}

test('names without their prefix, and a language-model head beside them', async () => {
  const usual = await vectorsOf(modelFolder(safetensors(randomWeights(SMALL))));
  const bare = randomWeights(SMALL, '');
  bare.set('decoder.weight', float32(new Float32Array(8), [2, 4]));
  bare.set('decoder.bias', float32(new Float32Array(2), [2]));
  assert.deepEqual(await vectorsOf(modelFolder(safetensors(bare))), usual);
});

test('weights that lie at offsets of no type', async () => {
  const weights = randomWeights(SMALL);
  const usual = await vectorsOf(modelFolder(safetensors(weights)));
  const length = safetensors(weights).readUInt32LE(0);
  assert.deepEqual(await vectorsOf(modelFolder(safetensors(weights, length + 3))), usual);
});

test('a link to the weights, as hubs keep them', async () => {
  const weights = safetensors(randomWeights(SMALL));
  const usual = await vectorsOf(modelFolder(weights));
  const dir = modelFolder(weights);
  const blob = path.join(folder.dir, 'blob');
  renameSync(path.join(dir, 'model.safetensors'), blob);
  // Windows lets administrators only make symbolic links.
  const link = process.platform === 'win32' ? linkSync : symlinkSync;
  link(blob, path.join(dir, 'model.safetensors'));
  assert.deepEqual(await vectorsOf(dir), usual);
});

test('half-precision weights of both kinds', async () => {
  const weights = randomWeights(SMALL);
  const usual = await vectorsOf(modelFolder(safetensors(weights)));
  for (const type of ['F16', 'BF16'] as const) {
    assertAlike(await vectorsOf(modelFolder(safetensors(halved(weights, type)))), usual, 0.999);
  }
});

test('int8 weights: close to the float32 weights that they stand for', async () => {
  const { int8, float32: same } = quantized(randomWeights(WIDE));
  const exact = await vectorsOf(modelFolder(safetensors(same), WIDE));
  assertAlike(await vectorsOf(modelFolder(safetensors(int8), WIDE)), exact, 0.999);
});

test('int8 weights: a vector does not depend on the rest of its batch', async () => {
  const dir = modelFolder(safetensors(quantized(randomWeights(WIDE)).int8), WIDE);
  const together = await vectorsOf(dir);
  for (const [i, text] of TEXTS.entries()) {
    assertAlike(await vectorsOf(dir, [text]), [together[i]!], 0.999999);
  }
});

test('pooling by the last token: its state, whatever else is in the batch', async () => {
  const dir = modelFolder(safetensors(randomWeights(SMALL)));
  const options = { pooling: 'lasttoken', normalize: false, threads: 1, states: true } as const;
  const model = await Model.open(await loadRuntime(), dir, options);
  const width = SMALL.hidden_size;
  const lengths = Int32Array.from(TEXTS, (ids) => ids.length);
  const longest = Math.max(...lengths);
  const { vectors, states } = await model.run(Int32Array.from(TEXTS.flat()), lengths);
  for (const [i, length] of lengths.entries()) {
    const last = (i * longest + length - 1) * width;
    const state = states!.subarray(last, last + width);
    assert.deepEqual(vectors.subarray(i * width, (i + 1) * width), state);
  }
  await model.release();
});

test('a model of one token and one of all its positions', async () => {
  const dir = modelFolder(safetensors(randomWeights(SMALL)));
  for (const length of [1, SMALL.max_length]) {
    const [vector] = await vectorsOf(dir, [Array.from({ length }, (_, i) => i % SMALL.vocab_size)]);
    assert.ok(Math.abs(Math.hypot(...vector!) - 1) < 1e-5);
  }
});

/** Numbers that both formats of 16 bits hold are cut off after 7 bits of mantissa. */
function halved(weights: Tensors, type: 'F16' | 'BF16'): Tensors {
  return new Map(
    [...weights].map(([name, { shape, bytes }]) => {
      const floats = new Float32Array(bytes.slice().buffer);
      const bits = new Uint32Array(bytes.slice().buffer);
      const halves = Uint16Array.from(bits, (value, i) =>
        type === 'BF16' ? value >>> 16 : float16(floats[i]!),
      );
      return [name, { type, shape, bytes: new Uint8Array(halves.buffer) }];
    }),
  );
}

/** The bits of a half-precision number, rounded towards zero; the smallest become zero. */
function float16(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  if (!(exponent >= -14)) return sign;
  const mantissa = Math.floor((Math.abs(value) / 2 ** exponent - 1) * 1024);
  return sign | ((exponent + 15) << 10) | mantissa;
}
