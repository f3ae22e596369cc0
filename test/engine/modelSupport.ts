/** Makes small model folders for the tests: random weights, and files that are damaged on purpose. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Runtime } from '../../src/engine/model/model';

/** ONNX Runtime, loaded with its telemetry off. */
export async function loadRuntime(): Promise<Runtime> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  return import('onnxruntime-node');
}

export interface Tensor {
  readonly type: 'F32' | 'F16' | 'BF16' | 'I8';
  readonly shape: readonly number[];
  /** Little-endian, row after row. */
  readonly bytes: Uint8Array;
}

export type Tensors = Map<string, Tensor>;

export const SMALL = {
  model_type: 'neobert',
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 48,
  norm_eps: 1e-5,
  vocab_size: 64,
  max_length: 512,
};
export type Config = typeof SMALL;

/** A folder that is deleted by `remove`. */
export function temporaryFolder(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'neosearch-test-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The same numbers for the same seed, in [-1, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Weights of the right shapes under the usual names. */
export function randomWeights(config: Config, prefix = 'model.', seed = 1): Tensors {
  const random = randomNumbers(seed);
  const tensors: Tensors = new Map();
  const add = (name: string, shape: number[], value: () => number): void => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, value);
    tensors.set(prefix + name, float32(values, shape));
  };
  for (const [name, rows, columns] of matrices(config)) {
    add(name, [rows, columns], () => (random() * 2) / Math.sqrt(columns));
  }
  for (const name of norms(config)) add(name, [config.hidden_size], () => 1 + random() / 4);
  return tensors;
}

export function float32(values: Float32Array, shape: readonly number[]): Tensor {
  return { type: 'F32', shape, bytes: new Uint8Array(values.buffer) };
}

function matrices(config: Config): [name: string, rows: number, columns: number][] {
  const { hidden_size: hidden, vocab_size: vocabulary, num_hidden_layers: layers } = config;
  const inner = innerSize(config);
  return [
    ['encoder.weight', vocabulary, hidden],
    ...Array.from({ length: layers }, (_, i): [string, number, number][] => [
      [`transformer_encoder.${i}.qkv.weight`, 3 * hidden, hidden],
      [`transformer_encoder.${i}.wo.weight`, hidden, hidden],
      [`transformer_encoder.${i}.ffn.w12.weight`, 2 * inner, hidden],
      [`transformer_encoder.${i}.ffn.w3.weight`, hidden, inner],
    ]).flat(),
  ];
}

function norms({ num_hidden_layers: layers }: Config): string[] {
  const ofLayers = Array.from({ length: layers }, (_, i) => [
    `transformer_encoder.${i}.attention_norm.weight`,
    `transformer_encoder.${i}.ffn_norm.weight`,
  ]);
  return [...ofLayers.flat(), 'layer_norm.weight'];
}

function innerSize(config: Config): number {
  return 8 * Math.ceil(Math.floor((2 * config.intermediate_size) / 3) / 8);
}

/** Matrices as int8 with a scale per row; and the float32 weights that these stand for. */
export function quantized(weights: Tensors): { readonly int8: Tensors; readonly float32: Tensors } {
  const int8: Tensors = new Map();
  const same: Tensors = new Map();
  for (const [name, tensor] of weights) {
    const [rows = 0, columns = 0] = tensor.shape;
    if (tensor.shape.length !== 2) {
      int8.set(name, tensor);
      same.set(name, tensor);
      continue;
    }
    const most = name.endsWith('encoder.weight') ? 127 : 63;
    const values = new Float32Array(tensor.bytes.slice().buffer);
    const levels = new Int8Array(values.length);
    const scales = new Float32Array(rows);
    for (let row = 0; row < rows; row += 1) {
      const slice = values.subarray(row * columns, (row + 1) * columns);
      const scale = Math.fround(Math.max(...slice.map(Math.abs)) / most);
      scales[row] = scale;
      for (const [i, value] of slice.entries()) {
        const level = Math.round(value / scale);
        levels[row * columns + i] = level;
        slice[i] = level * scale;
      }
    }
    int8.set(name, { type: 'I8', shape: tensor.shape, bytes: new Uint8Array(levels.buffer) });
    int8.set(`${name}_scale`, float32(scales, [rows]));
    same.set(name, float32(values, tensor.shape));
  }
  return { int8, float32: same };
}

/** @param headerBytes length of the header, padded with spaces; 8-byte aligned by default */
export function safetensors(tensors: Tensors, headerBytes?: number): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, { type, shape, bytes }] of tensors) {
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  const text = JSON.stringify(header);
  const data = [...tensors.values()].map(({ bytes }) => bytes);
  return withHeader(text.padEnd(headerBytes ?? 8 * Math.ceil(text.length / 8)), Buffer.concat(data));
}

/** A safetensors file of any header. */
export function withHeader(header: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([length, Buffer.from(header), data]);
}

export interface ModelFiles {
  readonly config?: unknown;
  readonly weights?: Uint8Array;
  readonly card?: unknown;
  readonly tokenizer?: unknown;
  readonly pooling?: unknown;
}

/** Writes what is given into `dir`. */
export function writeModel(dir: string, files: ModelFiles): string {
  mkdirSync(dir, { recursive: true });
  const write = (name: string, data: unknown): void => {
    if (data === undefined) return;
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, data instanceof Uint8Array ? data : JSON.stringify(data));
  };
  write('config.json', files.config);
  write('model.safetensors', files.weights);
  write('neosearch.json', files.card);
  write('tokenizer.json', files.tokenizer);
  write('1_Pooling/config.json', files.pooling);
  return dir;
}

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const WORDS = ['get', 'http', 'server', 'the', 'user', 'file', 'read', 'write', 'Σ', '.', ',', '(', ')'];
const LETTERS = Array.from('abcdefghijklmnopqrstuvw');
const PIECES = LETTERS.map((letter) => `##${letter}`);

/** BERT's tokenizer with a vocabulary of 64. */
export function smallTokenizer(): Record<string, unknown> {
  const tokens = [...SPECIAL, ...WORDS, ...LETTERS, ...PIECES].slice(0, SMALL.vocab_size);
  const special = (content: string): unknown => ({ SpecialToken: { id: content, type_id: 0 } });
  return {
    added_tokens: SPECIAL.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
      pair: [],
      special_tokens: {},
    },
    decoder: { type: 'WordPiece', prefix: '##' },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  };
}

/** A folder with a small random model and its tokenizer. */
export function smallModel(dir: string, card?: unknown): string {
  return writeModel(dir, {
    config: SMALL,
    weights: safetensors(quantized(randomWeights(SMALL)).int8),
    tokenizer: smallTokenizer(),
    card,
  });
}

/** Cosine of two vectors. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i += 1) {
    const [x = NaN, y = NaN] = [a[i], b[i]];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
