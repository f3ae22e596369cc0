/** Model folders that cannot run: each is refused with one line that says what is wrong with which file. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { NeosearchError } from '../../src/base/errors';
import { describeEncoder } from '../../src/engine/encoder/describeEncoder';
import { readCard } from '../../src/engine/model/card';
import { readConfig } from '../../src/engine/model/config';
import { readWeights } from '../../src/engine/model/weights';
import {
  float32,
  type ModelFiles,
  randomWeights,
  safetensors,
  SMALL,
  temporaryFolder,
  type Tensors,
  withHeader,
  writeModel,
} from './modelSupport';

const folder = temporaryFolder();
after(() => folder.remove());
let models = 0;

const WEIGHTS = safetensors(randomWeights(SMALL));
const QKV = 'model.transformer_encoder.1.qkv.weight';

function modelFolder(files: ModelFiles): string {
  models += 1;
  return writeModel(path.join(folder.dir, String(models)), { config: SMALL, weights: WEIGHTS, ...files });
}

/** Reads everything that is read before native code is loaded. */
async function readAll(dir: string): Promise<void> {
  const config = await readConfig(dir);
  await readCard(dir, config);
  await readWeights(dir, config);
  await describeEncoder(dir);
}

async function assertRefused(dir: string, ...patterns: (RegExp | string)[]): Promise<void> {
  await assert.rejects(readAll(dir), (error) => {
    assert.ok(error instanceof NeosearchError, String(error));
    assert.equal(error.code, 'bad-model');
    assert.ok(!error.message.includes('\n'), 'one line');
    for (const pattern of patterns) {
      if (typeof pattern === 'string') assert.ok(error.message.includes(pattern), error.message);
      else assert.match(error.message, pattern);
    }
    return true;
  });
}

function without(name: string): Tensors {
  const tensors = randomWeights(SMALL);
  tensors.delete(name);
  return tensors;
}

function withTensor(name: string, shape: number[]): Tensors {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  return randomWeights(SMALL).set(name, float32(values, shape));
}

test('a sound folder is read', async () => {
  await readAll(modelFolder({}));
});

test('a folder or a file that is missing is named', async () => {
  const missing = path.join(folder.dir, 'none');
  await assertRefused(missing, `There is no model folder ${missing}`);
  await assertRefused(
    writeModel(path.join(folder.dir, 'empty'), {}),
    'has no config.json',
    'model.safetensors',
  );
  const bare = writeModel(path.join(folder.dir, 'bare'), { config: SMALL });
  await assertRefused(bare, `${bare} has no model.safetensors`);
  await assert.rejects(describeEncoder(bare), /has no model\.safetensors/);
});

test('config.json: another architecture, fields that are missing or wrong, heads that do not divide', async () => {
  const config = (fields: object): string => modelFolder({ config: { ...SMALL, ...fields } });
  await assertRefused(config({ model_type: 'bert' }), 'config.json', 'model_type is "bert"', '"neobert"');
  await assertRefused(config({ model_type: undefined }), 'lacks model_type');
  for (const name of [
    'hidden_size',
    'num_hidden_layers',
    'num_attention_heads',
    'intermediate_size',
    'vocab_size',
  ]) {
    await assertRefused(config({ [name]: undefined }), `config.json lacks ${name}`);
    await assertRefused(config({ [name]: 0.5 }), `${name} is 0.5`);
  }
  await assertRefused(config({ norm_eps: -1 }), 'norm_eps is -1');
  await assertRefused(config({ max_length: 'long' }), 'max_length is "long"');
  await assertRefused(config({ num_attention_heads: 5 }), 'hidden_size 32 does not divide into 5 heads');
  await assertRefused(modelFolder({ config: Buffer.from('{"model_type":') }), 'config.json is not JSON');
  await assertRefused(modelFolder({ config: [1] }), 'config.json must hold a JSON object');
});

test('a tensor that is missing is named, with the shape that it should have', async () => {
  await assertRefused(modelFolder({ weights: safetensors(without(QKV)) }), `lacks tensor ${QKV}`, '[96, 32]');
  const norm = 'model.layer_norm.weight';
  await assertRefused(modelFolder({ weights: safetensors(without(norm)) }), `lacks tensor ${norm}`, '[32]');
});

test('a tensor of another shape is named, with both shapes', async () => {
  const weights = safetensors(withTensor(QKV, [32, 96]));
  await assertRefused(modelFolder({ weights }), `tensor ${QKV}`, '[32, 96]', '[96, 32]');
  const more = { ...SMALL, vocab_size: 65 };
  await assertRefused(modelFolder({ config: more }), 'tensor model.encoder.weight', '[64, 32]', '[65, 32]');
});

test('a tensor of another type is named; int8 needs its scales', async () => {
  const tensors = randomWeights(SMALL);
  const bytes = new Uint8Array(96 * 32);
  tensors.set(QKV, { type: 'I8', shape: [96, 32], bytes });
  await assertRefused(modelFolder({ weights: safetensors(tensors) }), `lacks tensor ${QKV}_scale`, '[96]');
  tensors.set('model.layer_norm.weight', { type: 'I8', shape: [32], bytes: bytes.subarray(0, 32) });
  tensors.set(`${QKV}_scale`, float32(new Float32Array(96), [96]));
  await assertRefused(modelFolder({ weights: safetensors(tensors) }), 'model.layer_norm.weight has type I8');
  const header = JSON.stringify({
    'model.encoder.weight': { dtype: 'F64', shape: [64, 32], data_offsets: [0, 64 * 32 * 8] },
  });
  const wide = withHeader(header, new Uint8Array(64 * 32 * 8));
  await assertRefused(
    modelFolder({ weights: wide }),
    'model.encoder.weight has type F64',
    'F32, F16, BF16, I8',
  );
});

test('a file that is cut short: in a tensor, in the header, in the length of the header', async () => {
  const cut = (bytes: number): string => modelFolder({ weights: WEIGHTS.subarray(0, bytes) });
  const last = 'model.layer_norm.weight';
  await assertRefused(cut(WEIGHTS.length - 4), 'is cut short', `tensor ${last} [32]`, '[31]');
  await assertRefused(cut(1500 + WEIGHTS.readUInt32LE(0)), 'is cut short', '[64, 32]', '[11, 32]');
  await assertRefused(cut(200), 'is cut short', 'the file at 200');
  await assertRefused(cut(5), 'is cut short', 'the file at 5');
  await assertRefused(cut(0), 'is cut short', 'the file at 0');
});

test('a header that is damaged', async () => {
  const header = (value: unknown): string =>
    modelFolder({ weights: withHeader(JSON.stringify(value), new Uint8Array(64)) });
  const entry = (shape: unknown, offsets: unknown): object => ({
    dtype: 'F32',
    shape,
    data_offsets: offsets,
  });
  await assertRefused(header([]), 'damaged header');
  await assertRefused(header({ a: 1 }), 'damaged header', 'tensor a is 1');
  await assertRefused(header({ a: entry([2], [0, 4]) }), 'tensor a, F32 [2], needs 8 bytes');
  await assertRefused(header({ a: entry([1], [8, 4]) }), 'damaged header', 'tensor a');
  await assertRefused(header({ a: entry([-1], [0, 4]) }), 'damaged header', 'tensor a');
  await assertRefused(header({ a: entry([1], [0, 4, 8]) }), 'damaged header', 'tensor a');
  const overlap = { first: entry([4], [0, 16]), second: entry([2], [8, 16]) };
  await assertRefused(header(overlap), 'tensors first and second overlap');
  await assertRefused(modelFolder({ weights: withHeader('{"a"', new Uint8Array(8)) }), 'damaged header');
  await assertRefused(modelFolder({ weights: Buffer.alloc(64, 0xff) }), 'is no safetensors file');
  const pointer = Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n');
  await assertRefused(modelFolder({ weights: pointer }), 'Git LFS pointer', 'git lfs pull');
});

test('neosearch.json and the pooling of sentence-transformers', async () => {
  const card = (fields: object): string => modelFolder({ card: fields });
  await assertRefused(
    card({ pooling: 'max' }),
    'neosearch.json: pooling is "max"',
    '"mean" or "cls" or "lasttoken"',
  );
  await assertRefused(card({ normalize: 'yes' }), 'normalize is "yes"');
  await assertRefused(card({ window: 2 }), 'window is 2');
  await assertRefused(card({ dimensions: 31 }), 'dimensions is 31', '32');
  await assertRefused(card({ queryPrefix: 1 }), 'queryPrefix is 1');
  await assertRefused(card({ preprocessing: ['lower'] }), 'preprocessing', 'split-identifiers');
  const max = modelFolder({ pooling: { pooling_mode_max_tokens: true, pooling_mode_mean_tokens: false } });
  await assertRefused(max, '1_Pooling', 'only mean, cls and lasttoken', '--pooling');
  const config = await readConfig(max);
  assert.equal((await readCard(max, config, { pooling: 'cls' })).pooling, 'cls');
  const cls = modelFolder({ pooling: { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false } });
  assert.equal((await readCard(cls, config)).pooling, 'cls');
  const both = modelFolder({
    card: { pooling: 'mean', window: 99 },
    pooling: { pooling_mode_cls_token: true },
  });
  const read = await readCard(both, config);
  assert.deepEqual([read.pooling, read.window, read.normalize], ['mean', 99, true]);
});

test("an encoder's id follows weights, tokenizer, pooling and preprocessing, but not its name", async () => {
  const id = async (files: ModelFiles): Promise<string> => (await describeEncoder(modelFolder(files))).id;
  const usual = await id({ card: { name: 'one' } });
  assert.match(usual, /^[0-9a-f]{16}$/);
  assert.equal(await id({ card: { name: 'two' } }), usual);
  const others = await Promise.all([
    id({ weights: safetensors(randomWeights(SMALL, 'model.', 2)) }),
    id({ tokenizer: { model: {} } }),
    id({ card: { pooling: 'cls' } }),
    id({ card: { normalize: false } }),
    id({ card: { preprocessing: ['split-identifiers'] } }),
    id({ card: { queryPrefix: 'query: ' } }),
  ]);
  assert.equal(new Set([usual, ...others]).size, 7);
});
