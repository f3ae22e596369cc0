/** Which repositories are models, what names mean, and what is chosen. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { parseModelName } from '../../src/engine/hub/names';
import { COMMIT, HubServer } from '../support/hubServer';
import { NEOBERT, Puller, REPOSITORY, WEIGHTS } from './hubSupport';

const BERT = {
  'config.json': '{"model_type": "bert"}',
  'tokenizer.json': '{}',
  'model.safetensors': WEIGHTS,
};

let hub: HubServer;
before(async () => {
  hub = await HubServer.start();
});
beforeEach(() => hub.reset());
after(() => hub.close());

describe('the files of a model', () => {
  async function taken(
    files: Readonly<Record<string, string | Buffer>>,
    quantized = false,
  ): Promise<string[]> {
    hub.add(REPOSITORY, files);
    hub.requests.length = 0;
    using here = new Puller(hub);
    const { record } = await here.pull(REPOSITORY, { quantized });
    return [record.form, ...hub.fetched('store')];
  }

  async function refusal(
    files: Readonly<Record<string, string | Buffer>>,
    quantized = false,
  ): Promise<string> {
    hub.add(REPOSITORY, files);
    hub.requests.length = 0;
    using here = new Puller(hub);
    let message = '';
    await assert.rejects(here.pull(REPOSITORY, { quantized }), (error: Error & { code?: string }) => {
      message = error.message;
      return error.code === 'bad-model';
    });
    assert.deepEqual(hub.fetched('store'), []);
    return message;
  }

  it('another architecture is pulled as its graph, with the weights that belong to it', async () => {
    const graph = {
      ...BERT,
      'onnx/model.onnx': 'graph',
      'onnx/model.onnx_data': 'weights',
      'onnx/model.onnx_data_1': 'more weights',
      'onnx/model_fp16.onnx': 'another graph',
      'onnx/model_quantized.onnx': 'a quantized one',
    };
    assert.deepEqual(await taken(graph), [
      'onnx',
      'onnx/model.onnx',
      'onnx/model.onnx_data',
      'onnx/model.onnx_data_1',
    ]);
    assert.deepEqual(await taken(graph, true), ['onnx', 'onnx/model_quantized.onnx']);
  });

  it('NeoBERT is pulled as weights where it has them in one file, else as a graph', async () => {
    assert.deepEqual(await taken({ ...NEOBERT, 'onnx/model.onnx': 'graph' }), [
      'neobert',
      'model.safetensors',
    ]);
    const { 'config.json': config, 'tokenizer.json': tokenizer } = NEOBERT;
    const rest = { 'config.json': config, 'tokenizer.json': tokenizer };
    assert.deepEqual(await taken({ ...rest, 'onnx/model.onnx': 'graph' }), ['onnx', 'onnx/model.onnx']);
    assert.match(
      await refusal({ ...rest, 'model.safetensors.index.json': '{}' }),
      /divided into several files/,
    );
    assert.match(await refusal(rest), /neither model\.safetensors nor an ONNX export/);
  });

  it('what is no encoder is refused with the reason before its weights are fetched', async () => {
    assert.match(await refusal(BERT), /architecture is "bert".*no ONNX export/);
    assert.match(await refusal({ 'model.safetensors': WEIGHTS }), /no config\.json/);
    assert.match(await refusal({ 'config.json': '{}', 'model.safetensors': WEIGHTS }), /no tokenizer\.json/);
    assert.match(await refusal(NEOBERT, true), /no quantized graph/);
  });

  it('a listing with ways out of the folder changes nothing outside it', async () => {
    using here = new Puller(hub);
    hub.add(REPOSITORY, {
      ...BERT,
      'onnx/model.onnx': 'graph',
      'onnx/model.onnx/../../../../../out': 'x',
      '../out': 'x',
    });
    hub.listedToo = [
      { type: 'file', path: 'onnx/model.onnx_data/../../../../out', size: 1, oid: 'a'.repeat(40) },
    ];
    const { folder } = await here.pull();
    assert.ok(existsSync(path.join(folder, 'onnx', 'model.onnx')));
    for (const up of ['.', '..', '../..', '../../..', '../../../..'])
      assert.ok(!existsSync(path.join(folder, up, 'out')));
  });

  it('a listing that is none is refused', async () => {
    hub.add(REPOSITORY, NEOBERT);
    hub.listedToo = [{ type: 'file', path: 'x', size: -1, oid: 'no hash' }];
    using here = new Puller(hub);
    await assert.rejects(here.pull(), { code: 'hub-unavailable' });
  });
});

describe('names', () => {
  it('are those of the hub', () => {
    assert.deepEqual(parseModelName('a/b'), { repository: 'a/b', revision: undefined });
    assert.deepEqual(parseModelName('bert-base'), { repository: 'bert-base', revision: undefined });
    assert.deepEqual(parseModelName('a/b@refs/pr/1'), { repository: 'a/b', revision: 'refs/pr/1' });
    for (const bad of [
      '',
      '..',
      '../x',
      'a/..',
      '/a/b',
      'a/b/c',
      'a--b/c',
      'a\\b',
      'a/b@',
      'a/b@../x',
      'a/b?x',
      '.a/b',
      'a/b.git',
      'C:/x',
    ]) {
      assert.throws(() => parseModelName(bad), { code: 'bad-argument' }, bad);
    }
  });
});

describe('the models of a machine', () => {
  it('the embedded one is in use until another is', async () => {
    hub.add(REPOSITORY, NEOBERT);
    using here = new Puller(hub);
    const { store } = here;
    const embedded = here.at('embedded');
    mkdirSync(embedded);
    assert.equal(store.resolve(undefined), embedded);
    const { folder } = await here.pull();
    assert.deepEqual(
      store.list().map(({ name, inUse }) => [name, inUse]),
      [
        ['embedded', true],
        [REPOSITORY, false],
      ],
    );
    store.use(folder);
    assert.equal(store.resolve(undefined), folder);
    assert.equal(store.resolve('embedded'), embedded);

    const own = here.at('own');
    mkdirSync(own);
    writeFileSync(path.join(own, 'config.json'), '{}');
    store.use(own);
    assert.equal(store.resolve(''), own);
    assert.deepEqual(
      store.list().map(({ name, kind, inUse }) => [name, kind, inUse]),
      [
        ['embedded', 'embedded', false],
        [REPOSITORY, 'pulled', false],
        [own, 'folder', true],
      ],
    );

    rmSync(own, { recursive: true });
    assert.throws(() => store.resolve(undefined), { code: 'bad-model', message: /model use embedded/ });
    assert.throws(() => store.resolve('someone/else'), {
      code: 'bad-model',
      message: /model pull someone\/else/,
    });
    mkdirSync(own);

    store.remove(store.find(own)!);
    assert.equal(store.resolve(undefined), embedded);
    assert.ok(existsSync(own));
    store.remove(store.find(`${REPOSITORY}@${COMMIT}`)!);
    assert.ok(!existsSync(folder));
    assert.deepEqual(
      store.list().map(({ name }) => name),
      ['embedded'],
    );
  });

  it('the graph of a repository and its quantized one have names of their own', async () => {
    hub.add(REPOSITORY, { ...BERT, 'onnx/model.onnx': 'graph', 'onnx/model_quantized.onnx': 'q' });
    using here = new Puller(hub);
    const quantized = await here.pull(REPOSITORY, { quantized: true });
    const whole = await here.pull();
    assert.equal(here.store.resolve(REPOSITORY), whole.folder);
    assert.equal(here.store.resolve(`${REPOSITORY}@0123456-quantized`), quantized.folder);
    assert.deepEqual(
      here.store.list().map(({ name }) => name),
      ['embedded', REPOSITORY, `${REPOSITORY}@0123456-quantized`],
    );
  });

  it('a folder without its record is no model, and a damaged choice is told', () => {
    using here = new Puller(hub);
    const { store } = here;
    mkdirSync(store.folderFor('a/b', COMMIT, false), { recursive: true });
    assert.equal(store.find('a/b'), undefined);
    writeFileSync(path.join(store.dir, 'choice.json'), '{');
    assert.throws(() => store.list(), { code: 'bad-model', message: /choice\.json/ });
  });
});
