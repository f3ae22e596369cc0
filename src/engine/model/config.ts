/** What a NeoBERT checkpoint says of its sizes: config.json. */
import path from 'node:path';
import { NeosearchError } from '../../base/errors';
import { missingFile, readFields, wholeField, wrongField } from './folder';

/** What is known of every encoder, whatever its architecture. */
export interface ModelSizes {
  /** Numbers of a vector. */
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  /** Positions that are used, special tokens included: at most 4,096. */
  readonly maxLength: number;
}

/** NeoBERT's architecture (arXiv 2502.19587, section 2), as its checkpoints describe it. */
export interface ModelConfig extends ModelSizes {
  readonly layers: number;
  readonly heads: number;
  /** Inner width of the feed-forward network: 2/3 of `intermediate_size`, rounded up to a multiple of 8. */
  readonly innerSize: number;
  readonly normEpsilon: number;
}

/** The longest text of any model, in tokens. */
export const LONGEST_WINDOW = 4096;
/** That of the authors' code. */
const DEFAULT_EPSILON = 1e-6;
const FFN_MULTIPLE = 8;

/** @throws NeosearchError `bad-model` naming the file or the field that is missing or wrong */
export async function readConfig(dir: string): Promise<ModelConfig> {
  const file = path.join(dir, 'config.json');
  const fields = await readFields(file);
  if (fields === undefined) throw missingFile(file);
  if (fields['model_type'] !== 'neobert') {
    throw wrongField(
      file,
      fields,
      'model_type',
      '"neobert", the one architecture that runs from its weights',
    );
  }
  const whole = (name: string): number => {
    const value = wholeField(file, fields, name);
    if (value === undefined) throw wrongField(file, fields, name, 'a whole number above 0');
    return value;
  };
  const hiddenSize = whole('hidden_size');
  const heads = whole('num_attention_heads');
  if (hiddenSize % (2 * heads) !== 0) {
    throw new NeosearchError(
      'bad-model',
      `${file}: hidden_size ${hiddenSize} does not divide into ${heads} heads (num_attention_heads) of even width.`,
    );
  }
  const normEpsilon = fields['norm_eps'] ?? DEFAULT_EPSILON;
  if (typeof normEpsilon !== 'number' || !(normEpsilon > 0)) {
    throw wrongField(file, fields, 'norm_eps', 'a number above 0');
  }
  const inner = Math.floor((2 * whole('intermediate_size')) / 3);
  const positions = fields['max_length'] === undefined ? LONGEST_WINDOW : whole('max_length');
  return {
    hiddenSize,
    heads,
    layers: whole('num_hidden_layers'),
    innerSize: FFN_MULTIPLE * Math.ceil(inner / FFN_MULTIPLE),
    normEpsilon,
    vocabularySize: whole('vocab_size'),
    maxLength: Math.min(positions, LONGEST_WINDOW),
  };
}
