/** The weights of a checkpoint by their place in the architecture, each checked against the configuration. */
import path from 'node:path';
import { NeosearchError } from '../../base/errors';
import type { ModelConfig } from './config';
import type { ElementType } from './graphBuilder';
import { Safetensors, shapeText, type TensorInfo } from './safetensors';

/** A tensor whose type the graph can use. */
export interface Weight extends TensorInfo {
  readonly element: ElementType;
}

/** A matrix [rows, columns] as it lies in the file; an int8 one comes with a scale per row. */
export interface Matrix {
  readonly weight: Weight;
  /** [rows]; row i of the matrix is row i of `weight` times scale i. */
  readonly scale: Weight | undefined;
}

export interface LayerWeights {
  readonly attentionNorm: Weight;
  readonly qkv: Matrix;
  readonly wo: Matrix;
  readonly ffnNorm: Weight;
  readonly w12: Matrix;
  readonly w3: Matrix;
}

export interface ModelWeights {
  readonly file: Safetensors;
  readonly embedding: Matrix;
  readonly layers: readonly LayerWeights[];
  readonly finalNorm: Weight;
}

const FLOATS: Readonly<Partial<Record<string, ElementType>>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
};
const MATRIX_ELEMENTS: typeof FLOATS = { ...FLOATS, I8: 'int8' };

/**
 * Finds every weight in `model.safetensors`, under the names of NeoBERT's authors, with or without their
 * `model.` in front. What else the file holds (a language-model head) is left alone.
 * @throws NeosearchError `bad-model` naming the tensor that is missing, or its shape and the one expected
 */
export async function readWeights(dir: string, config: ModelConfig): Promise<ModelWeights> {
  const file = await Safetensors.open(path.join(dir, 'model.safetensors'));
  const prefix = file.tensors.has('model.encoder.weight') ? 'model.' : '';
  const find = (name: string, shape: readonly number[], elements = FLOATS): Weight =>
    checked(file, prefix + name, shape, elements);
  const matrix = (name: string, rows: number, columns: number): Matrix => {
    const weight = find(name, [rows, columns], MATRIX_ELEMENTS);
    return { weight, scale: weight.element === 'int8' ? find(`${name}_scale`, [rows]) : undefined };
  };
  const { hiddenSize: hidden, innerSize: inner, vocabularySize, layers } = config;
  const embedding = matrix('encoder.weight', vocabularySize, hidden);
  const stack: LayerWeights[] = [];
  for (let i = 0; i < layers; i += 1) {
    const at = `transformer_encoder.${i}.`;
    stack.push({
      attentionNorm: find(`${at}attention_norm.weight`, [hidden]),
      qkv: matrix(`${at}qkv.weight`, 3 * hidden, hidden),
      wo: matrix(`${at}wo.weight`, hidden, hidden),
      ffnNorm: find(`${at}ffn_norm.weight`, [hidden]),
      w12: matrix(`${at}ffn.w12.weight`, 2 * inner, hidden),
      w3: matrix(`${at}ffn.w3.weight`, hidden, inner),
    });
  }
  return { file, embedding, layers: stack, finalNorm: find('layer_norm.weight', [hidden]) };
}

function checked(file: Safetensors, name: string, shape: readonly number[], elements: typeof FLOATS): Weight {
  const tensor = file.tensors.get(name);
  if (tensor === undefined) {
    throw new NeosearchError(
      'bad-model',
      `${file.file} lacks tensor ${name}, which config.json asks for with shape ${shapeText(shape)}.`,
    );
  }
  if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i])) {
    throw new NeosearchError(
      'bad-model',
      `${file.file}: tensor ${name} has shape ${shapeText(tensor.shape)}, config.json asks for ${shapeText(shape)}.`,
    );
  }
  const element = elements[tensor.type];
  if (element === undefined) {
    throw new NeosearchError(
      'bad-model',
      `${file.file}: tensor ${name} has type ${tensor.type}, which must be one of ${Object.keys(elements).join(', ')}.`,
    );
  }
  return { ...tensor, element };
}
