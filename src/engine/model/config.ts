/** What a checkpoint folder says of its model: config.json, and what neosearch.json or sentence-transformers add. */
import path from 'node:path';
import { NeosearchError } from '../../base/errors';
import { PREPROCESSING_STEPS, type PreprocessingStep } from '../../core/encode/preprocess';
import { type Fields, missingFile, readFields } from './folder';
import { titleOf } from './title';

export type Pooling = 'mean' | 'cls';

/** NeoBERT's architecture (arXiv 2502.19587, section 2), as its checkpoints describe it. */
export interface ModelConfig {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Inner width of the feed-forward network: 2/3 of `intermediate_size`, rounded up to a multiple of 8. */
  readonly innerSize: number;
  readonly normEpsilon: number;
  readonly vocabularySize: number;
  /** Positions that are used, special tokens included: at most 4,096. */
  readonly maxLength: number;
}

/** How a model is used as an encoder. */
export interface EncoderCard {
  readonly name: string;
  readonly pooling: Pooling;
  readonly normalize: boolean;
  /** Most tokens of one text, special tokens included. */
  readonly window: number;
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  readonly preprocessing: readonly PreprocessingStep[];
}

/** What a caller may set in place of what the model says of itself. */
export interface CardOverrides {
  readonly pooling?: Pooling;
  readonly normalize?: boolean;
}

const LONGEST_WINDOW = 4096;
/** The two special tokens, and one between. */
const SHORTEST_WINDOW = 3;
/** That of the authors' code. */
const DEFAULT_EPSILON = 1e-6;
const FFN_MULTIPLE = 8;

/** @throws NeosearchError `bad-model` naming the file or the field that is missing or wrong */
export async function readConfig(dir: string): Promise<ModelConfig> {
  const file = path.join(dir, 'config.json');
  const fields = await readFields(file);
  if (fields === undefined) throw missingFile(file);
  if (fields['model_type'] !== 'neobert') {
    throw wrongField(file, fields, 'model_type', '"neobert", the one architecture that runs here');
  }
  const whole = (name: string): number => {
    const value = fields[name];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
    throw wrongField(file, fields, name, 'a whole number above 0');
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

/**
 * The card of an encoder: what the caller sets, else neosearch.json, else sentence-transformers' pooling, else
 * mean pooling and no prefixes. Without `normalize: false` vectors are normalised.
 * @throws NeosearchError `bad-model` naming the field that is wrong
 */
export async function readCard(
  dir: string,
  config: ModelConfig,
  overrides: CardOverrides = {},
): Promise<EncoderCard> {
  const file = path.join(dir, 'neosearch.json');
  const fields = (await readFields(file)) ?? {};
  const text = (name: string, fallback: string): string => {
    const value = fields[name] ?? fallback;
    if (typeof value !== 'string') throw wrongField(file, fields, name, 'a string');
    return value;
  };
  const normalize = overrides.normalize ?? fields['normalize'] ?? true;
  if (typeof normalize !== 'boolean') throw wrongField(file, fields, 'normalize', 'true or false');
  const window = fields['window'] ?? LONGEST_WINDOW;
  if (typeof window !== 'number' || !Number.isSafeInteger(window) || window < SHORTEST_WINDOW) {
    throw wrongField(file, fields, 'window', `a number of tokens, at least ${SHORTEST_WINDOW}`);
  }
  const preprocessing = fields['preprocessing'] ?? [];
  if (!Array.isArray(preprocessing) || !preprocessing.every(isStep)) {
    throw wrongField(file, fields, 'preprocessing', `a list of ${PREPROCESSING_STEPS.join(', ')}`);
  }
  const dimensions = fields['dimensions'] ?? config.hiddenSize;
  if (dimensions !== config.hiddenSize) {
    throw wrongField(file, fields, 'dimensions', `${config.hiddenSize}, config.json's hidden_size`);
  }
  return {
    name: text('name', await titleOf(dir)),
    pooling: overrides.pooling ?? (await poolingOf(dir, file, fields)),
    normalize,
    window: Math.min(window, config.maxLength),
    queryPrefix: text('queryPrefix', ''),
    passagePrefix: text('passagePrefix', ''),
    preprocessing,
  };
}

async function poolingOf(dir: string, cardFile: string, card: Fields): Promise<Pooling> {
  const stated = card['pooling'];
  if (stated === 'mean' || stated === 'cls') return stated;
  if (stated !== undefined) throw wrongField(cardFile, card, 'pooling', '"mean" or "cls"');
  const file = path.join(dir, '1_Pooling', 'config.json');
  const fields = await readFields(file);
  if (fields === undefined) return 'mean';
  // One flag for each kind, or (since sentence-transformers 5) the name of one.
  const flags = Object.keys(fields).filter(
    (name) => name.startsWith('pooling_mode_') && fields[name] === true,
  );
  const kind = fields['pooling_mode'] ?? flags.join(' and ');
  switch (kind) {
    case 'mean':
    case 'pooling_mode_mean_tokens':
      return 'mean';
    case 'cls':
    case 'pooling_mode_cls_token':
      return 'cls';
    default:
      throw new NeosearchError(
        'bad-model',
        `${file}: the pooling is ${JSON.stringify(kind)}; only mean and cls are known here. Choose one of them with --pooling.`,
      );
  }
}

function wrongField(file: string, fields: Fields, name: string, expected: string): NeosearchError {
  const value = fields[name];
  return new NeosearchError(
    'bad-model',
    value === undefined
      ? `${file} lacks ${name}, which must be ${expected}.`
      : `${file}: ${name} is ${JSON.stringify(value)}, but must be ${expected}.`,
  );
}

function isStep(value: unknown): value is PreprocessingStep {
  return PREPROCESSING_STEPS.some((step) => step === value);
}
