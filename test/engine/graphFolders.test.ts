/** Folders with an ONNX graph: which are refused, with what reason, and what graphs of other kinds give. */
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { onnx } from 'onnx-proto';
import { NeosearchError } from '../../src/base/errors';
import { GRAPH_FILES } from '../../src/base/modelFiles';
import { describeEncoder } from '../../src/engine/encoder/describeEncoder';
import { openEncoder } from '../../src/engine/encoder/workerEncoder';
import { GraphBuilder } from '../../src/engine/model/graphBuilder';
import { openModel } from '../../src/engine/model/openModel';
import {
  loadRuntime,
  randomNumbers,
  randomWeights,
  safetensors,
  SMALL,
  temporaryFolder,
  writeModel,
} from './modelSupport';

const folder = temporaryFolder();
after(() => folder.remove());
let folders = 0;

const FIXTURES = path.join(process.cwd(), 'test/fixtures/onnx');
const WIDTH = SMALL.hidden_size;
const CONFIG = { model_type: 'bert', hidden_size: WIDTH, vocab_size: SMALL.vocab_size };
const random = randomNumbers(11);
const TABLE = Float32Array.from({ length: SMALL.vocab_size * WIDTH }, random);
const OPTIONS = { pooling: 'mean', normalize: false, threads: 1 } as const;

type Build = (graph: GraphBuilder) => void;

/** A folder whose graph `build` makes. */
function graphFolder(build: Build | Uint8Array, config: object = CONFIG, name = 'onnx/model.onnx'): string {
  folders += 1;
  const dir = writeModel(path.join(folder.dir, String(folders)), { config });
  if (build instanceof Uint8Array) return withFile(dir, name, build);
  const graph = new GraphBuilder();
  build(graph);
  return withFile(dir, name, graph.build('test'));
}

/** A copy of a fixture with some files written anew. */
function variant(fixture: string, files: Readonly<Record<string, unknown>> = {}): string {
  folders += 1;
  const dir = path.join(folder.dir, String(folders));
  cpSync(path.join(FIXTURES, fixture), dir, { recursive: true });
  for (const [name, value] of Object.entries(files)) withFile(dir, name, Buffer.from(JSON.stringify(value)));
  return dir;
}

function withFile(dir: string, name: string, data: Uint8Array): string {
  const file = path.join(dir, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, data);
  return dir;
}

/** States that are rows of a table. */
function rowsOfTable(graph: GraphBuilder): string {
  const table = graph.weight('table', 'float32', [SMALL.vocab_size, WIDTH], {
    bytes: new Uint8Array(TABLE.buffer),
  });
  return graph.node('Gather', [table, graph.input('input_ids', 'int64', ['batch', 'length'])]);
}

function states(graph: GraphBuilder, value: string, name = 'last_hidden_state'): void {
  graph.output(name, value, ['batch', 'length', 'width']);
}

async function assertRefused(dir: string, ...parts: string[]): Promise<void> {
  const open = async (): Promise<void> => {
    await describeEncoder(dir);
    await openModel(await loadRuntime(), dir, OPTIONS);
  };
  await assert.rejects(open, (error) => {
    assert.ok(error instanceof NeosearchError, String(error));
    assert.equal(error.code, 'bad-model');
    assert.ok(!error.message.includes('\n'), 'one line');
    for (const part of parts) assert.ok(error.message.includes(part), `${error.message} lacks ${part}`);
    return true;
  });
}

/** The vectors of texts, all in one batch. */
async function vectorsOf(dir: string, texts: readonly (readonly number[])[]): Promise<number[][]> {
  const model = await openModel(await loadRuntime(), dir, OPTIONS);
  const lengths = Int32Array.from(texts, (text) => text.length);
  const { vectors } = await model.run(Int32Array.from(texts.flat()), lengths);
  await model.release();
  return texts.map((_, i) => Array.from(vectors.subarray(i * WIDTH, (i + 1) * WIDTH)));
}

function row(id: number): number[] {
  return Array.from(TABLE.subarray(id * WIDTH, (id + 1) * WIDTH));
}

function close(actual: readonly number[], wanted: readonly number[], most = 1e-5): void {
  assert.equal(actual.length, wanted.length);
  for (const [i, value] of actual.entries()) {
    assert.ok(Math.abs(value - wanted[i]!) <= most, `number ${i} is ${value}, not ${wanted[i]}`);
  }
}

test('neither weights nor a graph: the files that were looked for are named', async () => {
  const none = writeModel(path.join(folder.dir, 'none'), { config: CONFIG });
  await assertRefused(none, 'model_type "bert"', 'needs an ONNX export', ...GRAPH_FILES);
  const neobert = writeModel(path.join(folder.dir, 'neobert'), { config: SMALL });
  await assertRefused(neobert, 'has no model.safetensors', ...GRAPH_FILES);
});

test('a damaged graph is refused, from the worker thread as well', async () => {
  const sound = readFileSync(path.join(FIXTURES, 'bert/onnx/model.onnx'));
  await assertRefused(graphFolder(sound.subarray(0, 5000)), 'cannot run', 'model.onnx', 'fetch it again');
  await assertRefused(graphFolder(Buffer.alloc(100, 0xff)), 'cannot run');
  await assertRefused(graphFolder(Buffer.from('version https://git-lfs.github.com/spec/v1\n')), 'Git LFS');
  const dir = variant('bert');
  withFile(dir, 'onnx/model.onnx', sound.subarray(0, 5000));
  const workerPath = path.join(process.cwd(), 'dist/encoderWorker.js');
  await assert.rejects(openEncoder({ modelDir: dir, workerPath, threads: 1 }), {
    name: 'NeosearchError',
    code: 'bad-model',
  });
});

test('a graph with inputs or outputs that are none of an encoder is refused', async () => {
  const unknown = graphFolder((graph) => {
    const rows = rowsOfTable(graph);
    states(
      graph,
      graph.node('Add', [rows, graph.input('pixel_values', 'float32', ['batch', 'length', 'width'])]),
    );
  });
  await assertRefused(unknown, 'asks for pixel_values', 'attention_mask');
  const noIds = graphFolder((graph) => {
    states(graph, graph.input('inputs_embeds', 'float32', ['batch', 'length', 'width']));
  });
  await assertRefused(noIds, 'takes no input_ids', 'inputs_embeds');
  const floatMask = graphFolder((graph) => {
    const mask = graph.node('Unsqueeze', [
      graph.input('attention_mask', 'float32', ['batch', 'length']),
      graph.integers([-1]),
    ]);
    states(graph, graph.node('Mul', [rowsOfTable(graph), mask]));
  });
  await assertRefused(floatMask, 'attention_mask as float32');
  const pooledOnly = graphFolder((graph) => {
    graph.output('logits', graph.node('ReduceMean', [rowsOfTable(graph)], { axes: [1], keepdims: 0 }), [
      'batch',
      'width',
    ]);
  });
  await assertRefused(pooledOnly, 'neither sentence_embedding nor a state of 32 numbers', 'logits');
  const wide = graphFolder((graph) => states(graph, rowsOfTable(graph)), { ...CONFIG, hidden_size: 48 });
  await assertRefused(wide, 'last_hidden_state', '[2, 6, 32]', '[2, 6, 48]', 'hidden_size');
});

test('a graph without names of its outputs that are known: the first with a state for each token', async () => {
  const dir = graphFolder((graph) => {
    const rows = rowsOfTable(graph);
    graph.output('pooler_output', graph.node('ReduceMax', [rows], { axes: [1], keepdims: 0 }), [
      'batch',
      'width',
    ]);
    states(graph, rows, 'h');
  });
  const [vector] = await vectorsOf(dir, [[7]]);
  close(vector!, row(7));
});

test('positions are given to a graph that asks for them; those of RoBERTa begin behind the padding', async () => {
  for (const [architecture, first] of [
    ['bert', 0],
    ['roberta', 2],
  ] as const) {
    const dir = graphFolder(
      (graph) => {
        const positions = graph.input('position_ids', 'int64', ['batch', 'length']);
        const numbers = graph.node('Unsqueeze', [
          graph.node('Cast', [positions], { to: 1 }),
          graph.integers([-1]),
        ]);
        states(graph, graph.node('Add', [rowsOfTable(graph), numbers]));
      },
      { ...CONFIG, model_type: architecture },
    );
    const [long, short] = await vectorsOf(dir, [[3, 3, 3], [9]]);
    close(
      long!,
      row(3).map((value) => value + first + 1),
    );
    close(
      short!,
      row(9).map((value) => value + first),
    );
  }
});

test('a graph whose states depend on the batch gives the same vectors in any batch', async () => {
  const dir = graphFolder((graph) => {
    const rows = rowsOfTable(graph);
    // As in dynamic quantisation: one number that comes from all texts acts on each.
    states(graph, graph.node('Add', [rows, graph.node('ReduceMax', [rows], { keepdims: 0 })]));
  });
  const texts = [[1, 2, 3], [4], [5, 6]];
  const together = await vectorsOf(dir, texts);
  for (const [i, text] of texts.entries()) close((await vectorsOf(dir, [text]))[0]!, together[i]!, 0);
});

test('float16 states', async () => {
  // Rows of 0, 1, -2.5, the smallest number and the greatest.
  const halves = new Uint16Array(SMALL.vocab_size * WIDTH);
  halves.fill(0x3c00, WIDTH, 2 * WIDTH);
  halves.fill(0xc100, 2 * WIDTH, 3 * WIDTH);
  halves.fill(0x0001, 3 * WIDTH, 4 * WIDTH);
  halves.fill(0x7bff, 4 * WIDTH, 5 * WIDTH);
  const { FLOAT16, INT64 } = onnx.TensorProto.DataType;
  const value = (name: string, elemType: number, dims: string[]): onnx.IValueInfoProto => ({
    name,
    type: { tensorType: { elemType, shape: { dim: dims.map((dimParam) => ({ dimParam })) } } },
  });
  const model = onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'half',
      node: [{ opType: 'Gather', input: ['table', 'input_ids'], output: ['last_hidden_state'] }],
      initializer: [
        {
          name: 'table',
          dataType: FLOAT16,
          dims: [SMALL.vocab_size, WIDTH],
          rawData: new Uint8Array(halves.buffer),
        },
      ],
      input: [value('input_ids', INT64, ['batch', 'length'])],
      output: [value('last_hidden_state', FLOAT16, ['batch', 'length', 'width'])],
    },
  }).finish();
  const dir = graphFolder(model, CONFIG, 'onnx/model_fp16.onnx');
  const vectors = await vectorsOf(dir, [[0], [1], [2], [3], [4]]);
  assert.deepEqual(
    vectors.map(([first]) => first),
    [0, 1, -2.5, 2 ** -24, 65504],
  );
});

test('which form and which graph runs', async () => {
  const zeros: Build = (graph) => {
    const rows = rowsOfTable(graph);
    states(graph, graph.node('Sub', [rows, rows]));
  };
  const dir = graphFolder(zeros, CONFIG, 'onnx/model_quantized.onnx');
  close((await vectorsOf(dir, [[7]]))[0]!, new Array<number>(WIDTH).fill(0));
  const graph = new GraphBuilder();
  states(graph, rowsOfTable(graph));
  withFile(dir, 'onnx/model.onnx', graph.build('test'));
  close((await vectorsOf(dir, [[7]]))[0]!, row(7));
  // NeoBERT's own weights go before any graph.
  const neobert = graphFolder(zeros, SMALL);
  const id = async (): Promise<string> => (await describeEncoder(neobert)).id;
  const ofGraph = await id();
  writeModel(neobert, { weights: safetensors(randomWeights(SMALL)) });
  const [vector] = await vectorsOf(neobert, [[7]]);
  assert.ok(Math.hypot(...vector!) > 0.1);
  assert.notEqual(await id(), ofGraph);
});

test('the card: neosearch.json goes before the files of sentence-transformers', async () => {
  const dir = variant('nomic_bert', { 'neosearch.json': { pooling: 'cls', queryPrefix: 'q: ', window: 48 } });
  const { card } = await describeEncoder(dir);
  assert.deepEqual(
    [card.pooling, card.queryPrefix, card.passagePrefix, card.window],
    ['cls', 'q: ', 'search_document: ', 48],
  );
});

test('the card: defaults, and the positions that RoBERTa has less', async () => {
  const dir = graphFolder((graph) => states(graph, rowsOfTable(graph)));
  const { card } = await describeEncoder(dir);
  assert.deepEqual(
    [card.pooling, card.normalize, card.queryPrefix, card.passagePrefix, card.window],
    ['mean', true, '', '', 4096],
  );
  const window = async (config: object): Promise<number> =>
    (
      await describeEncoder(
        graphFolder((graph) => states(graph, rowsOfTable(graph)), { ...CONFIG, ...config }),
      )
    ).window;
  assert.equal(await window({ max_position_embeddings: 512 }), 512);
  assert.equal(await window({ max_position_embeddings: 8192 }), 4096);
  assert.equal(await window({ model_type: 'roberta', max_position_embeddings: 514 }), 512);
  assert.equal(await window({ model_type: 'nomic_bert', n_positions: 2048 }), 2048);
});

test('the card: what is not known here is refused', async () => {
  const pooling = variant('bert', { '1_Pooling/config.json': { pooling_mode_max_tokens: true } });
  await assertRefused(pooling, '1_Pooling', 'pooling_mode_max_tokens', 'only mean, cls and lasttoken');
  const module = { type: 'sentence_transformers.models.Dense', path: '2_Dense' };
  await assertRefused(variant('bert', { 'modules.json': [module] }), 'modules.json', 'models.Dense');
  await assertRefused(variant('bert', { 'modules.json': {} }), 'modules.json must hold a list');
  const prompts = variant('nomic_bert', {
    '1_Pooling/config.json': { pooling_mode_mean_tokens: true, include_prompt: false },
  });
  await assertRefused(prompts, 'include_prompt');
  await assertRefused(
    variant('nomic_bert', { 'config_sentence_transformers.json': { prompts: { query: 1 } } }),
    'query is 1',
  );
  await assertRefused(
    variant('bert', { 'config.json': { ...CONFIG, vocab_size: 'many' } }),
    'vocab_size is "many"',
  );
  await assertRefused(variant('bert', { 'config.json': { model_type: 'bert' } }), 'lacks hidden_size');
});

test("an encoder's id follows its graph, the files with its weights, and its card", async () => {
  const dir = variant('bert');
  const id = async (): Promise<string> => (await describeEncoder(dir)).id;
  const ids = [await id()];
  assert.equal(await id(), ids[0]);
  withFile(dir, 'onnx/model.onnx_data', Uint8Array.of(1, 2, 3));
  ids.push(await id());
  appendFileSync(path.join(dir, 'onnx/model.onnx_data'), 'more');
  ids.push(await id());
  rmSync(path.join(dir, 'onnx/model.onnx_data'));
  assert.equal(await id(), ids[0]);
  appendFileSync(path.join(dir, 'onnx/model.onnx'), 'more');
  ids.push(await id());
  withFile(dir, 'config_sentence_transformers.json', Buffer.from('{"prompts":{"query":"q: "}}'));
  ids.push(await id());
  assert.equal(new Set(ids).size, 5);
});
